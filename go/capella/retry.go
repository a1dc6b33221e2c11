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
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// retryPolicy says how often and how patiently a request is repeated.
type retryPolicy struct {
	// attempts counts the first one too.
	attempts int
	// first is the most that is waited before the second attempt; it doubles each time, up to longest, which
	// caps Retry-After as well.
	first, longest time.Duration
	// total limits one call with all its attempts.
	total time.Duration
	// jitter picks a time up to the one given.
	jitter func(time.Duration) time.Duration
}

var defaultRetries = retryPolicy{
	attempts: 5,
	first:    250 * time.Millisecond,
	longest:  30 * time.Second,
	total:    90 * time.Second,
	jitter:   func(most time.Duration) time.Duration { return rand.N(most + 1) },
}

// attempts is one call and what became of its attempts.
type attempts struct {
	client *Client
	method string
	made   int
	// connected says whether this attempt got a connection.
	connected bool
	// lost says whether the last attempt got one and no answer, so that the request may have been carried out;
	// unanswered, whether any before it did.
	lost, unanswered bool
	wait             time.Duration
	deadline         time.Time
}

// send makes attempts until one is worth reporting, and returns its answer and the whole body. Each is signed
// by the transport, with its own timestamp.
func (a *attempts) send(ctx context.Context, location *url.URL, payload any) (*http.Response, []byte, error) {
	policy := a.client.retries
	a.deadline = a.client.now().Add(policy.total)
	ctx, cancel := context.WithTimeout(ctx, policy.total)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.connected = true },
	})
	request, err := retryablehttp.NewRequestWithContext(ctx, a.method, "", payload)
	if err != nil {
		return nil, nil, err
	}
	request.URL = location
	request.Header.Set("Accept", "application/json")
	if payload != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	repeat := retryablehttp.Client{
		HTTPClient:   a.client.http,
		RetryMax:     policy.attempts - 1,
		CheckRetry:   a.again,
		Backoff:      func(time.Duration, time.Duration, int, *http.Response) time.Duration { return a.wait },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	answer, err := repeat.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	return answer, content, err
}

// again decides after each attempt, and how long to wait first. It is retryablehttp's CheckRetry.
func (a *attempts) again(ctx context.Context, answer *http.Response, err error) (bool, error) {
	a.unanswered = a.unanswered || a.lost
	a.lost = err != nil && a.connected
	a.connected = false
	a.made++
	if ctx.Err() != nil || !a.worthwhile(answer, err) {
		return false, nil
	}
	a.wait = a.client.retries.wait(a.made, answer, a.client.now())
	return a.client.now().Add(a.wait).Before(a.deadline), nil
}

func (a *attempts) worthwhile(answer *http.Response, err error) bool {
	switch {
	case a.method == http.MethodPost:
		return err != nil && !a.lost && !isPermanent(err) // or something is made twice
	case err != nil:
		return !isPermanent(err)
	}
	switch answer.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// isPermanent says whether an attempt would fail in the same way again.
func isPermanent(err error) bool {
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var name *net.DNSError
	return errors.Is(err, ErrInput) || errors.As(err, &certificate) || errors.As(err, &noTLS) || errors.As(err, &name) && name.IsNotFound
}

// wait returns how long to wait after a number of attempts: what the server asks for, else exponential backoff
// with full jitter.
func (p retryPolicy) wait(made int, answer *http.Response, now time.Time) time.Duration {
	if answer != nil {
		if after, ok := retryAfter(answer.Header, now); ok {
			return min(after, p.longest)
		}
	}
	return p.jitter(retryablehttp.DefaultBackoff(p.first, p.longest, made-1, nil))
}

// retryAfter reads Retry-After, seconds or a date (RFC 9110 section 10.2.3); a date that has passed is 0.
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
