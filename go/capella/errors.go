package capella

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// AnswerError is an answer that is not a success. Any refusal of the API without a kind of its own (a 400, a
// 405) is an AnswerError itself.
type AnswerError struct {
	// Status is the HTTP status code.
	Status int
	// ErrorType and Message are the API's own words, on one line and without control characters.
	// ErrorType is empty and Message describes what came when the answer was not the API's error envelope.
	ErrorType, Message string
	// Method and Endpoint are the request, its target as it travelled.
	Method, Endpoint string
}

func (e *AnswerError) Error() string {
	kind := ""
	if e.ErrorType != "" {
		kind = " " + e.ErrorType
	}
	return fmt.Sprintf("%s %s: %d%s: %s", e.Method, e.Endpoint, e.Status, kind, e.Message)
}

// As lets errors.As find every kind below as an *AnswerError too.
func (e *AnswerError) As(target any) bool {
	answer, ok := target.(**AnswerError)
	if ok {
		*answer = e
	}
	return ok
}

// The kinds of answer that are not a success.
type (
	// AuthenticationError is 401: the signature, the access key or the time was not accepted.
	AuthenticationError struct{ AnswerError }
	// ForbiddenError is 403: the key is known and may not do this.
	ForbiddenError struct{ AnswerError }
	// NotFoundError is 404: no such thing, or no such endpoint.
	NotFoundError struct{ AnswerError }
	// InvalidError is 422: the API understood the request and will not carry it out.
	InvalidError struct{ AnswerError }
	// RateLimitedError is 429: too many requests, after all attempts.
	RateLimitedError struct{ AnswerError }
	// ServerError is 500 and above: the fault is on the other side.
	ServerError struct{ AnswerError }
	// UnexpectedAnswerError is an answer that is not what the API speaks; Status may be that of a success.
	UnexpectedAnswerError struct{ AnswerError }
)

// TransportError says that no answer came. It wraps the cause, a context's error included.
type TransportError struct {
	// Method and Endpoint are the request, its target as it would have travelled.
	Method, Endpoint string
	// Attempts counts how often it was tried.
	Attempts int
	// Connected says whether the last attempt got a connection, so that the request may have been carried out.
	Connected bool
	// Err is what the last attempt ran into.
	Err error
}

func (e *TransportError) Error() string {
	reason := e.Err.Error()
	var timeout net.Error
	var unknown x509.UnknownAuthorityError
	var broken *net.OpError
	switch {
	case errors.As(e.Err, &timeout) && timeout.Timeout():
		reason = "no answer in time: " + reason
	case errors.As(e.Err, &unknown):
		reason += "; if it is your own CA's, name the CA's file in SSL_CERT_FILE"
	case errors.As(e.Err, &broken) && (broken.Op == "read" || broken.Op == "write"):
		reason = "the connection broke: " + broken.Err.Error()
	case errors.Is(e.Err, io.EOF):
		reason = "the connection broke: it was closed before an answer came"
	}
	if e.Attempts > 1 {
		reason = fmt.Sprintf("%s (%d attempts)", reason, e.Attempts)
	}
	if e.Connected && e.Method == http.MethodPost {
		reason += "; the request may have been carried out"
	}
	return fmt.Sprintf("%s %s: %s", e.Method, e.Endpoint, oneLine(reason))
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// transportError completes a failure with err, without what net/http wraps around it, which repeats method and URL.
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

// answerError returns the error that an answer with a status outside 2xx is. The clock is ours when it came.
func answerError(answer AnswerError, header http.Header, body []byte, clock time.Time) error {
	var envelope struct{ ErrorType, Message string }
	switch {
	case answer.Status < 400:
		answer.Message = "a redirect is not followed: a signature is for one place"
		return &UnexpectedAnswerError{answer}
	case len(body) > 0 && !isJSON(body):
		answer.Message = notTheAPI(header)
		return &UnexpectedAnswerError{answer}
	case json.Unmarshal(body, &envelope) == nil && envelope.Message != "":
		answer.ErrorType, answer.Message = oneLine(envelope.ErrorType), oneLine(envelope.Message)
	default:
		answer.Message = strings.ToLower(http.StatusText(answer.Status)) + ", without a reason"
	}
	switch answer.Status {
	case http.StatusUnauthorized:
		answer.Message += skew(header, clock)
		return &AuthenticationError{answer}
	case http.StatusForbidden:
		return &ForbiddenError{answer}
	case http.StatusNotFound:
		return &NotFoundError{answer}
	case http.StatusUnprocessableEntity:
		return &InvalidError{answer}
	case http.StatusTooManyRequests:
		return &RateLimitedError{answer}
	}
	if answer.Status >= 500 {
		return &ServerError{answer}
	}
	return &answer
}

// skew says how far our clock is from the server's, when that may be why a signature was refused. The API
// documents no limit; more than a minute is more than a slow network explains.
func skew(header http.Header, clock time.Time) string {
	server, err := http.ParseTime(header.Get("Date"))
	if err != nil || clock.Sub(server).Abs() <= time.Minute {
		return ""
	}
	direction, difference := "ahead", clock.Truncate(time.Second).Sub(server) // a Date has no fractions
	if difference < 0 {
		direction, difference = "behind", -difference
	}
	return fmt.Sprintf("; our clock says %s UTC, the server's %s UTC: ours is %s %s, so set it",
		clock.UTC().Format(time.DateTime), server.UTC().Format(time.DateTime), difference, direction)
}

// notTheAPI describes what is not the API's JSON. It does not quote it: a gateway may echo the request's headers.
func notTheAPI(header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if kind == "application/json" {
		kind = "malformed JSON"
	}
	return cmp.Or(oneLine(kind), "something") + " in place of the API's JSON: a proxy or a gateway has answered, or CBC_API_URL is not the API"
}

// oneLine makes foreign text fit for an error message: no control characters, which could steer a terminal, and
// no more than 2000 characters.
func oneLine(text string) string {
	printable := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	return fmt.Sprintf("%.2000s", strings.Join(strings.Fields(printable), " "))
}

// interrupted says whether an error came from a context that was cancelled, as Ctrl-C does.
func interrupted(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled)
}
