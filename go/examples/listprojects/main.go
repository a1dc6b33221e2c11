// Listprojects lists the projects of your organization, all pages in one list: GET /v2/projects, operation
// listProjects.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("listprojects", "List the projects of your organization, all pages in one list.")
	paging := command.Paging()
	command.Filter(paging, "sort-by", "sortBy", "the `field` to sort by")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.List(ctx, "/v2/projects", paging)
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
