// Signer signs what stands on standard input for a conformance suite: one JSON object a line in, one a line
// out, until EOF. This is how a signer in any language takes part.
//
//	<- {"id": "a", "method": "GET", "endpoint": "/v2/clouds", "timestamp": "1614622252260",
//	    "access_key": "A", "secret": "my secret key"}
//	-> {"id": "a", "signature": "...", "authorization": "Bearer A:..."}
//
// What must not be signed is answered {"id": ..., "refused": why}, and a request with a part missing
// {"id": ..., "cannot": why}. A line without an id cannot be answered: it is named on standard error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode/utf8"

	"rest-api-examples/go/capella"
)

type request struct {
	ID, Method, Endpoint, Timestamp, Secret *string
	AccessKey                               *string `json:"access_key"`
}

type answer struct {
	ID            string `json:"id"`
	Signature     string `json:"signature,omitempty"`
	Authorization string `json:"authorization,omitempty"`
	Refused       string `json:"refused,omitempty"`
	Cannot        string `json:"cannot,omitempty"`
}

func main() {
	if err := run(os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "signer:", err)
		os.Exit(1)
	}
}

// run answers each line as soon as it is read. The other side may be waiting for an answer, so every one is
// written before this side waits for another line; lines that are there already are answered in one Write.
func run(in io.Reader, out, log io.Writer) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	answers := bufio.NewWriterSize(out, 64<<10)
	encoder := json.NewEncoder(answers)
	encoder.SetEscapeHTML(false)
	for number := 1; ; number++ {
		if waiting, _ := lines.Peek(lines.Buffered()); bytes.IndexByte(waiting, '\n') < 0 {
			if err := answers.Flush(); err != nil {
				return err
			}
		}
		line, readErr := lines.ReadBytes('\n') // of any length: endpoints and secrets have no limit
		if len(line) > 0 {
			if reply, err := reply(line); err != nil {
				fmt.Fprintf(log, "line %d: %v\n", number, err)
			} else if err := encoder.Encode(reply); err != nil {
				return err
			}
		}
		if errors.Is(readErr, io.EOF) {
			return answers.Flush()
		}
		if readErr != nil {
			return readErr
		}
	}
}

// reply answers one line; its error says why there can be no answer.
func reply(line []byte) (answer, error) {
	if !utf8.Valid(line) {
		return answer{}, errors.New("not UTF-8")
	}
	var ask request
	err := json.Unmarshal(line, &ask)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err != nil && !errors.As(err, &wrongType):
		return answer{}, err
	case ask.ID == nil || *ask.ID == "":
		return answer{}, errors.New("no JSON object with an id")
	case err != nil:
		return answer{ID: *ask.ID, Cannot: "every part of the request must be text"}, nil
	case ask.Method == nil || ask.Endpoint == nil || ask.Timestamp == nil || ask.Secret == nil:
		return answer{ID: *ask.ID, Cannot: "the request lacks a method, an endpoint, a timestamp or a secret"}, nil
	case halfSurrogate(line):
		return answer{ID: *ask.ID, Refused: "half a surrogate pair is no text"}, nil
	}
	return sign(ask), nil
}

func sign(ask request) answer {
	accessKey := "A"
	if ask.AccessKey != nil {
		accessKey = *ask.AccessKey
	}
	signature, err := capella.Sign(*ask.Method, *ask.Endpoint, *ask.Timestamp, *ask.Secret)
	if err != nil {
		return answer{ID: *ask.ID, Refused: err.Error()}
	}
	authorization, err := capella.Authorization(accessKey, signature)
	if err != nil {
		return answer{ID: *ask.ID, Refused: err.Error()}
	}
	return answer{ID: *ask.ID, Signature: signature, Authorization: authorization}
}

// halfSurrogate says whether a string of a valid JSON object holds a \uD800 without its other half.
// encoding/json silently puts U+FFFD in its place, and a signature over that signs something else.
func halfSurrogate(line []byte) bool {
	for i := 0; i < len(line); i++ {
		if line[i] != '\\' {
			continue
		}
		i++ // the escaped character
		unit := codeUnit(line[i:])
		if unit >= 0xDC00 && unit < 0xE000 {
			return true
		}
		if unit >= 0xD800 && unit < 0xDC00 {
			low := codeUnit(line[i+6:]) // past u and its digits, and the backslash
			if line[i+5] != '\\' || low < 0xDC00 || low >= 0xE000 {
				return true
			}
			i += 6
		}
	}
	return false
}

// codeUnit reads a \u escape that begins at its u; 0 when there is none.
func codeUnit(escape []byte) uint64 {
	if escape[0] != 'u' || len(escape) < 5 {
		return 0
	}
	unit, _ := strconv.ParseUint(string(escape[1:5]), 16, 16) // valid JSON has four digits here
	return unit
}
