// Updateclusterserversv3 replaces the servers of a cluster: PUT /v3/clusters/{id}/servers, operation
// updateClusterServersV3.
package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("updateclusterserversv3", "Replace the servers of a cluster. Give every value, because none of the old ones is kept.", "CLUSTER_ID")
	nodes := command.Int("nodes", 0, "number of nodes, 3 to 27")
	compute := command.String("compute", "", "machine type of each node")
	services := command.String("services", "", "services on each node, separated by commas")
	storageType := command.String("storage-type", "", "disk type of each node: GP3, IO2 or PD-SSD")
	storageSize := command.Int("storage-size", 0, "disk size of each node in `GB`, 50 to 16384")
	iops := 0
	command.Func("iops", "disk operations per second; required for GP3 and IO2", func(text string) (err error) {
		iops, err = strconv.Atoi(text)
		return err
	})
	command.Require("nodes", "compute", "services", "storage-type", "storage-size")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	storage := map[string]any{"type": *storageType, "size": *storageSize}
	if *storageType != "PD-SSD" { // the one kind whose rate follows from its size
		if iops == 0 {
			return &capella.UsageError{Message: fmt.Sprintf("--iops is missing: --storage-type %q requires it", *storageType)}
		}
		storage["IOPS"] = iops
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
	response, err := client.Put(ctx, "/v3/clusters/{id}/servers", body, command.Arg(0))
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}
