// Listclusters lists the clusters in your own clouds, all pages in one list: GET /v2/clusters, operation
// listClusters.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("listclusters", "List the clusters in your own clouds, all pages in one list.")
	paging := command.Paging()
	command.Filter(paging, "sort-by", "sortBy", "the `field` to sort by")
	command.Filter(paging, "cloud-id", "cloudId", "list only clusters in this cloud")
	command.Filter(paging, "project-id", "projectId", "list only clusters of this project")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.List(ctx, "/v2/clusters", paging)
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
