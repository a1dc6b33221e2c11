// Pollclusterstatus waits until a cluster is ready. It repeats GET /v2/clusters/{id}/status, or with --v3 GET
// /v3/clusters/{id}/status.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("pollclusterstatus", "Wait until a cluster in your own cloud is ready. With --v3, wait until a cluster is healthy.", "CLUSTER_ID")
	v3 := command.Bool("v3", false, "wait for healthy, for a cluster created by createclusterv3")
	timeout := command.Seconds("timeout", 3600, "`seconds` to wait before giving up")
	interval := command.Seconds("interval", 10, "`seconds` between two requests")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	path, wanted := "/v2/clusters/{id}/status", "ready"
	if *v3 {
		path, wanted = "/v3/clusters/{id}/status", "healthy"
	}
	response, err := capella.Wait{
		What:     "cluster " + command.Arg(0),
		Ask:      func() (*capella.Response, error) { return client.Get(ctx, path, command.Arg(0)) },
		State:    func(response *capella.Response) (string, error) { return response.Field("status") },
		Wanted:   wanted,
		Timeout:  *timeout,
		Interval: *interval,
	}.For(ctx)
	if err != nil {
		return err
	}
	return capella.PrintField(out, response, "status")
}
