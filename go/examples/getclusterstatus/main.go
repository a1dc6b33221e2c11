// Getclusterstatus shows the status of a cluster in your own cloud: GET /v2/clusters/{id}/status, operation
// getClusterStatus.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getclusterstatus", "Show the status of a cluster in your own cloud.", "CLUSTER_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Get(ctx, "/v2/clusters/{id}/status", command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintField(out, response, "status")
}
