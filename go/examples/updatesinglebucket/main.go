// Updatesinglebucket changes the memory of one bucket: PUT /v2/clusters/{id}/buckets/{bucketId}, operation
// updateSingleBucket.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updatesinglebucket", "Change the memory of one bucket.", "CLUSTER_ID", "BUCKET_ID")
	memoryQuota := command.Int("memory-quota", 0, "memory of the bucket in `MB`, 100 or more")
	command.Require("memory-quota")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	body := map[string]any{"memoryQuota": *memoryQuota}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Put(ctx, "/v2/clusters/{id}/buckets/{bucketId}", body, command.Arg(0), command.Arg(1))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
