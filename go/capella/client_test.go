package capella

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	canaryAccess = "access-key"
	canarySecret = "canary-secret-0123456789"
)

// testClient calls a server on this machine and never waits between attempts.
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

// answering serves the same answer to everybody.
func answering(t testing.TB, status int, contentType, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestErrorsByKind: each answer that is not a success is an error of its kind, which says what the API said and
// with what it was asked; every kind is an *AnswerError too.
func TestErrorsByKind(t *testing.T) {
	t.Parallel()
	const said = `{"errorType":"Said","message":"in the API's words"}`
	const words = "Said: in the API's words"
	const json, html = "application/json; charset=utf-8", "text/html; charset=utf-8"
	const gateway = "text/html in place of the API's JSON: a proxy or a gateway has answered"
	for name, test := range map[string]struct {
		status            int
		contentType, body string
		kind, wants       string
	}{
		"unauthorized":       {401, json, said, "*capella.AuthenticationError", "401 " + words},
		"forbidden":          {403, json, said, "*capella.ForbiddenError", "403 " + words},
		"not found":          {404, json, said, "*capella.NotFoundError", "404 " + words},
		"invalid":            {422, json, said, "*capella.InvalidError", "422 " + words},
		"rate limited":       {429, json, said, "*capella.RateLimitedError", "429 " + words},
		"server":             {500, json, said, "*capella.ServerError", "500 " + words},
		"unavailable":        {503, json, said, "*capella.ServerError", "503 " + words},
		"bad request":        {400, json, said, "*capella.AnswerError", "400 " + words},
		"too large":          {413, json, said, "*capella.AnswerError", "413 " + words},
		"no envelope":        {404, json, `{"code":4}`, "*capella.NotFoundError", "404: not found, without a reason"},
		"an array":           {500, json, `[1]`, "*capella.ServerError", "500: internal server error, without a reason"},
		"half an envelope":   {422, json, `{"message":"only this"}`, "*capella.InvalidError", "422: only this"},
		"no body":            {403, json, "", "*capella.ForbiddenError", "403: forbidden, without a reason"},
		"several lines":      {422, json, `{"errorType":"A\nB","message":"a\r\nb\u001b[31mc"}`, "*capella.InvalidError", "422 A B: a b [31mc"},
		"a gateway's HTML":   {502, html, "<html>502</html>", "*capella.UnexpectedAnswerError", "502: " + gateway},
		"HTML for a 401":     {401, html, "<html>", "*capella.UnexpectedAnswerError", "401: " + gateway},
		"HTML as a success":  {200, html, "<html>", "*capella.UnexpectedAnswerError", "200: " + gateway},
		"JSON as HTML":       {200, html, `{"data":[]}`, "*capella.UnexpectedAnswerError", "200: " + gateway},
		"no content type":    {200, "", "{}", "*capella.UnexpectedAnswerError", "200: something in place of the API's JSON"},
		"broken JSON":        {200, json, `{"data":[`, "*capella.UnexpectedAnswerError", "200: malformed JSON in place of"},
		"two documents":      {200, json, `{}{}`, "*capella.UnexpectedAnswerError", "200: malformed JSON in place of"},
		"not UTF-8":          {200, json, "\"\xff\"", "*capella.UnexpectedAnswerError", "200: malformed JSON in place of"},
		"over the limit":     {200, json, `"` + strings.Repeat("a", maxAnswer) + `"`, "*capella.UnexpectedAnswerError", "200: more than 10 MB"},
		"an endless error":   {500, json, `"` + strings.Repeat("a", maxErrorAnswer) + `"`, "*capella.UnexpectedAnswerError", "500: malformed JSON in place of"},
		"a redirect":         {302, json, said, "*capella.UnexpectedAnswerError", "302: a redirect is not followed"},
		"a long message":     {400, json, `{"message":"` + strings.Repeat("é", 5000) + `"}`, "*capella.AnswerError", "400: é"},
		"no explanation":     {299, html, "<html>", "*capella.UnexpectedAnswerError", "299: " + gateway},
		"not modified":       {304, "", "", "*capella.UnexpectedAnswerError", "304: a redirect is not followed"},
		"an unknown failure": {418, json, said, "*capella.AnswerError", "418 " + words},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := testClient(t, answering(t, test.status, test.contentType, test.body)).Put(t.Context(), "/v2/projects/{id}", nil, "a/b")
			var answer *AnswerError
			if fmt.Sprintf("%T", err) != test.kind || !errors.As(err, &answer) {
				t.Fatalf("error is %T, wants %s: %v", err, test.kind, err)
			}
			if !strings.HasPrefix(err.Error(), "PUT /v2/projects/a%2Fb: "+test.wants) || strings.ContainsAny(err.Error(), "\r\n\x1b") || len(err.Error()) > 5000 {
				t.Errorf("error is %q, wants %q", err, test.wants)
			}
			if answer.Status != test.status || answer.Method != "PUT" || answer.Endpoint != "/v2/projects/a%2Fb" {
				t.Errorf("error is %+v", answer)
			}
		})
	}
}

