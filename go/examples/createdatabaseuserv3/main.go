// Createdatabaseuserv3 creates a database user: POST /v3/clusters/{id}/users, operation createDatabaseUserV3.
// The password is taken from CBC_DATABASE_PASSWORD, or asked for.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createdatabaseuserv3", "Create a database user.", "CLUSTER_ID")
	username := command.String("username", "", "the name to connect with")
	access := command.String("access", "data_reader", "data_reader or data_writer")
	buckets := command.Texts("bucket", "access to this bucket alone")
	scope := command.String("scope", "*", "the scope of the named buckets, * for all")
	command.Require("username")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	password, err := capella.DatabasePassword(ctx)
	if err != nil {
		return err
	}
	type bucket struct {
		Name   string `json:"name"`
		Scope  string `json:"scope"`
		Access string `json:"access"`
	}
	body := struct {
		Username         string   `json:"username"`
		Password         string   `json:"password"`
		AllBucketsAccess string   `json:"allBucketsAccess,omitempty"`
		Buckets          []bucket `json:"buckets,omitempty"`
	}{Username: *username, Password: password.Reveal()}
	if len(*buckets) == 0 {
		body.AllBucketsAccess = *access
	}
	for _, name := range *buckets {
		body.Buckets = append(body.Buckets, bucket{name, *scope, *access})
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	answer, err := client.Post(ctx, "/v3/clusters/{id}/users", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, answer)
}
