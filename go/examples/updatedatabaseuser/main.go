// Updatedatabaseuser changes the access or the password of a database user: PUT /v2/clusters/{id}/users/{username},
// operation updateDatabaseUser.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updatedatabaseuser", "Change the access or the password of a database user. Options that are left out change nothing.", "CLUSTER_ID", "USERNAME")
	access := command.String("access", "", "data_reader or data_writer; unchanged if left out")
	buckets := command.Texts("bucket", "give access only to this bucket")
	changePassword := command.Bool("change-password", false, "set a new password, from CBC_DATABASE_PASSWORD or a prompt")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	if *access == "" && !*changePassword {
		return &capella.UsageError{Message: "nothing to change: give --access or --change-password"}
	}
	if *access == "" && len(*buckets) > 0 {
		return &capella.UsageError{Message: "--bucket needs --access: give both"}
	}
	type bucket struct {
		Name   string   `json:"bucketName"`
		Access []string `json:"bucketAccess"`
	}
	var body struct {
		Password         string   `json:"password,omitempty"`
		AllBucketsAccess string   `json:"allBucketsAccess,omitempty"`
		Buckets          []bucket `json:"buckets,omitempty"`
	}
	if len(*buckets) == 0 {
		body.AllBucketsAccess = *access
	}
	for _, name := range *buckets {
		body.Buckets = append(body.Buckets, bucket{name, []string{*access}})
	}
	if *changePassword {
		password, err := capella.DatabasePassword(ctx)
		if err != nil {
			return err
		}
		body.Password = password.Reveal()
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Put(ctx, "/v2/clusters/{id}/users/{username}", body, command.Arg(0), command.Arg(1))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
