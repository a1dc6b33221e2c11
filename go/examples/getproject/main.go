// Getproject shows one project: GET /v2/projects/{id}, operation getProject.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("getproject", "Show one project.", "PROJECT_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Get(ctx, "/v2/projects/{id}", command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintOne(out, response)
}
