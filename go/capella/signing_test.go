package capella

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// TestSignVectors: Sign returns the expected signature, or refuses to sign, for every vector of signatures.yaml.
func TestSignVectors(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors[signatureFile, signatureVector](t, "signatures.yaml") {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			signature, err := Sign(v.Method, v.Endpoint, v.Timestamp, v.Secret)
			if err == nil {
				_, err = Authorization(v.accessKey(), signature)
			}
			if v.Refuse != "" {
				if !errors.Is(err, ErrInput) {
					t.Fatalf("%s: the error is %v, wants ErrInput", v.About, err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", v.About, err)
			}
			if message := v.Method + "\n" + v.Endpoint + "\n" + v.Timestamp; message != v.Message {
				t.Errorf("%s: the message is %q, the vector says %q", v.About, message, v.Message)
			}
			if signature != v.Expected {
				t.Errorf("%s: the signature is %s, wants %s", v.About, signature, v.Expected)
			}
		})
	}
}

// TestSignRefuses: the error names the argument that cannot be signed, and never contains the secret.
func TestSignRefuses(t *testing.T) {
	t.Parallel()
	const canary = "canary-secret"
	for name, test := range map[string]struct{ method, endpoint, timestamp, secret, wants string }{
		"lower-case method":  {"get", "/v2", "1", canary, `"get"`},
		"no method":          {"", "/v2", "1", canary, "method"},
		"full URL":           {"GET", "https://host/v2", "1", canary, "percent-encode it"},
		"raw space":          {"GET", "/v2/a b", "1", canary, "/v2/a b"},
		"DEL":                {"GET", "/v2/\x7f", "1", canary, `\x7f`},
		"fragment":           {"GET", "/v2#x", "1", canary, "without `#`"},
		"negative timestamp": {"GET", "/v2", "-1", canary, `"-1"`},
		"leading zero":       {"GET", "/v2", "01", canary, `"01"`},
		"no timestamp":       {"GET", "/v2", "", canary, "timestamp"},
		"empty secret":       {"GET", "/v2", "1", "", "the secret key is empty"},
		"half a surrogate":   {"GET", "/v2", "1", canary + "\xed\xa0\x80", "not valid UTF-8"},
		"cut character":      {"GET", "/v2", "1", canary + "\xf0\x9f\x94", "not valid UTF-8"},
		"method not UTF-8":   {"GET\xff", "/v2", "1", canary, "method"},
		"target not UTF-8":   {"GET", "/v2\xed\xa0\x80", "1", canary, "endpoint"},
		"digits not UTF-8":   {"GET", "/v2", "1\xff", canary, "timestamp"},
		"letter before A":    {"G@T", "/v2", "1", canary, "method"},
		"letter after Z":     {"G[T", "/v2", "1", canary, "method"},
		"digit before 0":     {"GET", "/v2", "1/", canary, "timestamp"},
		"digit after 9":      {"GET", "/v2", "1:", canary, "timestamp"},
		"two zeros":          {"GET", "/v2", "00", canary, "timestamp"},
		"secret not UTF-8":   {"GET", "/v2", "1", canary + "\xff", "not valid UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signature, err := Sign(test.method, test.endpoint, test.timestamp, test.secret)
			if !errors.Is(err, ErrInput) || signature != "" || !strings.Contains(err.Error(), test.wants) || strings.Contains(err.Error(), canary) {
				t.Errorf("Sign returned %q, %v; wants an error with %q", signature, err, test.wants)
			}
		})
	}
	for _, key := range []string{"", "a b", "a\u00a0b", "a\tb", "a:b", "<access-key>", "a>", "\xff", "\xed\xa0\x80", "\x1c"} {
		if _, err := Authorization(key, "x"); !errors.Is(err, ErrInput) {
			t.Errorf("Authorization(%q) returned %v, wants ErrInput", key, err)
		}
	}
}

// TestTransportSignsTheTarget: the headers match the target as sent and the time of the clock. The caller's request is
// not changed.
func TestTransportSignsTheTarget(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.RequestURI+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Couchbase-Timestamp"))
	}))
	t.Cleanup(server.Close)
	client := http.Client{Transport: &SigningTransport{
		AccessKey: "A", SecretKey: NewSecret("my secret key"),
		Now: func() time.Time { return time.UnixMilli(1614622252260) },
	}}
	request, err := http.NewRequest("", server.URL+"/v2/%7Ea%2fb/;x?q=%20+&q", nil) // "" is GET
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	const target = "/v2/%7Ea%2fb/;x?q=%20+&q"
	signature, err := Sign("GET", target, "1614622252260", "my secret key")
	if err != nil {
		t.Fatal(err)
	}
	if want := target + " Bearer A:" + signature + " 1614622252260"; string(body) != want {
		t.Errorf("the server received\n%s, wants\n%s", body, want)
	}
	if len(request.Header) != 0 {
		t.Errorf("the caller's request was changed: %v", request.Header)
	}
}

