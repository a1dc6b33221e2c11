package capella

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"
)

// created returns a response that creates a resource, as an answer of a request.
func created(location string) func() (*Response, error) {
	return func() (*Response, error) { return &Response{Status: 202, Location: location}, nil }
}

// failed returns an error as an answer of a request.
func failed(err error) func() (*Response, error) {
	return func() (*Response, error) { return nil, err }
}

// TestLeftovers: a resource is named by its id, or its name; one whose request failed is named if it perhaps exists.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	unexpected := &UnexpectedResponseError{ResponseError: ResponseError{Status: 202}}
	located := &UnexpectedResponseError{ResponseError: ResponseError{Status: 202}, Location: "/v3/clusters/7f3a"}
	for name, test := range map[string]struct {
		send  func() (*Response, error)
		wants string
	}{
		"an id":                 {created("/v3/clusters/7f3a"), "cluster demo (id 7f3a)"},
		"no id":                 {created(""), "cluster demo"},
		"an id like the name":   {created("/v2/clusters/7f3a/users/demo"), "cluster demo"},
		"HTML":                  {failed(unexpected), "perhaps cluster demo"},
		"HTML with a Location":  {failed(located), "cluster demo (id 7f3a)"},
		"a failed server":       {failed(&ServerError{ResponseError{Status: 500}}), "perhaps cluster demo"},
		"a lost response":       {failed(&TransportError{Connected: true, Err: io.EOF}), "perhaps cluster demo"},
		"no connection":         {failed(&TransportError{Err: io.EOF}), ""},
		"a refusal":             {failed(&InvalidError{ResponseError{Status: 422}}), ""},
		"another refusal":       {failed(&ResponseError{Status: 405}), ""},
		"an input":              {failed(refuse("m")), ""},
		"Ctrl-C, not connected": {failed(&TransportError{Err: context.Canceled}), ""},
		"Ctrl-C, connected":     {failed(&TransportError{Connected: true, Err: context.Canceled}), "perhaps cluster demo"},
	} {
		left := &leftovers{}
		workflow := Workflow{Timeout: 0, Interval: time.Second}
		want, wantErr := test.send()
		response, err := workflow.run(withLeftovers(t.Context(), left), "cluster demo", test.send, newProgress("", io.Discard, false), time.Now)
		if err != wantErr || (response == nil) != (want == nil) {
			t.Errorf("%s: the response is %v, %v", name, response, err)
		}
		if made := strings.Join(left.made, ", "); made != test.wants {
			t.Errorf("%s: left is %q, wants %q", name, made, test.wants)
		}
	}
}

// TestWorkflowRepeats: a request is repeated while the cluster changes, until the timeout; each reason is shown once.
func TestWorkflowRepeats(t *testing.T) {
	t.Parallel()
	notNormal := &InvalidError{ResponseError{Status: 422, ErrorType: "ErrClusterStateNotNormal"}}
	for name, test := range map[string]struct {
		refusals int
		timeout  time.Duration
		requests int
		shown    string
	}{
		"normal":      {0, 0, 1, "bucket b: creating\ncreated bucket b\n"},
		"normal soon": {2, time.Second, 3, "bucket b: creating\nbucket b: ErrClusterStateNotNormal\ncreated bucket b\n"},
		"never":       {99, 20 * time.Millisecond, 3, "bucket b: creating\nbucket b: ErrClusterStateNotNormal\n"},
		"no timeout":  {99, 0, 1, "bucket b: creating\n"},
	} {
		var shown strings.Builder
		requests, left, clock := 0, &leftovers{}, time.Unix(0, 0)
		send := func() (*Response, error) {
			if requests++; requests <= test.refusals {
				return nil, notNormal
			}
			return &Response{Status: 201}, nil
		}
		now := func() time.Time {
			return clock.Add(time.Duration(max(0, requests-1)) * 10 * time.Millisecond)
		}
		workflow := Workflow{Timeout: test.timeout, Interval: 10 * time.Millisecond}
		_, err := workflow.run(withLeftovers(t.Context(), left), "bucket b", send, newProgress("bucket b", &shown, false), now)
		if requests != test.requests || shown.String() != test.shown || (test.refusals == 99) != errors.Is(err, error(notNormal)) {
			t.Errorf("%s: %d requests, %v, shown is %q", name, requests, err, &shown)
		}
		if (err == nil) != (len(left.made) == 1) {
			t.Errorf("%s: left is %q", name, left.made)
		}
	}
}

// TestWorkflowEndsWithItsContext: a cancelled context ends the wait for a normal state at once, and nothing is left.
func TestWorkflowEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	left := &leftovers{}
	send := func() (*Response, error) {
		cancel()
		return nil, &InvalidError{ResponseError{ErrorType: "ErrClusterStateNotNormal"}}
	}
	workflow := Workflow{Timeout: 2 * time.Hour, Interval: time.Hour}
	_, err := workflow.run(withLeftovers(ctx, left), "bucket b", send, newProgress("", io.Discard, false), time.Now)
	if !errors.Is(err, context.Canceled) || len(left.made) > 0 {
		t.Errorf("the error is %v, left is %q", err, left.made)
	}
}

// TestWorkflowWithoutMain: a library may use a workflow. Its resources are not reported.
func TestWorkflowWithoutMain(t *testing.T) {
	t.Parallel()
	response, err := Workflow{}.Create(t.Context(), "project", "demo", created("/v2/projects/7f3a"))
	if err != nil || response.Status != 202 {
		t.Errorf("the response is %v, %v", response, err)
	}
}

// broken is a stream that cannot be written.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

// TestReport: a failed example names its resources before its error, on stdout if stderr cannot be written; so does one
// whose result cannot be written. The exit code stays the same.
func TestReport(t *testing.T) {
	t.Parallel()
	failure := &NotReadyError{"m"}
	full := broken{syscall.ENOSPC}
	const left = "left behind: project demo (id 7f3a), perhaps cluster demo 2\n"
	for name, test := range map[string]struct {
		err            error
		ctx            context.Context
		out, log       io.Writer
		code           int
		stdout, stderr string
	}{
		"success":         {nil, t.Context(), nil, nil, 0, "result\n", ""},
		"failure":         {failure, t.Context(), nil, nil, 1, "", left + "x: m\n"},
		"full stderr":     {failure, t.Context(), nil, full, 1, left, ""},
		"full stdout":     {nil, t.Context(), full, nil, 1, "", left + "x: the result cannot be written: no space left on device\n"},
		"closed pipe":     {nil, t.Context(), broken{syscall.EPIPE}, nil, 1, "", left},
		"nothing works":   {failure, t.Context(), full, full, 1, "", ""},
		"network is down": {&TransportError{Method: "GET", Endpoint: "/", Err: syscall.EPIPE}, t.Context(), nil, nil, 1, "", left + "x: GET /: broken pipe ()\n"},
	} {
		var stdout, stderr strings.Builder
		out, log := test.out, test.log
		if out == nil {
			out = &stdout
		}
		if log == nil {
			log = &stderr
		}
		run := func(ctx context.Context, _ []string, out io.Writer) error {
			made := leftoversOf(ctx)
			made.attempt("project demo", created("/v2/projects/7f3a"))
			made.attempt("cluster demo\x1b2", failed(&ServerError{}))
			io.WriteString(out, "result\n")
			return test.err
		}
		if code := execute(test.ctx, run, []string{"x"}, out, log); code != test.code || stdout.String() != test.stdout || stderr.String() != test.stderr {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", name, code, &stdout, &stderr)
		}
	}
}
