package capella

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// script is a server that plays one act per request, the last one again and again, and keeps what it saw. An act is
// a status, "reset" or "drop" before an answer, or "truncate" amid one.
type script struct {
	acts   []string
	header http.Header

	mutex sync.Mutex
	seen  sightings
}

type sightings struct {
	timestamps []string
	bodies     []string
	forged     []string // signatures that are not those of the request
}

func (s *script) saw() sightings {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.seen
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	timestamp := r.Header.Get("Couchbase-Timestamp")
	signature, err := Sign(r.Method, r.RequestURI, timestamp, canarySecret)
	s.mutex.Lock()
	act := s.acts[min(len(s.seen.timestamps), len(s.acts)-1)]
	s.seen.timestamps = append(s.seen.timestamps, timestamp)
	s.seen.bodies = append(s.seen.bodies, string(body))
	if got := r.Header.Get("Authorization"); err != nil || got != "Bearer "+canaryAccess+":"+signature {
		s.seen.forged = append(s.seen.forged, got)
	}
	s.mutex.Unlock()
	for name, values := range s.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json")
	switch act {
	case "reset":
		connection, _, _ := w.(http.Hijacker).Hijack()
		connection.(*net.TCPConn).SetLinger(0)
		connection.Close()
	case "drop":
		connection, _, _ := w.(http.Hijacker).Hijack()
		connection.Close()
	case "truncate":
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"errorType":`)
	default:
		status, _ := strconv.Atoi(act)
		w.WriteHeader(status)
		if status != http.StatusNoContent {
			fmt.Fprintf(w, `{"errorType": "Played", "message": "act %s"}`, act)
		}
	}
}

// TestRetries: what is repeated and what is not, each attempt signed anew and with the whole body.
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
		{"GET", "401", 1, "*capella.AuthenticationError"},
		{"GET", "404", 1, "*capella.NotFoundError"},
		{"GET", "400", 1, "*capella.AnswerError"},
		{"GET", "reset 200", 2, "200"},
		{"GET", "drop 200", 2, "200"},
		{"GET", "truncate 200", 2, "200"},
		{"GET", "truncate", 5, "*capella.TransportError"},
		{"PUT", "503 204", 2, "204"},
		{"PUT", "reset 204", 2, "204"},
		{"PUT", "422", 1, "*capella.InvalidError"},
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
		{"DELETE", "reset 404", 2, "404"},
		{"DELETE", "truncate 503 404", 3, "404"},
		{"PUT", "reset 404", 2, "*capella.NotFoundError"},
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
			answer, err := client.Send(t.Context(), test.method, "/v2/projects?a=%2f", body)
			got, saw := fmt.Sprintf("%T", err), script.saw()
			if err == nil {
				got = strconv.Itoa(answer.Status)
			}
			if got != test.wants || len(saw.timestamps) != test.requests {
				t.Errorf("%d requests and %s (%v), wants %d and %s", len(saw.timestamps), got, err, test.requests, test.wants)
			}
			if len(saw.forged) > 0 {
				t.Errorf("signatures are not those of the request: %s", saw.forged)
			}
			for i, timestamp := range saw.timestamps {
				if i > 0 && timestamp <= saw.timestamps[i-1] {
					t.Errorf("timestamps are %s: an attempt was not signed anew", saw.timestamps)
				}
				if saw.bodies[i] != wantBody {
					t.Errorf("body %d is %q, wants %q", i, saw.bodies[i], wantBody)
				}
			}
			var transport *TransportError
			if errors.As(err, &transport) && transport.Attempts != test.requests {
				t.Errorf("the error counts %d attempts: %v", transport.Attempts, err)
			}
		})
	}
}

// TestDeletedTwice: the 404 that means "done" has no body: the API's words are about something else.
func TestDeletedTwice(t *testing.T) {
	t.Parallel()
	client := testClient(t, play(t, &script{acts: []string{"drop", "404"}}))
	if answer, err := client.Delete(t.Context(), "/v2/projects/{id}", nil, "7f3a"); err != nil || answer.Body != nil {
		t.Errorf("answer is %v, %v", answer, err)
	}
}

// TestPostAgainWithoutConnection: a POST is repeated when no connection was made, and only then.
func TestPostAgainWithoutConnection(t *testing.T) {
	t.Parallel()
	script := &script{acts: []string{"201"}}
	client := testClient(t, play(t, script))
	transport := client.http.Transport.(*wholeAnswers).base.(*Transport).Base.(*http.Transport)
	dial, refused := transport.DialContext, 0
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if refused++; refused <= 2 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}
		return dial(ctx, network, address)
	}
	answer, err := client.Post(t.Context(), "/v2/projects", map[string]string{"name": "orders"})
	saw := script.saw()
	if err != nil || answer.Status != 201 || len(saw.bodies) != 1 || saw.bodies[0] != `{"name":"orders"}` {
		t.Errorf("answer %v, error %v, bodies %q", answer, err, saw.bodies)
	}
}

// TestNoServer: every attempt is made, and the error says what happened in one line.
func TestNoServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	client := testClient(t, "http://"+listener.Addr().String())
	_, err = client.Get(t.Context(), "/v2/clouds")
	want := "GET /v2/clouds: dial tcp " + listener.Addr().String() + ": connect: connection refused (5 attempts)"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, wants %s", err, want)
	}
}

// TestLostAnswer: the error of a POST says that it may have been carried out, that of others need not.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, act, wants string }{
		{"POST", "drop", "POST /v2/projects: the connection broke: it was closed before an answer came; the request may have been carried out"},
		{"POST", "truncate", "POST /v2/projects: the answer broke off: unexpected EOF; the request may have been carried out"},
		{"PUT", "drop", "PUT /v2/projects: the connection broke: it was closed before an answer came (5 attempts)"},
	} {
		_, err := testClient(t, play(t, &script{acts: []string{test.act}})).Send(t.Context(), test.method, "/v2/projects", "body")
		var failure *TransportError
		if !errors.As(err, &failure) || !failure.Connected || err.Error() != test.wants {
			t.Errorf("%s and %s: error is %v, wants %s", test.method, test.act, err, test.wants)
		}
	}
	_, err := testClient(t, play(t, &script{acts: []string{"reset"}})).Post(t.Context(), "/v2/projects", "body")
	if want := "POST /v2/projects: the connection broke: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is %v, wants %s", err, want)
	}
}

// TestWait: full jitter below a ceiling that doubles, and Retry-After in both forms, all capped.
func TestWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	policy := defaultRetries
	policy.jitter = func(most time.Duration) time.Duration { return most }
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
		answer := &http.Response{Header: http.Header{"Retry-After": {test.retryAfter}}}
		if wait := policy.wait(test.made, answer, now); wait != test.wants {
			t.Errorf("after %d attempts and Retry-After %q the wait is %s, wants %s", test.made, test.retryAfter, wait, test.wants)
		}
	}
	for range 1000 {
		if wait := defaultRetries.wait(3, nil, now); wait < 0 || wait > time.Second {
			t.Fatalf("the jitter makes it %s", wait)
		}
	}
}

// TestTotal: a wait that would end after the time for all attempts is not begun.
func TestTotal(t *testing.T) {
	t.Parallel()
	script := &script{acts: []string{"429"}, header: http.Header{"Retry-After": {"29"}}}
	client := testClient(t, play(t, script))
	client.retries.total = 29 * time.Second
	_, err := client.Get(t.Context(), "/v2/clouds")
	var limited *RateLimitedError
	saw := script.saw()
	if !errors.As(err, &limited) || len(saw.timestamps) != 1 {
		t.Errorf("%d requests and %v", len(saw.timestamps), err)
	}
}

// TestCancelledWhileWaiting: the context ends a wait at once.
func TestCancelledWhileWaiting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusServiceUnavailable)
		time.AfterFunc(time.Millisecond, cancel)
	}))
	t.Cleanup(server.Close)
	began := time.Now()
	_, err := testClient(t, server.URL).Get(ctx, "/v2/clouds")
	if !errors.Is(err, context.Canceled) || time.Since(began) > 10*time.Second {
		t.Errorf("error after %s is %v", time.Since(began), err)
	}
}

// TestTimeLimits: an attempt without an answer is given up and repeated, and all of them end together.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 1 && r.URL.Path == "/v2/clouds" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		<-over
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	client := testClient(t, server.URL)
	answers := client.http.Transport.(*wholeAnswers)
	answers.timeout = 20 * time.Millisecond
	if _, err := client.Get(t.Context(), "/v2/clouds"); err != nil {
		t.Errorf("the second attempt ended in %v", err)
	}
	answers.timeout, client.retries.total = time.Hour, 20*time.Millisecond
	_, err := client.Get(t.Context(), "/v2/status")
	var transport *TransportError
	if !errors.As(err, &transport) || !strings.Contains(err.Error(), "no answer in time") || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
}

// play serves a script, one connection per request: net/http would itself repeat a GET on a kept one.
func play(t *testing.T, script *script) string {
	t.Helper()
	server := httptest.NewUnstartedServer(script)
	server.Config.SetKeepAlivesEnabled(false)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}
