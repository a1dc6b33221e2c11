package capella

import (
	"context"
	"fmt"
	"io"
	"time"
)

// progress shows the state of what is waited for: on a terminal one living line, elsewhere a line for each change.
type progress struct {
	what, state string
	out         io.Writer
	terminal    bool
	began       time.Time
}

func newProgress(what string, out io.Writer, terminal bool) *progress {
	return &progress{what: what, out: out, terminal: terminal, began: time.Now()}
}

func (p *progress) show(state string) {
	if !p.terminal && state != p.state {
		fmt.Fprintf(p.out, "%s: %s\n", p.what, state)
	}
	p.state = state
	p.draw()
}

// draw begins with what takes the cursor to the line's start and ends with what clears the line's old rest.
func (p *progress) draw() {
	if p.terminal {
		fmt.Fprintf(p.out, "\r%s: %s (%s)\x1b[K", p.what, p.state, time.Since(p.began).Round(time.Second))
	}
}

func (p *progress) pause(ctx context.Context, interval time.Duration) error {
	end := time.NewTimer(interval)
	defer end.Stop()
	tick := time.NewTicker(time.Second)
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

func (p *progress) done() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
