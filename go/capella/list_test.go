package capella

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"testing"
)

// pages returns a client for a server that returns the bodies in their order, and the queries that the server received.
func pages(t *testing.T, bodies ...string) (*Client, *[]string) {
	t.Helper()
	var queries []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, bodies[len(queries)-1])
	})
	return testClient(t, url), &queries
}

// TestListAllPages: pages are requested by number until the last one. Links are not followed.
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
		"only one page": {
			Paging{Page: 2}, []string{page(2, 3, `[{"id":2}]`)}, []string{"page=2"}, page(2, 3, `[{"id":2}]`),
		},
		"v3": {
			Paging{},
			[]string{page(1, 2, `{"items":[1],"tenantId":"t"}`), page(2, 0, `{"items":[2],"tenantId":"t"}`)},
			[]string{"page=1", "page=2"},
			page(2, 0, `{"items":[1,2],"tenantId":"t"}`),
		},
		"null as empty list":         {Paging{}, []string{`{"data":null}`}, []string{"page=1"}, `{"data":[]}`},
		"an empty page is the last":  {Paging{}, []string{page(1, 2, `[]`)}, []string{"page=1"}, page(1, 2, `[]`)},
		"a page that names itself":   {Paging{}, []string{page(1, 2, `[1]`), page(2, 2, `[2]`)}, []string{"page=1", "page=2"}, page(2, 2, `[1,2]`)},
		"other fields are kept":      {Paging{}, []string{`{"data":[1],"a":1e999}`}, []string{"page=1"}, `{"a":1e999,"data":[1]}`},
		"no character is escaped":    {Paging{}, []string{`{"data":[{"a":"<&>"}],"b":"&"}`}, []string{"page=1"}, `{"b":"&","data":[{"a":"<&>"}]}`},
		"no character in v3":         {Paging{}, []string{`{"data":{"items":["<&>"],"b":"&"}}`}, []string{"page=1"}, `{"data":{"b":"&","items":["<&>"]}}`},
		"items are kept as received": {Paging{}, []string{`{"data":[{"b":1.0,"a":"\u003c"}]}`}, []string{"page=1"}, `{"data":[{"b":1.0,"a":"\u003c"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, queries := pages(t, test.bodies...)
			response, err := client.List(t.Context(), "/v2/projects", &test.paging)
			if err != nil {
				t.Fatal(err)
			}
			if string(response.Body) != test.wants || !reflect.DeepEqual(*queries, test.queries) {
				t.Errorf("the body is %s\nafter %q, wants\n%s after %q", response.Body, *queries, test.wants, test.queries)
			}
		})
	}
}

// TestNoList: a body that is not a list is an error, not an empty list.
func TestNoList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `[]`, `"data"`, `{"data":{}}`, `{"data":{"items":{}}}`, `{"data":1}`, `{"data":[],"cursor":{"pages":{"next":"2"}}}`} {
		client, _ := pages(t, body)
		response, err := client.List(t.Context(), "/v2/projects", &Paging{})
		var unexpected *UnexpectedResponseError
		if !errors.As(err, &unexpected) || unexpected.Endpoint != "/v2/projects?page=1" {
			t.Errorf("%s: the response is %v, %v", body, response, err)
		}
	}
}

// TestListErrors: an error of any page ends the list.
func TestListErrors(t *testing.T) {
	t.Parallel()
	url := play(t, &script{acts: []string{"404"}})
	var missing *NotFoundError
	if response, err := testClient(t, url).List(t.Context(), "/v2/projects", &Paging{}); !errors.As(err, &missing) || response != nil {
		t.Errorf("the response is %v, %v", response, err)
	}
}

// TestMarshalErrors: invalid JSON among the items is an error.
func TestMarshalErrors(t *testing.T) {
	t.Parallel()
	invalid := json.RawMessage("{")
	for name, page := range map[string]list{
		"items": {body: map[string]json.RawMessage{}},
		"data":  {body: map[string]json.RawMessage{}, data: map[string]json.RawMessage{"a": invalid}},
		"body":  {body: map[string]json.RawMessage{"a": invalid}},
	} {
		var items []json.RawMessage
		if name == "items" {
			items = []json.RawMessage{invalid}
		}
		if body, err := page.with(items); err == nil {
			t.Errorf("%s: the body is %s", name, body)
		}
	}
}
