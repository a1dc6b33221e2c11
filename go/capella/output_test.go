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
