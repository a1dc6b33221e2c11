// Createdatabaseuserv3 creates a database user: POST /v3/clusters/{id}/users, operation createDatabaseUserV3. The
// password comes from CBC_DATABASE_PASSWORD or from a prompt.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createdatabaseuserv3", "Create a database user. Its password comes from CBC_DATABASE_PASSWORD or from a prompt.", "CLUSTER_ID")
	username := command.String("username", "", "the database user's name")
	access := command.String("access", "data_reader", "data_reader or data_writer")
	buckets := command.Texts("bucket", "give access only to this bucket")
	scope := command.String("scope", "*", "the scope of the given buckets; * for all scopes")
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
	response, err := client.Post(ctx, "/v3/clusters/{id}/users", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.PrintID(out, response)
}
