// Createallowlistentry adds addresses to the allow list of a cluster: POST /v2/clusters/{id}/allowlist, operation
// createAllowListEntry.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createallowlistentry", "Add addresses to the allow list of a cluster.", "CLUSTER_ID")
	cidrBlock := command.String("cidr-block", "", "the addresses to allow, such as 198.51.100.0/24")
	duration := command.Optional("duration", "how long to allow them, such as 2h0m0s; permanent if left out")
	comment := command.Optional("comment", "a comment")
	command.Require("cidr-block")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	body := struct {
		CIDRBlock string  `json:"cidrBlock"`
		RuleType  string  `json:"ruleType"`
		Duration  *string `json:"duration,omitempty"`
		Comment   *string `json:"comment,omitempty"`
	}{*cidrBlock, "permanent", *duration, *comment}
	if body.Duration != nil {
		body.RuleType = "temporary"
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Post(ctx, "/v2/clusters/{id}/allowlist", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
