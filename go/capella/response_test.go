package capella

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
)

// TestErrorsByKind: each response without success is an error of its kind, with the API's message and the request. Every
// kind is a *ResponseError too.
func TestErrorsByKind(t *testing.T) {
	t.Parallel()
	const envelope = `{"errorType":"Type","message":"the API's message"}`
	const message = "Type: the API's message"
	const json, html = "application/json; charset=utf-8", "text/html; charset=utf-8"
	const gateway = "text/html instead of the API's JSON: a proxy or a gateway responded, or CBC_API_URL is not the API"
	const malformed = "malformed JSON instead of the API's JSON: a proxy"
	const redirect = "a redirect is not followed, because the signature is valid for one request target only"
	long := strings.Repeat("é", 2000)
	for name, test := range map[string]struct {
		status            int
		contentType, body string
		kind, wants       string
	}{
		"unauthorized":         {401, json, envelope, "*capella.AuthenticationError", "401 " + message},
		"forbidden":            {403, json, envelope, "*capella.ForbiddenError", "403 " + message},
		"not found":            {404, json, envelope, "*capella.NotFoundError", "404 " + message},
		"invalid":              {422, json, envelope, "*capella.InvalidError", "422 " + message},
		"rate limited":         {429, json, envelope, "*capella.RateLimitedError", "429 " + message},
		"server":               {500, json, envelope, "*capella.ServerError", "500 " + message},
		"unavailable":          {503, json, envelope, "*capella.ServerError", "503 " + message},
		"below 500":            {499, json, envelope, "*capella.ResponseError", "499 " + message},
		"bad request":          {400, json, envelope, "*capella.ResponseError", "400 " + message},
		"below 400":            {399, json, envelope, "*capella.UnexpectedResponseError", "399: " + redirect},
		"too large":            {413, json, envelope, "*capella.ResponseError", "413 " + message},
		"no envelope":          {404, json, `{"code":4}`, "*capella.NotFoundError", "404: Not Found"},
		"an array":             {500, json, `[1]`, "*capella.ServerError", "500: Internal Server Error"},
		"only a message":       {422, json, `{"message":"only this"}`, "*capella.InvalidError", "422: only this"},
		"no body":              {403, json, "", "*capella.ForbiddenError", "403: Forbidden"},
		"control characters":   {422, json, `{"errorType":"A\nB","message":"a\r\nb\u001b[31mc\u202e"}`, "*capella.InvalidError", "422 A B: a  b [31mc "},
		"half a surrogate":     {422, json, `{"message":"a\ud800"}`, "*capella.InvalidError", "422: a\ufffd"},
		"HTML of a gateway":    {502, html, "<html>502</html>", "*capella.UnexpectedResponseError", "502: " + gateway},
		"HTML with 401":        {401, html, "<html>", "*capella.UnexpectedResponseError", "401: " + gateway},
		"HTML as a success":    {200, html, "<html>", "*capella.UnexpectedResponseError", "200: " + gateway},
		"JSON as HTML":         {200, html, `{"data":[]}`, "*capella.UnexpectedResponseError", "200: " + gateway},
		"HTML as JSON":         {200, json, `<html>`, "*capella.UnexpectedResponseError", "200: " + malformed},
		"no Content-Type":      {200, "", "{}", "*capella.UnexpectedResponseError", "200: an unknown media type instead of the API's JSON"},
		"incomplete JSON":      {200, json, `{"data":[`, "*capella.UnexpectedResponseError", "200: " + malformed},
		"two documents":        {200, json, `{}{}`, "*capella.UnexpectedResponseError", "200: " + malformed},
		"not UTF-8":            {200, json, "\"\xff\"", "*capella.UnexpectedResponseError", "200: " + malformed},
		"an error not UTF-8":   {422, json, "{\"message\":\"\xff\"}", "*capella.UnexpectedResponseError", "422: " + malformed},
		"over the limit":       {200, json, `"` + strings.Repeat("a", maxBody-1) + `"`, "*capella.UnexpectedResponseError", "200: the response is larger than 10 MB"},
		"a long error":         {500, json, `"` + strings.Repeat("a", maxErrorBody-1) + `"`, "*capella.UnexpectedResponseError", "500: " + malformed},
		"a redirect":           {302, json, envelope, "*capella.UnexpectedResponseError", "302: " + redirect},
		"not modified":         {304, "", "", "*capella.UnexpectedResponseError", "304: " + redirect},
		"the longest message":  {400, json, `{"message":"` + long + `"}`, "*capella.ResponseError", "400: " + long},
		"a longer message":     {400, json, `{"message":"` + long + `b"}`, "*capella.ResponseError", "400: " + long + "..."},
		"other HTML":           {299, html, "<html>", "*capella.UnexpectedResponseError", "299: " + gateway},
		"an undocumented code": {418, json, envelope, "*capella.ResponseError", "418 " + message},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := testClient(t, respond(t, test.status, test.contentType, test.body)).Put(t.Context(), "/v2/projects/{id}", nil, "a/b")
			var response *ResponseError
			if fmt.Sprintf("%T", err) != test.kind || !errors.As(err, &response) {
				t.Fatalf("the error is %T, wants %s: %v", err, test.kind, err)
			}
			text, found := strings.CutPrefix(err.Error(), "PUT /v2/projects/a%2Fb: ")
			if test.kind != "*capella.UnexpectedResponseError" && text != test.wants || !found || !strings.HasPrefix(text, test.wants) {
				t.Errorf("the error is %q, wants %q", err, test.wants)
			}
			if response.Status != test.status || response.Method != "PUT" || response.Endpoint != "/v2/projects/a%2Fb" {
				t.Errorf("the error is %+v", response)
			}
		})
	}
}

