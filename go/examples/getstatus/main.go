// Getstatus shows whether the API is up: GET /v2/status, operation getStatus. It needs no keys and sends none.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getstatus", "Show whether the API is up. It needs no keys and sends none.")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.WithoutKeys()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Get(ctx, "/v2/status")
	if err != nil {
		return err
	}
	return capella.PrintField(out, response, "status")
}
