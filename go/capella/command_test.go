package capella

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// parse runs a command line with one option of each kind.
func parse(args ...string) (string, error) {
	command := NewCommand("example", "Do it.", "CLUSTER_ID", "BUCKET_ID")
	name := command.String("name", "", "what to call it")
	nodes := command.Int("nodes", 3, "how many")
	comment := command.Optional("comment", "a few words")
	buckets := command.Texts("bucket", "a bucket")
	timeout := command.Seconds("timeout", 3600, "`seconds` to wait")
	paging := command.Paging()
	command.Filter(paging, "sort-by", "sortBy", "a `field`")
	command.Require("name")
	var out bytes.Buffer
	if err := command.Parse(args, &out); err != nil {
		return out.String(), err
	}
	said := "nothing"
	if *comment != nil {
		said = **comment
	}
	return fmt.Sprintf("%s %d %q %q %s %d %s %q", *name, *nodes, said, *buckets, *timeout, paging.Page, paging.Query, command.Args()), nil
}

// TestParse: options of every kind, with one dash or two, before the positional arguments.
func TestParse(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--name x c b":                                                   `x 3 "nothing" [] 1h0m0s 0 [] ["c" "b"]`,
		"-name= --comment= --nodes 5 c b":                                ` 5 "" [] 1h0m0s 0 [] ["c" "b"]`,
		"--name x --bucket a --bucket b -- -c b":                         `x 3 "nothing" ["a" "b"] 1h0m0s 0 [] ["-c" "b"]`,
		"--name x --timeout 0.25 --page 2 c b":                           `x 3 "nothing" [] 250ms 2 [] ["c" "b"]`,
		"--name x --per-page 5 --sort-by a --sort-by b --per-page 7 c b": `x 3 "nothing" [] 1h0m0s 0 [[sortBy b] [perPage 7]] ["c" "b"]`,
	} {
		if got, err := parse(strings.Fields(args)...); err != nil || got != want {
			t.Errorf("%s gives %s, %v, wants %s", args, got, err, want)
		}
	}
}

// TestParseRefuses: a wrong command line is one line that says everything that is wrong.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                            `--name is missing; wants CLUSTER_ID BUCKET_ID behind the options, got []`,
		"--name x c":                  `wants CLUSTER_ID BUCKET_ID behind the options, got ["c"]`,
		"--name x c b d":              `got ["c" "b" "d"]`,
		"c b --name x":                `--name is missing; options go before CLUSTER_ID BUCKET_ID: --name comes too late`,
		"--name":                      `flag needs an argument: --name`,
		"--colour red c b":            `flag provided but not defined: --colour`,
		"--name x --nodes many c b":   `"many"`,
		"--name x --page 0 c b":       `not a number from 1`,
		"--name x --per-page -1 c b":  `not a number from 1`,
		"--name x --timeout -1 c b":   `not a number of seconds`,
		"--name x --timeout NaN c b":  `not a number of seconds`,
		"--name x --timeout 1e99 c b": `not a number of seconds`,
	} {
		_, err := parse(strings.Fields(args)...)
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s gives %v, wants %s", args, err, want)
		}
	}
}

// TestHelp: it names every option, its default, and what is required.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, option := range []string{"-h", "--help", "-help"} {
		var out, log strings.Builder
		code := execute(t.Context(), func(_ context.Context, args []string, out io.Writer) error {
			text, err := parse(args...)
			io.WriteString(out, text)
			return err
		}, []string{"example", option}, &out, &log)
		if code != exitDone || log.Len() > 0 {
			t.Errorf("%s ends with %d: %s", option, code, &log)
		}
		for _, want := range []string{"Usage: example [--OPTION ...] CLUSTER_ID BUCKET_ID", "Do it.", "--name string\n        what to call it (required)", "--nodes int\n        how many (3 if left out)", "--timeout seconds\n        seconds to wait (3600 if left out)"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s shows %s, wants %s", option, &out, want)
			}
		}
	}
}

