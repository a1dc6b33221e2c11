// Deploycluster deploys a cluster that an application can use, with a project and a database user. The user's password
// comes from CBC_DATABASE_PASSWORD or from a prompt.
//
// Hosted by Capella: POST /v2/projects, POST /v3/clusters, GET /v3/clusters/{id}/status until it is healthy, POST
// /v3/clusters/{id}/users. v3 offers no bucket and no allow list.
//
// In a cloud of yours: POST /v2/projects, POST /v2/clusters, GET /v2/clusters/{id}/status until it is ready, POST
// /v2/clusters/{id}/buckets, POST /v2/clusters/{id}/allowlist, POST /v2/clusters/{id}/users.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"rest-api-examples/go/capella"
)

func main() { capella.Main(run) }

// plan describes what to deploy.
type plan struct {
	name, username, provider, region, cidr, compute *string
	cloudID, bucket, cidrBlock                      **string // nil for a hosted cluster
	memoryQuota, nodes                              *int
	timeout, interval                               *time.Duration
	password                                        capella.Secret
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	command := capella.NewCommand("deploycluster", "Deploy a cluster with a project and a user; in your cloud also with a bucket and an allow list entry. The user's password comes from CBC_DATABASE_PASSWORD or from a prompt.")
	wanted := plan{
		name:        command.String("name", "", "the name of the project and of the cluster"),
		cloudID:     command.Optional("cloud-id", "the id of your cloud; hosted if left out"),
		bucket:      command.Optional("bucket", "the name of the bucket, for your cloud"),
		cidrBlock:   command.Optional("cidr-block", "the addresses to allow, for your cloud"),
		memoryQuota: command.Int("memory-quota", 256, "memory of the bucket in `MB`, 100 or more"),
		username:    command.String("username", "app", "the name of the database user to create"),
		provider:    command.String("provider", "aws", "aws, azure or gcp; defaults and GP3 disks are for aws"),
		region:      command.String("region", "us-west-2", "the provider's name of the region, if hosted"),
		cidr:        command.String("cidr", "10.0.16.0/20", "the cluster's network, if hosted"),
		nodes:       command.Int("nodes", 3, "number of nodes, 3 to 27"),
		compute:     command.String("compute", "m5.xlarge", "machine type of each node"),
		timeout:     command.Seconds("timeout", 3600, "`seconds` to wait before giving up"),
		interval:    command.Seconds("interval", 10, "`seconds` between two requests"),
	}
	command.Require("name")
	if err := command.Parse(args, out); err != nil {
		return err
	}
	if err := wanted.check(); err != nil {
		return err
	}
	if wanted.password, err = capella.DatabasePassword(ctx); err != nil {
		return err
	}
	client, err := capella.FromEnvironment()
	if err != nil {
		return err
	}
	defer client.Close()
	response, err := deploy(ctx, client, wanted)
	if err != nil {
		return err
	}
	return capella.Print(out, response)
}

// check returns what is wrong with the options.
func (p plan) check() error {
	inCloud := []*string{*p.cloudID, *p.bucket, *p.cidrBlock}
	given := slices.ContainsFunc(inCloud, func(text *string) bool { return text != nil })
	missing := slices.ContainsFunc(inCloud, func(text *string) bool { return text == nil || *text == "" })
	switch {
	case given && missing:
		return &capella.UsageError{Message: "--cloud-id, --bucket and --cidr-block go together: give all three, or none for a hosted cluster"}
	case *p.memoryQuota < 100:
		return &capella.UsageError{Message: fmt.Sprintf("--memory-quota %d is less than 100 MB: give 100 or more", *p.memoryQuota)}
	case given:
		if _, _, err := net.ParseCIDR(**p.cidrBlock); err != nil {
			return &capella.UsageError{Message: fmt.Sprintf("--cidr-block %q is not a CIDR block: use one like 198.51.100.0/24", **p.cidrBlock)}
		}
	}
	return nil
}

