package capella

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// served returns a client for a server that returns the bodies in their order, and the queries that the server received.
func served(t *testing.T, bodies ...string) (*Client, *[]string) {
	t.Helper()
	var queries []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, bodies[len(queries)-1])
	})
	return testClient(t, url), &queries
}

// pageOf returns a page with the members of its cursor's pages.
func pageOf(pages, data string) string {
	return fmt.Sprintf(`{"cursor":{"pages":{%s},"hrefs":{"next":"http://127.0.0.1:1/"}},"data":%s}`, pages, data)
}

// TestListAllPages: pages are requested by number until the last one, and become one list without a cursor. Links are
// not followed. With a page number, only that page is requested, and it keeps its cursor.
func TestListAllPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		paging  Paging
		bodies  []string
		queries []string
		wants   string
	}{
		"three pages": {
			Paging{Query: Query{{"perPage", "1"}, {"sortBy", "a b"}}},
			[]string{pageOf(`"next":2,"totalItems":3`, `[{"id":1}]`), pageOf(`"next":"3"`, `[{"id":2}]`), pageOf(`"last":3.0`, `[{"id":3}]`)},
			[]string{"page=1&perPage=1&sortBy=a%20b", "page=2&perPage=1&sortBy=a%20b", "page=3&perPage=1&sortBy=a%20b"},
			`{"data":[{"id":1},{"id":2},{"id":3}]}`,
		},
		"full pages": {
			Paging{}, []string{pageOf(`"next":2,"perPage":2`, `[1,2]`), pageOf(`"perPage":2`, `[3]`)}, []string{"page=1", "page=2"}, `{"data":[1,2,3]}`,
		},
		"only one page": {
			Paging{Page: 2}, []string{`{"data":[1],"cursor":{"pages":{"next":3}}}`}, []string{"page=2"}, `{"cursor":{"pages":{"next":3}},"data":[1]}`,
		},
		"v3": {
			Paging{},
			[]string{pageOf(`"next":2`, `{"items":[1],"tenantId":"t"}`), pageOf(`"next":0`, `{"items":[2],"tenantId":"t"}`)},
			[]string{"page=1", "page=2"},
			`{"data":{"items":[1,2],"tenantId":"t"}}`,
		},
		"no v3 clusters":             {Paging{}, []string{pageOf(`"totalItems":0`, `{}`)}, []string{"page=1"}, `{"data":{"items":[]}}`},
		"no v3 clusters of a tenant": {Paging{}, []string{`{"data":{"tenantId":"t"}}`}, []string{"page=1"}, `{"data":{"items":[],"tenantId":"t"}}`},
		"null":                       {Paging{}, []string{`null`}, []string{"page=1"}, `[]`},
		"data null":                  {Paging{}, []string{`{"data":null}`}, []string{"page=1"}, `{"data":[]}`},
		"other fields are kept":      {Paging{}, []string{`{"data":[1],"a":1e999}`}, []string{"page=1"}, `{"a":1e999,"data":[1]}`},
		"no character is escaped":    {Paging{}, []string{`{"data":[{"a":"<&>"}],"b":"&"}`}, []string{"page=1"}, `{"b":"&","data":[{"a":"<&>"}]}`},
		"no character in v3":         {Paging{}, []string{`{"data":{"items":["<&>"],"b":"&"}}`}, []string{"page=1"}, `{"data":{"b":"&","items":["<&>"]}}`},
		"items are kept as received": {Paging{}, []string{`{"data":[{"b":1.0,"a":"\u003c"}]}`}, []string{"page=1"}, `{"data":[{"b":1.0,"a":"\u003c"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, queries := served(t, test.bodies...)
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

// TestNoList: a body that is not a list is an error, not an empty list; the same with a page number, and without pages.
func TestNoList(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `"data"`, `{"data":"[1]"}`, `{"data":{"0":1}}`, `{"data":{"0":1,"tenantId":"t"}}`, `{"data":{"items":{}}}`, `{"data":1}`, ``} {
		client, _ := served(t, body, body, body)
		_, all := client.List(t.Context(), "/v2/projects", &Paging{})
		_, one := client.List(t.Context(), "/v2/projects", &Paging{Page: 1})
		_, bare := client.GetList(t.Context(), "/v2/clusters/{id}/users", "1")
		for endpoint, err := range map[string]error{"/v2/projects?page=1": errors.Join(all, one), "/v2/clusters/1/users": bare} {
			var unexpected *UnexpectedResponseError
			if !errors.As(err, &unexpected) || unexpected.Endpoint != endpoint || unexpected.Message != "the response has no list" {
				t.Errorf("%s: the error is %v", body, err)
			}
		}
	}
}

// TestIncompleteLists: pages that may not be the whole list are an error that says why.
func TestIncompleteLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		reason string
		bodies []string
	}{
		{`the cursor is malformed: cursor is [1] instead of an object`, []string{`{"cursor":[1],"data":[]}`}},
		{`the cursor is malformed: pages is "2" instead of an object`, []string{`{"cursor":{"pages":"2"},"data":[]}`}},
		{`the cursor is malformed: next is "two" instead of a whole number`, []string{pageOf(`"next":"two"`, `[1]`)}},
		{`the cursor is malformed: next is "" instead of a whole number`, []string{pageOf(`"next":""`, `[1]`)}},
		{`the cursor is malformed: next is "02" instead of a whole number`, []string{pageOf(`"next":"02"`, `[1]`)}},
		{`the cursor is malformed: next is "0x2" instead of a whole number`, []string{pageOf(`"next":"0x2"`, `[1]`)}},
		{`the cursor is malformed: totalItems is 9007199254740992 instead of a whole number`, []string{pageOf(`"totalItems":9007199254740992`, `[1]`)}},
		{`it has 1 items, and its cursor says totalItems 9007199254740991`, []string{pageOf(`"totalItems":9007199254740991`, `[1]`)}},
		{`the cursor is malformed: next is true instead of a whole number`, []string{pageOf(`"next":true`, `[1]`)}},
		{`the cursor is malformed: last is -1 instead of a whole number`, []string{pageOf(`"last":-1`, `[1]`)}},
		{`the cursor is malformed: totalItems is 1e30 instead of a whole number`, []string{pageOf(`"totalItems":1e30`, `[1]`)}},
		{`the cursor is malformed: perPage is 2.5 instead of a whole number`, []string{pageOf(`"perPage":2.5`, `[1]`)}},
		{`page 2 has no cursor`, []string{pageOf(`"next":2`, `[1]`), `{"data":[2]}`}},
		{`page 1 names page 1 as the next one`, []string{pageOf(`"next":1`, `[1]`)}},
		{`page 1 names page 3 as the next one`, []string{pageOf(`"next":3`, `[1]`)}},
		{`page 1 names page 2 as the next one, and has no items`, []string{pageOf(`"next":2`, `[]`)}},
		{`page 1 names page 2 as the next one, and its cursor says totalItems 1`, []string{pageOf(`"next":2,"totalItems":1`, `[1]`)}},
		{`page 1 names page 2 as the next one, and its cursor says last 1`, []string{pageOf(`"next":2,"last":1`, `[1]`)}},
		{`page 1 names page 2 as the next one, and has 1 items, and its cursor says perPage 2`, []string{pageOf(`"next":2,"perPage":2`, `[1]`)}},
		{`it has 1 items, and its cursor says totalItems 2`, []string{pageOf(`"totalItems":2`, `[1]`)}},
		{`it ends at page 1, and its cursor says last 2`, []string{pageOf(`"last":2`, `[1]`)}},
		{`the list changed between two pages: totalItems was 2 and is 3; try again`, []string{pageOf(`"next":2,"totalItems":2`, `[1]`), pageOf(`"totalItems":3`, `[2]`)}},
		{`page 2 repeats an item of an earlier page`, []string{pageOf(`"next":2`, `[1,2]`), pageOf(`"next":3`, `[2]`)}},
	} {
		client, queries := served(t, test.bodies...)
		_, err := client.List(t.Context(), "/v2/projects", &Paging{})
		var unexpected *UnexpectedResponseError
		message := test.reason
		if strings.HasPrefix(message, "page ") || strings.HasPrefix(message, "it ") {
			message = "the list may be incomplete: " + message
		}
		if !errors.As(err, &unexpected) || unexpected.Message != message || len(*queries) != len(test.bodies) {
			t.Errorf("%s: after %q the error is %v", test.reason, *queries, err)
		}
	}
}

// TestEndlessList: a server that always names another page is not followed for ever.
func TestEndlessList(t *testing.T) {
	t.Parallel()
	requests := 0
	client := stubbed(t, func(*http.Request) (*http.Response, error) {
		requests++
		body := pageOf(fmt.Sprintf(`"next":%d`, requests+1), fmt.Sprintf(`[%d]`, requests))
		return received(200, http.Header{"Content-Type": {"application/json"}}, []byte(body)), nil
	})
	_, err := client.List(t.Context(), "/v2/projects", &Paging{})
	var unexpected *UnexpectedResponseError
	if !errors.As(err, &unexpected) || unexpected.Message != "the list has more than 1000 pages: use a larger --per-page" || requests != 1000 {
		t.Errorf("after %d requests the error is %v", requests, err)
	}
}

// TestGetList: a list without pages is a bare list, or null; more pages are an error.
func TestGetList(t *testing.T) {
	t.Parallel()
	client, _ := served(t, `[{"id":1}]`, `null`, pageOf(`"next":2`, `[1]`), pageOf(`"totalItems":2`, `[1]`))
	for _, want := range []string{`[{"id":1}]`, `[]`, "it has more pages, which cannot be requested", "it has 1 items"} {
		response, err := client.GetList(t.Context(), "/v2/clusters/{id}/users", "1")
		if err == nil && string(response.Body) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("the response is %v, %v, wants %s", response, err, want)
		}
	}
	if _, err := client.GetList(t.Context(), "/v2/clusters/{id}/users"); !errors.Is(err, ErrInput) {
		t.Errorf("the error is %v", err)
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
	for name, page := range map[string]page{
		"items": {items: []json.RawMessage{invalid}},
		"data":  {data: map[string]json.RawMessage{"a": invalid}},
		"body":  {body: map[string]json.RawMessage{"a": invalid}},
	} {
		if response, err := page.response(&Response{}); err == nil {
			t.Errorf("%s: the response is %v", name, response)
		}
	}
}
