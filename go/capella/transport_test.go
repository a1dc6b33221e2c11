package capella

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestDecompressedSize: the size limit applies to the decompressed body, so that a small response cannot fill the memory.
func TestDecompressedSize(t *testing.T) {
	t.Parallel()
	compressed := map[string][]byte{}
	for path, size := range map[string]int{"/v2/status": 10, "/v2/clouds": maxBody + 1000} {
		var text bytes.Buffer
		writer := gzip.NewWriter(&text)
		writer.Write([]byte(`"` + strings.Repeat("a", size) + `"`))
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		compressed[path] = text.Bytes()
	}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(compressed[r.URL.Path])
	})
	client := testClient(t, url)
	if response, err := client.Get(t.Context(), "/v2/status"); err != nil || string(response.Body) != `"aaaaaaaaaa"` {
		t.Errorf("the response is %v, %v", response, err)
	}
	var unexpected *UnexpectedResponseError
	if _, err := client.Get(t.Context(), "/v2/clouds"); !errors.As(err, &unexpected) {
		t.Errorf("the error is %v", err)
	}
}

// TestTimeLimits: an attempt without a response ends after its limit and is repeated. A call ends after the total limit.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	var requests atomic.Int32
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 1 && r.URL.Path == "/v2/clouds" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		<-over
	})
	t.Cleanup(func() { close(over) })
	client := testClient(t, url)
	limits := client.http.Transport.(*bufferingTransport)
	if limits.timeout != 30*time.Second || client.retries.total != 90*time.Second {
		t.Errorf("the limits are %s and %s", limits.timeout, client.retries.total)
	}
	limits.timeout = 50 * time.Millisecond
	if _, err := client.Get(t.Context(), "/v2/clouds"); err != nil {
		t.Errorf("the second attempt failed: %v", err)
	}
	limits.timeout, client.retries.total = time.Hour, 50*time.Millisecond
	_, err := client.Get(t.Context(), "/v2/status")
	want := "GET /v2/status: no response in time (" + client.baseURL.Host + ")"
	if err == nil || err.Error() != want || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v, wants %s", err, want)
	}
}

// TestTLSTimeout: a TLS handshake that gets no reply ends after the limit. It counts as no connection, so a POST is
// repeated too.
func TestTLSTimeout(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts connections and never replies
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	checkConnectTimeout(t, "https://"+listener.Addr().String())
}

// TestConnectTimeout: a host that does not accept connections ends an attempt after the limit.
func TestConnectTimeout(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux drops connections to a full listen queue")
	}
	checkConnectTimeout(t, "http://"+fullListener(t))
}

func checkConnectTimeout(t *testing.T, baseURL string) {
	t.Helper()
	client := testClient(t, baseURL)
	if limit := transportOf(client).TLSHandshakeTimeout; limit != 10*time.Second {
		t.Errorf("the limit is %s", limit)
	}
	transport := newTransport(50 * time.Millisecond)
	client.http.Transport.(*bufferingTransport).base.(*SigningTransport).Base = transport
	t.Cleanup(transport.CloseIdleConnections)
	start := time.Now()
	_, err := client.Post(t.Context(), "/v2/projects", "body")
	want := "POST /v2/projects: no connection in time (" + client.baseURL.Host + ", 5 attempts)"
	if took := time.Since(start); err == nil || err.Error() != want || took > 20*time.Second {
		t.Errorf("the error after %s is %v, wants %s", took, err, want)
	}
}

// TestIdleConnectionTimeout: idle connections are closed after 90 seconds.
func TestIdleConnectionTimeout(t *testing.T) {
	t.Parallel()
	if limit := newTransport(connectTimeout).IdleConnTimeout; limit != 90*time.Second {
		t.Errorf("the limit is %s", limit)
	}
}

