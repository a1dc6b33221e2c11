// Createcluster creates a cluster in your own cloud: POST /v2/clusters, operation createCluster.
package main

import (
	"cmp"
	"context"
	"io"
	"strings"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

func run(ctx context.Context, args []string, out io.Writer) error {
	command := capella.NewCommand("createcluster", "Create a cluster in your own cloud.")
	name := command.String("name", "", "the cluster's name")
	cloudID := command.String("cloud-id", "", "the id of the cloud to deploy in")
	projectID := command.String("project-id", "", "the id of the cluster's project")
	nodes := command.Int("nodes", 3, "number of nodes, up to 27")
	services := command.String("services", "data,index,query", "services on each node, separated by commas")
	provider := command.String("provider", "aws", "the cloud's provider: aws or azure")
	instanceSize := command.String("instance-size", "", "machine type of each node; m5.xlarge or Standard_D4s_v3 if left out")
	ebsSize := command.Int("ebs-size", 50, "disk size of each node in `GiB`, for aws")
	volumeType := command.String("volume-type", "P10", "disk type of each node, for azure")
	supportPackage := command.String("support-package", "developerPro", "enterprise, developerPro or forumSupport")
	timezone := command.String("timezone", "PT", "time zone of the support hours: ET, GMT, IST or PT")
	version := command.String("version", "latest", "version of Couchbase Server")
	command.Require("name", "cloud-id", "project-id")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	server := map[string]any{"size": *nodes, "services": strings.Split(*services, ",")}
	if *provider == "azure" {
		server["azure"] = map[string]any{
			"instanceSize": cmp.Or(*instanceSize, "Standard_D4s_v3"),
			"volumeType":   *volumeType,
		}
	} else {
		server["aws"] = map[string]any{
			"instanceSize": cmp.Or(*instanceSize, "m5.xlarge"),
			"ebsSizeGib":   *ebsSize,
		}
	}
	body := map[string]any{
		"name":           *name,
		"cloudId":        *cloudID,
		"projectId":      *projectID,
		"servers":        []any{server},
		"supportPackage": map[string]any{"type": *supportPackage, "timezone": *timezone},
		"version":        *version,
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := client.Post(ctx, "/v2/clusters", body)
	if err != nil {
		return err
	}
	return capella.PrintID(out, response)
}