// TestSuccess: status, Location and body are passed on as they came.
func TestSuccess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status            int
		contentType, body string
		wants             string
	}{
		{200, "application/json", `{"b": 1.0, "a": 12345678901234567890}`, `{"b": 1.0, "a": 12345678901234567890}`},
		{200, "Application/JSON", "null", "null"},
		{200, "application/hal+json; x=y", "[]", "[]"},
		{202, "", "", ""},
		{204, "application/json", "", ""},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.contentType)
			w.Header().Set("Location", "/v3/clusters/7f3a")
			w.WriteHeader(test.status)
			io.WriteString(w, test.body)
		}))
		t.Cleanup(server.Close)
		answer, err := testClient(t, server.URL).Get(t.Context(), "/v2/status")
		if err != nil || answer.Status != test.status || answer.Location != "/v3/clusters/7f3a" || string(answer.Body) != test.wants {
			t.Errorf("%+v is answered %+v, %v", test, answer, err)
		}
	}
}

// TestNothingIsFollowed: neither a redirect nor a Location of a success leads anywhere.
func TestNothingIsFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{201, 202, 301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(status)
		}))
		t.Cleanup(server.Close)
		_, err := testClient(t, server.URL).Get(t.Context(), "/v2/clouds")
		if (err == nil) != (status < 300) || followed.Load() > 0 {
			t.Errorf("%d was followed %d times: %v", status, followed.Load(), err)
		}
	}
}

// TestClockSkew: a 401 from a server whose clock is more than a minute from ours names both clocks and the
// difference; others say nothing of clocks.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		status      int
		date, wants string
	}{
		{401, "Mon, 23 Nov 2026 13:00:00 GMT", "m; our clock says 2026-11-23 12:00:00 UTC, the server's 2026-11-23 13:00:00 UTC: ours is 1h0m0s behind, so set it"},
		{401, "Mon, 23 Nov 2026 11:58:59 GMT", "m; our clock says 2026-11-23 12:00:00 UTC, the server's 2026-11-23 11:58:59 UTC: ours is 1m1s ahead, so set it"},
		{401, "Mon, 23 Nov 2026 11:59:00 GMT", "m"},
		{401, "Mon, 23 Nov 2026 12:01:00 GMT", "m"},
		{401, "yesterday", "m"},
		{401, "", "m"},
		{403, "Mon, 23 Nov 2026 13:00:00 GMT", "m"},
	} {
		header := http.Header{"Date": {test.date}}
		err := answerError(AnswerError{Status: test.status}, header, []byte(`{"errorType":"e","message":"m"}`), now)
		var answer *AnswerError
		if !errors.As(err, &answer) || answer.Message != test.wants {
			t.Errorf("%d of %q says %v, wants %q", test.status, test.date, err, test.wants)
		}
	}
}

// TestConnectionsAreReused: one connection for many calls, closed with the client.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	var opened, closed atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }))
	gone := make(chan struct{})
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
		case http.StateClosed:
			closed.Add(1)
			close(gone)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := testClient(t, server.URL)
	for range 10 {
		if _, err := client.Get(t.Context(), "/v2/status"); err != nil {
			t.Fatal(err)
		}
	}
	if opened.Load() != 1 || closed.Load() != 0 {
		t.Errorf("%d connections opened, %d closed", opened.Load(), closed.Load())
	}
	client.Close()
	<-gone
}

// TestManyAtOnce: a client is shared by goroutines (the race detector watches).
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	client := testClient(t, play(t, &script{acts: []string{"503", "200"}}))
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			if _, err := client.Get(t.Context(), "/v2/status"); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
}

// TestUnsigned: a client without keys sends none.
func TestUnsigned(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if name == "Authorization" || name == "Couchbase-Timestamp" {
				t.Errorf("%s was sent", name)
			}
		}
		w.WriteHeader(204)
	}))
	t.Cleanup(server.Close)
	client, err := NewClient(Settings{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Get(t.Context(), "/v2/status"); err != nil {
		t.Error(err)
	}
}

// TestPackedAnswer: an answer is measured unpacked, so that a small one cannot fill the memory.
func TestPackedAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		defer packed.Close()
		size := 10
		if r.URL.Path == "/v2/clouds" {
			size = 2 * maxAnswer
		}
		io.WriteString(packed, `"`+strings.Repeat("a", size)+`"`)
	}))
	t.Cleanup(server.Close)
	client := testClient(t, server.URL)
	if answer, err := client.Get(t.Context(), "/v2/status"); err != nil || string(answer.Body) != `"aaaaaaaaaa"` {
		t.Errorf("answer is %v, %v", answer, err)
	}
	var unexpected *UnexpectedAnswerError
	if _, err := client.Get(t.Context(), "/v2/clouds"); !errors.As(err, &unexpected) {
		t.Errorf("error is %v", err)
	}
}

// BenchmarkClientGet and BenchmarkBareGet are a pair: a GET through the client against one without it, with as
// many headers. They ask the server at CAPELLA_BENCH_URL, or one of their own.
func BenchmarkClientGet(b *testing.B) {
	client := testClient(b, benchServer(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Get(b.Context(), "/v2/status"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareGet(b *testing.B) {
	url := benchServer(b) + "/v2/status"
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	header := http.Header{
		"Accept":              {"application/json"},
		"Authorization":       {"Bearer access-key:/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="},
		"Couchbase-Timestamp": {benchTimestamp},
	}
	b.ReportAllocs()
	for b.Loop() {
		request, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		request.Header = header
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadAll(answer.Body); err != nil {
			b.Fatal(err)
		}
		answer.Body.Close()
	}
}

func benchServer(b *testing.B) string {
	if url := os.Getenv("CAPELLA_BENCH_URL"); url != "" {
		return url
	}
	return answering(b, 200, "application/json", `{"status":"OK"}`)
}
