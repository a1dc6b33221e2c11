// Getclustercertificate prints the certificate of a cluster, in PEM: GET /v2/clusters/{id}/certificate, operation
// getClusterCertificate.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getclustercertificate", "Print the certificate of a cluster, in PEM.", "CLUSTER_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Get(ctx, "/v2/clusters/{id}/certificate", command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintField(out, response, "certificate")
}
