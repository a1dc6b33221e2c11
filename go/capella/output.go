package capella

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
)

// PrintOne writes a response as Print does. The error is an *UnexpectedResponseError if its body is not an object.
func PrintOne(out io.Writer, response *Response) error {
	var object map[string]json.RawMessage
	if json.Unmarshal(response.Body, &object) != nil || object == nil {
		return response.unexpected("the response has no object")
	}
	return Print(out, response)
}

// PrintField writes a response as Print does. The error is that of Field if its body has no such field.
func PrintField(out io.Writer, response *Response, names ...string) error {
	if _, err := response.Field(names...); err != nil {
		return err
	}
	return Print(out, response)
}

// PrintID writes a response as Print does. The error is that of NewID if it names no new resource.
func PrintID(out io.Writer, response *Response) error {
	if _, err := response.NewID(); err != nil {
		return err
	}
	return Print(out, response)
}

// Print writes a response as {"status": 200, "location": "...", "body": ...}: "location" only if the API sent one, and
// null for an empty body. Control and format characters are escaped. It writes the whole text in one call, or nothing.
func Print(out io.Writer, response *Response) error {
	location, err := marshal(response.Location)
	if err != nil {
		return err
	}
	compact := fmt.Appendf(nil, `{"status":%d`, response.Status)
	if response.Location != "" {
		compact = fmt.Appendf(compact, `,"location":%s`, location)
	}
	compact = fmt.Appendf(compact, `,"body":%s}`, cmp.Or(string(response.Body), "null"))
	var text bytes.Buffer
	if err := json.Indent(&text, compact, "", "  "); err != nil {
		return err
	}
	_, err = io.WriteString(out, jsonText(text.Bytes())+"\n")
	return err
}