// TestNoReason: a response may have neither a message nor a reason phrase, which HTTP allows.
func TestNoReason(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{"404": "no reason given", "404 ": "no reason given", "404 Not\tFound": "Not Found"} {
		refused := received(404, http.Header{}, nil)
		refused.Status = status
		if _, err := readResponse("GET", "/v2", refused, nil, time.Now()); err == nil || err.Error() != "GET /v2: 404: "+want {
			t.Errorf("%q: the error is %v, wants %s", status, err, want)
		}
	}
}

// TestSizeLimits: a body of exactly the limit is accepted, of a success and of an error.
func TestSizeLimits(t *testing.T) {
	t.Parallel()
	largest := `"` + strings.Repeat("a", maxBody-2) + `"`
	response, err := testClient(t, respond(t, 200, "application/json", largest)).Get(t.Context(), "/v2/clouds")
	if err != nil || string(response.Body) != largest {
		t.Errorf("a body of 10 MB: %v", err)
	}
	_, err = testClient(t, respond(t, 422, "application/json", `"`+strings.Repeat("a", maxErrorBody-2)+`"`)).Get(t.Context(), "/v2/clouds")
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		t.Errorf("the body of an error of 64 KiB: %v", err)
	}
}

// TestClocks: a 401 names both clocks and the difference if they differ by more than a minute. Other errors never do.
func TestClocks(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const read = "m; the local clock reads "
	for _, test := range []struct {
		status int
		now    time.Time
		date   string
		wants  string
	}{
		{401, noon, "Mon, 23 Nov 2026 13:00:00 GMT", read + "2026-11-23 12:00:00 UTC, the server's 2026-11-23 13:00:00 UTC: set the local clock, which is 1:00:00 behind"},
		{401, noon, "Mon, 23 Nov 2026 11:58:59 GMT", read + "2026-11-23 12:00:00 UTC, the server's 2026-11-23 11:58:59 UTC: set the local clock, which is 0:01:01 ahead"},
		{401, noon, "Mon, 23 Nov 2026 11:59:00 GMT", "m"},
		{401, noon.Add(time.Millisecond), "Mon, 23 Nov 2026 11:59:00 GMT", read + "2026-11-23 12:00:00 UTC, the server's 2026-11-23 11:59:00 UTC: set the local clock, which is 0:01:00 ahead"},
		{401, noon, "Mon, 23 Nov 2026 12:01:00 GMT", "m"},
		{401, noon.Add(-time.Millisecond), "Mon, 23 Nov 2026 12:01:00 GMT", read + "2026-11-23 11:59:59 UTC, the server's 2026-11-23 12:01:00 UTC: set the local clock, which is 0:01:00 behind"},
		{401, noon.Add(-1500 * time.Millisecond), "Mon, 23 Nov 2026 12:01:00 GMT", read + "2026-11-23 11:59:58 UTC, the server's 2026-11-23 12:01:00 UTC: set the local clock, which is 0:01:01 behind"},
		{401, noon, "Sun, 22 Nov 2026 12:00:00 GMT", read + "2026-11-23 12:00:00 UTC, the server's 2026-11-22 12:00:00 UTC: set the local clock, which is 1 day, 0:00:00 ahead"},
		{401, noon, "Sat, 21 Nov 2026 09:08:07 GMT", read + "2026-11-23 12:00:00 UTC, the server's 2026-11-21 09:08:07 UTC: set the local clock, which is 2 days, 2:51:53 ahead"},
		{401, noon, "yesterday", "m"},
		{401, noon, "", "m"},
		{403, noon, "Mon, 23 Nov 2026 13:00:00 GMT", "m"},
	} {
		refused := received(test.status, http.Header{"Date": {test.date}}, nil)
		_, err := readResponse("GET", "/v2", refused, []byte(`{"errorType":"e","message":"m"}`), test.now)
		var response *ResponseError
		if !errors.As(err, &response) || response.Message != test.wants {
			t.Errorf("%d at %s with %q: the error is %v, wants %q", test.status, test.now, test.date, err, test.wants)
		}
	}
}

