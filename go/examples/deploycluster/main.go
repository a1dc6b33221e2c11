// Deploycluster deploys a cluster that an application can use, with a project, a bucket, an address and a user: POST
// /v2/projects, POST /v3/clusters, GET /v3/clusters/{id}/status until it is healthy, POST /v2/clusters/{id}/buckets,
// POST /v2/clusters/{id}/allowlist, POST /v3/clusters/{id}/users. The user's password comes from
// CBC_DATABASE_PASSWORD or from a prompt.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"time"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

// plan describes what to deploy.
type plan struct {
	name, cidrBlock, username, bucket, provider, region, cidr, compute *string
	memoryQuota, nodes                                                 *int
	timeout, interval                                                  *time.Duration
	password                                                           capella.Secret
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	command := capella.NewCommand("deploycluster", "Deploy a cluster with a project, a bucket, an allow list entry and a database user. The user's password comes from CBC_DATABASE_PASSWORD or from a prompt.")
	wanted := plan{
		name:        command.String("name", "", "the name of the project and of the cluster"),
		cidrBlock:   command.String("cidr-block", "", "the addresses to allow, such as 198.51.100.0/24"),
		username:    command.String("username", "app", "the name of the database user to create"),
		bucket:      command.String("bucket", "app", "the name of the bucket to create"),
		memoryQuota: command.Int("memory-quota", 256, "memory of the bucket in `MB`, 100 or more"),
		provider:    command.String("provider", "aws", "aws, azure or gcp; defaults and GP3 disks are for aws"),
		region:      command.String("region", "us-west-2", "the provider's name of the region"),
		cidr:        command.String("cidr", "10.0.16.0/20", "the cluster's network"),
		nodes:       command.Int("nodes", 3, "number of nodes, 3 to 27"),
		compute:     command.String("compute", "m5.xlarge", "machine type of each node"),
		timeout:     command.Seconds("timeout", 3600, "`seconds` to wait before giving up"),
		interval:    command.Seconds("interval", 10, "`seconds` between two requests"),
	}
	command.Require("name", "cidr-block")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	if _, _, err := net.ParseCIDR(*wanted.cidrBlock); err != nil {
		return &capella.UsageError{Message: fmt.Sprintf("--cidr-block %q is not a CIDR block: use one like 198.51.100.0/24", *wanted.cidrBlock)}
	}
	if *wanted.memoryQuota < 100 {
		return &capella.UsageError{Message: fmt.Sprintf("--memory-quota %d is less than 100 MB: give 100 or more", *wanted.memoryQuota)}
	}
	if wanted.password, err = capella.DatabasePassword(ctx); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	var created capella.Leftovers
	response, err := deploy(ctx, client, wanted, &created)
	if err != nil {
		return created.Report(err)
	}
	return capella.Print(out, response)
}

// deploy returns the last response, with the created resources as its body.
func deploy(ctx context.Context, client *capella.Client, wanted plan, created *capella.Leftovers) (*capella.Response, error) {
	projectID, err := create(ctx, client, "/v2/projects", map[string]any{"name": *wanted.name})
	if err != nil {
		return nil, err
	}
	created.Add("project", projectID)

	clusterID, err := create(ctx, client, "/v3/clusters", map[string]any{
		"environment": "hosted",
		"clusterName": *wanted.name,
		"projectId":   projectID,
		"place": map[string]any{
			"singleAZ": false,
			"hosted":   map[string]any{"provider": *wanted.provider, "region": *wanted.region, "CIDR": *wanted.cidr},
		},
		"servers": []any{map[string]any{
			"size":     *wanted.nodes,
			"compute":  *wanted.compute,
			"services": []string{"data", "index", "query"},
			"storage":  map[string]any{"type": "GP3", "size": 50, "IOPS": 3000},
		}},
		"supportPackage": map[string]any{"type": "DeveloperPro", "timezone": "PT"},
	})
	if err != nil {
		return nil, err
	}
	created.Add("cluster", clusterID)
	_, err = capella.Wait{
		What:     "cluster " + clusterID,
		Ask:      func() (*capella.Response, error) { return client.Get(ctx, "/v3/clusters/{id}/status", clusterID) },
		State:    func(response *capella.Response) (string, error) { return response.Field("status") },
		Wanted:   "healthy",
		Timeout:  *wanted.timeout,
		Interval: *wanted.interval,
	}.For(ctx)
	if err != nil {
		return nil, err
	}

	if _, err := client.Post(ctx, "/v2/clusters/{id}/buckets", map[string]any{"name": *wanted.bucket, "memoryQuota": *wanted.memoryQuota}, clusterID); err != nil {
		return nil, err
	}
	created.Add("bucket", *wanted.bucket)

	if _, err := client.Post(ctx, "/v2/clusters/{id}/allowlist", map[string]any{"cidrBlock": *wanted.cidrBlock, "ruleType": "permanent"}, clusterID); err != nil {
		return nil, err
	}
	created.Add("allow list entry", *wanted.cidrBlock)

	user := map[string]any{"username": *wanted.username, "password": wanted.password.Reveal(), "allBucketsAccess": "data_writer"}
	response, err := client.Post(ctx, "/v3/clusters/{id}/users", user, clusterID)
	if err != nil {
		return nil, err
	}
	response.Body, err = json.Marshal(map[string]string{
		"projectId": projectID, "clusterId": clusterID, "bucket": *wanted.bucket, "cidrBlock": *wanted.cidrBlock, "username": *wanted.username,
	})
	return response, err
}

func create(ctx context.Context, client *capella.Client, path string, body any) (string, error) {
	response, err := client.Post(ctx, path, body)
	if err != nil {
		return "", err
	}
	return response.NewID()
}
