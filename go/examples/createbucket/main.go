// Createbucket creates a bucket: POST /v2/clusters/{id}/buckets, operation createBucket.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createbucket", "Create a bucket.", "CLUSTER_ID")
	name := command.String("name", "", "the bucket's name")
	memoryQuota := command.Int("memory-quota", 256, "memory of the bucket in `MB`, 100 or more")
	replicas := command.Int("replicas", 1, "additional copies of each document")
	conflictResolution := command.String("conflict-resolution", "seqno", "seqno or lww")
	command.Require("name")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	body := map[string]any{
		"name":               *name,
		"memoryQuota":        *memoryQuota,
		"replicas":           *replicas,
		"conflictResolution": *conflictResolution,
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Post(ctx, "/v2/clusters/{id}/buckets", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintID(out, response)
}
