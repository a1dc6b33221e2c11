package capella

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// ErrInput is the kind of every error about an argument that cannot be signed, or cannot be sent exactly as signed.
// Nothing was sent. errors.Is finds it.
var ErrInput = errors.New("invalid input")

type inputError struct{ message string }

func (e *inputError) Error() string { return e.message }

func (e *inputError) Unwrap() error { return ErrInput }

// refuse returns an error of kind ErrInput.
func refuse(format string, values ...any) error {
	return &inputError{fmt.Sprintf(format, values...)}
}

// UsageError reports a wrong command line, in one line.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

// SettingsError reports all settings that are missing or refused. It never contains a value, which may be a secret.
type SettingsError struct {
	// Missing lists the first name of each setting that is not set.
	Missing []string
	// Invalid lists the name, as it was set, of each setting that is refused.
	Invalid []string
	reasons []string // why each of Invalid is refused
}

func (e *SettingsError) Error() string {
	var parts []string
	for i, name := range e.Invalid {
		parts = append(parts, name+" "+e.reasons[i])
	}
	if len(e.Missing) > 0 {
		pronoun := "it"
		if len(e.Missing) > 1 {
			pronoun = "them"
		}
		names := strings.Join(e.Missing, " and ")
		parts = append(parts, names+" not set: set "+pronoun+" in the environment, or start with godotenv -f .env")
	}
	return strings.Join(parts, "; ")
}

// NotReadyError reports that a wait ended with a failure, or reached its timeout.
type NotReadyError struct{ Message string }

func (e *NotReadyError) Error() string { return e.Message }

// TransportError reports that no complete response arrived. It wraps the cause, which may be a context's error.
type TransportError struct {
	// Method and Endpoint are the method and the target of the request. Host is the host[:port] of the base URL.
	Method, Endpoint, Host string
	// Attempts is the number of attempts that were made.
	Attempts int
	// Connected says whether the last attempt made a connection, so that the API may have carried out the request.
	Connected bool
	// Err is the cause of the last failure.
	Err error
}

func (e *TransportError) Error() string {
	reason := e.reason()
	if e.Connected && e.Method == http.MethodPost {
		reason += "; the request may have been carried out"
	}
	where := e.Host
	if e.Attempts > 1 {
		where += fmt.Sprintf(", %d attempts", e.Attempts)
	}
	return fmt.Sprintf("%s %s: %s (%s)", e.Method, e.Endpoint, shorten(reason), where)
}

// reason returns what happened, from the error of net/http.
func (e *TransportError) reason() string {
	var name *net.DNSError
	var timeout net.Error
	var unknown x509.UnknownAuthorityError
	var certificate *tls.CertificateVerificationError
	var malformed textproto.ProtocolError
	var failed *net.OpError
	switch {
	case errors.As(e.Err, &name) && name.IsNotFound:
		return "the host name was not found: " + name.Name
	case errors.As(e.Err, &timeout) && timeout.Timeout():
		if e.Connected {
			return "no response in time"
		}
		return "no connection in time"
	case errors.As(e.Err, &unknown):
		return "TLS: " + unknown.Error() + "; for a private CA, set SSL_CERT_FILE to its certificate file"
	case errors.As(e.Err, &certificate):
		return "TLS: " + certificate.Err.Error()
	case errors.As(e.Err, &malformed):
		return "the response has a malformed header"
	case errors.As(e.Err, &failed):
		if problem, ok := failures[failed.Op]; ok {
			return problem + ": " + failed.Err.Error()
		}
	case errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "the connection closed before the response was complete"
	case errors.Is(e.Err, io.EOF):
		return "the connection closed before a response arrived"
	}
	return e.Err.Error()
}

// failures describes a *net.OpError by its operation.
var failures = map[string]string{
	"dial":         "no connection",
	"proxyconnect": "the proxy did not connect",
	"read":         "the connection broke",
	"write":        "the connection broke",
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// transportError adds a cause to a failure. It removes the *url.Error of net/http, which repeats method and URL.
func transportError(failure TransportError, err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, ErrInput) {
		return err // nothing was sent
	}
	failure.Err = err
	return &failure
}

// ResponseError reports a response that is not a success. A refusal without a kind of its own, such as 400 or 405, is
// a plain *ResponseError.
type ResponseError struct {
	// Status is the HTTP status code.
	Status int
	// ErrorType is the API's name of the error; empty if the response has none.
	ErrorType string
	// Message is the API's message, or a description of the response if it has none. It is one printable line.
	Message string
	// Method and Endpoint are the method and the target of the request.
	Method, Endpoint string
}

func (e *ResponseError) Error() string {
	separator, text := ": ", e.Message
	if e.ErrorType != "" {
		separator, text = " ", e.ErrorType+": "+e.Message
	}
	return fmt.Sprintf("%s %s: %d%s%s", e.Method, e.Endpoint, e.Status, separator, shorten(text))
}

// As makes errors.As find every kind below as a *ResponseError too.
func (e *ResponseError) As(target any) bool {
	response, ok := target.(**ResponseError)
	if ok {
		*response = e
	}
	return ok
}

// The kinds of responses that are not a success.
type (
	// AuthenticationError is a 401: the API refused the signature, the access key or the timestamp.
	AuthenticationError struct{ ResponseError }
	// ForbiddenError is a 403: the API knows the key and does not allow it this operation.
	ForbiddenError struct{ ResponseError }
	// NotFoundError is a 404: the resource or the endpoint does not exist.
	NotFoundError struct{ ResponseError }
	// InvalidError is a 422: the API understood the request and refuses to carry it out.
	InvalidError struct{ ResponseError }
	// RateLimitedError is a 429: too many requests, after all attempts.
	RateLimitedError struct{ ResponseError }
	// ServerError is a 500 or above: the server failed.
	ServerError struct{ ResponseError }
	// UnexpectedResponseError is a response that the API does not send. Its Status may be that of a success. Location is
	// the Location header of such a success, which names what was created; empty without that header.
	UnexpectedResponseError struct {
		ResponseError
		Location string
	}
)

// withKind returns the error of the kind that belongs to its status, which is 400 or above.
func (e ResponseError) withKind() error {
	switch e.Status {
	case http.StatusUnauthorized:
		return &AuthenticationError{e}
	case http.StatusForbidden:
		return &ForbiddenError{e}
	case http.StatusNotFound:
		return &NotFoundError{e}
	case http.StatusUnprocessableEntity:
		return &InvalidError{e}
	case http.StatusTooManyRequests:
		return &RateLimitedError{e}
	}
	if e.Status >= http.StatusInternalServerError {
		return &ServerError{e}
	}
	return &e
}
