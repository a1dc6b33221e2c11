// Signer signs requests for a conformance suite: one JSON object per line from standard input to standard output, until
// EOF.
//
//	<- {"id": "a", "method": "GET", "endpoint": "/v2/clouds", "timestamp": "1614622252260",
//	    "access_key": "A", "secret": "my secret key"}
//	-> {"id": "a", "signature": "...", "authorization": "Bearer A:..."}
//
// A request that must not be signed gets {"id": ..., "refused": why}. A request without a required field gets
// {"id": ..., "cannot": why}. A line without an id gets no reply; standard error gets its number and the error.
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

// request is one line of input. A field that is absent is nil.
type request struct {
	ID, Method, Endpoint, Timestamp, Secret *string
	AccessKey                               *string `json:"access_key"`
}

// reply is the reply to one request.
type reply struct {
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

// run replies to each line. It flushes the replies before it waits for another line, because the suite may wait for them.
// Lines that have already arrived get their replies in one Write.
func run(in io.Reader, out, log io.Writer) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	replies := bufio.NewWriterSize(out, 64<<10)
	encoder := json.NewEncoder(replies)
	encoder.SetEscapeHTML(false)
	for number := 1; ; number++ {
		if waiting, _ := lines.Peek(lines.Buffered()); bytes.IndexByte(waiting, '\n') < 0 {
			if err := replies.Flush(); err != nil {
				return err
			}
		}
		line, readErr := lines.ReadBytes('\n') // of any length: endpoints and secrets have no limit
		if len(line) > 0 {
			if reply, err := signLine(line); err != nil {
				fmt.Fprintf(log, "line %d: %v\n", number, err)
			} else if err := encoder.Encode(reply); err != nil {
				return err
			}
		}
		if errors.Is(readErr, io.EOF) {
			return replies.Flush()
		}
		if readErr != nil {
			return readErr
		}
	}
}

// signLine returns the reply to one request. The error says why the line gets no reply.
func signLine(line []byte) (reply, error) {
	if !utf8.Valid(line) {
		return reply{}, errors.New("not UTF-8")
	}
	var received request
	err := json.Unmarshal(line, &received)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err != nil && !errors.As(err, &wrongType):
		return reply{}, err
	case received.ID == nil || *received.ID == "":
		return reply{}, errors.New("no JSON object with an id")
	case err != nil:
		return reply{ID: *received.ID, Cannot: "every field of the request must be text"}, nil
	case received.Method == nil || received.Endpoint == nil || received.Timestamp == nil || received.Secret == nil:
		return reply{ID: *received.ID, Cannot: "the request has no method, endpoint, timestamp or secret"}, nil
	case halfSurrogate(line):
		return reply{ID: *received.ID, Refused: "a string has half of a surrogate pair, which is not text"}, nil
	}
	return sign(received), nil
}

// sign returns the reply to a request that has all fields.
func sign(received request) reply {
	accessKey := "A"
	if received.AccessKey != nil {
		accessKey = *received.AccessKey
	}
	signature, err := capella.Sign(*received.Method, *received.Endpoint, *received.Timestamp, *received.Secret)
	if err != nil {
		return reply{ID: *received.ID, Refused: err.Error()}
	}
	authorization, err := capella.Authorization(accessKey, signature)
	if err != nil {
		return reply{ID: *received.ID, Refused: err.Error()}
	}
	return reply{ID: *received.ID, Signature: signature, Authorization: authorization}
}

// halfSurrogate says whether a string of a valid JSON object contains half of a surrogate pair, such as \uD800 alone.
// encoding/json silently replaces it with U+FFFD, so that the signature would be for other text.
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

// codeUnit returns the value of a \u escape that begins at its u; 0 if there is no such escape.
func codeUnit(escape []byte) uint64 {
	if escape[0] != 'u' || len(escape) < 5 {
		return 0
	}
	unit, _ := strconv.ParseUint(string(escape[1:5]), 16, 16) // valid JSON has four digits here
	return unit
}
