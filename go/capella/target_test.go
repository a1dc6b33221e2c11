package capella

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

type targetFile struct {
	Version int
	Targets []yaml.Node
}

func (f targetFile) list() []yaml.Node { return f.Targets }

type targetVector struct {
	ID, About, Expected, Refuse string
	BaseURL                     string `yaml:"base_url"`
	Path                        []string
	Query                       Query
}

func (v targetVector) name() string { return v.ID }

// TestTargetVectors: Target returns the expected target, or refuses it, for every vector of targets.yaml.
func TestTargetVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors[targetFile, targetVector](t, "targets.yaml") {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			target, err := Target(v.Path, v.Query)
			if v.Refuse != "" {
				if !errors.Is(err, ErrInput) || target != "" {
					t.Fatalf("%s: Target returned %q, %v, wants ErrInput", v.About, target, err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", v.About, err)
			}
			settings, err := LoadSettings(func(name string) string { return map[string]string{"BASE_URL": v.BaseURL}[name] }, false)
			if err != nil {
				t.Fatal(err)
			}
			client, err := NewClient(settings)
			if err != nil {
				t.Fatal(err)
			}
			location, err := locate(client.baseURL, target)
			if err != nil {
				t.Fatalf("%s: %v", v.About, err)
			}
			if target != v.Expected || location.RequestURI() != v.Expected {
				t.Errorf("%s: the target is %s, sent as %s, wants %s", v.About, target, location.RequestURI(), v.Expected)
			}
		})
	}
}

// encoded are targets that are sent exactly as written.
var encoded = []string{
	"/", "/v2/clouds", "/v2/clouds/", "/v2/clouds?", "/?", "/v2/clouds??", "/v2/clouds?a?b=/c", "/%7Ea/%7ea", "/a%2fb%2Fc",
	"//v2/clouds", "///", "//x@y:1/z", "/a/../b", "/./a/.", "/..", "/v2/clouds;a=b;c?d;e", "/a;b/c;d", "/!$&'()*+,;=:@-._~",
	"/a+b%20c?d+e%20f", "/a?b=c&b=c&a", "/a?&&=", "/%00/%ff", "/a?%E2%9C%93=%e2%9c%93", "/http://h/x", "/a:b", "/*",
}

var loopback = &url.URL{Scheme: "http", Host: "127.0.0.1"}

// TestTargetIsSentAsWritten: the target in the received request line is the one that was given to Send.
func TestTargetIsSentAsWritten(t *testing.T) {
	t.Parallel()
	url, lines := rawServer(t, "HTTP/1.1 204 No Content\r\n\r\n")
	client := testClient(t, url)
	for _, target := range encoded {
		if _, err := client.Send(t.Context(), http.MethodGet, target, nil); err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		if line := await(t, lines); line != "GET "+target+" HTTP/1.1" {
			t.Errorf("%s was sent as %s", target, line)
		}
	}
}

// TestTargetRefused: a target that cannot be sent as written is refused, and the error says why.
func TestTargetRefused(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"":                                 "does not begin with a slash",
		"v2/clouds":                        "does not begin with a slash",
		"http://127.0.0.1/v2/clouds":       "does not begin with a slash",
		"*":                                "does not begin with a slash",
		"/v2/a b":                          "' '",
		"/v2/\u00e9":                       "'é'",
		"/v2/\xff":                         "percent-encode",
		"/v2?q=\xff":                       "percent-encode",
		"/v2#x":                            "'#'",
		"/v2?a#x":                          "'#'",
		"/v2/a[0]":                         "'['",
		"/v2?a[0]":                         "'['",
		"/v2/\"<>\\^`{|}":                  "'\"'",
		"/v2/\n":                           `'\n'`,
		"/v2?\r\nHost: x":                  `'\r'`,
		"/v2/\x7f":                         `'\x7f'`,
		"/v2/%zz":                          "write it %25",
		"/v2/%4":                           "write it %25",
		"/v2?a=%":                          "write it %25",
		"/v2/" + strings.Repeat("é", 1000): "'é'",
	} {
		location, err := locate(loopback, target)
		if !errors.Is(err, ErrInput) || location != nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 3000 {
			t.Errorf("locate(%q) returned %v, %v; wants %q", target, location, err, want)
		}
	}
}

