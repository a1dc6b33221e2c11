// Pollbuckethealth waits until the buckets of a cluster are healthy: GET /v2/clusters/{id}/health, again and again.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("pollbuckethealth", "Wait until every bucket of a cluster is healthy, or the one that is named.", "CLUSTER_ID")
	bucket := command.String("bucket", "", "the name of one bucket; all of them if left out")
	timeout := command.Seconds("timeout", 600, "`seconds` to wait before giving up")
	interval := command.Seconds("interval", 10, "`seconds` between two looks")
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
	answer, err := capella.Wait{
		What: what,
		Ask: func() (*capella.Response, error) {
			return client.Get(ctx, "/v2/clusters/{id}/health", command.Arg(0))
		},
		State: func(answer *capella.Response) (string, error) {
			if state, err := answer.Field(field...); err == nil {
				return state, nil
			}
			return "not there yet", nil // a new bucket is missing at first
		},
		Wanted:   "healthy",
		Timeout:  *timeout,
		Interval: *interval,
	}.For(ctx)
	if err != nil {
		return err
	}
	return capella.Print(out, answer)
}
