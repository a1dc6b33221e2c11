package capella

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Sign returns the signature of one request: the padded base64 (RFC 4648 section 4) of the HMAC-SHA256 over
//
//	method + "\n" + endpoint + "\n" + timestamp
//
// with the secret as the key. endpoint is the request target exactly as sent: path and query, percent-encoded.
// (*url.URL).RequestURI returns it. timestamp is the number of milliseconds since 1970-01-01 UTC in decimal digits, the
// same text as in the Couchbase-Timestamp header. The source of the rule is the vendor's guide "Make an API call". Its
// example is the first vector of vectors/signatures.yaml.
//
// The error is of kind ErrInput, and never contains the secret, if
//   - the method is not upper-case letters A to Z,
//   - the endpoint is not "/" followed by visible ASCII without "#",
//   - the timestamp is not "0", or digits without a leading zero,
//   - the secret is empty or not valid UTF-8.
func Sign(method, endpoint, timestamp, secret string) (string, error) {
	if err := checkMethod(method); err != nil {
		return "", err
	}
	switch {
	case !isEndpoint(endpoint):
		return "", refuse("the endpoint %.200q is not `/` and visible ASCII without `#`: percent-encode it", endpoint)
	case !isTimestamp(timestamp):
		return "", refuse("the timestamp %.200q is not decimal digits without a leading zero: use milliseconds", timestamp)
	case secret == "" || !utf8.ValidString(secret):
		return "", refuse("the secret key is empty or not valid UTF-8: copy it again")
	}
	message := []byte(method + "\n" + endpoint + "\n" + timestamp)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(message)
	// The digest overwrites the message, and its base64 is on the stack. The two saved allocations pay for the checks.
	var signature [44]byte
	base64.StdEncoding.Encode(signature[:], mac.Sum(message[:0]))
	return string(signature[:]), nil
}

// Authorization returns the value of the Authorization header: "Bearer ACCESS:signature". The error is of kind ErrInput
// if the access key is not visible ASCII without `:`, `<` and `>`.
func Authorization(accessKey, signature string) (string, error) {
	if !isAccessKey(accessKey) {
		return "", refuse("the access key is empty, or contains a character other than visible ASCII, or `:`, `<` or `>`: copy it again, without a placeholder's brackets")
	}
	return "Bearer " + accessKey + ":" + signature, nil
}

// SigningTransport is an http.RoundTripper that signs each request and sends it. It reads the clock for each request,
// so use it below the code that repeats requests: every attempt then has its own timestamp. It changes a copy of the
// request, never the caller's request.
type SigningTransport struct {
	// AccessKey and SecretKey are the two parts of a Capella API key.
	AccessKey string
	SecretKey Secret
	// Now returns the current time; nil means time.Now.
	Now func() time.Time
	// Base sends the signed request; nil means http.DefaultTransport.
	Base http.RoundTripper
}

// RoundTrip signs a copy of the request and sends it. The error is of kind ErrInput if the request cannot be signed.
func (t *SigningTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	signed, err := t.sign(req)
	if err != nil {
		if req.Body != nil {
			req.Body.Close() // a RoundTripper closes the body, also on an error
		}
		return nil, err
	}
	return t.base().RoundTrip(signed)
}

// CloseIdleConnections closes the idle connections of Base. http.Client calls it.
func (t *SigningTransport) CloseIdleConnections() { closeIdle(t.base()) }

func (t *SigningTransport) base() http.RoundTripper {
	if t.Base == nil {
		return http.DefaultTransport
	}
	return t.Base
}

func (t *SigningTransport) sign(req *http.Request) (*http.Request, error) {
	now := time.Now
	if t.Now != nil {
		now = t.Now
	}
	method := req.Method
	if method == "" {
		method = http.MethodGet // net/http sends GET for it
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

// checkMethod refuses a method that is not upper-case letters.
func checkMethod(method string) error {
	if method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return refuse("the method %.200q is not upper-case letters A to Z: write it like GET", method)
	}
	return nil
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

// isAccessKey says whether a text is one or more of the bytes 0x21 to 0x7E without `:`, `<` and `>`.
func isAccessKey(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || c == ':' || c == '<' || c == '>' {
			return false
		}
	}
	return text != ""
}
