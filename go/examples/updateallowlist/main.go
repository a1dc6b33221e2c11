// Updateallowlist replaces the whole allow list of a cluster: PUT /v2/clusters/{id}/allowlist, operation
// updateAllowList.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updateallowlist", "Replace the whole allow list of a cluster.", "CLUSTER_ID")
	cidrBlocks := command.Texts("cidr-block", "the addresses to allow, such as 198.51.100.0/24")
	comment := command.Optional("comment", "a comment")
	command.Require("cidr-block")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	type entry struct {
		CIDRBlock string  `json:"cidrBlock"`
		RuleType  string  `json:"ruleType"`
		Comment   *string `json:"comment,omitempty"`
	}
	var body []entry
	for _, block := range *cidrBlocks {
		body = append(body, entry{block, "permanent", *comment})
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Put(ctx, "/v2/clusters/{id}/allowlist", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
