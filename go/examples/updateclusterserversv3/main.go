// Updateclusterserversv3 changes the servers of a cluster: PUT /v3/clusters/{id}/servers, operation
// updateClusterServersV3.
package main

import (
	"context"
	"io"
	"strings"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updateclusterserversv3", "Change the servers of a cluster.", "CLUSTER_ID")
	nodes := command.Int("nodes", 3, "how many nodes, 3 to 27")
	compute := command.String("compute", "m5.xlarge", "the machine of each node")
	services := command.String("services", "data,index,query", "what runs on each node, with commas between")
	storageType := command.String("storage-type", "GP3", "disk of each node: GP3, IO2 or PD-SSD")
	storageSize := command.Int("storage-size", 50, "disk of each node in `GB`, 50 to 16384")
	iops := command.Int("iops", 3000, "disk operations a second, for GP3 and IO2")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	storage := map[string]any{"type": *storageType, "size": *storageSize}
	if *storageType != "PD-SSD" { // the one kind whose rate follows from its size
		storage["IOPS"] = *iops
	}
	body := map[string]any{
		"servers": []any{map[string]any{
			"size":     *nodes,
			"compute":  *compute,
			"services": strings.Split(*services, ","),
			"storage":  storage,
		}},
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	answer, err := client.Put(ctx, "/v3/clusters/{id}/servers", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, answer)
}
