// Package examples_test runs the examples as their users do: built, with arguments and an environment.
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
	// some examples, one of each kind: linking all of them takes longer than all tests together.
	some = []string{"get", "getcloud", "getstatus", "listclouds", "updatebuckets", "updateclustermetav3", "updateclusterserversv3", "updatedatabaseuser", "createdatabaseuser", "pollclusterstatus", "deploycluster"}
)

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

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
	if output, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

type result struct {
	code           int
	stdout, stderr string
}

// run runs an example with an environment of its own.
func run(t *testing.T, environment []string, name string, args ...string) result {
	t.Helper()
	return runUntil(t, make(chan struct{}, 9), func(*os.Process) {}, environment, name, args...)
}

// runUntil calls act while the example runs; wrote is sent to when it writes on stderr.
func runUntil(t *testing.T, wrote chan struct{}, act func(*os.Process), environment []string, name string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, filepath.Join(built, name), args...)
	command.Env, command.Stdout, command.Stderr = environment, &stdout, writer(func(text []byte) (int, error) {
		wrote <- struct{}{}
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

func settings(baseURL string) []string {
	return []string{"CBC_API_URL=" + baseURL, "CBC_ACCESS_KEY=a", "CBC_SECRET_KEY=s", "CBC_DATABASE_PASSWORD=Password123!"}
}

// TestHelp: an example shows its usage without settings or network.
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

// TestWrongUsage: one line on stderr, and exit code 2.
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
		{settings("https://example.com"), "get v2/clouds", "get: invalid input: target"},
		{settings("https://example.com"), "getcloud ..", "getcloud: invalid input: \"..\" cannot stand in a path"},
		{settings("https://example.com"), "updatebuckets --bucket travel 7f3a", "updatebuckets: --bucket \"travel\" is not NAME=MB"},
		{settings("https://example.com"), "updateclustermetav3 7f3a", "updateclustermetav3: nothing to change"},
		{settings("https://example.com"), "updatedatabaseuser 7f3a b", "updatedatabaseuser: nothing to change"},
		{settings("https://example.com"), "updatedatabaseuser --bucket a --change-password 7f3a b", "updatedatabaseuser: --bucket says where, not what: give --access"},
		{settings("https://example.com"), "updateclusterserversv3 7f3a", "updateclusterserversv3: --nodes is missing; --compute is missing; --services is missing"},
		{settings("https://example.com"), "updateclusterserversv3 --nodes 3 --compute a --services b --storage-type GP3 --storage-size 50 7f3a", "updateclusterserversv3: --iops is missing"},
		{settings("https://example.com"), "deploycluster --name a --cidr-block here", "deploycluster: --cidr-block \"here\" is not like"},
		{settings("https://example.com"), "deploycluster --name a --cidr-block 198.51.100.1", "deploycluster: --cidr-block"},
		{settings("https://example.com"), "deploycluster --name a --cidr-block 198.51.100.0/255.255.255.0", "deploycluster: --cidr-block"},
		{settings("https://example.com"), "deploycluster --name a --cidr-block 198.51.100.0/24 --memory-quota 99", "deploycluster: --memory-quota 99"},
		{settings("https://example.com"), "getcloud 7f3a --page 1", "getcloud: options go before CLOUD_ID: --page comes too late"},
	} {
		args := strings.Fields(test.args)
		got := run(t, test.environment, args[0], args[1:]...)
		if got.code != 2 || got.stdout != "" || !strings.HasPrefix(got.stderr, test.wants) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: %+v, wants %s", test.args, got, test.wants)
		}
	}
}

// TestInterrupt: Ctrl-C ends a call and a workflow with 130, and the workflow says what it left half made.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"listclouds":                             "listclouds: interrupted\n",
		"pollclusterstatus --interval 1800 7f3a": "cluster 7f3a: deploying\npollclusterstatus: interrupted\n",
		"deploycluster --name demo --cidr-block 198.51.100.0/24 --interval 1800": "cluster c1: deploying\ndeploycluster: interrupted; left behind: project p1, cluster c1\n",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			waiting := make(chan struct{}, 9) // for an answer, or for the next look
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
				<-waiting
				if err := process.Signal(os.Interrupt); err != nil {
					t.Error(err)
				}
			}
			words := strings.Fields(args)
			if got := runUntil(t, waiting, interrupt, settings(server.URL), words[0], words[1:]...); got != (result{130, "", want}) {
				t.Errorf("%+v, wants %q", got, want)
			}
		})
	}
}

// TestLength: an example stays short enough to be read as one.
func TestLength(t *testing.T) {
	t.Parallel()
	long := regexp.MustCompile("^(createcluster(v3)?|deploycluster|poll.*|signer)$")
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
		if lines := len(regexp.MustCompile(`(?m)^\s*[^\s/]`).FindAll(text, -1)); lines > limit {
			t.Errorf("%s has %d lines of code, over %d", file, lines, limit)
		}
	}
}
