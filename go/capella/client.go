package capella

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"time"
	"unicode/utf8"
)

// Client calls the API. It signs every attempt with the current time, repeats an attempt if that is safe, and limits
// time and size. Several goroutines may use it. It follows no redirect and no link in a response.
type Client struct {
	baseURL *url.URL
	http    *http.Client
	now     func() time.Time
	retries retryPolicy
}

// NewClient returns a client for settings, which it validates as LoadSettings does. The only error is a *SettingsError.
// Without keys in the settings, the client does not sign.
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
	var transport http.RoundTripper = newTransport(connectTimeout)
	if signed {
		transport = &SigningTransport{
			AccessKey: settings.AccessKey, SecretKey: settings.SecretKey, Base: transport,
			Now: func() time.Time { return client.now() },
		}
	}
	client.http = &http.Client{Transport: &bufferingTransport{base: transport, timeout: attemptTimeout}}
	return client, nil
}

// FromEnvironment returns a client for the settings in the environment. The only error is a *SettingsError.
func FromEnvironment() (*Client, error) {
	return fromEnvironment(true)
}

// WithoutKeys returns a client that needs no keys and sends none. The API accepts that for GET /v2/status only.
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

// Close closes the idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Format implements fmt.Formatter. It shows the base URL and hides everything else.
func (c *Client) Format(state fmt.State, _ rune) { fmt.Fprintf(state, "capella.Client(%s)", c.baseURL) }

// Get calls GET for a path such as /v2/clouds/{id}. The values replace the names in braces, in their order; they are
// percent-encoded. The package documentation lists the errors of this method and the following ones.
func (c *Client) Get(ctx context.Context, path string, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodGet, path, values, nil)
}

// Post calls POST with body as JSON. It repeats the request only if no connection was made.
func (c *Client) Post(ctx context.Context, path string, body any, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodPost, path, values, body)
}

// Put calls PUT with body as JSON.
func (c *Client) Put(ctx context.Context, path string, body any, values ...string) (*Response, error) {
	return c.call(ctx, http.MethodPut, path, values, body)
}

// Delete calls DELETE, with body as JSON unless it is nil. A 404 is a success if an earlier attempt got no response:
// that attempt deleted the resource.
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

// Send sends a request to a percent-encoded target, exactly as written, with body as JSON unless it is nil. The error
// is of kind ErrInput if the method, the target or the body cannot be sent as given.
func (c *Client) Send(ctx context.Context, method, target string, body any) (*Response, error) {
	if err := checkMethod(method); err != nil {
		return nil, err
	}
	location, err := locate(c.baseURL, target)
	if err != nil {
		return nil, err
	}
	payload, err := encodeBody(body)
	if err != nil {
		return nil, err
	}
	attempts := &attempts{client: c, method: method}
	received, content, err := attempts.send(ctx, location, payload)
	if err != nil {
		failure := TransportError{Method: method, Endpoint: target, Host: c.baseURL.Host, Attempts: attempts.made, Connected: attempts.lost}
		return nil, transportError(failure, err)
	}
	if received.StatusCode == http.StatusNotFound && method == http.MethodDelete && attempts.lostBefore {
		return &Response{Status: http.StatusNotFound, method: method, endpoint: target}, nil
	}
	return readResponse(method, target, received, content, c.now())
}

// encodeBody returns a body as JSON; nil for no body. encoding/json would write U+FFFD for a byte that is not UTF-8, so
// that the API stores another name or password than the one given: such a body is refused with ErrInput.
func encodeBody(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, refuse("the request body cannot be encoded as JSON: %v", err)
	}
	if !isText(reflect.ValueOf(body)) {
		return nil, refuse("the request body contains text that is not valid UTF-8: copy it again")
	}
	return text, nil
}

// isText says whether all strings in a value, the names of its maps included, are UTF-8. encoding/json would replace
// other bytes silently, and how it does so depends on the release of Go.
func isText(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.String:
		return utf8.ValidString(value.String())
	case reflect.Pointer, reflect.Interface:
		return value.IsNil() || isText(value.Elem())
	case reflect.Slice, reflect.Array:
		for i := range value.Len() {
			if !isText(value.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			if !isText(key) || !isText(value.MapIndex(key)) {
				return false
			}
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if !isText(value.Field(i)) {
				return false
			}
		}
	}
	return true
}
