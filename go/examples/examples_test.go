// Package examples_test builds the examples and runs them with arguments and an environment.
package examples_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	built string // the folder of the built examples
	// some has an example of each kind. Linking all examples takes longer than all tests.
	some = []string{"get", "getcloud", "getstatus", "listclouds", "updatebuckets", "updateclustermetav3", "updateclusterserversv3", "updatedatabaseuser", "createdatabaseuser", "pollclusterstatus", "deploycluster"}
)

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

// build builds the examples, runs the tests and returns their exit code.
func build(m *testing.M) int {
	folder, err := os.MkdirTemp("", "examples")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	built = folder
	args := []string{"build", "-o", folder + string(filepath.Separator)}
	for _, name := range some {
		args = append(args, "./"+name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if output, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// result is the exit code and the output of an example.
type result struct {
	code           int
	stdout, stderr string
}

// run runs an example with an environment and returns its result.
func run(t *testing.T, environment []string, name string, args ...string) result {
	t.Helper()
	return runUntil(t, make(chan struct{}, 9), func(*os.Process) {}, environment, filepath.Join(built, name), args...)
}

// runUntil runs a program, and calls act while it runs. Each line on stderr with "deploying" sends to the
// channel waits.
func runUntil(t *testing.T, waits chan struct{}, act func(*os.Process), environment []string, program string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, program, args...)
	command.Env, command.Stdout, command.Stderr = environment, &stdout, writer(func(text []byte) (int, error) {
		if bytes.Contains(text, []byte("deploying")) {
			select {
			case waits <- struct{}{}:
			default: // act has enough
			}
		}
		return stderr.Write(text)
	})
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	act(command.Process)
	var exit *exec.ExitError
	if err := command.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

type writer func([]byte) (int, error)

func (w writer) Write(text []byte) (int, error) { return w(text) }

// settings returns an environment for a base URL. Its proxy keeps requests to other hosts on this machine.
func settings(baseURL string) []string {
	return []string{"HTTPS_PROXY=http://127.0.0.1:1", "CBC_API_URL=" + baseURL, "CBC_ACCESS_KEY=a", "CBC_SECRET_KEY=s", "CBC_DATABASE_PASSWORD=Password123!"}
}

// TestHelp: an example writes its usage without settings and without a request.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, name := range some {
		for _, option := range []string{"-h", "--help"} {
			got := run(t, nil, name, option)
			if got.code != 0 || got.stderr != "" || !strings.HasPrefix(got.stdout, "Usage: "+name+" [--OPTION ...]") {
				t.Errorf("%s %s: %+v", name, option, got)
			}
		}
	}
}

// TestWrongUsage: the exit code is 2, with one line on stderr.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	for _, name := range some {
		got := run(t, nil, name, "--no-such-option")
		want := name + ": flag provided but not defined: --no-such-option (--help shows the usage)\n"
		if got != (result{2, "", want}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, test := range []struct {
		environment []string
		args, wants string
	}{
		{nil, "listclouds", "listclouds: CBC_ACCESS_KEY and CBC_SECRET_KEY not set"},
		{nil, "createdatabaseuser --username a 7f3a", "createdatabaseuser: CBC_DATABASE_PASSWORD not set"},
		{settings("http://example.com"), "getstatus", "getstatus: CBC_API_URL is plain http to another machine"},
		{settings("https://example.com"), "get v2/clouds", "get: the target"},
		{settings("https://example.com"), "getcloud \xff", "getcloud: part of the path or the query is not valid UTF-8"},
		{settings("https://example.com"), "listclouds --sort-by \xff", "listclouds: part of the path or the query is not valid UTF-8"},
		{settings("https://example.com"), "get /v2/\xff", "get: the target"},
		{settings("https://example.com"), "createdatabaseuser --username \xed\xa0\x80 7f3a", "createdatabaseuser: the request body contains text that is not valid UTF-8"},
		{append(settings("https://example.com"), "CBC_DATABASE_PASSWORD=\xff"), "createdatabaseuser --username a 7f3a", "createdatabaseuser: the request body contains text that is not valid UTF-8"},
		{append(settings("https://example.com"), "CBC_SECRET_KEY=\xff"), "listclouds", "listclouds: CBC_SECRET_KEY is not valid UTF-8"},
		{settings("https://example.com"), "getcloud ..", "getcloud: \"..\" cannot be a path segment"},
		{settings("https://example.com"), "updatebuckets --bucket travel 7f3a", "updatebuckets: --bucket \"travel\" is not NAME=MB"},
		{settings("https://example.com"), "updateclustermetav3 7f3a", "updateclustermetav3: nothing to change"},
		{settings("https://example.com"), "updatedatabaseuser 7f3a b", "updatedatabaseuser: nothing to change"},
		{settings("https://example.com"), "updatedatabaseuser --bucket a --change-password 7f3a b", "updatedatabaseuser: --bucket needs --access: give both"},
		{settings("https://example.com"), "updateclusterserversv3 7f3a", "updateclusterserversv3: --nodes is missing; --compute is missing; --services is missing"},
		{settings("https://example.com"), "updateclusterserversv3 --nodes 3 --compute a --services b --storage-type GP3 --storage-size 50 7f3a", "updateclusterserversv3: --iops is missing"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id c --bucket b --cidr-block here", "deploycluster: --cidr-block \"here\" is not a CIDR block: use one like"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id c --bucket b --cidr-block 198.51.100.1", "deploycluster: --cidr-block"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id c --bucket b --cidr-block 198.51.100.0/+24", "deploycluster: --cidr-block"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id c --bucket b --cidr-block fe80::1%a/64", "deploycluster: --cidr-block"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id c --bucket b --cidr-block 198.51.100.0/255.255.255.0", "deploycluster: --cidr-block"},
		{settings("https://example.com"), "deploycluster --name a --memory-quota 99", "deploycluster: --memory-quota 99"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id c --bucket b", "deploycluster: --cloud-id, --bucket and --cidr-block go together"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id= --bucket b --cidr-block 198.51.100.0/24", "deploycluster: --cloud-id, --bucket and --cidr-block go together"},
		{settings("https://example.com"), "deploycluster --name a --cloud-id=", "deploycluster: --cloud-id, --bucket and --cidr-block go together"},
		{settings("https://example.com"), "deploycluster --name a --cidr-block 198.51.100.0/24", "deploycluster: --cloud-id, --bucket and --cidr-block go together"},
		{settings("https://example.com"), "getcloud 7f3a --page 1", "getcloud: --page comes after CLOUD_ID: write the options first"},
	} {
		args := strings.Fields(test.args)
		got := run(t, test.environment, args[0], args[1:]...)
		if got.code != 2 || got.stdout != "" || !strings.HasPrefix(got.stderr, test.wants) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: %+v, wants %s", test.args, got, test.wants)
		}
	}
}

