// Listclustersv3 lists the clusters of your organization, all pages in one list: GET /v3/clusters, operation
// listClustersV3.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("listclustersv3", "List the clusters of your organization, all pages in one list.")
	paging := command.Paging()
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
	response, err := client.List(ctx, "/v3/clusters", paging)
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
