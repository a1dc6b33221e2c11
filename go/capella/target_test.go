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

// TestTargetVectors: every call of targets.yaml gives the target it says, or is refused.
func TestTargetVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors[targetFile, targetVector](t, "targets.yaml") {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			target, err := Target(v.Path, v.Query)
			if v.Refuse != "" {
				if !errors.Is(err, ErrInput) || target != "" {
					t.Fatalf("%s: Target returned %q, %v, wants a refusal", v.About, target, err)
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
				t.Errorf("%s: target is %s, sent as %s, wants %s", v.About, target, location.RequestURI(), v.Expected)
			}
		})
	}
}

// typed are targets as a user types them, which travel as they are typed.
var typed = []string{
	"/", "/v2/clouds", "/v2/clouds/", "/v2/clouds?", "/?", "/v2/clouds??", "/v2/clouds?a?b=/c", "/%7Ea/%7ea", "/a%2fb%2Fc",
	"//v2/clouds", "///", "//x@y:1/z", "/a/../b", "/./a/.", "/..", "/v2/clouds;a=b;c?d;e", "/a;b/c;d", "/!$&'()*+,;=:@-._~",
	"/a+b%20c?d+e%20f", "/a?b=c&b=c&a", "/a?&&=", "/%00/%ff", "/a?%E2%9C%93=%e2%9c%93", "/http://h/x", "/a:b", "/*",
}

var thisMachine = &url.URL{Scheme: "http", Host: "127.0.0.1"}

// TestTargetTravelsAsTyped: what arrives on the socket is what was typed, and what was signed.
func TestTargetTravelsAsTyped(t *testing.T) {
	t.Parallel()
	url, lines := rawServer(t, "HTTP/1.1 204 No Content\r\n\r\n")
	client := testClient(t, url)
	for _, target := range typed {
		if _, err := client.Send(t.Context(), http.MethodGet, target, nil); err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		if line := <-lines; line != "GET "+target+" HTTP/1.1" {
			t.Errorf("%s was typed, %s arrived", target, line)
		}
	}
}

// TestTargetRefused: what could not travel as it is typed is not sent, and the message says why.
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
		location, err := locate(thisMachine, target)
		if !errors.Is(err, ErrInput) || location != nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 3000 {
			t.Errorf("locate(%q) returned %v, %v; wants %q", target, location, err, want)
		}
	}
}

// TestExpand: values take the places in their order, and none may be missing.
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
	for _, values := range [][]string{nil, {"7f3a"}, {"7f3a", ""}, {"..", "a"}} {
		if target, err := expand(path, values, nil); !errors.Is(err, ErrInput) {
			t.Errorf("expand with %q returned %s, %v", values, target, err)
		}
	}
}

// FuzzTarget: a call comes back out of its target as it went in, and a typed target is sent as typed or
// refused.
func FuzzTarget(f *testing.F) {
	for _, v := range loadVectors[targetFile, targetVector](f, "targets.yaml") {
		key, value := "", ""
		if len(v.Query) > 0 {
			key, value = v.Query[0][0], v.Query[0][1]
		}
		f.Add(v.Path[len(v.Path)-1], key, value, v.Expected)
	}
	for _, target := range typed {
		f.Add("a", "b", "c", target)
	}
	f.Fuzz(func(t *testing.T, segment, key, value, typed string) {
		if target, err := Target([]string{"v2", segment}, Query{{key, value}}); err == nil {
			path, query, _ := strings.Cut(target, "?")
			rest, found := strings.CutPrefix(path, "/v2/")
			if back, err := url.PathUnescape(rest); !found || strings.Contains(rest, "/") || err != nil || back != segment {
				t.Errorf("segment %q became %s", segment, path)
			}
			if values, err := url.ParseQuery(query); err != nil || len(values) != 1 || values.Get(key) != value {
				t.Errorf("%q=%q became %s", key, value, query)
			}
			if location, err := locate(thisMachine, target); err != nil || location.RequestURI() != target {
				t.Errorf("%s is sent as %v, %v", target, location, err)
			}
		}
		if location, err := locate(thisMachine, typed); err == nil {
			if location.RequestURI() != typed || location.Host != "127.0.0.1" {
				t.Errorf("%q is sent to %s as %s", typed, location.Host, location.RequestURI())
			}
			if _, err := Sign("GET", typed, "0", "s"); err != nil {
				t.Errorf("%q can be sent and not signed: %v", typed, err)
			}
		}
	})
}

// rawServer answers every request with the same bytes and shows its request line.
func rawServer(t *testing.T, answer string) (string, <-chan string) {
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
			go serveRaw(connection, answer, lines)
		}
	}()
	return "http://" + listener.Addr().String(), lines
}

func serveRaw(connection net.Conn, answer string, lines chan<- string) {
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
		if _, err := connection.Write([]byte(answer)); err != nil {
			return
		}
	}
}
