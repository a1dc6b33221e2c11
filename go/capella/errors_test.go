package capella

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestTransportErrors: the message says what happened and names the host. The message for a POST also says if the request
// may have been carried out.
func TestTransportErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, act, wants string }{
		{"POST", "drop", "the connection closed before a response arrived; the request may have been carried out (HOST)"},
		{"POST", "truncate", "the connection closed before the response was complete; the request may have been carried out (HOST)"},
		{"POST", "reset", "the connection broke: read: connection reset by peer; the request may have been carried out (HOST)"},
		{"PUT", "drop", "the connection closed before a response arrived (HOST, 5 attempts)"},
		{"PUT", "reset", "the connection broke: read: connection reset by peer (HOST, 5 attempts)"},
	} {
		url := play(t, &script{acts: []string{test.act}})
		_, err := testClient(t, url).Send(t.Context(), test.method, "/v2/projects", "body")
		var failure *TransportError
		want := test.method + " /v2/projects: " + strings.Replace(test.wants, "HOST", strings.TrimPrefix(url, "http://"), 1)
		if !errors.As(err, &failure) || !failure.Connected || err.Error() != want {
			t.Errorf("%s and %s: the error is %v, wants %s", test.method, test.act, err, want)
		}
	}
}

// TestNoServer: every attempt is made if the server refuses connections. A POST was certainly not carried out.
func TestNoServer(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	listener.Close()
	for _, method := range []string{"GET", "POST"} {
		_, err = testClient(t, "http://"+host).Send(t.Context(), method, "/v2/clouds", nil)
		want := method + " /v2/clouds: no connection: connect: connection refused (" + host + ", 5 attempts)"
		if err == nil || err.Error() != want {
			t.Errorf("the error is %v, wants %s", err, want)
		}
	}
}

// TestTransportErrorText: the reason is one printable line, and two attempts are counted.
func TestTransportErrorText(t *testing.T) {
	t.Parallel()
	for want, failure := range map[string]TransportError{
		"GET /v2: a b (h)":                                  {Attempts: 1, Err: errors.New("a\nb")},
		"GET /v2: a (h, 2 attempts)":                        {Attempts: 2, Err: errors.New("a")},
		"GET /v2: the connection broke: a (h)":              {Err: &net.OpError{Op: "write", Err: errors.New("a")}},
		"GET /v2: remote error: a (h)":                      {Err: &net.OpError{Op: "remote error", Err: errors.New("a")}},
		"GET /v2: no response in time (h)":                  {Connected: true, Err: context.DeadlineExceeded},
		"GET /v2: no connection in time (h)":                {Err: context.DeadlineExceeded},
		"GET /v2: context canceled (h)":                     {Err: context.Canceled},
		"GET /v2: " + strings.Repeat("a", 2000) + " (h)":    {Err: errors.New(strings.Repeat("a", 2000))},
		"GET /v2: " + strings.Repeat("a", 2000) + "... (h)": {Err: errors.New(strings.Repeat("a", 2001))},
	} {
		failure.Method, failure.Endpoint, failure.Host = "GET", "/v2", "h"
		if failure.Error() != want || failure.Unwrap() != failure.Err {
			t.Errorf("the error is %s, wants %s", &failure, want)
		}
	}
}

// TestErrorsHoldNoSecret: no error shows the secret or the Authorization header, in any format, even if a gateway returns
// the request's headers.
func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	html := http.Header{"Content-Type": {"text/html"}}
	for _, act := range []func(*http.Request) (*http.Response, error){
		func(r *http.Request) (*http.Response, error) { return nil, errors.New("broken") },
		func(r *http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded },
		func(r *http.Request) (*http.Response, error) {
			return received(502, html, []byte("<pre>"+r.Header.Get("Authorization"))), nil
		},
		func(r *http.Request) (*http.Response, error) {
			return received(200, html, []byte("<pre>"+r.Header.Get("Authorization"))), nil
		},
		func(r *http.Request) (*http.Response, error) { return received(401, http.Header{}, nil), nil },
		func(r *http.Request) (*http.Response, error) { return received(302, http.Header{}, nil), nil },
	} {
		client := stubbed(t, act)
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			_, err := client.Send(t.Context(), method, "/v2/projects", nil)
			if err == nil {
				t.Errorf("%s succeeded", method)
			}
			for ; err != nil; err = errors.Unwrap(err) {
				for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
					checkHidden(t, fmt.Sprintf(verb, err), verb)
				}
			}
		}
	}
}
