package capella

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestRetries: which requests are repeated, and that each attempt has its own signature and the whole body.
func TestRetries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, acts string
		requests     int
		wants        string // a status, or a kind of error
	}{
		{"GET", "200", 1, "200"},
		{"GET", "503 200", 2, "200"},
		{"GET", "429 502 503 504 200", 5, "200"},
		{"GET", "503", 5, "*capella.ServerError"},
		{"GET", "429", 5, "*capella.RateLimitedError"},
		{"GET", "500", 1, "*capella.ServerError"},
		{"GET", "501", 1, "*capella.ServerError"},
		{"GET", "505", 1, "*capella.ServerError"},
		{"GET", "401", 1, "*capella.AuthenticationError"},
		{"GET", "404", 1, "*capella.NotFoundError"},
		{"GET", "400", 1, "*capella.ResponseError"},
		{"GET", "reset 200", 2, "200"},
		{"GET", "drop 200", 2, "200"},
		{"GET", "drop 404", 2, "*capella.NotFoundError"},
		{"GET", "truncate 200", 2, "200"},
		{"GET", "truncate", 5, "*capella.TransportError"},
		{"PUT", "503 204", 2, "204"},
		{"PUT", "reset 204", 2, "204"},
		{"PUT", "422", 1, "*capella.InvalidError"},
		{"PUT", "reset 404", 2, "*capella.NotFoundError"},
		{"POST", "201", 1, "201"},
		{"POST", "503", 1, "*capella.ServerError"},
		{"POST", "429", 1, "*capella.RateLimitedError"},
		{"POST", "reset", 1, "*capella.TransportError"},
		{"POST", "drop", 1, "*capella.TransportError"},
		{"POST", "truncate", 1, "*capella.TransportError"},
		{"DELETE", "204", 1, "204"},
		{"DELETE", "404", 1, "*capella.NotFoundError"},
		{"DELETE", "503 204", 2, "204"},
		{"DELETE", "503 404", 2, "*capella.NotFoundError"},
		{"DELETE", "429 503 404", 3, "*capella.NotFoundError"},
		{"DELETE", "reset 404", 2, "404"},
		{"DELETE", "drop 503 404", 3, "404"},
		{"DELETE", "truncate 503 404", 3, "404"},
		{"DELETE", "drop 503 429 404", 4, "404"},
		{"DELETE", "503 drop 404", 3, "404"},
		{"DELETE", "drop 403", 2, "*capella.ForbiddenError"},
	} {
		t.Run(test.method+" "+test.acts, func(t *testing.T) {
			t.Parallel()
			script := &script{acts: strings.Fields(test.acts), header: http.Header{"Retry-After": {"0"}}}
			client, clock := testClient(t, play(t, script)), int64(1700000000000)
			client.now = func() time.Time { clock++; return time.UnixMilli(clock) }
			var body any
			wantBody := ""
			if test.method != http.MethodGet {
				body, wantBody = map[string]string{"name": "orders"}, `{"name":"orders"}`
			}
			response, err := client.Send(t.Context(), test.method, "/v2/projects?a=%2f", body)
			got, requests := fmt.Sprintf("%T", err), script.received()
			if err == nil {
				got = strconv.Itoa(response.Status)
			}
			if got != test.wants || len(requests.timestamps) != test.requests {
				t.Errorf("%d requests and %s (%v), wants %d and %s", len(requests.timestamps), got, err, test.requests, test.wants)
			}
			if len(requests.forged) > 0 {
				t.Errorf("signatures do not match their request: %s", requests.forged)
			}
			for i, timestamp := range requests.timestamps {
				if i > 0 && timestamp <= requests.timestamps[i-1] {
					t.Errorf("the timestamps are %s: an attempt was not signed again", requests.timestamps)
				}
				if requests.bodies[i] != wantBody {
					t.Errorf("body %d is %q, wants %q", i, requests.bodies[i], wantBody)
				}
			}
			var transport *TransportError
			if errors.As(err, &transport) && transport.Attempts != test.requests {
				t.Errorf("the error counts %d attempts: %v", transport.Attempts, err)
			}
		})
	}
}

