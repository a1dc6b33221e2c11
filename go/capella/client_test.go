package capella

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestSuccess: status, Location and body are returned as received.
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
		{299, "application/json", "{}", "{}"},
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.contentType)
			w.Header().Set("Location", "/v3/clusters/7f3a")
			w.WriteHeader(test.status)
			io.WriteString(w, test.body)
		})
		response, err := testClient(t, url).Get(t.Context(), "/v2/status")
		if err != nil || response.Status != test.status || response.Location != "/v3/clusters/7f3a" || string(response.Body) != test.wants {
			t.Errorf("%+v: the response is %+v, %v", test, response, err)
		}
	}
}

// TestRequest: the body is JSON with its Content-Type; a request without a body has neither.
func TestRequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		body                 any
		contentType, content string
	}{
		{nil, "", ""},
		{map[string]string{"name": "<&>"}, "application/json", `{"name":"\u003c\u0026\u003e"}`},
		{"text", "application/json", `"text"`},
	} {
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || r.Method != "DELETE" || string(body) != test.content || r.Header.Get("Content-Type") != test.contentType || r.Header.Get("Accept") != "application/json" {
				t.Errorf("%v: the request is %s %v %q, %v", test.body, r.Method, r.Header, body, err)
			}
			w.WriteHeader(http.StatusNoContent)
		})
		if _, err := testClient(t, url).Delete(t.Context(), "/v2/projects/{id}", test.body, "7f3a"); err != nil {
			t.Error(err)
		}
	}
}

// TestBodyIsRefused: a body without a JSON form, or with bytes that are not UTF-8, is not sent. encoding/json would
// replace those bytes silently.
func TestBodyIsRefused(t *testing.T) {
	t.Parallel()
	client := stubbed(t, func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, errors.New("sent")
	})
	for want, body := range map[string]any{
		"cannot be encoded as JSON: json: unsupported type: func()": func() {},
		"text that is not valid UTF-8":                              map[string]string{"password": "canary\xff"},
		"text that is not valid UTF-8: copy it again":               []string{"a\\", "\xed\xa0\x80"}, // half a surrogate pair
	} {
		_, err := client.Post(t.Context(), "/v2/projects", body)
		if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("the error is %v, wants %q", err, want)
		}
	}
}

// TestBodyWithReplacementCharacter: U+FFFD itself, and text that looks like its escape, are sent unchanged.
func TestBodyWithReplacementCharacter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\ufffd":       "\"\ufffd\"",
		`\ufffd`:       `"\\ufffd"`,
		`\\ufffd`:      `"\\\\ufffd"`,
		"\nufffd":      `"\nufffd"`,
		"ends with \\": `"ends with \\"`,
	} {
		if got, err := encodeBody(text); err != nil || string(got) != want {
			t.Errorf("encodeBody(%q) returned %s, %v, wants %s", text, got, err, want)
		}
	}
}

// TestBodiesOfEveryKind: pointers, interfaces and nil have the form that encoding/json gives them, and their text is checked.
func TestBodiesOfEveryKind(t *testing.T) {
	t.Parallel()
	good, bad := "a", "\xff"
	for _, test := range []struct {
		body any
		want string
	}{
		{&good, `"a"`},
		{(*string)(nil), `null`},
		{map[string]any{"a": nil, "b": []any{"c", 1, &good}}, `{"a":null,"b":["c",1,"a"]}`},
		{&bad, ""},
		{map[string]any{"a": bad}, ""},
		{[]any{nil, &bad}, ""},
	} {
		if got, err := encodeBody(test.body); (err != nil) != (test.want == "") || string(got) != test.want {
			t.Errorf("the body is %s, %v, wants %s", got, err, test.want)
		}
	}
}

