package capella

import (
	"bytes"
	"encoding/json"
	"io"
)

// Print writes a response as {"status": 200, "location": "...", "body": ...}: "location" only if the API sent one, and
// null for an empty body. It writes the whole text in one call, or nothing.
func Print(out io.Writer, response *Response) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the output is for a shell, not for a browser
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(response); err != nil {
		return err
	}
	_, err := out.Write(text.Bytes())
	return err
}
