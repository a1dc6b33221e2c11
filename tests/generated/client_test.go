package generated

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
)

// signer returns the only part of a client that openapi.yaml cannot describe: the signature of each request.
func signer(secret string) RequestEditorFn {
	return func(_ context.Context, request *http.Request) error {
		timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
		digest := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(digest, "%s\n%s\n%s", request.Method, request.URL.RequestURI(), timestamp)
		signature := base64.StdEncoding.EncodeToString(digest.Sum(nil))
		request.Header.Set("Authorization", "Bearer "+os.Getenv("CBC_ACCESS_KEY")+":"+signature)
		request.Header.Set("Couchbase-Timestamp", timestamp)
		return nil
	}
}

var secret = os.Getenv("CBC_SECRET_KEY")

func newClient(t *testing.T, secret string) *ClientWithResponses {
	t.Helper()
	client, err := NewClientWithResponses(os.Getenv("CBC_API_URL"), WithRequestEditorFn(signer(secret)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// coded is what every generated response offers.
type coded interface {
	StatusCode() int
	GetBody() []byte
}

// ok returns a response of the wanted status, and ends the test at any other.
func ok[T coded](t *testing.T, wants int) func(T, error) T {
	t.Helper()
	return func(response T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode() != wants {
			t.Fatalf("%T: the status is %d, wants %d: %s", response, response.StatusCode(), wants, response.GetBody())
		}
		return response
	}
}

// found returns the decoded body of a response, which is nil if the description does not fit the response.
func found[T any](t *testing.T, body *T) T {
	t.Helper()
	if body == nil {
		t.Fatalf("the response was not decoded as %T", body)
	}
	return *body
}

// newID returns the id at the end of a Location.
func newID(t *testing.T, location string) uuid.UUID {
	t.Helper()
	id, err := uuid.Parse(path.Base(location))
	if err != nil {
		t.Fatalf("%q: %v", location, err)
	}
	return id
}

func pointer[T any](value T) *T { return &value }
