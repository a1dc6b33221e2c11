// Listdatabaseusers lists the database users of a cluster: GET /v2/clusters/{id}/users, operation
// listDatabaseUsers.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("listdatabaseusers", "List the database users of a cluster.", "CLUSTER_ID")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.GetList(ctx, "/v2/clusters/{id}/users", command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
