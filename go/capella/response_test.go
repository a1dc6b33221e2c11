package capella

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// FuzzResponse: whatever a server answers is a Response that can be printed and read, or an error of a kind on one line;
// and no page leads astray.
func FuzzResponse(f *testing.F) {
	for _, body := range []string{
		"", "null", `{"errorType":"E","message":"m"}`, `{"errorType":1,"message":[]}`, `<html>`, `{"data":[`, "\xff", "{}\n",
		`{"cursor":{"pages":{"next":2}},"data":[{"id":"a"}]}`, `{"cursor":{"pages":{"next":1e99}},"data":{"items":[1]}}`,
		`{"status":"healthy"}`, `[{"id":"a"}]`, strings.Repeat("[", 20000),
	} {
		for _, status := range []int{200, 202, 302, 401, 404, 429, 503} {
			f.Add(status, "application/json", "/v3/clusters/7f3a", "0", "Mon, 23 Nov 2026 12:00:00 GMT", []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, contentType, location, retryAfter, date string, body []byte) {
		if status < 200 || status > 999 {
			return // net/http takes care of those
		}
		header := http.Header{"Content-Type": {contentType}, "Location": {location}, "Retry-After": {retryAfter}, "Date": {date}}
		asked := 0
		client := stubbed(t, func(*http.Request) (*http.Response, error) {
			if asked++; asked > 10 {
				return recorded(404, http.Header{}, nil), nil // enough pages
			}
			return recorded(status, header, body), nil
		})
		client.retries.longest = 0
		answer, err := client.Get(t.Context(), "/v2/projects")
		inspect(t, answer, err)
		answer, err = client.List(t.Context(), "/v2/projects", &Paging{})
		inspect(t, answer, err)
	})
}

func inspect(t *testing.T, answer *Response, err error) {
	t.Helper()
	if err == nil {
		var out bytes.Buffer
		if err := Print(&out, answer); err != nil || !json.Valid(out.Bytes()) {
			t.Errorf("%+v is printed as %s, %v", answer, &out, err)
		}
		if id, err := answer.NewID(); err == nil && id == "" {
			t.Errorf("%+v has an empty id", answer)
		}
		_, err = answer.Field("status")
	}
	if err == nil {
		return
	}
	var kind *AnswerError
	if text := err.Error(); !errors.As(err, &kind) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) || len(text) > 20000 {
		t.Errorf("error is %T: %q", err, text)
	}
}

// recorded is an answer without a network.
func recorded(status int, header http.Header, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)),
	}
}
