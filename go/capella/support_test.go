package capella

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	canaryAccess = "access-key"
	canarySecret = "canary-secret-0123456789"
	// patience limits every wait of a test for something that takes milliseconds.
	patience = 30 * time.Second
)

// TestMain runs the tests. With CAPELLA_TEST_CALL in the environment, it is a program that makes one call: a process
// reads SSL_CERT_FILE and the proxy variables only once, so their tests need a process each.
func TestMain(m *testing.M) {
	if os.Getenv("CAPELLA_TEST_CALL") == "" {
		os.Exit(m.Run())
	}
	client, err := FromEnvironment()
	if err == nil {
		client.retries.jitter = func(time.Duration) time.Duration { return 0 }
		_, err = client.Get(context.Background(), "/v2/status")
	}
	fmt.Printf("%v\n%+v\n%#v\n%v %+v %#v\n", err, err, err, client, client, client)
}

// call runs the program of TestMain and returns its output.
func call(t *testing.T, baseURL string, environment ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0])
	command.Env = append(environment, "CAPELLA_TEST_CALL=1", "CBC_API_URL="+baseURL, "CBC_ACCESS_KEY="+canaryAccess, "CBC_SECRET_KEY="+canarySecret)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if strings.Contains(string(output), canarySecret) {
		t.Errorf("the output contains the secret: %s", output)
	}
	return string(output)
}

// await returns the next value of a channel, and fails the test after patience.
func await[T any](t *testing.T, values <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-values:
	case <-time.After(patience):
		t.Fatalf("nothing happened within %s", patience)
	}
	return value
}

// testClient returns a client for a server on a loopback address. It never waits between attempts.
func testClient(t testing.TB, baseURL string) *Client {
	t.Helper()
	client, err := NewClient(Settings{BaseURL: baseURL, AccessKey: canaryAccess, SecretKey: NewSecret(canarySecret)})
	if err != nil {
		t.Fatal(err)
	}
	client.retries.jitter = func(time.Duration) time.Duration { return 0 }
	t.Cleanup(client.Close)
	return client
}

// transportOf returns the transport below the signatures of a client.
func transportOf(client *Client) *http.Transport {
	return client.http.Transport.(*bufferingTransport).base.(*SigningTransport).Base.(*http.Transport)
}

// serve starts a server and returns its base URL.
func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// respond starts a server that returns the same response to every request.
func respond(t testing.TB, status int, contentType, body string) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

// roundTrip is a transport that calls a function instead of a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// stubbed returns a client that signs, and passes its requests to a function.
func stubbed(t testing.TB, act roundTrip) *Client {
	t.Helper()
	client := testClient(t, "http://127.0.0.1:1")
	client.http.Transport.(*bufferingTransport).base.(*SigningTransport).Base = act
	client.now = func() time.Time { return time.UnixMilli(1700000000000) }
	return client
}

// received returns a response as net/http receives it.
func received(status int, header http.Header, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)),
	}
}

// script is a server that performs one act per request, and repeats the last one. An act is a status to return, or a
// failure: "reset" or "drop" before the response, "truncate" inside it.
type script struct {
	acts   []string
	header http.Header

	mutex    sync.Mutex
	requests scriptRequests
}

// scriptRequests are the requests that a script received.
type scriptRequests struct {
	timestamps []string
	bodies     []string
	forged     []string // signatures that do not match their request
}

func (s *script) received() scriptRequests {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.requests
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	timestamp := r.Header.Get("Couchbase-Timestamp")
	signature, err := Sign(r.Method, r.RequestURI, timestamp, canarySecret)
	s.mutex.Lock()
	act := s.acts[min(len(s.requests.timestamps), len(s.acts)-1)]
	s.requests.timestamps = append(s.requests.timestamps, timestamp)
	s.requests.bodies = append(s.requests.bodies, string(body))
	if got := r.Header.Get("Authorization"); err != nil || got != "Bearer "+canaryAccess+":"+signature {
		s.requests.forged = append(s.requests.forged, got)
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

// play starts a script, with one connection per request: on a kept-alive connection net/http would repeat a GET.
func play(t *testing.T, script *script) string {
	t.Helper()
	server := httptest.NewUnstartedServer(script)
	server.Config.SetKeepAlivesEnabled(false)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}