// TestDeletedTwice: a 404 that counts as a success has no body, because the API's body describes an error.
func TestDeletedTwice(t *testing.T) {
	t.Parallel()
	client := testClient(t, play(t, &script{acts: []string{"drop", "404"}}))
	if response, err := client.Delete(t.Context(), "/v2/projects/{id}", nil, "7f3a"); err != nil || response.Body != nil {
		t.Errorf("the response is %v, %v", response, err)
	}
}

// TestPostWithoutConnection: a POST is repeated if no connection was made.
func TestPostWithoutConnection(t *testing.T) {
	t.Parallel()
	script := &script{acts: []string{"201"}}
	client := testClient(t, play(t, script))
	transport := transportOf(client)
	dial, refused := transport.DialContext, 0
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if refused++; refused <= 2 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}
		return dial(ctx, network, address)
	}
	response, err := client.Post(t.Context(), "/v2/projects", map[string]string{"name": "orders"})
	requests := script.received()
	if err != nil || response.Status != 201 || len(requests.bodies) != 1 || requests.bodies[0] != `{"name":"orders"}` {
		t.Errorf("the response is %v, %v, the bodies are %q", response, err, requests.bodies)
	}
}

// TestPermanentFailures: a failure that another attempt would repeat is reported after one attempt, for every method. A
// name server that fails, or does not respond, is a temporary failure.
func TestPermanentFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		err      error
		attempts int
		wants    string
	}{
		{"unknown host", &net.DNSError{Err: "no such host", Name: "capella.example", IsNotFound: true}, 1, "the host name was not found: capella.example (127.0.0.1:1)"},
		{"failing name server", &net.DNSError{Err: "server misbehaving", Name: "capella.example", IsTemporary: true}, 5, "no connection: lookup capella.example: server misbehaving (127.0.0.1:1, 5 attempts)"},
		{"silent name server", &net.DNSError{Err: "i/o timeout", Name: "capella.example", IsTimeout: true}, 5, "no connection in time (127.0.0.1:1, 5 attempts)"},
		{"refused certificate", &tls.CertificateVerificationError{Err: errors.New("expired")}, 1, "TLS: expired (127.0.0.1:1)"},
		{"plain http", tls.RecordHeaderError{Msg: "not a TLS handshake"}, 1, "no connection: tls: not a TLS handshake (127.0.0.1:1)"},
		{"malformed header", textproto.ProtocolError("malformed MIME header line: a"), 1, "the response has a malformed header (127.0.0.1:1)"},
		{"refused connection", errors.New("connection refused"), 5, "no connection: connection refused (127.0.0.1:1, 5 attempts)"},
	} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			client := testClient(t, "http://127.0.0.1:1")
			transportOf(client).DialContext = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: test.err}
			}
			_, err := client.Send(t.Context(), method, "/v2/clouds", nil)
			var failure *TransportError
			if !errors.As(err, &failure) || failure.Attempts != test.attempts || failure.Connected || err.Error() != method+" /v2/clouds: "+test.wants {
				t.Errorf("%s, %s: the error is %v, wants %d attempts and %s", test.name, method, err, test.attempts, test.wants)
			}
		}
	}
}

// TestPermanentInput: a request that cannot be signed is not repeated.
func TestPermanentInput(t *testing.T) {
	t.Parallel()
	requests := 0
	client := stubbed(t, func(*http.Request) (*http.Response, error) {
		requests++
		return nil, refuse("a key")
	})
	_, err := client.Get(t.Context(), "/v2/clouds")
	if requests != 1 || !errors.Is(err, ErrInput) || err.Error() != "a key" {
		t.Errorf("%d requests and %v", requests, err)
	}
}

