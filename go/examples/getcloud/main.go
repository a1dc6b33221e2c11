// Getcloud shows one cloud: GET /v2/clouds/{id}, operation getCloud.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getcloud", "Show one cloud.", "CLOUD_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Get(ctx, "/v2/clouds/{id}", command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintOne(out, response)
}
