// Updateclustermetav3 changes the name or the description of a cluster: PUT /v3/clusters/{id}/meta, operation
// updateClusterMetaV3.
package main

import (
	"context"
	"io"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updateclustermetav3", "Change the name or the description of a cluster.", "CLUSTER_ID")
	name := command.Optional("name", "the new name")
	description := command.Optional("description", "the new description")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	if *name == nil && *description == nil {
		return &capella.UsageError{Message: "nothing to change: give --name or --description"}
	}
	body := struct {
		Name        *string `json:"name,omitempty"`
		Description *string `json:"description,omitempty"`
	}{*name, *description}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Put(ctx, "/v3/clusters/{id}/meta", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
