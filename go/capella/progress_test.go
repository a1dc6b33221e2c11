package capella

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestProgressOnTerminal: the line is updated while a pause lasts, and cleared at the end.
func TestProgressOnTerminal(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	progress := newProgress("cluster 1", &shown, true)
	if progress.every != time.Second {
		t.Errorf("the line is updated every %s", progress.every)
	}
	progress.every = time.Millisecond
	progress.began = progress.began.Add(-time.Minute)
	progress.show("deploying")
	const line = "\rcluster 1: deploying (1m0s)\x1b[K"
	if shown.String() != line {
		t.Errorf("the line is %q", shown.String())
	}
	if err := progress.pause(t.Context(), 100*time.Millisecond); err != nil {
		t.Error(err)
	}
	if updates := strings.Count(shown.String(), "\rcluster 1: deploying (1m"); updates < 3 {
		t.Errorf("the line was written %d times: %q", updates, shown.String())
	}
	progress.done()
	if !strings.HasSuffix(shown.String(), "\x1b[K\r\x1b[K") {
		t.Errorf("the line was not cleared: %q", shown.String())
	}
}

// TestProgressWithoutTerminal: each change is one line, and a pause writes nothing.
func TestProgressWithoutTerminal(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	progress := newProgress("cluster 1", &shown, false)
	progress.every = time.Millisecond
	for _, state := range []string{"deploying", "deploying", "healthy"} {
		progress.show(state)
		if err := progress.pause(t.Context(), 10*time.Millisecond); err != nil {
			t.Error(err)
		}
	}
	progress.done()
	if want := "cluster 1: deploying\ncluster 1: healthy\n"; shown.String() != want {
		t.Errorf("%q is shown, wants %q", shown.String(), want)
	}
}

// TestPauseEnds: a pause takes its interval, and ends at once with a cancelled context.
func TestPauseEnds(t *testing.T) {
	t.Parallel()
	progress := newProgress("", &strings.Builder{}, false)
	start := time.Now()
	if err := progress.pause(t.Context(), 20*time.Millisecond); err != nil || time.Since(start) < 20*time.Millisecond {
		t.Errorf("the pause took %s: %v", time.Since(start), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := progress.pause(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