// TestPause: full jitter up to a limit that doubles, and Retry-After in both forms. No pause exceeds 30 seconds.
func TestPause(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	policy := defaultRetries
	policy.jitter = func(longest time.Duration) time.Duration { return longest }
	for _, test := range []struct {
		made       int
		retryAfter string
		wants      time.Duration
	}{
		{1, "", 250 * time.Millisecond},
		{2, "", 500 * time.Millisecond},
		{3, "", time.Second},
		{4, "", 2 * time.Second},
		{10, "", 30 * time.Second},
		{1000, "", 30 * time.Second},
		{4, "0", 0},
		{1, "7", 7 * time.Second},
		{1, " 7 ", 7 * time.Second},
		{1, "3600", 30 * time.Second},
		{1, "Mon, 23 Nov 2026 12:00:09 GMT", 9 * time.Second},
		{1, "Mon, 23 Nov 2026 11:59:59 GMT", 0},
		{1, "Tue, 24 Nov 2026 12:00:00 GMT", 30 * time.Second},
		{1, "-1", 250 * time.Millisecond},
		{1, "soon", 250 * time.Millisecond},
		{1, "9223372036854775807", 250 * time.Millisecond},
	} {
		response := &http.Response{Header: http.Header{"Retry-After": {test.retryAfter}}}
		if pause := policy.pause(test.made, response, now); pause != test.wants {
			t.Errorf("after %d attempts and Retry-After %q the pause is %s, wants %s", test.made, test.retryAfter, pause, test.wants)
		}
	}
	for range 1000 {
		if pause := defaultRetries.pause(3, nil, now); pause < 0 || pause > time.Second {
			t.Fatalf("the pause with jitter is %s", pause)
		}
	}
	lowest, highest := false, false
	for range 1000 {
		pause := defaultRetries.jitter(1)
		lowest, highest = lowest || pause == 0, highest || pause == 1
	}
	if !lowest || !highest {
		t.Errorf("the jitter up to 1 reaches 0: %v, and 1: %v", lowest, highest)
	}
}

// TestTotalLimit: an attempt is repeated only if the pause ends before the limit for the whole call, not at it.
func TestTotalLimit(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1700000000000)
	client := stubbed(t, nil)
	client.now = func() time.Time { return now }
	for left, want := range map[time.Duration]bool{
		7*time.Second - 1: false,
		7 * time.Second:   false,
		7*time.Second + 1: true,
	} {
		attempts := &attempts{client: client, method: http.MethodGet, deadline: now.Add(left)}
		limited := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"7"}}}
		if again, err := attempts.repeat(t.Context(), limited, nil); again != want || err != nil {
			t.Errorf("with %s left the attempt is repeated: %v, %v", left, again, err)
		}
	}
}

// TestTotalLimitOfCall: the limit starts with the call, and the last response is reported.
func TestTotalLimitOfCall(t *testing.T) {
	t.Parallel()
	script := &script{acts: []string{"429"}, header: http.Header{"Retry-After": {"29"}}}
	client := testClient(t, play(t, script))
	client.retries.total = 29 * time.Second
	_, err := client.Get(t.Context(), "/v2/clouds")
	var limited *RateLimitedError
	requests := script.received()
	if !errors.As(err, &limited) || len(requests.timestamps) != 1 {
		t.Errorf("%d requests and %v", len(requests.timestamps), err)
	}
}

// TestCancelledInPause: a cancelled context ends a pause at once.
func TestCancelledInPause(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusServiceUnavailable)
		time.AfterFunc(time.Millisecond, cancel)
	})
	start := time.Now()
	_, err := testClient(t, url).Get(ctx, "/v2/clouds")
	if !errors.Is(err, context.Canceled) || time.Since(start) > 20*time.Second {
		t.Errorf("the error after %s is %v", time.Since(start), err)
	}
}

// TestCancelledAttempt: an attempt that fails because its context ended is not repeated.
func TestCancelledAttempt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	requests := 0
	client := stubbed(t, func(*http.Request) (*http.Response, error) {
		requests++
		cancel()
		return nil, context.Canceled
	})
	if _, err := client.Get(ctx, "/v2/clouds"); !errors.Is(err, context.Canceled) || requests != 1 {
		t.Errorf("%d requests and %v", requests, err)
	}
}

// TestInvalidMethodInAttempts: a failure before the first attempt is reported without an attempt.
func TestInvalidMethodInAttempts(t *testing.T) {
	t.Parallel()
	attempts := &attempts{client: stubbed(t, nil), method: "GET\n"}
	if _, _, err := attempts.send(t.Context(), &url.URL{}, nil); err == nil || attempts.made != 0 {
		t.Errorf("%d attempts and %v", attempts.made, err)
	}
}
