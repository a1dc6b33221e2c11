package capella

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxPages limits the pages of a list, so that no server is followed for ever.
const maxPages = 1000

// Paging selects the pages of a list.
type Paging struct {
	// Page is the number of one page, counted from 1; 0 selects all pages.
	Page int
	// Query is sent with the request for each page.
	Query Query
}

// GetList calls GET for a list that has no pages. The error is an *UnexpectedResponseError if the response has no list,
// or if its cursor names more pages.
func (c *Client) GetList(ctx context.Context, path string, values ...string) (*Response, error) {
	response, err := c.Get(ctx, path, values...)
	if err != nil {
		return nil, err
	}
	list := &pages{}
	more, err := list.add(response)
	if err != nil {
		return nil, err
	}
	if more {
		return nil, response.unexpected("the list may be incomplete: it has more pages, which cannot be requested")
	}
	return list.response(response)
}

// List calls GET for one page of a list, and returns it with its cursor; or for all pages, and returns them as one list
// without a cursor. The error is an *UnexpectedResponseError if a page has no list, or if the pages may not be the
// whole list. List requests pages by number. It does not follow the links between pages, which could lead to another
// host.
func (c *Client) List(ctx context.Context, path string, paging *Paging) (*Response, error) {
	list := &pages{}
	for number := max(paging.Page, 1); ; number++ {
		target, err := expand(path, nil, append(Query{{"page", strconv.Itoa(number)}}, paging.Query...))
		if err != nil {
			return nil, err
		}
		response, err := c.Send(ctx, http.MethodGet, target, nil)
		if err != nil {
			return nil, err
		}
		if paging.Page > 0 {
			page, err := readList(response)
			if err != nil {
				return nil, err
			}
			return page.response(response)
		}
		more, err := list.add(response)
		if err != nil {
			return nil, err
		}
		if !more {
			return list.response(response)
		}
	}
}

// page is a page: {"cursor": ..., "data": [...]}, in v3 {"cursor": ..., "data": {"items": [...]}}, or a bare list.
type page struct {
	body  map[string]json.RawMessage // nil for a bare list
	data  map[string]json.RawMessage // nil unless "data" is an object
	items []json.RawMessage
}

// response returns a response with this page as its body, and with names in alphabetical order.
func (p page) response(response *Response) (*Response, error) {
	text := array(p.items)
	var err error
	if p.data != nil {
		p.data["items"] = text
		text, err = object(p.data)
	}
	if err == nil && p.body != nil {
		p.body["data"] = text
		text, err = object(p.body)
	}
	if err == nil && !json.Valid(text) {
		err = errors.New("the items of the list are not valid JSON")
	}
	if err != nil {
		return nil, err
	}
	with := *response
	with.Body = text
	return &with, nil
}

// array and object return JSON with the parts exactly as received: encoding/json would write some of their characters
// as escapes, and which ones depends on the release of Go.
func array(items []json.RawMessage) json.RawMessage {
	parts := make([][]byte, len(items))
	for i, item := range items {
		parts[i] = item
	}
	return slices.Concat([]byte("["), bytes.Join(parts, []byte(",")), []byte("]"))
}

func object(members map[string]json.RawMessage) (json.RawMessage, error) {
	var parts [][]byte
	for _, name := range slices.Sorted(maps.Keys(members)) {
		quoted, err := marshal(name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, slices.Concat(quoted, []byte(":"), members[name]))
	}
	return slices.Concat([]byte("{"), bytes.Join(parts, []byte(",")), []byte("}")), nil
}

// readList returns the page in a response, or an *UnexpectedResponseError if it has no list. A list or "data" that is
// null, and "data" that is {}, are empty lists.
func readList(response *Response) (page, error) {
	var found page
	items := response.Body
	if json.Unmarshal(items, &found.body) == nil && found.body != nil {
		items = found.body["data"]
		if json.Unmarshal(items, &found.data) == nil && found.data != nil {
			items = dataItems(found.data)
		}
	}
	if json.Unmarshal(items, &found.items) != nil {
		return page{}, response.unexpected("the response has no list")
	}
	return found, nil
}

// dataItems returns the items in the "data" of v3, which has none if the list is empty.
func dataItems(data map[string]json.RawMessage) json.RawMessage {
	items, ok := data["items"]
	if _, tenant := data["tenantId"]; !ok && (len(data) == 0 || tenant && len(data) == 1) {
		return json.RawMessage("null")
	}
	return items
}

// pages are the pages of a list, added in their order. A list is whole, or it is an error. The cursor of a page is
//
//	{"pages": {"page": 1, "next": 2, "last": 3, "perPage": 10, "totalItems": 25}, "hrefs": {...}}
//
// "next" is absent, null or 0 on the last page. Every number may be absent, and may be written as text or with a
// fraction of zero. A list of one page needs no cursor.
type pages struct {
	number int // of the last page
	first  page
	items  []json.RawMessage
	seen   map[string]bool  // the items of all pages
	bounds map[string]int64 // "totalItems" and "last", which are the same on every page
}

