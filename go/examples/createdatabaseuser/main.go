// Createdatabaseuser creates a database user: POST /v2/clusters/{id}/users, operation createDatabaseUser. The
// password comes from CBC_DATABASE_PASSWORD or from a prompt.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createdatabaseuser", "Create a database user. Its password comes from CBC_DATABASE_PASSWORD or from a prompt.", "CLUSTER_ID")
	username := command.String("username", "", "the database user's name")
	access := command.String("access", "data_reader", "data_reader or data_writer")
	buckets := command.Texts("bucket", "give access only to this bucket")
	command.Require("username")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	password, err := capella.DatabasePassword(ctx)
	if err != nil {
		return err
	}
	type bucket struct {
		Name   string   `json:"bucketName"`
		Access []string `json:"bucketAccess"`
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
		body.Buckets = append(body.Buckets, bucket{name, []string{*access}})
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Post(ctx, "/v2/clusters/{id}/users", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
