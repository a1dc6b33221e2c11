package generated

import (
	"testing"

	"github.com/google/uuid"
)

// TestEveryOperation: the generated client calls each operation once or more, and decodes each response.
func TestEveryOperation(t *testing.T) {
	client, ctx := newClient(t, secret), t.Context()

	if status := found(t, ok[*GetStatusResponse](t, 200)(client.GetStatusWithResponse(ctx)).JSON200); status.Status != "OK" {
		t.Errorf("the status is %q", status.Status)
	}
	clouds := found(t, ok[*ListCloudsResponse](t, 200)(client.ListCloudsWithResponse(ctx, &ListCloudsParams{PerPage: pointer(100)})).JSON200).Data
	var cloud uuid.UUID
	for _, each := range clouds {
		if each.Status == "ready" && each.Provider == "aws" {
			cloud = each.Id
		}
	}
	if described := found(t, ok[*GetCloudResponse](t, 200)(client.GetCloudWithResponse(ctx, cloud)).JSON200); described.Id != cloud {
		t.Errorf("the cloud is %s, wants %s", described.Id, cloud)
	}
	if users := found(t, ok[*ListUsersResponse](t, 200)(client.ListUsersWithResponse(ctx, nil)).JSON200); len(users.Data) == 0 {
		t.Error("there are no users")
	}

	created := ok[*CreateProjectResponse](t, 201)(client.CreateProjectWithResponse(ctx, CreateProject{Name: "Generated"}))
	project := found(t, created.JSON201).Id
	if described := found(t, ok[*GetProjectResponse](t, 200)(client.GetProjectWithResponse(ctx, project)).JSON200); described.Name != "Generated" {
		t.Errorf("the project is %+v", described)
	}
	inVPC(t, client, cloud, project)
	hosted(t, client, project)
	ok[*DeleteProjectResponse](t, 204)(client.DeleteProjectWithResponse(ctx, project))
	left := found(t, ok[*ListProjectsResponse](t, 200)(client.ListProjectsWithResponse(ctx, &ListProjectsParams{PerPage: pointer(100)})).JSON200)
	for _, each := range left.Data {
		if each.Id == project {
			t.Error("the project was deleted and is still in the list")
		}
	}
}

// inVPC creates a cluster in a cloud of the organization, uses it, and deletes it.
func inVPC(t *testing.T, client *ClientWithResponses, cloud, project uuid.UUID) {
	ctx := t.Context()
	accepted := ok[*CreateClusterResponse](t, 202)(client.CreateClusterWithResponse(ctx, CreateCluster{CloudId: cloud, ProjectId: project, Name: "generated"}))
	cluster := newID(t, found(t, accepted.Headers202).Location)
	listed := found(t, ok[*ListClustersResponse](t, 200)(client.ListClustersWithResponse(ctx, &ListClustersParams{ProjectId: &project})).JSON200)
	if len(listed.Data) != 1 || listed.Data[0].Id != cluster {
		t.Errorf("the clusters of the project are %+v", listed.Data)
	}
	if status := found(t, ok[*GetClusterStatusResponse](t, 200)(client.GetClusterStatusWithResponse(ctx, cluster)).JSON200); status.Status != "ready" {
		t.Errorf("the status is %s", status.Status)
	}
	if described := found(t, ok[*GetClusterResponse](t, 200)(client.GetClusterWithResponse(ctx, cluster)).JSON200); described.Name != "generated" {
		t.Errorf("the cluster is %+v", described)
	}
	if health := found(t, ok[*GetClusterHealthResponse](t, 200)(client.GetClusterHealthWithResponse(ctx, cluster)).JSON200); health.Health != "healthy" {
		t.Errorf("the health is %+v", health)
	}
	found(t, ok[*GetClusterCertificateResponse](t, 200)(client.GetClusterCertificateWithResponse(ctx, cluster)).JSON200)
	buckets(t, client, cluster)
	access(t, client, cluster)
	ok[*DeleteClusterResponse](t, 202)(client.DeleteClusterWithResponse(ctx, cluster))
	gone := ok[*GetClusterResponse](t, 404)(client.GetClusterWithResponse(ctx, cluster))
	if refused := found(t, gone.JSON404); refused.ErrorType == "" || refused.Message == "" {
		t.Errorf("the error is %+v", refused)
	}
}

