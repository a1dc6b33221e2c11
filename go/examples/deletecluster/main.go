// Deletecluster deletes a cluster in your own cloud, with all its data: DELETE /v2/clusters/{id}, operation
// deleteCluster.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deletecluster", "Delete a cluster in your own cloud, with all its data.", "CLUSTER_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Delete(ctx, "/v2/clusters/{id}", nil, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
