package capella

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// pages serves bodies by page number and keeps the queries it was asked.
func pages(t *testing.T, bodies ...string) (*Client, *[]string) {
	t.Helper()
	var queries []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, bodies[len(queries)-1])
	}))
	t.Cleanup(server.Close)
	return testClient(t, server.URL), &queries
}

// TestListAllPages: pages are asked for by number until there is no next one; links are not followed.
func TestListAllPages(t *testing.T) {
	t.Parallel()
	page := func(number, next int, data string) string {
		return fmt.Sprintf(`{"cursor":{"pages":{"page":%d,"next":%d},"hrefs":{"next":"http://127.0.0.1:1/"}},"data":%s}`, number, next, data)
	}
	const last = `{"cursor":{"pages":{"page":3,"totalItems":3}},"data":[{"id":3}]}`
	for name, test := range map[string]struct {
		paging  Paging
		bodies  []string
		queries []string
		wants   string
	}{
		"three pages": {
			Paging{Query: Query{{"perPage", "1"}, {"sortBy", "a b"}}},
			[]string{page(1, 2, `[{"id":1}]`), page(2, 3, `[{"id":2}]`), last},
			[]string{"page=1&perPage=1&sortBy=a%20b", "page=2&perPage=1&sortBy=a%20b", "page=3&perPage=1&sortBy=a%20b"},
			`{"cursor":{"pages":{"page":3,"totalItems":3}},"data":[{"id":1},{"id":2},{"id":3}]}`,
		},
		"one page alone": {
			Paging{Page: 2}, []string{page(2, 3, `[{"id":2}]`)}, []string{"page=2"}, page(2, 3, `[{"id":2}]`),
		},
		"v3": {
			Paging{},
			[]string{page(1, 2, `{"items":[1],"tenantId":"t"}`), page(2, 0, `{"items":[2],"tenantId":"t"}`)},
			[]string{"page=1", "page=2"},
			page(2, 0, `{"items":[1,2],"tenantId":"t"}`),
		},
		"null for nothing":           {Paging{}, []string{`{"data":null}`}, []string{"page=1"}, `{"data":[]}`},
		"an empty page ends it":      {Paging{}, []string{page(1, 2, `[]`)}, []string{"page=1"}, page(1, 2, `[]`)},
		"no way back":                {Paging{}, []string{page(1, 2, `[1]`), page(2, 2, `[2]`)}, []string{"page=1", "page=2"}, page(2, 2, `[1,2]`)},
		"other fields are kept":      {Paging{}, []string{`{"data":[1],"a":1e999}`}, []string{"page=1"}, `{"a":1e999,"data":[1]}`},
		"no character is escaped":    {Paging{}, []string{`{"data":[{"a":"<&>"}],"b":"&"}`}, []string{"page=1"}, `{"b":"&","data":[{"a":"<&>"}]}`},
		"nor one within v3":          {Paging{}, []string{`{"data":{"items":["<&>"],"b":"&"}}`}, []string{"page=1"}, `{"data":{"b":"&","items":["<&>"]}}`},
		"items are kept as they are": {Paging{}, []string{`{"data":[{"b":1.0,"a":"\u003c"}]}`}, []string{"page=1"}, `{"data":[{"b":1.0,"a":"\u003c"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, queries := pages(t, test.bodies...)
			answer, err := client.List(t.Context(), "/v2/projects", &test.paging)
			if err != nil {
				t.Fatal(err)
			}
			if string(answer.Body) != test.wants || !reflect.DeepEqual(*queries, test.queries) {
				t.Errorf("body is %s\nafter %q, wants\n%s after %q", answer.Body, *queries, test.wants, test.queries)
			}
		})
	}
}

// TestNoList: an answer that is no list is not taken for an empty one.
func TestNoList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `[]`, `"data"`, `{"data":{}}`, `{"data":{"items":{}}}`, `{"data":1}`, `{"data":[],"cursor":{"pages":{"next":"2"}}}`} {
		client, _ := pages(t, body)
		answer, err := client.List(t.Context(), "/v2/projects", &Paging{})
		var unexpected *UnexpectedAnswerError
		if !errors.As(err, &unexpected) || unexpected.Endpoint != "/v2/projects?page=1" {
			t.Errorf("%s is answered %v, %v", body, answer, err)
		}
	}
}

// TestNewID: the id of what was created comes from Location, whose host and rest mean nothing, or from the body.
func TestNewID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ location, body, wants string }{
		{"/v3/clusters/7f3a", "", "7f3a"},
		{"https://elsewhere.example/v3/clusters/7f3a/?a=b#c", "", "7f3a"},
		{"/v3/clusters/1/users/a%20b", `{"id":"x"}`, "a b"},
		{"", `{"id":"7f3a"}`, "7f3a"},
		{"https://elsewhere.example", `{"id":"7f3a"}`, "7f3a"},
		{"http://[/", `{"id":"7f3a"}`, "7f3a"},
		{"", `{"id":7}`, ""},
		{"", `[]`, ""},
		{"", "", ""},
	} {
		id, err := (&Response{Location: test.location, Body: json.RawMessage(test.body)}).NewID()
		if id != test.wants || (err == nil) != (test.wants != "") {
			t.Errorf("%+v has the id %q, %v", test, id, err)
		}
	}
}

// TestField: a path leads to text, or is an error that names it.
func TestField(t *testing.T) {
	t.Parallel()
	answer := &Response{Body: json.RawMessage(`{"a":{"b":"text","n":1},"s":"x"}`)}
	for path, want := range map[string]string{"a.b": "text", "s": "x", "a": "", "a.n": "", "a.c": "", "s.x": "", "a.b.c": ""} {
		text, err := answer.Field(strings.Split(path, ".")...)
		if text != want || (err == nil) != (want != "") || err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("%s is %q, %v", path, text, err)
		}
	}
}

// TestPrint: characters as they came, location only when there is one, null for no body.
func TestPrint(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]Response{
		"{\n  \"status\": 204,\n  \"body\": null\n}\n":                              {Status: 204},
		"{\n  \"status\": 202,\n  \"location\": \"/a?b&c\",\n  \"body\": null\n}\n": {Status: 202, Location: "/a?b&c"},
		"{\n  \"status\": 200,\n  \"body\": {\n    \"é\": \"<&>\"\n  }\n}\n":        {Status: 200, Body: json.RawMessage(`{"é": "<&>"}`)},
		"{\n  \"status\": 200,\n  \"body\": 12345678901234567890.10\n}\n":           {Status: 200, Body: json.RawMessage(`12345678901234567890.10`)},
	} {
		var out strings.Builder
		if err := Print(&out, &answer); err != nil || out.String() != want {
			t.Errorf("printed %q, %v, wants %q", out.String(), err, want)
		}
	}
}
