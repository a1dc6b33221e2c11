package capella

import (
	"context"
	"fmt"
	"io"
	"time"
)

// progress shows the state of a wait. On a terminal it updates one line every second; otherwise it writes a line for each
// change.
type progress struct {
	what, state string
	out         io.Writer
	terminal    bool
	began       time.Time
	every       time.Duration // between two updates of the line on a terminal
}

func newProgress(what string, out io.Writer, terminal bool) *progress {
	return &progress{what: oneLine(what), out: out, terminal: terminal, began: time.Now(), every: time.Second}
}

// show reports a state.
func (p *progress) show(state string) {
	state = oneLine(state)
	if !p.terminal && state != p.state {
		fmt.Fprintf(p.out, "%s: %s\n", p.what, state)
	}
	p.state = state
	p.draw()
}

// draw rewrites the line on a terminal. \r moves the cursor to its start, and ESC [ K clears the rest of the old text.
func (p *progress) draw() {
	if p.terminal {
		fmt.Fprintf(p.out, "\r%s: %s (%s)\x1b[K", p.what, p.state, time.Since(p.began).Round(time.Second))
	}
}

// pause returns after an interval, or with the context's error as soon as the context ends.
func (p *progress) pause(ctx context.Context, interval time.Duration) error {
	end := time.NewTimer(interval)
	defer end.Stop()
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
			return ctx.Err()
		case <-tick.C:
			p.draw()
		}
	}
}

// done clears the line on a terminal.
func (p *progress) done() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