// TestTexts: a 401 shows the text that was signed and the text expected, if the server sends them, percent-decoded and in
// printable ASCII. tests/python/capella/test_responses.py has the same cases.
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status           int
		expected, signed []string
		wants            string
	}{
		{401, nil, nil, ""},
		{401, []string{"GET%0A/v2?a=%2520%0A1"}, nil, `; text expected: GET\n/v2?a=%20\n1`},
		{401, []string{"e"}, []string{"s"}, "; text signed: s; text expected: e"},
		{401, []string{""}, []string{"s"}, "; text signed: s"},
		{401, []string{"%1B%5B2J%E2%80%AE%5C%0d%09%7F%c3%A9"}, nil, `; text expected: \x1B[2J\xE2\x80\xAE\\\r\t\x7F\xC3\xA9`},
		{401, []string{"%zz%4%"}, nil, "; text expected: %zz%4%"},
		{401, []string{"a\xe9b"}, nil, `; text expected: a\xE9b`},
		{401, []string{"a", "b"}, nil, "; text expected: a"},
		{403, []string{"a"}, nil, ""},
	} {
		refused := received(test.status, http.Header{"X-Mock-Message": test.expected, "X-Mock-Signed": test.signed}, nil)
		_, err := readResponse("GET", "/v2", refused, []byte(`{"errorType":"e","message":"m"}`), time.Now())
		var response *ResponseError
		if !errors.As(err, &response) || response.Message != "m"+test.wants {
			t.Errorf("%d with %q and %q: the error is %v, wants %q", test.status, test.expected, test.signed, err, "m"+test.wants)
		}
	}
}

// TestNewID: the id of a created resource is the last segment of Location, or is in the body. The host and the query of
// Location do not matter.
func TestNewID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ location, body, wants string }{
		{"/v3/clusters/7f3a", "", "7f3a"},
		{"https://elsewhere.example/v3/clusters/7f3a/?a=b#c", "", "7f3a"},
		{"/v3/clusters/1/users/a%20b", `{"id":"x"}`, "a b"},
		{"/7", `{"id":"x"}`, "7"},
		{"7", `{"id":"x"}`, "7"},
		{"/v3/..", `{"id":"x"}`, "x"},
		{".", `{"id":"x"}`, "x"},
		{"/", `{"id":"7f3a"}`, "7f3a"},
		{"", `{"id":"7f3a"}`, "7f3a"},
		{"https://elsewhere.example", `{"id":"7f3a"}`, "7f3a"},
		{"http://[/", `{"id":"7f3a"}`, "7f3a"},
		{"//h", `{"id":"7f3a"}`, "7f3a"},
		{"/%2e%2E", `{"id":"7f3a"}`, "7f3a"},
		{"mailto:x", `{"id":"7f3a"}`, "7f3a"},
		{"A+b.c-1:x", `{"id":"7f3a"}`, "7f3a"},
		{"/a%4", `{"id":"7f3a"}`, "7f3a"},
		{"/a%zz", `{"id":"7f3a"}`, "7f3a"},
		{"/%ff", `{"id":"7f3a"}`, "7f3a"},
		{"mailto:x", "", ""},
		{"//h/7f3a", `{"id":"x"}`, "7f3a"},
		{"x:/a/7f3a", `{"id":"x"}`, "7f3a"},
		{"/a:7f3a", `{"id":"x"}`, "a:7f3a"},
		{"1:7f3a", `{"id":"x"}`, "1:7f3a"},
		{"/a/7f3a//", `{"id":"x"}`, "7f3a"},
		{"/%c3%A9", `{"id":"x"}`, "é"},
		{"", `{"id":7}`, "7"},
		{"/v3/clusters/1/users/a%2Fb", "", "a/b"},
		{"", `{"id":true}`, ""},
		{"", `{"id":""}`, ""},
		{"", `[]`, ""},
		{"", "", ""},
	} {
		id, err := (&Response{Location: test.location, Body: json.RawMessage(test.body)}).NewID()
		if id != test.wants || (err == nil) != (test.wants != "") {
			t.Errorf("the id of %+v is %q, %v", test, id, err)
		}
		if named := "no id, and its Location has none: " + test.location; err != nil && test.location != "" && !strings.HasSuffix(err.Error(), named) {
			t.Errorf("the error is %v, wants %s", err, named)
		}
	}
}

