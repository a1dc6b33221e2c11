// Updatebuckets changes the memory of several buckets at once: PUT /v2/clusters/{id}/buckets, operation
// updateBuckets.
package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updatebuckets", "Change the memory of several buckets at once.", "CLUSTER_ID")
	buckets := command.Texts("bucket", "a bucket's name and its memory in MB per node, `NAME=MB`")
	command.Require("bucket")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	var body []map[string]any
	for _, bucket := range *buckets {
		equals := strings.LastIndex(bucket, "=")
		memoryQuota, err := strconv.Atoi(bucket[equals+1:])
		if equals < 1 || err != nil {
			return &capella.UsageError{Message: fmt.Sprintf("--bucket %q is not NAME=MB: write it like travel=256", bucket)}
		}
		body = append(body, map[string]any{"name": bucket[:equals], "memoryQuota": memoryQuota})
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Put(ctx, "/v2/clusters/{id}/buckets", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