// TestExpand: values replace the names in their order, and their number must be that of the names.
func TestExpand(t *testing.T) {
	t.Parallel()
	const path = "/v2/clusters/{id}/users/{username}"
	for want, values := range map[string][]string{
		"/v2/clusters/7f3a/users/a%2Fb":       {"7f3a", "a/b"},
		"/v2/clusters/%7Bid%7D/users/%7Bx%7D": {"{id}", "{x}"},
	} {
		if target, err := expand(path, values, nil); err != nil || target != want {
			t.Errorf("expand returned %s, %v, wants %s", target, err, want)
		}
	}
	for _, values := range [][]string{nil, {"7f3a"}, {"7f3a", ""}, {"..", "a"}, {"7f3a", "a", "b"}, {"7f3a", "\xff"}} {
		if target, err := expand(path, values, nil); !errors.Is(err, ErrInput) {
			t.Errorf("expand with %q returned %s, %v", values, target, err)
		}
	}
}

// TestExpandCounts: the error says how many names and values there are.
func TestExpandCounts(t *testing.T) {
	t.Parallel()
	_, err := expand("/v2/clusters/{id}/users/{username}", []string{"a"}, nil)
	if want := "/v2/clusters/{id}/users/{username} has 2 names in braces, and 1 values were given"; err == nil || err.Error() != want {
		t.Errorf("the error is %v, wants %s", err, want)
	}
}

// TestTargetNotUTF8: text that is not UTF-8, half a surrogate pair included, is refused in a segment, a key and a value.
func TestTargetNotUTF8(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"\xff", "a\xc3", "\xed\xa0\x80", "\xf0\x9f\x94"} {
		for _, test := range []struct {
			segments []string
			query    Query
		}{
			{[]string{"v2", text}, nil},
			{[]string{"v2"}, Query{{text, "a"}}},
			{[]string{"v2"}, Query{{"a", text}}},
			{[]string{"\xf0", "\x9f\x94\x91"}, nil}, // two halves of one character
		} {
			if target, err := Target(test.segments, test.query); !errors.Is(err, ErrInput) || target != "" {
				t.Errorf("Target(%q, %q) returned %s, %v", test.segments, test.query, target, err)
			}
		}
	}
}

// FuzzTarget: decoding a target returns its segments and query, and an encoded target is sent as written or refused.
func FuzzTarget(f *testing.F) {
	for _, v := range loadVectors[targetFile, targetVector](f, "targets.yaml") {
		key, value := "", ""
		if len(v.Query) > 0 {
			key, value = v.Query[0][0], v.Query[0][1]
		}
		f.Add(v.Path[len(v.Path)-1], key, value, v.Expected)
	}
	for _, target := range encoded {
		f.Add("a", "b", "c", target)
	}
	f.Fuzz(func(t *testing.T, segment, key, value, written string) {
		if target, err := Target([]string{"v2", segment}, Query{{key, value}}); err == nil {
			path, query, _ := strings.Cut(target, "?")
			rest, found := strings.CutPrefix(path, "/v2/")
			if back, err := url.PathUnescape(rest); !found || strings.Contains(rest, "/") || err != nil || back != segment {
				t.Errorf("the segment %q became %s", segment, path)
			}
			if values, err := url.ParseQuery(query); err != nil || len(values) != 1 || values.Get(key) != value {
				t.Errorf("%q=%q became %s", key, value, query)
			}
			if location, err := locate(loopback, target); err != nil || location.RequestURI() != target {
				t.Errorf("%s is sent as %v, %v", target, location, err)
			}
		}
		if location, err := locate(loopback, written); err == nil {
			if location.RequestURI() != written || location.Host != "127.0.0.1" {
				t.Errorf("%q is sent to %s as %s", written, location.Host, location.RequestURI())
			}
			if _, err := Sign("GET", written, "0", "s"); err != nil {
				t.Errorf("%q can be sent but not signed: %v", written, err)
			}
		}
	})
}

// rawServer starts a server that returns the same bytes to every request. The channel delivers the request lines.
func rawServer(t *testing.T, response string) (string, <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	lines := make(chan string, 100)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go serveRaw(connection, response, lines)
		}
	}()
	return "http://" + listener.Addr().String(), lines
}

func serveRaw(connection net.Conn, response string, lines chan<- string) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		lines <- strings.TrimSuffix(line, "\r\n")
		for line != "\r\n" {
			if line, err = reader.ReadString('\n'); err != nil {
				return
			}
		}
		if _, err := connection.Write([]byte(response)); err != nil {
			return
		}
	}
}