// TestField: the text or number at a path is returned; anything else is an error that names the path and the request.
func TestField(t *testing.T) {
	t.Parallel()
	response := &Response{Status: 200, Body: json.RawMessage(`{"a":{"b":"text","n":1.50,"e":"","t":true},"s":"x"}`), method: "GET", endpoint: "/v2"}
	for path, want := range map[string]string{"a.b": "text", "s": "x", "a": "", "a.n": "1.50", "a.e": "", "a.t": "", "a.c": "", "s.x": "", "a.b.c": ""} {
		text, err := response.Field(strings.Split(path, ".")...)
		if text != want || (err == nil) != (want != "") || err != nil && err.Error() != "GET /v2: 200: the response has no "+path {
			t.Errorf("%s is %q, %v", path, text, err)
		}
	}
}

// TestWithBody: a response gets another body, without escapes of HTML, and the first response stays as it is.
func TestWithBody(t *testing.T) {
	t.Parallel()
	first := &Response{Status: 201, Location: "/a", Body: json.RawMessage("1")}
	second, err := first.WithBody(map[string]string{"b": "<é&>", "a": ""})
	if err != nil || second.Status != 201 || second.Location != "/a" || string(second.Body) != `{"a":"","b":"<é&>"}` || string(first.Body) != "1" {
		t.Errorf("the responses are %+v and %+v, %v", first, second, err)
	}
	if _, err := first.WithBody(func() {}); err == nil {
		t.Error("a function is a body")
	}
}

// FuzzResponse: any response becomes a Response that can be printed and read, or an error of a kind on one line. List
// ends after any pages.
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
			return // net/http handles these
		}
		header := http.Header{"Content-Type": {contentType}, "Location": {location}, "Retry-After": {retryAfter}, "Date": {date}}
		requests := 0
		client := stubbed(t, func(*http.Request) (*http.Response, error) {
			if requests++; requests > 10 {
				return received(404, http.Header{}, nil), nil // ends a list of endless pages
			}
			return received(status, header, body), nil
		})
		client.retries.longest = 0
		response, err := client.Get(t.Context(), "/v2/projects")
		inspect(t, response, err)
		response, err = client.List(t.Context(), "/v2/projects", &Paging{})
		inspect(t, response, err)
	})
}

func inspect(t *testing.T, response *Response, err error) {
	t.Helper()
	if err == nil {
		var out bytes.Buffer
		if err := Print(&out, response); err != nil || !json.Valid(out.Bytes()) {
			t.Errorf("%+v is printed as %s, %v", response, &out, err)
		}
		if strings.ContainsFunc(out.String(), func(r rune) bool { return r != '\n' && unicode.Is(unprintable, r) }) {
			t.Errorf("%+v is printed as %q", response, &out)
		}
		if id, err := response.NewID(); err == nil && id == "" {
			t.Errorf("the id of %+v is empty", response)
		}
		_, err = response.Field("status")
	}
	if err == nil {
		return
	}
	var kind *ResponseError
	if text := err.Error(); !errors.As(err, &kind) || oneLine(text) != text || len(text) > 20000 {
		t.Errorf("the error is %T: %q", err, text)
	}
}

// TestDepth: depth counts the arrays and objects inside each other, and no bracket inside a text.
func TestDepth(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{
		`1`:                      0,
		`[]`:                     1,
		`{}`:                     1,
		`[[],[],{},{}]`:          2,
		`{"a":{"b":[1]},"c":[]}`: 3,
		`"[[{{"`:                 0,
		`["\"[[[",{}]`:           2,
		`{"]]}}":[[]]}`:          3,
		`["a\\",[[]]]`:           3,
	} {
		if got := depth([]byte(body)); got != want {
			t.Errorf("the depth of %s is %d, wants %d", body, got, want)
		}
	}
	for levels, want := range map[int]bool{maxDepth: true, maxDepth + 1: false} {
		if body := strings.Repeat("[", levels) + strings.Repeat("]", levels); isJSON([]byte(body)) != want {
			t.Errorf("with %d levels isJSON returns %v", levels, !want)
		}
	}
}

// TestVisible: visible keeps printable ASCII and escapes every other byte.
func TestVisible(t *testing.T) {
	t.Parallel()
	if got, want := visible(" ~a\x1f\x7f\n\r\t\\\u00e9"), ` ~a\x1F\x7F\n\r\t\\\xC3\xA9`; got != want {
		t.Errorf("the text is %s, wants %s", got, want)
	}
}