// buckets creates, updates and deletes buckets of a cluster.
func buckets(t *testing.T, client *ClientWithResponses, cluster uuid.UUID) {
	ctx := t.Context()
	for _, name := range []string{"first", "second"} {
		made := ok[*CreateBucketResponse](t, 201)(client.CreateBucketWithResponse(ctx, cluster, BucketSpec{Name: name, MemoryQuota: 100}))
		if bucket := found(t, made.JSON201); bucket.Name != name || found(t, made.Headers201).Location == "" {
			t.Errorf("the bucket is %+v at %+v", bucket, made.Headers201)
		}
	}
	ok[*UpdateBucketsResponse](t, 201)(client.UpdateBucketsWithResponse(ctx, cluster, UpdateBuckets{{Name: "first", MemoryQuota: 200}}))
	listed := found(t, ok[*ListBucketsResponse](t, 200)(client.ListBucketsWithResponse(ctx, cluster)).JSON200)
	if len(listed) != 2 || listed[0].Name != "first" || listed[0].MemoryQuota != 200 {
		t.Fatalf("the buckets are %+v", listed)
	}
	second := listed[1].Id
	ok[*UpdateSingleBucketResponse](t, 202)(client.UpdateSingleBucketWithResponse(ctx, cluster, second, UpdateBucket{MemoryQuota: 300}))
	ok[*DeleteSingleBucketResponse](t, 202)(client.DeleteSingleBucketWithResponse(ctx, cluster, second))
	ok[*DeleteBucketResponse](t, 202)(client.DeleteBucketWithResponse(ctx, cluster, DeleteBucket{Name: "first"}))
	if listed := found(t, ok[*ListBucketsResponse](t, 200)(client.ListBucketsWithResponse(ctx, cluster)).JSON200); len(listed) != 0 {
		t.Errorf("the buckets are %+v", listed)
	}
}

// access creates, updates and deletes allow list entries and database users of a cluster.
func access(t *testing.T, client *ClientWithResponses, cluster uuid.UUID) {
	ctx := t.Context()
	const block = "198.51.100.0/24"
	ok[*CreateAllowListEntryResponse](t, 202)(client.CreateAllowListEntryWithResponse(ctx, cluster, CreateAllowListEntry{CidrBlock: block, RuleType: "permanent"}))
	entries := found(t, ok[*GetAllowListResponse](t, 200)(client.GetAllowListWithResponse(ctx, cluster)).JSON200)
	if len(entries) != 1 || entries[0].CidrBlock != block {
		t.Errorf("the allow list is %+v", entries)
	}
	entries[0].Comment = pointer("updated")
	ok[*UpdateAllowListResponse](t, 202)(client.UpdateAllowListWithResponse(ctx, cluster, entries))
	ok[*DeleteAllowListEntryResponse](t, 204)(client.DeleteAllowListEntryWithResponse(ctx, cluster, DeleteAllowListEntry{CidrBlock: block}))

	const name = "app é/1"
	user := CreateDatabaseUser{Username: name, Password: "Correct-Horse-7", AllBucketsAccess: pointer(Role("data_reader"))}
	ok[*CreateDatabaseUserResponse](t, 201)(client.CreateDatabaseUserWithResponse(ctx, cluster, user))
	ok[*UpdateDatabaseUserResponse](t, 204)(client.UpdateDatabaseUserWithResponse(ctx, cluster, name, UpdateDatabaseUser{AllBucketsAccess: pointer(Role("data_writer"))}))
	users := found(t, ok[*ListDatabaseUsersResponse](t, 200)(client.ListDatabaseUsersWithResponse(ctx, cluster)).JSON200)
	if len(users) != 1 || users[0].Username != name || users[0].Access[0].BucketAccess[0] != "data_writer" {
		t.Errorf("the database users are %+v", users)
	}
	ok[*DeleteDatabaseUserResponse](t, 204)(client.DeleteDatabaseUserWithResponse(ctx, cluster, name))
}

