// Deletebucket deletes a bucket by its name, with all its data: DELETE /v2/clusters/{id}/buckets, operation
// deleteBucket.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deletebucket", "Delete a bucket by its name, with all its data.", "CLUSTER_ID")
	name := command.String("name", "", "the bucket's name")
	command.Require("name")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	body := map[string]any{"name": *name}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Delete(ctx, "/v2/clusters/{id}/buckets", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
