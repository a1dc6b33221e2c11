package capella

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain is also a program that makes one call with the settings of its environment: what a process reads
// once, such as SSL_CERT_FILE and the proxies, is tested in one of its own.
func TestMain(m *testing.M) {
	if os.Getenv("CAPELLA_TEST_CALL") == "" {
		os.Exit(m.Run())
	}
	client, err := FromEnvironment()
	if err == nil {
		client.retries.jitter = func(time.Duration) time.Duration { return 0 }
		_, err = client.Get(context.Background(), "/v2/status")
	}
	fmt.Printf("%v\n%+v\n%#v\n%v %+v %#v\n", err, err, err, client, client, client)
}

// call runs that program and returns all it printed.
func call(t *testing.T, baseURL string, environment ...string) string {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(environment, "CAPELLA_TEST_CALL=1", "CBC_API_URL="+baseURL, "CBC_ACCESS_KEY="+canaryAccess, "CBC_SECRET_KEY="+canarySecret)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if strings.Contains(string(output), canarySecret) {
		t.Errorf("the secret is shown: %s", output)
	}
	return string(output)
}

// TestCertificates: SSL_CERT_FILE names a CA of one's own; without it the certificate is refused at the first attempt,
// and so is one that has expired.
func TestCertificates(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("crypto/x509 reads SSL_CERT_FILE on Unix systems other than macOS alone")
	}
	server := tlsServer(t, time.Now().Add(time.Hour))
	file := "SSL_CERT_FILE=" + certificateFile(t, server)
	if got := call(t, server.URL, file); !strings.HasPrefix(got, "<nil>\n") {
		t.Errorf("with SSL_CERT_FILE: %s", got)
	}
	got := call(t, server.URL)
	if !strings.HasPrefix(got, "GET /v2/status: tls: failed to verify certificate: x509: certificate signed by unknown authority; if it is your own CA's, name the CA's file in SSL_CERT_FILE\n") {
		t.Errorf("without SSL_CERT_FILE: %s", got)
	}
	expired := tlsServer(t, time.Now().Add(-time.Hour))
	got = call(t, expired.URL, "SSL_CERT_FILE="+certificateFile(t, expired))
	if !strings.HasPrefix(got, "GET /v2/status: tls: failed to verify certificate: x509: certificate has expired") || strings.Contains(got, "attempts)") {
		t.Errorf("an expired certificate: %s", got)
	}
}

// TestNothingIsLogged: not even with everything net/http can be made to print.
func TestNothingIsLogged(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, time.Now().Add(time.Hour))
	got := call(t, server.URL, "SSL_CERT_FILE="+certificateFile(t, server), "GODEBUG=http2debug=2,netdns=go+2")
	if strings.Contains(got, "Bearer") || strings.Contains(strings.ToLower(got), "authorization") {
		t.Errorf("the Authorization header is shown: %s", got)
	}
}

// TestProxies: the environment's, never for this machine, never shown.
func TestProxies(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			http.Error(w, "asked for "+r.RequestURI, http.StatusTeapot)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	dead := []string{"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "http_proxy=http://127.0.0.1:1", "ALL_PROXY=http://127.0.0.1:1"}
	for _, host := range []string{"http://127.0.0.1", "http://localhost", "http://LOCALHOST"} {
		if got := call(t, host+port, dead...); !strings.HasPrefix(got, "<nil>\n") {
			t.Errorf("%s was proxied: %s", host, got)
		}
	}
	if got := call(t, "https://capella.example", "HTTPS_PROXY="+server.URL); !strings.HasPrefix(got, "GET /v2/status: I'm a teapot (5 attempts)\n") {
		t.Errorf("another machine was not: %s", got)
	}
	got := call(t, "https://capella.example", "HTTPS_PROXY=http://me:proxy-password@127.0.0.1:1")
	if !strings.Contains(got, "connection refused (5 attempts)\n") || strings.Contains(got, "proxy-password") {
		t.Errorf("a proxy that is not there: %s", got)
	}
}

// tlsServer speaks HTTP/2 to whoever asks for it, and refuses it.
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

func certificateFile(t *testing.T, server *httptest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
