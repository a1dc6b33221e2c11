package capella

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// Paging selects the pages of a list.
type Paging struct {
	// Page is the number of one page, counted from 1; 0 selects all pages.
	Page int
	// Query is sent with the request for each page.
	Query Query
}

// List calls GET for one page of a list or for all pages, and returns the response for the last page with the items of
// all pages. The cursor is that of the last page: its page, next and last describe that page, not the returned items.
// List requests pages by number. It does not follow the links between pages, which could lead to another host.
func (c *Client) List(ctx context.Context, path string, paging *Paging) (*Response, error) {
	items := []json.RawMessage{}
	for number := max(paging.Page, 1); ; number++ {
		target, err := expand(path, nil, append(Query{{"page", strconv.Itoa(number)}}, paging.Query...))
		if err != nil {
			return nil, err
		}
		response, err := c.Send(ctx, http.MethodGet, target, nil)
		if err != nil {
			return nil, err
		}
		list, err := readList(response)
		if err != nil {
			return nil, err
		}
		items = append(items, list.items...)
		if paging.Page > 0 || len(list.items) == 0 || list.next <= number {
			response.Body, err = list.with(items)
			return response, err
		}
	}
}

// list is the body of a page: {"cursor": ..., "data": [...]}, or in v3 {"cursor": ..., "data": {"items": [...]}}.
type list struct {
	body, data map[string]json.RawMessage // data is nil if it is an array
	items      []json.RawMessage
	next       int // the number of the next page, 0 on the last one
}

// readList returns the body of a page, or an *UnexpectedResponseError if the body is not a list.
func readList(response *Response) (list, error) {
	var page list
	if json.Unmarshal(response.Body, &page.body) != nil {
		return page, response.unexpected("the response has no list")
	}
	items := page.body["data"]
	if json.Unmarshal(items, &page.data) == nil && page.data != nil {
		items = page.data["items"]
	}
	if json.Unmarshal(items, &page.items) != nil { // some servers write an empty list as null
		return page, response.unexpected("the response has no list")
	}
	var cursor struct{ Pages struct{ Next int } }
	if raw, ok := page.body["cursor"]; ok && json.Unmarshal(raw, &cursor) != nil {
		return page, response.unexpected("the cursor of the list has no page numbers")
	}
	page.next = cursor.Pages.Next
	return page, nil
}

// with returns the body with its items replaced.
func (l list) with(items []json.RawMessage) (json.RawMessage, error) {
	data, err := marshal(items)
	if err == nil && l.data != nil {
		l.data["items"] = data
		data, err = marshal(l.data)
	}
	if err != nil {
		return nil, err
	}
	l.body["data"] = data
	return marshal(l.body)
}

// marshal returns JSON as json.Marshal does, without its escapes of <, > and &: the output is not for a browser.
func marshal(value any) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(text.Bytes()), err
}
