// Pollbuckethealth waits until the buckets of a cluster are healthy. It repeats GET /v2/clusters/{id}/health.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("pollbuckethealth", "Wait until all buckets of a cluster are healthy, or with --bucket only one.", "CLUSTER_ID")
	bucket := command.String("bucket", "", "the name of one bucket; all buckets if left out")
	timeout := command.Seconds("timeout", 600, "`seconds` to wait before giving up")
	interval := command.Seconds("interval", 10, "`seconds` between two requests")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	what, field := "the buckets of cluster "+command.Arg(0), []string{"bucketStats", "status"}
	if *bucket != "" {
		what, field = "bucket "+*bucket+" of cluster "+command.Arg(0), []string{"bucketStats", "healthStats", *bucket}
	}
	response, err := capella.Wait{
		What: what,
		Ask: func() (*capella.Response, error) {
			return client.Get(ctx, "/v2/clusters/{id}/health", command.Arg(0))
		},
		State: func(response *capella.Response) (string, error) {
			if state, err := response.Field(field...); err == nil {
				return state, nil
			}
			return "not there yet", nil // the response lacks a new bucket at first
		},
		Wanted:   "healthy",
		Timeout:  *timeout,
		Interval: *interval,
	}.For(ctx)
	if err != nil {
		return err
	}
	return capella.PrintField(out, response, field...)
}
