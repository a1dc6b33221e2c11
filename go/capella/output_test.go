package capella

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestPrint: characters are written as received, location only if there is one, and null for an empty body.
func TestPrint(t *testing.T) {
	t.Parallel()
	for want, response := range map[string]Response{
		"{\n  \"status\": 204,\n  \"body\": null\n}\n":                              {Status: 204},
		"{\n  \"status\": 202,\n  \"location\": \"/a?b&c\",\n  \"body\": null\n}\n": {Status: 202, Location: "/a?b&c"},
		"{\n  \"status\": 200,\n  \"body\": {\n    \"é\": \"<&>\"\n  }\n}\n":        {Status: 200, Body: json.RawMessage(`{"é": "<&>"}`)},
		"{\n  \"status\": 200,\n  \"body\": 12345678901234567890.10\n}\n":           {Status: 200, Body: json.RawMessage(`12345678901234567890.10`)},
	} {
		var out strings.Builder
		if err := Print(&out, &response); err != nil || out.String() != want {
			t.Errorf("the output is %q, %v, wants %q", out.String(), err, want)
		}
	}
}

// TestPrintErrors: nothing is written for invalid JSON, and an error of the writer is returned.
func TestPrintErrors(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := Print(&out, &Response{Body: json.RawMessage("{")}); err == nil || out.Len() > 0 {
		t.Errorf("the output is %q, %v", out.String(), err)
	}
	reader, writer := io.Pipe()
	reader.Close()
	if err := Print(writer, &Response{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the error is %v", err)
	}
}

// TestPrintRequired: an object, a field or an id that the body lacks is an error, and nothing is written.
func TestPrintRequired(t *testing.T) {
	t.Parallel()
	object := func(out io.Writer, response *Response) error { return PrintOne(out, response) }
	field := func(out io.Writer, response *Response) error { return PrintField(out, response, "a", "b") }
	id := func(out io.Writer, response *Response) error { return PrintID(out, response) }
	for _, test := range []struct {
		print      func(io.Writer, *Response) error
		body, says string
	}{
		{object, `{}`, ""}, {object, `[]`, "the response has no object"}, {object, `null`, "the response has no object"}, {object, ``, "the response has no object"},
		{field, `{"a":{"b":1}}`, ""}, {field, `{"a":{}}`, "the response has no a.b"},
		{id, `{"id":"7"}`, ""}, {id, `{}`, "the response has no id"},
	} {
		var out strings.Builder
		err := test.print(&out, &Response{Body: json.RawMessage(test.body)})
		if (err == nil) != (test.says == "") || (out.Len() > 0) != (err == nil) || err != nil && !strings.HasSuffix(err.Error(), test.says) {
			t.Errorf("%s: the output is %q, %v", test.body, out.String(), err)
		}
	}
}
