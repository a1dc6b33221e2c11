// Getclusterhealth shows the health of a cluster, its buckets and its nodes: GET /v2/clusters/{id}/health,
// operation getClusterHealth.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getclusterhealth", "Show the health of a cluster, its buckets and its nodes.", "CLUSTER_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Get(ctx, "/v2/clusters/{id}/health", command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintOne(out, response)
}