// add adds the next page, and returns whether another one follows. The error is an *UnexpectedResponseError if the
// response has no list, if its cursor is malformed, or if the pages may not be the whole list.
func (p *pages) add(response *Response) (bool, error) {
	page, err := readList(response)
	if err != nil {
		return false, err
	}
	if p.number++; p.number == 1 {
		p.first, p.seen, p.bounds = page, map[string]bool{}, map[string]int64{}
	}
	more, problem := p.check(page)
	if problem != "" {
		return false, response.unexpected(problem)
	}
	return more, nil
}

// response returns the last response with the items of all pages in the body of the first page, without cursor.
func (p *pages) response(last *Response) (*Response, error) {
	delete(p.first.body, "cursor")
	return page{p.first.body, p.first.data, p.items}.response(last)
}

// check adds the items of a page. It returns whether another page follows, or why the pages may not be the whole list.
func (p *pages) check(page page) (more bool, problem string) {
	numbers, problem := page.cursor()
	if problem == "" && numbers == nil && p.number > 1 {
		problem = fmt.Sprintf("the list may be incomplete: page %d has no cursor", p.number)
	}
	if problem == "" {
		problem = p.compare(numbers)
	}
	if problem == "" {
		problem = p.repeats(page)
	}
	if problem != "" {
		return false, problem
	}
	for _, item := range page.items {
		p.seen[string(item)] = true
	}
	p.items = append(p.items, page.items...)
	if next := numbers["next"]; next > 0 {
		return true, p.checkNext(next, int64(len(page.items)), numbers["perPage"])
	}
	return false, p.checkEnd()
}

// compare compares the bounds in a cursor with those of earlier pages, and keeps them.
func (p *pages) compare(numbers map[string]int64) string {
	for _, name := range []string{"totalItems", "last"} {
		is, known := numbers[name]
		if was, ok := p.bounds[name]; ok && known && was != is {
			return fmt.Sprintf("the list changed between two pages: %s was %d and is %d; try again", name, was, is)
		}
		if known {
			p.bounds[name] = is
		}
	}
	return ""
}

// repeats compares the items of a page with those of earlier pages.
func (p *pages) repeats(page page) string {
	for _, item := range page.items {
		if p.seen[string(item)] {
			return fmt.Sprintf("the list may be incomplete: page %d repeats an item of an earlier page", p.number)
		}
	}
	return ""
}

// checkEnd compares the whole list with the bounds in its cursor.
func (p *pages) checkEnd() string {
	if total, ok := p.bounds["totalItems"]; ok && total != int64(len(p.items)) {
		return fmt.Sprintf("the list may be incomplete: it has %d items, and its cursor says totalItems %d", len(p.items), total)
	}
	if last, ok := p.bounds["last"]; ok && max(last, 1) != int64(p.number) {
		return fmt.Sprintf("the list may be incomplete: it ends at page %d, and its cursor says last %d", p.number, last)
	}
	return ""
}

// checkNext checks that another page can follow a page of a size.
func (p *pages) checkNext(next, size, perPage int64) string {
	named := fmt.Sprintf("the list may be incomplete: page %d names page %d as the next one", p.number, next)
	total, bounded := p.bounds["totalItems"]
	last, ends := p.bounds["last"]
	switch {
	case next != int64(p.number)+1:
		return named
	case size == 0:
		return named + ", and has no items"
	case bounded && int64(len(p.items)) >= total:
		return fmt.Sprintf("%s, and its cursor says totalItems %d", named, total)
	case ends && int64(p.number) >= last:
		return fmt.Sprintf("%s, and its cursor says last %d", named, last)
	case !bounded && size < perPage:
		return fmt.Sprintf("%s, and has %d items, and its cursor says perPage %d", named, size, perPage)
	case p.number == maxPages:
		return fmt.Sprintf("the list has more than %d pages: use a larger --per-page", maxPages)
	}
	return ""
}

// cursor returns the numbers in the cursor of a page, or nil without a cursor; or what is malformed in it.
func (p page) cursor() (map[string]int64, string) {
	found := p.body
	for _, name := range []string{"cursor", "pages"} {
		text := found[name]
		if text == nil || string(text) == "null" {
			return nil, ""
		}
		found = nil
		if json.Unmarshal(text, &found) != nil {
			return nil, fmt.Sprintf("the cursor is malformed: %s is %.100s instead of an object", name, text)
		}
	}
	numbers := map[string]int64{}
	for _, name := range []string{"next", "perPage", "totalItems", "last"} {
		text := found[name]
		if text == nil || string(text) == "null" {
			continue
		}
		number, ok := whole(text)
		if !ok {
			return nil, fmt.Sprintf("the cursor is malformed: %s is %.100s instead of a whole number", name, text)
		}
		numbers[name] = number
	}
	return numbers, ""
}

// whole returns the whole number from 0 in a JSON number, or in a JSON string of one.
func whole(raw json.RawMessage) (int64, bool) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	if !json.Valid([]byte(text)) || !strings.ContainsAny(text[:1], "-0123456789") {
		return 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || number != math.Trunc(number) || number < 0 || number >= 1<<53 { // a float is exact below
		return 0, false
	}
	return int64(number), true
}

// marshal returns JSON as json.Marshal does, without its escapes of <, > and &: the output is not for a browser.
func marshal(value any) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(text.Bytes()), err
}
