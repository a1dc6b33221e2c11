package capella

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// Paging says which part of a list is wanted.
type Paging struct {
	// Page is one page, counted from 1; all of them when 0.
	Page int
	// Query is sent with every page.
	Query Query
}

// List calls GET for one page of a list, or for all of them: the answer is the last one's, with the items of all.
// The cursor is the last page's, too: its page, next and last speak of that page, not of what the answer holds. Pages are asked for by number. The links between them are not followed: they could lead anywhere.
func (c *Client) List(ctx context.Context, path string, paging *Paging) (*Response, error) {
	items := []json.RawMessage{}
	for number := max(paging.Page, 1); ; number++ {
		target, err := expand(path, nil, append(Query{{"page", strconv.Itoa(number)}}, paging.Query...))
		if err != nil {
			return nil, err
		}
		answer, err := c.Send(ctx, http.MethodGet, target, nil)
		if err != nil {
			return nil, err
		}
		list, err := readList(answer)
		if err != nil {
			return nil, err
		}
		items = append(items, list.items...)
		if paging.Page > 0 || len(list.items) == 0 || list.next <= number {
			answer.Body, err = list.with(items)
			return answer, err
		}
	}
}

// list is the body of a page: {"cursor": ..., "data": [...]}, or in v3 {"cursor": ..., "data": {"items": [...]}}.
type list struct {
	body, data map[string]json.RawMessage // data is nil where it is the items themselves
	items      []json.RawMessage
	next       int // the number of the next page, 0 when there is none
}

func readList(answer *Response) (list, error) {
	var page list
	if json.Unmarshal(answer.Body, &page.body) != nil {
		return page, answer.unexpected("no list in it")
	}
	items := page.body["data"]
	if json.Unmarshal(items, &page.data) == nil && page.data != nil {
		items = page.data["items"]
	}
	if json.Unmarshal(items, &page.items) != nil { // some servers write an empty list as null
		return page, answer.unexpected("no list in it")
	}
	var cursor struct{ Pages struct{ Next int } }
	if raw, ok := page.body["cursor"]; ok && json.Unmarshal(raw, &cursor) != nil {
		return page, answer.unexpected("no page numbers in its cursor")
	}
	page.next = cursor.Pages.Next
	return page, nil
}

// with returns the body with other items.
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

// marshal is json.Marshal without its escapes of <, > and &: a shell reads the answer, no browser.
func marshal(value any) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(text.Bytes()), err
}
