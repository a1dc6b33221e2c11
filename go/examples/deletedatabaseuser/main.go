// Deletedatabaseuser deletes a database user: DELETE /v2/clusters/{id}/users/{username}, operation
// deleteDatabaseUser.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("deletedatabaseuser", "Delete a database user.", "CLUSTER_ID", "USERNAME")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Delete(ctx, "/v2/clusters/{id}/users/{username}", nil, command.Arg(0), command.Arg(1))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
