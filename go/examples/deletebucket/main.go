// Deletebucket deletes the bucket with a name, with all its data: DELETE /v2/clusters/{id}/buckets, operation
// deleteBucket.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deletebucket", "Delete the bucket with a name, with all its data.", "CLUSTER_ID")
	name := command.String("name", "", "the name of the bucket")
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
	answer, err := client.Delete(ctx, "/v2/clusters/{id}/buckets", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, answer)
}
