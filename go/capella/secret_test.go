package capella

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestSecretIsNeverShown: nothing that holds it shows it, however it is printed.
func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	secret := NewSecret(canarySecret)
	settings := Settings{BaseURL: Service, AccessKey: canaryAccess, SecretKey: secret}
	client, err := NewClient(settings)
	if err != nil {
		t.Fatal(err)
	}
	transport := &Transport{AccessKey: canaryAccess, SecretKey: secret}
	for _, value := range []any{
		secret, &secret, settings, &settings, transport, *transport, client, *client, client.http, *client.http, client.http.Transport,
		client.http.Transport.(*wholeAnswers).base, []Secret{secret}, map[string]Secret{"a": secret},
		struct{ hidden Secret }{secret}, struct{ Shown *Settings }{&settings},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
			check(t, fmt.Sprintf(verb, value), reflect.TypeOf(value).String()+" as "+verb)
		}
		if text, err := json.Marshal(value); err == nil {
			check(t, string(text), "JSON")
		}
		var logged bytes.Buffer
		slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "value", value)
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("m", "value", value)
		check(t, logged.String(), "slog")
	}
	if secret.Reveal() != canarySecret || (Secret{}).Reveal() != "" || fmt.Sprint(secret) != hidden || secret.String() != hidden {
		t.Error("the secret is not what it was")
	}
}

// TestErrorsHoldNoSecret: neither the secret nor the Authorization header, on any way to fail, unwrapped or not; even
// where a gateway echoes the request.
func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	echo := http.Header{"Content-Type": {"text/html"}}
	for _, act := range []func(*http.Request) (*http.Response, error){
		func(r *http.Request) (*http.Response, error) { return nil, errors.New("broken") },
		func(r *http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded },
		func(r *http.Request) (*http.Response, error) {
			return recorded(502, echo, []byte("<pre>"+r.Header.Get("Authorization"))), nil
		},
		func(r *http.Request) (*http.Response, error) {
			return recorded(200, echo, []byte("<pre>"+r.Header.Get("Authorization"))), nil
		},
		func(r *http.Request) (*http.Response, error) { return recorded(401, http.Header{}, nil), nil },
		func(r *http.Request) (*http.Response, error) { return recorded(302, http.Header{}, nil), nil },
	} {
		client := stubbed(t, act)
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			_, err := client.Send(t.Context(), method, "/v2/projects", nil)
			for ; err != nil; err = errors.Unwrap(err) {
				for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
					check(t, fmt.Sprintf(verb, err), verb)
				}
			}
		}
	}
}

func check(t *testing.T, text, how string) {
	t.Helper()
	for _, secret := range []string{canarySecret, fmt.Sprintf("%x", canarySecret), fmt.Sprintf("%X", canarySecret), "Bearer"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is shown by %s: %s", secret, how, text)
		}
	}
}

// roundTrip is a transport without a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// stubbed is a client that signs, and whose requests end in a function.
func stubbed(t testing.TB, act roundTrip) *Client {
	t.Helper()
	client := testClient(t, "http://127.0.0.1:1")
	client.http.Transport.(*wholeAnswers).base.(*Transport).Base = act
	client.now = func() time.Time { return time.UnixMilli(1700000000000) }
	return client
}
