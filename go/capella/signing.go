package capella

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrInput is the kind of every error that says an input cannot be signed or sent: nothing left this
// program. errors.Is finds it.
var ErrInput = errors.New("invalid input")

// Sign returns the signature of one request: the padded base64 (RFC 4648 section 4) of the HMAC-SHA256,
// keyed with the secret, over
//
//	method + "\n" + endpoint + "\n" + timestamp
//
// endpoint is the request target as it travels: path and query, percent-encoded as sent, which is what
// (*url.URL).RequestURI returns. timestamp counts milliseconds since 1970-01-01 UTC in decimal digits, the
// same text as in the Couchbase-Timestamp header. The rule is the vendor's "Make an API call" guide, whose
// example is the first vector of vectors/signatures.yaml.
//
// An input that no server could verify is refused with an error of kind ErrInput, which never holds the
// secret: a method that is not upper-case letters, an endpoint that is not "/" and printable ASCII
// without "#", a timestamp that is not "0" or digits without a leading zero, an empty secret, a secret
// that is not UTF-8.
func Sign(method, endpoint, timestamp, secret string) (string, error) {
	switch {
	case !isMethod(method):
		return "", fmt.Errorf("%w: method %q is not upper-case letters, such as GET", ErrInput, method)
	case !isEndpoint(endpoint):
		return "", fmt.Errorf("%w: endpoint %.200q is not / and printable ASCII without #: sign the percent-encoded target", ErrInput, endpoint)
	case !isTimestamp(timestamp):
		return "", fmt.Errorf("%w: timestamp %.40q is not milliseconds in plain digits, such as 1614622252260", ErrInput, timestamp)
	case secret == "":
		return "", fmt.Errorf("%w: the secret key is empty", ErrInput)
	case !utf8.ValidString(secret):
		return "", fmt.Errorf("%w: the secret key is not UTF-8 text", ErrInput)
	}
	message := []byte(method + "\n" + endpoint + "\n" + timestamp)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(message)
	// The digest goes where the message was and its text on the stack: two allocations less pay for the checks.
	var signature [44]byte
	base64.StdEncoding.Encode(signature[:], mac.Sum(message[:0]))
	return string(signature[:]), nil
}

// Authorization returns the value of the Authorization header: "Bearer ACCESS:signature". An access key
// that is empty, not UTF-8, or holds white space, a colon or an angle bracket (a template's placeholder) is refused
// with an error of kind ErrInput.
func Authorization(accessKey, signature string) (string, error) {
	if !isAccessKey(accessKey) {
		return "", fmt.Errorf("%w: the access key is empty or holds white space, a colon or an angle bracket", ErrInput)
	}
	return "Bearer " + accessKey + ":" + signature, nil
}

// Transport is an http.RoundTripper that signs each request it is given, at the moment it is given: put it
// below anything that retries, so that every attempt carries its own timestamp. The request's context, body
// and URL pass through; the caller's request is never changed.
type Transport struct {
	// AccessKey and SecretKey are the two halves of a Capella API key.
	AccessKey string
	SecretKey Secret
	// Now is the clock, time.Now when nil.
	Now func() time.Time
	// Base sends the signed request, http.DefaultTransport when nil.
	Base http.RoundTripper
}

// RoundTrip signs a clone of the request and sends it.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	signed, err := t.sign(req)
	if err != nil {
		if req.Body != nil {
			req.Body.Close() // a RoundTripper closes the body, on errors too
		}
		return nil, err
	}
	return t.base().RoundTrip(signed)
}

// CloseIdleConnections is what http.Client looks for in its transport.
func (t *Transport) CloseIdleConnections() { closeIdle(t.base()) }

func (t *Transport) base() http.RoundTripper {
	if t.Base == nil {
		return http.DefaultTransport
	}
	return t.Base
}

func closeIdle(transport http.RoundTripper) {
	if closer, ok := transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (t *Transport) sign(req *http.Request) (*http.Request, error) {
	now := time.Now
	if t.Now != nil {
		now = t.Now
	}
	method := req.Method
	if method == "" {
		method = http.MethodGet // what net/http sends for it
	}
	timestamp := strconv.FormatInt(now().UnixMilli(), 10)
	signature, err := Sign(method, req.URL.RequestURI(), timestamp, t.SecretKey.Reveal())
	if err != nil {
		return nil, err
	}
	authorization, err := Authorization(t.AccessKey, signature)
	if err != nil {
		return nil, err
	}
	signed := req.Clone(req.Context())
	signed.Header.Set("Authorization", authorization)
	signed.Header.Set("Couchbase-Timestamp", timestamp)
	return signed, nil
}

func isMethod(text string) bool {
	for _, c := range []byte(text) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return text != ""
}

func isEndpoint(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || c == '#' {
			return false
		}
	}
	return text != "" && text[0] == '/'
}

func isTimestamp(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != "" && (text[0] != '0' || text == "0")
}

func isAccessKey(text string) bool {
	forbidden := func(r rune) bool { return isSpace(r) || strings.ContainsRune(":<>", r) }
	return text != "" && utf8.ValidString(text) && !strings.ContainsFunc(text, forbidden)
}