// deploy returns the last response, with the created resources as its body.
func deploy(ctx context.Context, client *capella.Client, wanted plan) (*capella.Response, error) {
	workflow := capella.Workflow{Timeout: *wanted.timeout, Interval: *wanted.interval}
	create := func(kind, name, path string, body any, values ...string) (*capella.Response, error) {
		return workflow.Create(ctx, kind, name, func() (*capella.Response, error) { return client.Post(ctx, path, body, values...) })
	}

	response, err := create("project", *wanted.name, "/v2/projects", map[string]any{"name": *wanted.name})
	if err != nil {
		return nil, err
	}
	projectID, err := response.NewID()
	if err != nil {
		return nil, err
	}

	clusters, ready, cluster := "/v3/clusters", "healthy", wanted.hosted(projectID)
	if *wanted.cloudID != nil {
		clusters, ready, cluster = "/v2/clusters", "ready", wanted.inCloud(projectID)
	}
	response, err = create("cluster", *wanted.name, clusters, cluster)
	if err != nil {
		return nil, err
	}
	clusterID, err := response.NewID()
	if err != nil {
		return nil, err
	}
	_, err = capella.Wait{
		What:     "cluster " + clusterID,
		Ask:      func() (*capella.Response, error) { return client.Get(ctx, clusters+"/{id}/status", clusterID) },
		State:    func(response *capella.Response) (string, error) { return response.Field("status") },
		Wanted:   ready,
		Timeout:  *wanted.timeout,
		Interval: *wanted.interval,
	}.For(ctx)
	if err != nil {
		return nil, err
	}
	deployed := map[string]string{"clusterId": clusterID, "projectId": projectID, "username": *wanted.username}

	if *wanted.cloudID != nil {
		bucket, block := **wanted.bucket, **wanted.cidrBlock
		data := map[string]any{"name": bucket, "memoryQuota": *wanted.memoryQuota}
		if _, err := create("bucket", bucket, "/v2/clusters/{id}/buckets", data, clusterID); err != nil {
			return nil, err
		}
		entry := map[string]any{"cidrBlock": block, "ruleType": "permanent"}
		if _, err := create("allow list entry", block, "/v2/clusters/{id}/allowlist", entry, clusterID); err != nil {
			return nil, err
		}
		deployed["bucket"], deployed["cidrBlock"] = bucket, block
	}

	user := map[string]any{"username": *wanted.username, "password": wanted.password.Reveal(), "allBucketsAccess": "data_writer"}
	response, err = create("database user", *wanted.username, clusters+"/{id}/users", user, clusterID)
	if err != nil {
		return nil, err
	}
	return response.WithBody(deployed)
}

// inCloud returns the body that creates a v2 cluster, in a cloud of the organization.
func (p plan) inCloud(projectID string) map[string]any {
	server := map[string]any{"size": *p.nodes, "services": services}
	if *p.provider == "azure" {
		server["azure"] = map[string]any{"instanceSize": *p.compute, "volumeType": "P10"}
	} else {
		server["aws"] = map[string]any{"instanceSize": *p.compute, "ebsSizeGib": 50}
	}
	return map[string]any{
		"name":           *p.name,
		"projectId":      projectID,
		"cloudId":        **p.cloudID,
		"servers":        []any{server},
		"supportPackage": map[string]any{"type": "developerPro", "timezone": "PT"},
	}
}

// hosted returns the body that creates a v3 cluster, hosted by Capella.
func (p plan) hosted(projectID string) map[string]any {
	return map[string]any{
		"environment": "hosted",
		"clusterName": *p.name,
		"projectId":   projectID,
		"place": map[string]any{
			"singleAZ": false,
			"hosted":   map[string]any{"provider": *p.provider, "region": *p.region, "CIDR": *p.cidr},
		},
		"servers": []any{map[string]any{
			"size":     *p.nodes,
			"compute":  *p.compute,
			"services": services,
			"storage":  map[string]any{"type": "GP3", "size": 50, "IOPS": 3000},
		}},
		"supportPackage": map[string]any{"type": "DeveloperPro", "timezone": "PT"},
	}
}

var services = []string{"data", "index", "query"}
