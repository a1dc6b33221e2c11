package capella

import (
	"bytes"
	"encoding"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

// TestSecretIsNeverShown: no value that contains a secret shows it, in any format of fmt, JSON or log/slog.
func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	secret := NewSecret(canarySecret)
	settings := Settings{BaseURL: Service, AccessKey: canaryAccess, SecretKey: secret}
	client, err := NewClient(settings)
	if err != nil {
		t.Fatal(err)
	}
	transport := &SigningTransport{AccessKey: canaryAccess, SecretKey: secret}
	for _, value := range []any{
		secret, &secret, settings, &settings, transport, *transport, client, *client, client.http, *client.http, client.http.Transport,
		client.http.Transport.(*bufferingTransport).base, []Secret{secret}, map[string]Secret{"a": secret},
		struct{ hidden Secret }{secret}, struct{ Shown *Settings }{&settings},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
			checkHidden(t, fmt.Sprintf(verb, value), reflect.TypeOf(value).String()+" as "+verb)
		}
		if text, err := json.Marshal(value); err == nil {
			checkHidden(t, string(text), "JSON")
		}
		var logged bytes.Buffer
		slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "value", value)
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("m", "value", value)
		checkHidden(t, logged.String(), "slog")
	}
}

// TestSecretText: every encoder writes "[secret]" in the place of the text, and Reveal returns it.
func TestSecretText(t *testing.T) {
	t.Parallel()
	secret := NewSecret(canarySecret)
	if secret.Reveal() != canarySecret || (Secret{}).Reveal() != "" {
		t.Error("Reveal does not return the text")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%t"} {
		for _, value := range []any{secret, &secret, Secret{}} {
			if text := fmt.Sprintf(verb, value); text != "[secret]" {
				t.Errorf("%s writes %s", verb, text)
			}
		}
	}
	if secret.String() != "[secret]" || fmt.Sprint(secret) != "[secret]" {
		t.Errorf("String returns %s", secret.String())
	}
	var marshaler encoding.TextMarshaler = secret
	if text, err := marshaler.MarshalText(); err != nil || string(text) != "[secret]" {
		t.Errorf("MarshalText returns %s, %v", text, err)
	}
	for want, value := range map[string]any{
		`"[secret]"`:              secret,
		`["[secret]"]`:            []*Secret{&secret},
		`{"Password":"[secret]"}`: struct{ Password Secret }{secret},
	} {
		if text, err := json.Marshal(value); err != nil || string(text) != want {
			t.Errorf("JSON is %s, %v, wants %s", text, err, want)
		}
	}
	if text, err := xml.Marshal(secret); err != nil || string(text) != "<Secret>[secret]</Secret>" {
		t.Errorf("XML is %s, %v", text, err)
	}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "key", secret)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("m", "key", secret)
	if text := logged.String(); !strings.Contains(text, "key=[secret]") || !strings.Contains(text, `"key":"[secret]"`) {
		t.Errorf("slog writes %s", text)
	}
}

// checkHidden fails the test if text shows the secret, in plain text or hexadecimal, or a whole Authorization header.
func checkHidden(t *testing.T, text, how string) {
	t.Helper()
	for _, secret := range []string{canarySecret, fmt.Sprintf("%x", canarySecret), fmt.Sprintf("%X", canarySecret), "Bearer"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows %s: %s", how, secret, text)
		}
	}
}
