// Signer signs what it is told to, one JSON object a line on standard input, one a line on standard output:
// this is how the conformance suite talks to a signer in any language. vectors/README.md describes the protocol.
package main

import (
	"bufio"
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
	ID        string
	Method    string
	Endpoint  string
	Timestamp string
	AccessKey *string `json:"access_key"`
	Secret    string
}

type answer struct {
	ID            string `json:"id"`
	Signature     string `json:"signature,omitempty"`
	Authorization string `json:"authorization,omitempty"`
	Refused       string `json:"refused,omitempty"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "signer:", err)
		os.Exit(2)
	}
}

// run answers each line as soon as it is read, each with one Write. A line that is not the protocol's ends it
// with an error.
func run(in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n') // of any length: endpoints and secrets have no limit
		if len(line) > 0 {
			reply, err := reply(line)
			if err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			if err := encoder.Encode(reply); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func reply(line []byte) (answer, error) {
	var ask request
	if err := json.Unmarshal(line, &ask); err != nil {
		return answer{}, err
	}
	if !isText(line) {
		return answer{ID: ask.ID, Refused: "a string holds half a surrogate pair or bytes that are not UTF-8: it is no text"}, nil
	}
	signature, err := capella.Sign(ask.Method, ask.Endpoint, ask.Timestamp, ask.Secret)
	if err != nil {
		return answer{ID: ask.ID, Refused: err.Error()}, nil
	}
	var authorization string
	if ask.AccessKey != nil {
		authorization, err = capella.Authorization(*ask.AccessKey, signature)
		if err != nil {
			return answer{ID: ask.ID, Refused: err.Error()}, nil
		}
	}
	return answer{ID: ask.ID, Signature: signature, Authorization: authorization}, nil
}

// isText says whether every string of a valid JSON line is Unicode text. encoding/json silently puts
// U+FFFD in place of bytes that are not UTF-8 and of a \uD800 without its other half, and a signature over
// that is a signature over something else.
func isText(line []byte) bool {
	for i := 0; i+1 < len(line); i++ {
		if line[i] != '\\' {
			continue
		}
		i++
		if line[i] != 'u' {
			continue
		}
		switch unit := codeUnit(line[i+1:]); {
		case unit >= 0xDC00 && unit < 0xE000:
			return false
		case unit >= 0xD800 && unit < 0xDC00:
			i += 6 // to the u of the second half
			if line[i-1] != '\\' || line[i] != 'u' {
				return false
			}
			if low := codeUnit(line[i+1:]); low < 0xDC00 || low >= 0xE000 {
				return false
			}
		}
		i += 4
	}
	return utf8.Valid(line)
}

// codeUnit reads the four hexadecimal digits after \u.
func codeUnit(digits []byte) uint64 {
	unit, _ := strconv.ParseUint(string(digits[:4]), 16, 16) // valid: the line was parsed before
	return unit
}
