package capella

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	connectTimeout = 10 * time.Second // to connect, and again for the TLS handshake
	attemptTimeout = 30 * time.Second // from sending the request to the last byte of the response
	maxBody        = 10 << 20         // bytes of a 2xx body, decompressed
	maxErrorBody   = 64 << 10         // bytes of any other body
)

// bufferingTransport reads the whole body of each response, within the limits of time and size of one attempt. An
// incomplete body is an error of the attempt. A longer body is cut: a 2xx body one byte after its limit, which shows
// that it was longer. A redirect loses its Location: net/http would follow it, or fail if it is malformed.
type bufferingTransport struct {
	base    http.RoundTripper
	timeout time.Duration
}

func (b *bufferingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(request.Context(), b.timeout)
	defer cancel()
	response, err := b.base.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	limit := int64(maxErrorBody)
	if response.StatusCode/100 == 2 {
		limit = maxBody + 1
	} else {
		response.Header.Del("Location")
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit))
	if err != nil {
		return nil, fmt.Errorf("the response cannot be read: %w", err)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// CloseIdleConnections closes the connections of the base transport. http.Client calls it.
func (b *bufferingTransport) CloseIdleConnections() { closeIdle(b.base) }

func closeIdle(transport http.RoundTripper) {
	if closer, ok := transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// newTransport returns a transport with a time limit to connect, and the same limit for the TLS handshake. It uses
// HTTP/1.1 only, so that GODEBUG=http2debug cannot print the Authorization header. net/http may repeat a GET once, with
// the same signature, if a kept-alive connection turns out to be closed.
func newTransport(timeout time.Duration) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:               proxy,
		DialContext:         (&net.Dialer{Timeout: timeout}).DialContext,
		TLSHandshakeTimeout: timeout,
		IdleConnTimeout:     90 * time.Second,
		Protocols:           protocols,
	}
}

// proxy returns the proxy that the environment names; nil for a loopback address.
func proxy(request *http.Request) (*url.URL, error) {
	if isLoopback(request.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(request)
}
