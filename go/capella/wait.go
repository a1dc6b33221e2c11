package capella

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// NotReadyError says that what was waited for failed, or did not come within the time given.
type NotReadyError struct{ Message string }

func (e *NotReadyError) Error() string { return e.Message }

// Wait is what to wait for.
type Wait struct {
	// What is waited for, in words.
	What string
	// Ask makes the call.
	Ask func() (*Response, error)
	// State finds the state in an answer, and Wanted ends the waiting. A state that ends in "failed" does, too.
	State  func(*Response) (string, error)
	Wanted string
	// Timeout is the time from the first look to the last, Interval that between two looks.
	Timeout, Interval time.Duration
}

// For asks again and again until the state is the wanted one, and returns the last answer. It shows on standard
// error how it goes. Its errors are those of the call, *NotReadyError, and the context's own.
func (w Wait) For(ctx context.Context) (*Response, error) {
	return w.run(ctx, newProgress(w.What, os.Stderr, term.IsTerminal(int(os.Stderr.Fd()))), time.Now)
}

func (w Wait) run(ctx context.Context, shown *progress, now func() time.Time) (*Response, error) {
	defer shown.done()
	ends := now().Add(w.Timeout)
	for {
		answer, err := w.Ask()
		if err != nil {
			return nil, err
		}
		state, err := w.State(answer)
		if err != nil {
			return nil, err
		}
		state = oneLine(state)
		shown.show(state)
		switch {
		case state == w.Wanted:
			return answer, nil
		case strings.HasSuffix(strings.ToLower(state), "failed"):
			return nil, &NotReadyError{fmt.Sprintf("%s: %s", w.What, state)}
		case now().Add(w.Interval).After(ends):
			return nil, &NotReadyError{fmt.Sprintf("%s: still %s after %s; --timeout sets the limit", w.What, state, w.Timeout)}
		}
		if err := shown.pause(ctx, w.Interval); err != nil {
			return nil, err
		}
	}
}
