package capella

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// TestWaitFor: the wanted state, a failure or the timeout ends a wait. Each change of the state is shown.
func TestWaitFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		states         string
		timeout        time.Duration
		terminal       bool
		wants, showing string
	}{
		"immediately":     {"healthy", 0, false, "", "cluster 1: healthy\n"},
		"after a change":  {"deploying deploying healthy", time.Hour, false, "", "cluster 1: deploying\ncluster 1: healthy\n"},
		"a failure":       {"deploying deploymentFailed", time.Hour, false, "cluster 1: deploymentFailed", "cluster 1: deploying\ncluster 1: deploymentFailed\n"},
		"another failure": {"deploy_failed", time.Hour, false, "cluster 1: deploy_failed", "cluster 1: deploy_failed\n"},
		"timeout":         {"deploying", 3 * time.Second, false, "cluster 1: still deploying after 3 s: increase --timeout to wait longer", "cluster 1: deploying\n"},
		"on a terminal":   {"deploying healthy", time.Hour, true, "", "\rcluster 1: deploying (0s)\x1b[K\rcluster 1: healthy (0s)\x1b[K\r\x1b[K"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var shown strings.Builder
			states, requests, clock := strings.Fields(test.states), 0, time.Unix(0, 0)
			wait := Wait{
				What: "cluster 1", Wanted: "healthy", Timeout: test.timeout,
				Ask: func() (*Response, error) {
					requests++
					clock = clock.Add(time.Second)
					return &Response{}, nil
				},
				State: func(*Response) (string, error) { return states[min(requests, len(states))-1], nil },
			}
			_, err := wait.run(t.Context(), newProgress(wait.What, &shown, test.terminal), func() time.Time { return clock })
			got := ""
			var notReady *NotReadyError
			if errors.As(err, &notReady) {
				got = err.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if got != test.wants || shown.String() != test.showing {
				t.Errorf("the error is %q and shown is %q, wants %q and %q", got, shown.String(), test.wants, test.showing)
			}
		})
	}
}

// TestWaitForEndsWithItsContext: a cancelled context ends a wait at once, not after the interval.
func TestWaitForEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	wait := Wait{
		Wanted: "healthy", Timeout: 2 * time.Hour, Interval: time.Hour,
		Ask:   func() (*Response, error) { cancel(); return &Response{}, nil },
		State: func(*Response) (string, error) { return "deploying", nil },
	}
	if _, err := wait.run(ctx, newProgress("", io.Discard, false), time.Now); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// TestWaitShowsProgress: For writes to standard error and returns the last response.
func TestWaitShowsProgress(t *testing.T) {
	t.Parallel()
	last := &Response{Status: 200}
	wait := Wait{
		What: "cluster 1", Wanted: "healthy",
		Ask:   func() (*Response, error) { return last, nil },
		State: func(*Response) (string, error) { return "healthy", nil },
	}
	if response, err := wait.For(t.Context()); response != last || err != nil {
		t.Errorf("the response is %v, %v", response, err)
	}
}

// TestWaitErrors: the errors of Ask and State end a wait.
func TestWaitErrors(t *testing.T) {
	t.Parallel()
	failure := errors.New("failure")
	ask := func() (*Response, error) { return &Response{}, nil }
	for name, wait := range map[string]Wait{
		"Ask":   {Ask: func() (*Response, error) { return nil, failure }},
		"State": {Ask: ask, State: func(*Response) (string, error) { return "", failure }},
	} {
		if response, err := wait.run(t.Context(), newProgress("", io.Discard, false), time.Now); response != nil || err != failure {
			t.Errorf("%s: the response is %v, %v", name, response, err)
		}
	}
}

// TestWaitTimeout: the last request is at the timeout, not after it.
func TestWaitTimeout(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[time.Duration]int{0: 1, 10*time.Millisecond - 1: 1, 10 * time.Millisecond: 2, 20*time.Millisecond - 1: 2} {
		requests, clock := 0, time.Unix(0, 0)
		wait := Wait{
			Timeout: timeout, Interval: 10 * time.Millisecond, Wanted: "healthy",
			Ask: func() (*Response, error) {
				clock = clock.Add(time.Duration(min(requests, 1)) * 10 * time.Millisecond)
				requests++
				return &Response{}, nil
			},
			State: func(*Response) (string, error) { return "deploying\x1b[2J", nil },
		}
		_, err := wait.run(t.Context(), newProgress("", io.Discard, false), func() time.Time { return clock })
		var notReady *NotReadyError
		if !errors.As(err, &notReady) || requests != want || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("timeout %s: %d requests, %v, wants %d", timeout, requests, err, want)
		}
	}
}