// TestCertificates: SSL_CERT_FILE names the certificate of a private CA. Without it the certificate is refused after one
// attempt, and so is an expired certificate.
func TestCertificates(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("crypto/x509 reads SSL_CERT_FILE only on Unix, and not on macOS")
	}
	server := tlsServer(t, time.Now().Add(time.Hour))
	file := "SSL_CERT_FILE=" + certificateFile(t, server)
	if got := call(t, server.URL, file); !strings.HasPrefix(got, "<nil>\n") {
		t.Errorf("with SSL_CERT_FILE: %s", got)
	}
	got, want := call(t, server.URL), "GET /v2/status: TLS: x509: certificate signed by unknown authority; for a private CA, set SSL_CERT_FILE to its certificate file ("
	if !strings.HasPrefix(got, want) || strings.Contains(got, "attempts)") {
		t.Errorf("without SSL_CERT_FILE: %s", got)
	}
	expired := tlsServer(t, time.Now().Add(-time.Hour))
	got = call(t, expired.URL, "SSL_CERT_FILE="+certificateFile(t, expired))
	if !strings.HasPrefix(got, "GET /v2/status: TLS: x509: certificate has expired") || strings.Contains(got, "attempts)") {
		t.Errorf("an expired certificate: %s", got)
	}
}

// TestPlainServer: a server without TLS fails the first attempt.
func TestPlainServer(t *testing.T) {
	t.Parallel()
	url := strings.Replace(respond(t, 204, "", ""), "http:", "https:", 1)
	_, err := testClient(t, url).Get(t.Context(), "/v2/status")
	var failure *TransportError
	if !errors.As(err, &failure) || failure.Attempts != 1 || !errors.Is(err, http.ErrSchemeMismatch) {
		t.Errorf("the error is %v", err)
	}
}

// TestNothingIsLogged: the debug switches of net/http do not print the Authorization header.
func TestNothingIsLogged(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, time.Now().Add(time.Hour))
	got := call(t, server.URL, "SSL_CERT_FILE="+certificateFile(t, server), "GODEBUG=http2debug=2,netdns=go+2")
	if strings.Contains(got, "Bearer") || strings.Contains(strings.ToLower(got), "authorization") {
		t.Errorf("the output contains the Authorization header: %s", got)
	}
}

// TestProxies: the proxy of the environment is used, but not for a loopback address. No error contains its password.
func TestProxies(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			http.Error(w, "CONNECT "+r.RequestURI, http.StatusTeapot)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	port := url[strings.LastIndex(url, ":"):]
	closed := []string{"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "http_proxy=http://127.0.0.1:1", "ALL_PROXY=http://127.0.0.1:1"}
	for _, host := range []string{"http://127.0.0.1", "http://localhost", "http://LOCALHOST"} {
		if got := call(t, host+port, closed...); !strings.HasPrefix(got, "<nil>\n") {
			t.Errorf("%s used the proxy: %s", host, got)
		}
	}
	if got := call(t, "https://capella.example", "HTTPS_PROXY="+url); !strings.HasPrefix(got, "GET /v2/status: I'm a teapot (capella.example, 5 attempts)\n") {
		t.Errorf("another host did not use the proxy: %s", got)
	}
	got := call(t, "https://capella.example", "HTTPS_PROXY=http://me:proxy-password@127.0.0.1:1")
	want := "GET /v2/status: the proxy did not connect: dial tcp 127.0.0.1:1: connect: connection refused (capella.example, 5 attempts)\n"
	if !strings.HasPrefix(got, want) || strings.Contains(got, "proxy-password") {
		t.Errorf("with a proxy that refuses connections: %s", got)
	}
}

// tlsServer starts a server with a self-signed certificate. It offers HTTP/2, and fails the test if the client uses it.
func tlsServer(t *testing.T, notAfter time.Time) *httptest.Server {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: notAfter.Add(-24 * time.Hour), NotAfter: notAfter, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("the client speaks %s", r.Proto)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// certificateFile writes the certificate of a server to a file and returns its path.
func certificateFile(t *testing.T, server *httptest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
