// Get sends a GET to any endpoint and prints the response. The target is signed and sent exactly as typed.
//
//	get '/v2/projects?page=2'
package main

import (
	"context"
	"io"
	"net/http"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("get", "Send a GET to any endpoint. TARGET is path and query, percent-encoded, such as '/v2/projects?page=2'.", "TARGET")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Send(ctx, http.MethodGet, command.Arg(0), nil)
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
