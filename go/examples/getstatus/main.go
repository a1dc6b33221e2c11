// Getstatus shows whether the API is up, without keys: GET /v2/status, operation getStatus.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getstatus", "Show whether the API is up, without keys.")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.WithoutKeys()
	if err != nil {
		return err
	}
	defer client.Close()
	answer, err := client.Get(ctx, "/v2/status")
	if err != nil {
		return err
	}
	return capella.Print(out, answer)
}