// TestExecute: exit codes, one line on stderr, and nothing on stdout unless all went well.
func TestExecute(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	var made Leftovers
	made.Add("project", "1")
	made.Add("cluster", "2\n3")
	running := t.Context()
	for name, test := range map[string]struct {
		ctx  context.Context
		err  error
		code int
		log  string
	}{
		"done":                      {running, nil, 0, ""},
		"an answer":                 {running, &NotFoundError{AnswerError{404, "E", "m", "GET", "/v2"}}, 1, "x: GET /v2: 404 E: m\n"},
		"not ready":                 {running, &NotReadyError{"m"}, 1, "x: m\n"},
		"something else":            {running, io.ErrShortWrite, 1, "x: short write\n"},
		"usage":                     {running, &UsageError{"m"}, 2, "x: m (--help shows the usage)\n"},
		"settings":                  {running, &SettingsError{Missing: []string{"A", "B"}}, 2, "x: A and B not set: set them in the environment, or start with godotenv -f .env\n"},
		"input":                     {running, fmt.Errorf("%w: m", ErrInput), 2, "x: invalid input: m\n"},
		"Ctrl-C":                    {cancelled, context.Canceled, 130, "x: interrupted\n"},
		"Ctrl-C amid a call":        {cancelled, &TransportError{Method: "GET", Endpoint: "/v2", Err: context.Canceled}, 130, "x: interrupted\n"},
		"Ctrl-C amid a workflow":    {cancelled, made.Report(context.Canceled), 130, "x: interrupted; left behind: project 1, cluster 2 3\n"},
		"failure amid a workflow":   {running, made.Report(&NotReadyError{"m"}), 1, "x: m; left behind: project 1, cluster 2 3\n"},
		"no Ctrl-C, but a deadline": {running, context.DeadlineExceeded, 1, "x: context deadline exceeded\n"},
	} {
		var out, log strings.Builder
		code := execute(test.ctx, func(_ context.Context, _ []string, out io.Writer) error {
			io.WriteString(out, "result\n")
			return test.err
		}, []string{"/bin/x"}, &out, &log)
		wantOut := ""
		if test.err == nil {
			wantOut = "result\n"
		}
		if code != test.code || out.String() != wantOut || log.String() != test.log {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q; wants %d, %q", name, code, &out, &log, test.code, test.log)
		}
	}
}

// TestExecuteCannotWrite: a result that cannot be written is a failure.
func TestExecuteCannotWrite(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	reader.Close()
	var log strings.Builder
	code := execute(t.Context(), func(_ context.Context, _ []string, out io.Writer) error {
		_, err := io.WriteString(out, "result\n")
		return err
	}, []string{"x"}, writer, &log)
	if code != exitRefused || !strings.Contains(log.String(), "closed pipe") {
		t.Errorf("exit code %d, stderr %s", code, &log)
	}
}

// TestWaitFor: until the wanted state, a failure, or the end of the time; a line for each change.
func TestWaitFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		states         string
		timeout        time.Duration
		terminal       bool
		wants, showing string
	}{
		"at once":         {"healthy", 0, false, "", "cluster 1: healthy\n"},
		"in the end":      {"deploying deploying healthy", time.Hour, false, "", "cluster 1: deploying\ncluster 1: healthy\n"},
		"a failure":       {"deploying deploymentFailed", time.Hour, false, "cluster 1: deploymentFailed", "cluster 1: deploying\ncluster 1: deploymentFailed\n"},
		"another failure": {"deploy_failed", time.Hour, false, "cluster 1: deploy_failed", "cluster 1: deploy_failed\n"},
		"too late":        {"deploying", 3 * time.Second, false, "cluster 1: still deploying after 3s; --timeout sets the limit", "cluster 1: deploying\n"},
		"on a terminal":   {"deploying healthy", time.Hour, true, "", "\rcluster 1: deploying (0s)\x1b[K\rcluster 1: healthy (0s)\x1b[K\r\x1b[K"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var shown strings.Builder
			states, asked, clock := strings.Fields(test.states), 0, time.Unix(0, 0)
			wait := Wait{
				What: "cluster 1", Wanted: "healthy", Timeout: test.timeout,
				Ask: func() (*Response, error) {
					asked++
					clock = clock.Add(time.Second)
					return &Response{}, nil
				},
				State: func(*Response) (string, error) { return states[min(asked, len(states))-1], nil },
			}
			_, err := wait.run(t.Context(), newProgress(wait.What, &shown, test.terminal), func() time.Time { return clock })
			got := ""
			var late *NotReadyError
			if errors.As(err, &late) {
				got = err.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if got != test.wants || shown.String() != test.showing {
				t.Errorf("error %q, shown %q; wants %q, %q", got, shown.String(), test.wants, test.showing)
			}
		})
	}
}

// TestWaitForEndsWithItsContext: at once, not after the interval.
func TestWaitForEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	wait := Wait{
		Wanted: "healthy", Timeout: 2 * time.Hour, Interval: time.Hour,
		Ask:   func() (*Response, error) { cancel(); return &Response{}, nil },
		State: func(*Response) (string, error) { return "deploying", nil },
	}
	if _, err := wait.run(ctx, newProgress("", io.Discard, false), time.Now); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