// TestTransportClosesTheBody: an http.RoundTripper must close the body, also on an error.
func TestTransportClosesTheBody(t *testing.T) {
	t.Parallel()
	for name, transport := range map[string]*SigningTransport{
		"no secret":     {AccessKey: "A"},
		"no access key": {SecretKey: NewSecret("s")},
	} {
		body := &closing{Reader: strings.NewReader("{}")}
		request, err := http.NewRequest("POST", "http://127.0.0.1:1/v2/projects", body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transport.RoundTrip(request); !errors.Is(err, ErrInput) || !body.closed {
			t.Errorf("%s: the error is %v, body closed: %v", name, err, body.closed)
		}
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

// TestTransportDefaults: without Now and Base it uses the system's clock and http.DefaultTransport, and it closes idle
// connections of a Base that has any.
func TestTransportDefaults(t *testing.T) {
	t.Parallel()
	transport := &SigningTransport{AccessKey: "A", SecretKey: NewSecret("s")}
	request, err := http.NewRequest("GET", "http://127.0.0.1/v2", nil)
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().UnixMilli()
	signed, err := transport.sign(request)
	if err != nil {
		t.Fatal(err)
	}
	timestamp, err := strconv.ParseInt(signed.Header.Get("Couchbase-Timestamp"), 10, 64)
	if err != nil || timestamp < before || timestamp > time.Now().UnixMilli() {
		t.Errorf("the timestamp is %d, %v", timestamp, err)
	}
	if transport.base() != http.DefaultTransport {
		t.Errorf("the base is %v", transport.base())
	}
	(&SigningTransport{Base: roundTrip(nil)}).CloseIdleConnections() // it has no idle connections
}

// FuzzSign: Sign and another implementation of the rule refuse the same inputs and return the same signatures.
func FuzzSign(f *testing.F) {
	for _, v := range loadVectors[signatureFile, signatureVector](f, "signatures.yaml") {
		f.Add(v.Method, v.Endpoint, v.Timestamp, v.Secret)
	}
	method, endpoint, timestamp := regexp.MustCompile(`\A[A-Z]+\z`), regexp.MustCompile(`\A/[!-"$-~]*\z`), regexp.MustCompile(`\A(0|[1-9][0-9]*)\z`)
	f.Fuzz(func(t *testing.T, m, e, ts, secret string) {
		signature, err := Sign(m, e, ts, secret)
		signable := method.MatchString(m) && endpoint.MatchString(e) && timestamp.MatchString(ts) && secret != "" && utf8.ValidString(secret)
		if (err == nil) != signable {
			t.Fatalf("Sign(%q, %q, %q, %q) returned %v", m, e, ts, secret, err)
		}
		if err != nil {
			if !errors.Is(err, ErrInput) || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("the error is %q", err)
			}
			return
		}
		mac := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(mac, "%s\n%s\n%s", m, e, ts)
		if decoded, err := base64.StdEncoding.Strict().DecodeString(signature); err != nil || !hmac.Equal(decoded, mac.Sum(nil)) {
			t.Errorf("Sign(%q, %q, %q, %q) returned %s", m, e, ts, secret, signature)
		}
	})
}

const (
	benchEndpoint  = "/v2/clouds?page=1&perPage=100"
	benchTimestamp = "1614622252260"
	benchSecret    = "my secret key, as long as a real one is: 64 characters or so...."
)

// BenchmarkSign and BenchmarkBareHMAC are a pair: the difference is the cost of the checks.
func BenchmarkSign(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := Sign("GET", benchEndpoint, benchTimestamp, benchSecret); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareHMAC(b *testing.B) {
	b.ReportAllocs()
	method, endpoint, timestamp, secret := "GET", benchEndpoint, benchTimestamp, benchSecret
	for range b.N {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(method + "\n" + endpoint + "\n" + timestamp))
		sink = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
}

var sink string
