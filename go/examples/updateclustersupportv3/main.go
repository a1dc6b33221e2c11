// Updateclustersupportv3 changes the support package of a cluster: PUT /v3/clusters/{id}/support, operation
// updateClusterSupportV3.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updateclustersupportv3", "Change the support package of a cluster.", "CLUSTER_ID")
	supportPackage := command.String("support-package", "", "Basic, DeveloperPro or Enterprise")
	timezone := command.Optional("timezone", "time zone of the support hours: ET, GMT, IST or PT")
	command.Require("support-package")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	support := map[string]any{"type": *supportPackage}
	if *timezone != nil {
		support["timezone"] = *timezone
	}
	body := map[string]any{"supportPackage": support}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Put(ctx, "/v3/clusters/{id}/support", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
