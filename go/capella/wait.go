package capella

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// Wait describes a wait for a state.
type Wait struct {
	// What names the resource in messages, such as "cluster 7f3a".
	What string
	// Ask requests the state.
	Ask func() (*Response, error)
	// State returns the state in a response.
	State func(*Response) (string, error)
	// Wanted is the state that ends the wait. A state that ends in "failed" ends it with an error.
	Wanted string
	// Timeout limits the time between the first request and the last one. Interval is the time between two requests.
	Timeout, Interval time.Duration
}

// For requests the state until it is the wanted one, and returns the last response. It shows the progress on standard
// error. The errors are those of Ask and State, *NotReadyError, and the context's error.
func (w Wait) For(ctx context.Context) (*Response, error) {
	return w.run(ctx, newProgress(w.What, os.Stderr, term.IsTerminal(int(os.Stderr.Fd()))), time.Now)
}

func (w Wait) run(ctx context.Context, shown *progress, now func() time.Time) (*Response, error) {
	defer shown.done()
	ends := now().Add(w.Timeout)
	for {
		response, err := w.Ask()
		if err != nil {
			return nil, err
		}
		state, err := w.State(response)
		if err != nil {
			return nil, err
		}
		shown.show(state)
		switch {
		case state == w.Wanted:
			return response, nil
		case strings.HasSuffix(strings.ToLower(state), "failed"):
			return nil, &NotReadyError{oneLine(w.What + ": " + state)}
		case now().Add(w.Interval).After(ends):
			waited := fmt.Sprintf("%.6g s: increase --timeout to wait longer", w.Timeout.Seconds())
			return nil, &NotReadyError{oneLine(w.What + ": still " + state + " after " + waited)}
		}
		if err := shown.pause(ctx, w.Interval); err != nil {
			return nil, err
		}
	}
}
