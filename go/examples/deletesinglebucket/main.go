// Deletesinglebucket deletes a bucket by its id, with all its data: DELETE /v2/clusters/{id}/buckets/{bucketId},
// operation deleteSingleBucket.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deletesinglebucket", "Delete a bucket by its id, with all its data.", "CLUSTER_ID", "BUCKET_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Delete(ctx, "/v2/clusters/{id}/buckets/{bucketId}", nil, command.Arg(0), command.Arg(1))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
