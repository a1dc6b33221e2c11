// Deleteallowlistentry deletes addresses from the allow list of a cluster: DELETE /v2/clusters/{id}/allowlist,
// operation deleteAllowListEntry.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deleteallowlistentry", "Delete addresses from the allow list of a cluster.", "CLUSTER_ID")
	cidrBlock := command.String("cidr-block", "", "the addresses to delete, such as 198.51.100.0/24")
	command.Require("cidr-block")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	body := map[string]any{"cidrBlock": *cidrBlock}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Delete(ctx, "/v2/clusters/{id}/allowlist", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
