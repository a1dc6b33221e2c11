package capella

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// retryPolicy limits the attempts of one call and the pauses between them.
type retryPolicy struct {
	// attempts is the number of attempts, the first one included.
	attempts int
	// first is the longest pause before the second attempt. It doubles for each attempt, up to longest, which also
	// limits the pause that Retry-After asks for.
	first, longest time.Duration
	// total limits a call with all its attempts and pauses.
	total time.Duration
	// jitter returns a random duration from zero to its argument.
	jitter func(time.Duration) time.Duration
}

var defaultRetries = retryPolicy{
	attempts: 5,
	first:    250 * time.Millisecond,
	longest:  30 * time.Second,
	total:    90 * time.Second,
	jitter:   func(longest time.Duration) time.Duration { return rand.N(longest + 1) },
}

// attempts is the state of one call.
type attempts struct {
	client *Client
	method string
	made   int
	// connected says whether the current attempt has a connection.
	connected bool
	// lost says whether the last attempt had a connection and got no complete response, so that the API may have
	// carried out the request. lostBefore says the same of any attempt before the last one.
	lost, lostBefore bool
	pause            time.Duration // before the next attempt
	deadline         time.Time
}

// send makes attempts until one succeeds or must not be repeated. It returns the response of the last attempt and the
// whole body. The transport signs each attempt with its own timestamp.
func (a *attempts) send(ctx context.Context, location *url.URL, payload []byte) (*http.Response, []byte, error) {
	policy := a.client.retries
	a.deadline = a.client.now().Add(policy.total)
	ctx, cancel := context.WithTimeout(ctx, policy.total)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.connected = true },
	})
	var body any // retryablehttp sends no body for an untyped nil only
	if payload != nil {
		body = payload
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, a.method, "", body)
	if err != nil {
		return nil, nil, err
	}
	request.URL = location
	request.Header.Set("Accept", "application/json")
	if payload != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	client := retryablehttp.Client{
		HTTPClient:   a.client.http,
		RetryMax:     policy.attempts - 1,
		CheckRetry:   a.repeat,
		Backoff:      func(time.Duration, time.Duration, int, *http.Response) time.Duration { return a.pause },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response, content, err
}

// repeat says after each attempt whether to make another one, and sets the pause before it. The pause must end before
// the deadline. retryablehttp calls it as its CheckRetry.
func (a *attempts) repeat(ctx context.Context, response *http.Response, err error) (bool, error) {
	a.lostBefore = a.lostBefore || a.lost
	a.lost = err != nil && a.connected
	a.connected = false
	a.made++
	if ctx.Err() != nil || !a.mayRepeat(response, err) {
		return false, nil
	}
	now := a.client.now()
	a.pause = a.client.retries.pause(a.made, response, now)
	return now.Add(a.pause).Before(a.deadline), nil
}

// mayRepeat says whether it is safe to repeat the last attempt, and whether another one may end differently.
func (a *attempts) mayRepeat(response *http.Response, err error) bool {
	if a.method == http.MethodPost {
		return err != nil && !a.lost && !isPermanent(err) // otherwise it could create a resource twice
	}
	if err != nil {
		return !isPermanent(err)
	}
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// isPermanent says whether another attempt would fail in the same way: an invalid input, a refused certificate, a server
// that does not speak TLS, a malformed header, a host name that does not exist. A name server that does not respond is temporary.
func isPermanent(err error) bool {
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var malformed textproto.ProtocolError
	var name *net.DNSError
	if errors.As(err, &name) {
		return name.IsNotFound
	}
	return errors.Is(err, ErrInput) || errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &certificate) || errors.As(err, &noTLS) || errors.As(err, &malformed)
}

// pause returns the pause after a number of attempts: the one that Retry-After asks for, otherwise exponential backoff
// with full jitter.
func (p retryPolicy) pause(made int, response *http.Response, now time.Time) time.Duration {
	if response != nil {
		if after, ok := retryAfter(response.Header, now); ok {
			return min(after, p.longest)
		}
	}
	return p.jitter(retryablehttp.DefaultBackoff(p.first, p.longest, made-1, nil))
}

// retryAfter returns the duration of a Retry-After header, which is in seconds or a date (RFC 9110 section 10.2.3). It
// is zero for a date in the past. The bool is false if there is no valid header.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}