// hosted creates a cluster in a cloud of the service, updates it, and deletes it.
func hosted(t *testing.T, client *ClientWithResponses, project uuid.UUID) {
	ctx := t.Context()
	server := ServerV3{Compute: "m5.xlarge", Size: 3, Services: []Service{"data"}}
	server.Storage.Type, server.Storage.Size, server.Storage.IOPS = "GP3", 50, pointer(3000)
	wanted := CreateClusterV3{ClusterName: "generated", Environment: "hosted", ProjectId: project, Servers: []ServerV3{server}}
	wanted.Place.Hosted = &struct {
		CIDR     string   `json:"CIDR"`
		Provider Provider `json:"provider"`
		Region   string   `json:"region"`
	}{"10.77.0.0/20", "aws", "us-west-2"}
	wanted.SupportPackage.Type, wanted.SupportPackage.Timezone = "DeveloperPro", "PT"
	accepted := ok[*CreateClusterV3Response](t, 202)(client.CreateClusterV3WithResponse(ctx, wanted))
	cluster := newID(t, found(t, accepted.Headers202).Location)
	if status := found(t, ok[*GetClusterStatusV3Response](t, 200)(client.GetClusterStatusV3WithResponse(ctx, cluster)).JSON200); status.Status != "healthy" {
		t.Errorf("the status is %s", status.Status)
	}
	ok[*UpdateClusterMetaV3Response](t, 204)(client.UpdateClusterMetaV3WithResponse(ctx, cluster, UpdateClusterMetaV3{Name: pointer("renamed")}))
	support := UpdateClusterSupportV3{}
	support.SupportPackage.Type, support.SupportPackage.Timezone = "Enterprise", pointer(Timezone("GMT"))
	ok[*UpdateClusterSupportV3Response](t, 204)(client.UpdateClusterSupportV3WithResponse(ctx, cluster, support))
	server.Size = 4
	ok[*UpdateClusterServersV3Response](t, 202)(client.UpdateClusterServersV3WithResponse(ctx, cluster, UpdateClusterServersV3{Servers: []ServerV3{server}}))
	described := found(t, ok[*GetClusterV3Response](t, 200)(client.GetClusterV3WithResponse(ctx, cluster)).JSON200)
	if described.Name != "renamed" || described.Servers[0].Size != 4 || described.CreatedAt.IsZero() {
		t.Errorf("the cluster is %+v", described)
	}
	user := CreateDatabaseUserV3{Username: "app", Password: "Correct-Horse-7", AllBucketsAccess: pointer(Role("data_writer"))}
	made := ok[*CreateDatabaseUserV3Response](t, 201)(client.CreateDatabaseUserV3WithResponse(ctx, cluster, user))
	if found(t, made.Headers201).Location == "" {
		t.Error("the new user has no Location")
	}
	listed := found(t, ok[*ListClustersV3Response](t, 200)(client.ListClustersV3WithResponse(ctx, &ListClustersV3Params{ProjectId: &project})).JSON200)
	if items := found(t, listed.Data.Items); len(items) != 1 || items[0].Id != cluster.String() {
		t.Errorf("the clusters of the project are %+v", items)
	}
	ok[*DeleteClusterV3Response](t, 202)(client.DeleteClusterV3WithResponse(ctx, cluster))
	empty := found(t, ok[*ListClustersV3Response](t, 200)(client.ListClustersV3WithResponse(ctx, &ListClustersV3Params{ProjectId: &project})).JSON200)
	if empty.Data.Items != nil {
		t.Errorf("an empty list has items: %+v", empty.Data)
	}
}

// TestWrongSecret: a refusal is decoded, and its headers name the mistake.
func TestWrongSecret(t *testing.T) {
	refused := ok[*ListProjectsResponse](t, 401)(newClient(t, secret+" ").ListProjectsWithResponse(t.Context(), nil))
	if found(t, refused.JSON401).Message == "" || found(t, found(t, refused.Headers401).XMockMistake) != "secret_whitespace" {
		t.Errorf("the response is %s, %+v", refused.Body, refused.Headers401)
	}
}