// TestInterrupt: SIGINT ends a call and a workflow with exit code 130, and the workflow names the created resources. An
// example that inherits an ignored SIGINT, as from "&" in a shell, ends too.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"listclouds":                                "listclouds: interrupted\n",
		"pollclusterstatus --interval 1800 7f3a":    "cluster 7f3a: deploying\npollclusterstatus: interrupted\n",
		"deploycluster --name demo --interval 1800": "project demo: creating\ncreated project demo (id p1)\ncluster demo: creating\ncreated cluster demo (id c1)\ncluster c1: deploying\nleft behind: project demo (id p1), cluster demo (id c1)\ndeploycluster: interrupted\n",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			waiting := make(chan struct{}, 9) // for a response, or for the next request
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				switch r.Method + " " + r.URL.Path {
				case "POST /v2/projects":
					io.WriteString(w, `{"id":"p1"}`)
				case "POST /v3/clusters":
					w.Header().Set("Location", "/v3/clusters/c1")
					w.WriteHeader(http.StatusAccepted)
				case "GET /v2/clouds":
					waiting <- struct{}{}
					<-r.Context().Done()
				default:
					io.WriteString(w, `{"status":"deploying"}`)
				}
			}))
			t.Cleanup(server.Close)
			interrupt := func(process *os.Process) {
				select {
				case <-waiting:
				case <-t.Context().Done():
				case <-time.After(30 * time.Second):
					t.Error("the example never waited")
				}
				if err := process.Signal(os.Interrupt); err != nil {
					t.Error(err)
				}
			}
			words := strings.Fields(args)
			words[0] = filepath.Join(built, words[0])
			ignoring := append([]string{"sh", "-c", `trap "" INT; exec "$0" "$@"`}, words...)
			for _, command := range [][]string{words, ignoring} {
				got := runUntil(t, waiting, interrupt, settings(server.URL), command[0], command[1:]...)
				if got != (result{130, "", want}) {
					t.Errorf("%q: %+v, wants %q", command, got, want)
				}
				for len(waiting) > 0 {
					<-waiting // a later line of stderr
				}
			}
		})
	}
}

// TestLength: an example has at most 60 lines of code; a cluster or a workflow has at most 120, a deployment 170. The
// signer is no example: it speaks the protocol of the suite, and may have 210.
func TestLength(t *testing.T) {
	t.Parallel()
	long := regexp.MustCompile("^(createcluster(v3)?|poll.*)$")
	own := map[string]int{"deploycluster": 170, "signer": 210}
	files, err := filepath.Glob("*/main.go")
	if err != nil || len(files) < 42 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		limit := 60
		if long.MatchString(filepath.Dir(file)) {
			limit = 120
		}
		if found, ok := own[filepath.Dir(file)]; ok {
			limit = found
		}
		if lines := len(regexp.MustCompile(`(?m)^\s*[^\s/]`).FindAll(text, -1)); lines > limit {
			t.Errorf("%s has %d lines of code, over %d", file, lines, limit)
		}
	}
}