// TestInvalidInput: arguments that are not UTF-8, half a surrogate pair included, are refused before anything is sent.
func TestInvalidInput(t *testing.T) {
	t.Parallel()
	client := stubbed(t, func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, errors.New("sent")
	})
	for _, text := range []string{"\xff", "a\xc3", "\xed\xa0\x80", "\xf0\x9f\x94"} {
		for name, send := range map[string]func() (*Response, error){
			"path value": func() (*Response, error) { return client.Get(t.Context(), "/v2/clouds/{id}", text) },
			"query key": func() (*Response, error) {
				return client.List(t.Context(), "/v2/clouds", &Paging{Query: Query{{text, "a"}}})
			},
			"query value": func() (*Response, error) {
				return client.List(t.Context(), "/v2/clouds", &Paging{Query: Query{{"a", text}}})
			},
			"target":      func() (*Response, error) { return client.Send(t.Context(), "GET", "/v2/"+text, nil) },
			"method":      func() (*Response, error) { return client.Send(t.Context(), "GET"+text, "/v2/clouds", nil) },
			"body":        func() (*Response, error) { return client.Put(t.Context(), "/v2/projects", text) },
			"body of GET": func() (*Response, error) { return client.Send(t.Context(), "GET", "/v2/projects", []string{text}) },
		} {
			if response, err := send(); !errors.Is(err, ErrInput) {
				t.Errorf("%s %q: the response is %v, %v", name, text, response, err)
			}
		}
	}
}

// TestRedirectsAreNotFollowed: neither a redirect nor the Location of a success is followed.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { followed.Add(1) })
	for _, status := range []int{201, 202, 301, 302, 303, 307, 308} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere)
			w.WriteHeader(status)
		})
		_, err := testClient(t, url).Get(t.Context(), "/v2/clouds")
		if (err == nil) != (status < 300) || followed.Load() > 0 {
			t.Errorf("%d was followed %d times: %v", status, followed.Load(), err)
		}
	}
}

// TestConnectionsAreReused: many calls use one connection, and Close closes it.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	var opened, closed atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }))
	closing := make(chan struct{}, 10)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
		case http.StateClosed:
			closed.Add(1)
			closing <- struct{}{}
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
	await(t, closing)
}

// TestConcurrentCalls: several goroutines use one client; the race detector checks it.
func TestConcurrentCalls(t *testing.T) {
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

// TestNewClientRefuses: NewClient refuses what LoadSettings refuses.
func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]Settings{
		"plain http":           {BaseURL: "http://example.com", AccessKey: "a", SecretKey: NewSecret("s")},
		"path":                 {BaseURL: "https://example.com/v2", AccessKey: "a", SecretKey: NewSecret("s")},
		"no secret key":        {BaseURL: Service, AccessKey: "a"},
		"no access key":        {BaseURL: Service, SecretKey: NewSecret("s")},
		"access key not UTF-8": {BaseURL: Service, AccessKey: "\xff", SecretKey: NewSecret("s")},
		"secret key not UTF-8": {BaseURL: Service, AccessKey: "a", SecretKey: NewSecret("\xed\xa0\x80")},
		"base URL not UTF-8":   {BaseURL: "https://\xff", AccessKey: "a", SecretKey: NewSecret("s")},
	} {
		var refused *SettingsError
		if _, err := NewClient(settings); !errors.As(err, &refused) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// TestFromEnvironment: the keys of the environment sign; without keys nothing is signed. Both report their settings.
func TestFromEnvironment(t *testing.T) {
	for _, names := range [][]string{baseURLNames, accessKeyNames, secretKeyNames} {
		for _, name := range names {
			t.Setenv(name, "")
		}
	}
	var refused *SettingsError
	if client, err := FromEnvironment(); !errors.As(err, &refused) || client != nil {
		t.Errorf("without settings the client is %v, %v", client, err)
	}
	signed := make(chan string, 10)
	t.Setenv("BASE_URL", serve(t, func(w http.ResponseWriter, r *http.Request) {
		signed <- r.Header.Get("Authorization") + r.Header.Get("Couchbase-Timestamp")
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Setenv("ACCESS_KEY", canaryAccess)
	t.Setenv("SECRET_KEY", canarySecret)
	for _, test := range []struct {
		create func() (*Client, error)
		signed bool
	}{{FromEnvironment, true}, {WithoutKeys, false}} {
		client, err := test.create()
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if _, err := client.Get(t.Context(), "/v2/status"); err != nil {
			t.Fatal(err)
		}
		if headers := await(t, signed); (headers != "") != test.signed {
			t.Errorf("the headers are %q", headers)
		}
	}
}

// BenchmarkClientGet and BenchmarkBareGet are a pair: a GET through the client, and a GET of net/http with as many
// headers. They call the server at CAPELLA_BENCH_URL, or one that they start.
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
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadAll(response.Body); err != nil {
			b.Fatal(err)
		}
		response.Body.Close()
	}
}

func benchServer(b *testing.B) string {
	if url := os.Getenv("CAPELLA_BENCH_URL"); url != "" {
		return url
	}
	return respond(b, 200, "application/json", `{"status":"OK"}`)
}
