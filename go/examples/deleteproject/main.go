// Deleteproject deletes a project without clusters: DELETE /v2/projects/{id}, operation deleteProject.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deleteproject", "Delete a project without clusters.", "PROJECT_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Delete(ctx, "/v2/projects/{id}", nil, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
