package capella

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
)

// parse parses a command line with an option of each kind, and returns the values as text.
func parse(args ...string) (string, error) {
	command := NewCommand("example", "Do it.", "CLUSTER_ID", "BUCKET_ID")
	name := command.String("name", "", "the name")
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
	text := "none"
	if *comment != nil {
		text = **comment
	}
	return fmt.Sprintf("%s %d %q %q %s %d %s %q", *name, *nodes, text, *buckets, *timeout, paging.Page, paging.Query, command.Args()), nil
}

// TestParse: options of every kind are parsed, with one dash or two, before the positional arguments.
func TestParse(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--name x c b":                                                   `x 3 "none" [] 1h0m0s 0 [] ["c" "b"]`,
		"-name= --comment= --nodes 5 c b":                                ` 5 "" [] 1h0m0s 0 [] ["c" "b"]`,
		"--name x --bucket a --bucket b -- -c b":                         `x 3 "none" ["a" "b"] 1h0m0s 0 [] ["-c" "b"]`,
		"--name x --timeout 0 --page 1 --per-page 1 c b":                 `x 3 "none" [] 0s 1 [[perPage 1]] ["c" "b"]`,
		"--name x --timeout 999999999.5 c b":                             `x 3 "none" [] 277777h46m39.5s 0 [] ["c" "b"]`,
		"--name x --timeout 0.25 --page 2 c b":                           `x 3 "none" [] 250ms 2 [] ["c" "b"]`,
		"--name x --per-page 5 --sort-by a --sort-by b --per-page 7 c b": `x 3 "none" [] 1h0m0s 0 [[sortBy b] [perPage 7]] ["c" "b"]`,
	} {
		if got, err := parse(strings.Fields(args)...); err != nil || got != want {
			t.Errorf("%s returns %s, %v, wants %s", args, got, err, want)
		}
	}
}

// TestParseRefuses: the error of a wrong command line says everything that is wrong, in one line.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                            `--name is missing; expected CLUSTER_ID BUCKET_ID after the options, got []`,
		"--name x c":                  `expected CLUSTER_ID BUCKET_ID after the options, got ["c"]`,
		"--name x c b d":              `got ["c" "b" "d"]`,
		"c b --name x":                `--name is missing; --name comes after CLUSTER_ID BUCKET_ID: write the options first`,
		"--name":                      `flag needs an argument: --name`,
		"--colour red c b":            `flag provided but not defined: --colour`,
		"--name x --nodes many c b":   `"many"`,
		"--nodes 1 -c b":              `flag provided but not defined: --c`,
		"--name x -- --c":             `got ["--c"]`,
		"--name x --per-page 0 c b":   `it is not a whole number from 1`,
		"--name x --timeout 1e9 c b":  `it is not a number of seconds from 0`,
		"--name x --page 0 c b":       `it is not a whole number from 1`,
		"--name x --per-page -1 c b":  `it is not a whole number from 1`,
		"--name x --timeout -1 c b":   `it is not a number of seconds from 0`,
		"--name x --timeout NaN c b":  `it is not a number of seconds from 0`,
		"--name x --timeout 1e99 c b": `it is not a number of seconds from 0`,
	} {
		_, err := parse(strings.Fields(args)...)
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s returns %v, wants %s", args, err, want)
		}
	}
}

// TestHelp: the usage names every option, its default, and whether it is required.
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
			t.Errorf("%s: exit code %d: %s", option, code, &log)
		}
		for _, want := range []string{"Usage: example [--OPTION ...] CLUSTER_ID BUCKET_ID", "Do it.", "--name string\n        the name (required)", "--nodes int\n        how many (3 if left out)", "--timeout seconds\n        seconds to wait (3600 if left out)"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s writes %s, wants %s", option, &out, want)
			}
		}
	}
}

// TestExecute: each error has its exit code and one line on stderr. Only a success writes on stdout.
func TestExecute(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	running := t.Context()
	for name, test := range map[string]struct {
		ctx  context.Context
		err  error
		code int
		log  string
	}{
		"success":              {running, nil, 0, ""},
		"a response":           {running, &NotFoundError{ResponseError{404, "E", "m", "GET", "/v2"}}, 1, "x: GET /v2: 404 E: m\n"},
		"not ready":            {running, &NotReadyError{"m"}, 1, "x: m\n"},
		"another error":        {running, io.ErrShortWrite, 1, "x: short write\n"},
		"usage":                {running, &UsageError{"m"}, 2, "x: m (--help shows the usage)\n"},
		"settings":             {running, &SettingsError{Missing: []string{"A", "B"}}, 2, "x: A and B not set: set them in the environment, or start with godotenv -f .env\n"},
		"input":                {running, refuse("m"), 2, "x: m\n"},
		"cancelled inside":     {running, context.Canceled, 1, "x: context canceled\n"},
		"failure after Ctrl-C": {cancelled, io.ErrShortWrite, 1, "x: short write\n"},
		"Ctrl-C":               {cancelled, context.Canceled, 130, "x: interrupted\n"},
		"Ctrl-C in a call":     {cancelled, &TransportError{Method: "GET", Endpoint: "/v2", Err: context.Canceled}, 130, "x: interrupted\n"},
		"deadline":             {running, context.DeadlineExceeded, 1, "x: context deadline exceeded\n"},
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

// TestExecuteCannotWrite: the exit code is 1 if the result cannot be written.
func TestExecuteCannotWrite(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	reader.Close()
	var log strings.Builder
	code := execute(t.Context(), func(_ context.Context, _ []string, out io.Writer) error {
		_, err := io.WriteString(out, "result\n")
		return err
	}, []string{"x"}, writer, &log)
	if code != exitRefused || log.String() != "x: the result cannot be written: io: read/write on closed pipe\n" {
		t.Errorf("exit code %d, stderr %s", code, &log)
	}
}

// TestParseWithoutArguments: a command without positional arguments refuses them.
func TestParseWithoutArguments(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":         "",
		"a":        `expected no arguments after the options, got ["a"]`,
		"a --page": `expected no arguments after the options, got ["a" "--page"]`,
	} {
		got := ""
		if err := NewCommand("example", "Do it.").Parse(strings.Fields(args), io.Discard); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s returns %s, wants %s", args, got, want)
		}
	}
}

// TestHelpOfSwitch: the usage of a switch has no default.
func TestHelpOfSwitch(t *testing.T) {
	t.Parallel()
	command := NewCommand("example", "Do it.")
	command.Bool("json", false, "print JSON")
	var out strings.Builder
	want := "Usage: example [--OPTION ...]\n\nDo it.\n\n  --json\n        print JSON\n"
	if err := command.Parse([]string{"-h"}, &out); !errors.Is(err, flag.ErrHelp) || out.String() != want {
		t.Errorf("the usage is %q, %v, wants %q", out.String(), err, want)
	}
}
