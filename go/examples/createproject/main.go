// Createproject creates a project: POST /v2/projects, operation createProject.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createproject", "Create a project.")
	name := command.String("name", "", "the project's name")
	command.Require("name")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	body := map[string]any{"name": *name}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Post(ctx, "/v2/projects", body)
	if err != nil {
		return err
	}
	return capella.PrintID(out, response)
}
