package capella

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
)

// Print writes an answer as {"status": 200, "location": "...", "body": ...}: location only when the API sent one,
// body null when it sent none. It is written whole or not at all.
func Print(out io.Writer, answer *Response) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // a shell reads this, no browser
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(answer); err != nil {
		return err
	}
	_, err := out.Write(text.Bytes())
	return err
}

// NewID returns the id of what was created: the last segment of Location, which is never followed, or the
// id of the body. The error, when there is neither, is an *UnexpectedAnswerError.
func (r *Response) NewID() (string, error) {
	if location, err := url.Parse(r.Location); err == nil && len(location.Path) > 1 {
		return path.Base(location.Path), nil
	}
	return r.Field("id")
}

// Field returns the text at the end of a path of names into the body. The error, when there is none, is an
// *UnexpectedAnswerError.
func (r *Response) Field(names ...string) (string, error) {
	body := r.Body
	for _, name := range names {
		var object map[string]json.RawMessage
		_ = json.Unmarshal(body, &object) // what is no object has no names
		body = object[name]
	}
	var text string
	if json.Unmarshal(body, &text) != nil || text == "" {
		return "", r.unexpected(fmt.Sprintf("no %s in the answer", strings.Join(names, ".")))
	}
	return text, nil
}

func (r *Response) unexpected(complaint string) error {
	return &UnexpectedAnswerError{AnswerError{Status: r.Status, Message: complaint, Method: r.method, Endpoint: r.endpoint}}
}
