package capella

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// notNormal is the ErrorType of a refusal because the cluster changes: the API accepts the same request later.
const notNormal = "ErrClusterStateNotNormal"

// Workflow creates several resources. If the example fails, or Ctrl-C ends it, Main writes what it created on standard
// error.
type Workflow struct {
	// Timeout limits how long a request is repeated that is refused because the cluster changes. Interval is the time
	// between two of these requests.
	Timeout, Interval time.Duration
}

// Create sends a request that creates a resource, and returns its response. A request that is refused because the cluster
// changes is sent again, until the timeout. The kind and the name of the resource are for messages.
func (w Workflow) Create(ctx context.Context, kind, name string, send func() (*Response, error)) (*Response, error) {
	what := kind + " " + name
	return w.run(ctx, what, send, newProgress(what, os.Stderr, term.IsTerminal(int(os.Stderr.Fd()))), time.Now)
}

func (w Workflow) run(ctx context.Context, what string, send func() (*Response, error), shown *progress, now func() time.Time) (*Response, error) {
	left := leftoversOf(ctx)
	ends := now().Add(w.Timeout)
	shown.show("creating") // so that it is named even if the program is killed
	for {
		response, err := left.attempt(what, send)
		if err == nil {
			shown.done()
			fmt.Fprintln(shown.out, oneLine("created "+left.made[len(left.made)-1]))
			return response, nil
		}
		var refused *InvalidError
		if !errors.As(err, &refused) || refused.ErrorType != notNormal || now().Add(w.Interval).After(ends) {
			shown.done()
			return nil, err
		}
		shown.show(refused.ErrorType)
		if err := shown.pause(ctx, w.Interval); err != nil {
			shown.done()
			return nil, err
		}
	}
}

// leftovers are the resources that an example created, to be named if it fails.
type leftovers struct{ made []string }

type leftoversKey struct{}

// withLeftovers returns a context that collects the created resources in left.
func withLeftovers(ctx context.Context, left *leftovers) context.Context {
	return context.WithValue(ctx, leftoversKey{}, left)
}

// leftoversOf returns the leftovers that a context collects; without any, they are not reported.
func leftoversOf(ctx context.Context) *leftovers {
	if left, ok := ctx.Value(leftoversKey{}).(*leftovers); ok {
		return left
	}
	return &leftovers{}
}

// attempt sends a request once. Until its response has arrived, the resource perhaps exists.
func (l *leftovers) attempt(what string, send func() (*Response, error)) (*Response, error) {
	l.made = append(l.made, "perhaps "+what)
	last := len(l.made) - 1
	response, err := send()
	var unexpected *UnexpectedResponseError
	switch {
	case err == nil:
		l.made[last] = what + shownID(response, what)
	case errors.As(err, &unexpected) && unexpected.Location != "": // not readable, but a success
		l.made[last] = what + shownID(&Response{Location: unexpected.Location}, what)
	case !mayHaveCreated(err):
		l.made = l.made[:last]
	}
	return response, err
}

// shownID returns the id of a new resource for a message; "" if there is none, or if it is the name.
func shownID(response *Response, what string) string {
	id, err := response.NewID()
	if err != nil || strings.HasSuffix(what, " "+id) {
		return ""
	}
	return " (id " + id + ")"
}

// report writes the resources to log, or to out if log cannot be written: a paid cluster must be named.
func (l *leftovers) report(log, out io.Writer) {
	if len(l.made) == 0 {
		return
	}
	line := oneLine("left behind: " + strings.Join(l.made, ", "))
	if _, err := fmt.Fprintln(log, line); err != nil {
		fmt.Fprintln(out, line)
	}
}

// mayHaveCreated says whether a request that failed may have created its resource.
func mayHaveCreated(err error) bool {
	var lost *TransportError
	var unexpected *UnexpectedResponseError
	var failed *ServerError
	if errors.As(err, &lost) {
		return lost.Connected
	}
	return errors.As(err, &unexpected) || errors.As(err, &failed)
}
