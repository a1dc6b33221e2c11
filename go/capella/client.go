package capella

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	connectTimeout = 10 * time.Second
	attemptTimeout = 30 * time.Second // from the request to the answer's last byte
	maxAnswer      = 10 << 20         // bytes of a success, unpacked
	maxErrorAnswer = 64 << 10         // bytes of anything else
)

// Client calls the API: every attempt freshly signed, retried where that is safe, within limits of time and
// size. It is safe for use by several goroutines. Redirects are never followed, and no link in an answer is.
type Client struct {
	baseURL *url.URL
	http    *http.Client
	now     func() time.Time
	retries retryPolicy
}

// Response is an answer that is a success.
type Response struct {
	// Status is the HTTP status code, 2xx; 404 for something whose deletion was asked for twice because the first
	// answer was lost.
	Status int `json:"status"`
	// Location is the header of that name, empty when there is none. It is shown, never followed.
	Location string `json:"location,omitempty"`
	// Body is the JSON that came, null when nothing came.
	Body json.RawMessage `json:"body"`

	method, endpoint string // of the request, for errors
}

// NewClient returns a client for settings, which it checks as LoadSettings does: a *SettingsError is the only
// error. Without keys in the settings it signs nothing.
func NewClient(settings Settings) (*Client, error) {
	environment := map[string]string{
		baseURLNames[0]: settings.BaseURL, accessKeyNames[0]: settings.AccessKey, secretKeyNames[0]: settings.SecretKey.Reveal(),
	}
	signed := settings.AccessKey != "" || settings.SecretKey.Reveal() != ""
	settings, err := LoadSettings(func(name string) string { return environment[name] }, signed)
	if err != nil {
		return nil, err
	}
	baseURL, err := url.Parse(settings.BaseURL)
	if err != nil {
		return nil, err
	}
	client := &Client{baseURL: baseURL, now: time.Now, retries: defaultRetries}
	var transport http.RoundTripper = newTransport()
	if signed {
		transport = &Transport{
			AccessKey: settings.AccessKey, SecretKey: settings.SecretKey, Base: transport,
			Now: func() time.Time { return client.now() },
		}
	}
	client.http = &http.Client{Transport: &wholeAnswers{base: transport, timeout: attemptTimeout}}
	return client, nil
}

// FromEnvironment returns a client with the settings of the process's environment.
func FromEnvironment() (*Client, error) {
	return fromEnvironment(true)
}

// WithoutKeys returns a client that needs no keys and sends none, for GET /v2/status.
func WithoutKeys() (*Client, error) {
	return fromEnvironment(false)
}

func fromEnvironment(keys bool) (*Client, error) {
	settings, err := LoadSettings(os.Getenv, keys)
	if err != nil {
		return nil, err
	}
	return NewClient(settings)
}

// Close closes the connections that are kept for reuse.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Format hides everything but the base URL from fmt.
func (c *Client) Format(state fmt.State, _ rune) { fmt.Fprintf(state, "capella.Client(%s)", c.baseURL) }

// Get calls GET on a path such as /v2/clouds/{id}, each {name} replaced with the next value, percent-encoded.
// The errors of this and every other call are drawn in the package's documentation.
func (c *Client) Get(ctx context.Context, path string, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodGet, path, values, nil)
}

// Post calls POST with body as JSON. It is sent again only when no connection was made.
func (c *Client) Post(ctx context.Context, path string, body any, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodPost, path, values, body)
}

// Put calls PUT with body as JSON.
func (c *Client) Put(ctx context.Context, path string, body any, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodPut, path, values, body)
}

// Delete calls DELETE, with body as JSON unless it is nil.
func (c *Client) Delete(ctx context.Context, path string, body any, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodDelete, path, values, body)
}

func (c *Client) call(ctx context.Context, method, path string, values []string, body any) (*Response, error) {
	target, err := expand(path, values, nil)
	if err != nil {
		return nil, err
	}
	return c.Send(ctx, method, target, body)
}

// Send sends a request to a target that is percent-encoded already, exactly as it is written, with body
// as JSON unless it is nil. A target that could not travel as it is written is refused with ErrInput.
func (c *Client) Send(ctx context.Context, method, target string, body any) (*Response, error) {
	location, err := locate(c.baseURL, target)
	if err != nil {
		return nil, err
	}
	var payload any // an untyped nil is a request without a body
	if body != nil {
		if payload, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("%w: body: %w", ErrInput, err)
		}
	}
	attempts := &attempts{client: c, method: method}
	answer, content, err := attempts.send(ctx, location, payload)
	if err != nil {
		failure := TransportError{Method: method, Endpoint: target, Attempts: attempts.made, Connected: attempts.lost}
		return nil, transportError(failure, err)
	}
	if answer.StatusCode == http.StatusNotFound && method == http.MethodDelete && attempts.unanswered {
		content = nil // what an earlier attempt deleted, whose answer was lost
	} else if answer.StatusCode/100 != 2 {
		failure := AnswerError{Status: answer.StatusCode, Method: method, Endpoint: target}
		return nil, answerError(failure, answer.Header, content, c.now())
	}
	if len(content) == 0 {
		content = nil // encoding/json writes null for it
	}
	if complaint := unfit(answer.Header, content); complaint != "" {
		return nil, &UnexpectedAnswerError{AnswerError{Status: answer.StatusCode, Message: complaint, Method: method, Endpoint: target}}
	}
	return &Response{Status: answer.StatusCode, Location: answer.Header.Get("Location"), Body: content, method: method, endpoint: target}, nil
}

// unfit says what is wrong with the body of a success, if anything is.
func unfit(header http.Header, body []byte) string {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type")) // "" when it cannot be parsed
	switch {
	case len(body) > maxAnswer:
		return fmt.Sprintf("more than %d MB", maxAnswer>>20)
	case len(body) > 0 && !(isJSON(body) && (kind == "application/json" || strings.HasSuffix(kind, "+json"))):
		return notTheAPI(header)
	}
	return ""
}

// isJSON is stricter than json.Valid, which takes bytes that are not UTF-8.
func isJSON(body []byte) bool { return utf8.Valid(body) && json.Valid(body) }

// wholeAnswers reads each answer to its end within the time for an attempt, so that an answer that breaks off is
// an attempt that failed. An answer over the limit is cut off one byte behind it. A redirect loses its Location, so
// that net/http neither follows it nor takes one that cannot be parsed for a broken connection.
type wholeAnswers struct {
	base    http.RoundTripper
	timeout time.Duration
}

func (w *wholeAnswers) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(request.Context(), w.timeout)
	defer cancel()
	answer, err := w.base.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	limit := int64(maxErrorAnswer)
	if answer.StatusCode/100 == 2 {
		limit = maxAnswer + 1
	} else {
		answer.Header.Del("Location")
	}
	content, err := io.ReadAll(io.LimitReader(answer.Body, limit))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(content))
	return answer, nil
}

// CloseIdleConnections is what http.Client looks for in its transport.
func (w *wholeAnswers) CloseIdleConnections() { closeIdle(w.base) }

// newTransport speaks HTTP/1.1 alone: what travels is what is signed, and GODEBUG=http2debug cannot print the
// Authorization header. net/http may by itself repeat a GET once, at once and with the same signature, when a kept
// connection turns out to be dead.
func newTransport() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:               proxy,
		DialContext:         (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSHandshakeTimeout: connectTimeout,
		IdleConnTimeout:     90 * time.Second,
		Protocols:           protocols,
	}
}

// proxy is that of the environment, and none for this machine, however its name is written.
func proxy(request *http.Request) (*url.URL, error) {
	if isLoopback(request.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(request)
}
