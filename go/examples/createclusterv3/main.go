// Createclusterv3 creates a cluster hosted by Capella: POST /v3/clusters, operation createClusterV3.
package main

import (
	"context"
	"io"
	"strings"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createclusterv3", "Create a cluster hosted by Capella.")
	name := command.String("name", "", "the cluster's name")
	projectID := command.String("project-id", "", "the id of the cluster's project")
	description := command.String("description", "", "a comment")
	provider := command.String("provider", "aws", "aws, azure or gcp")
	region := command.String("region", "us-west-2", "the provider's name of the region")
	cidr := command.String("cidr", "10.0.16.0/20", "the cluster's network")
	nodes := command.Int("nodes", 3, "number of nodes, 3 to 27")
	compute := command.String("compute", "m5.xlarge", "machine type of each node")
	services := command.String("services", "data,index,query", "services on each node, separated by commas")
	storageType := command.String("storage-type", "GP3", "disk type of each node: GP3, IO2 or PD-SSD")
	storageSize := command.Int("storage-size", 50, "disk size of each node in `GB`, 50 to 16384")
	iops := command.Int("iops", 3000, "disk operations per second, for GP3 and IO2")
	supportPackage := command.String("support-package", "DeveloperPro", "Basic, DeveloperPro or Enterprise")
	timezone := command.String("timezone", "PT", "time zone of the support hours: ET, GMT, IST or PT")
	singleAZ := command.Bool("single-az", false, "all nodes in one availability zone; required for Basic")
	command.Require("name", "project-id")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	storage := map[string]any{"type": *storageType, "size": *storageSize}
	if *storageType != "PD-SSD" { // the one kind whose rate follows from its size
		storage["IOPS"] = *iops
	}
	body := map[string]any{
		"environment": "hosted",
		"clusterName": *name,
		"description": *description,
		"projectId":   *projectID,
		"place": map[string]any{
			"singleAZ": *singleAZ,
			"hosted":   map[string]any{"provider": *provider, "region": *region, "CIDR": *cidr},
		},
		"servers": []any{map[string]any{
			"size":     *nodes,
			"compute":  *compute,
			"services": strings.Split(*services, ","),
			"storage":  storage,
		}},
		"supportPackage": map[string]any{"type": *supportPackage, "timezone": *timezone},
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Post(ctx, "/v3/clusters", body)
	if err != nil {
		return err
	}
	return capella.PrintID(out, response)
}
