// Signer answers a conformance suite: one JSON object per line from standard input to standard output, until EOF.
//
//	<- {"id": "a", "method": "GET", "endpoint": "/v2/clouds", "timestamp": "1614622252260",
//	    "access_key": "A", "secret": "my secret key"}
//	-> {"id": "a", "signature": "...", "authorization": "Bearer A:..."}
//	<- {"id": "b", "ask": "target", "base_url": "http://127.0.0.1:8091", "path": ["v2", "a b"],
//	    "query": [["page", "1"]]}
//	-> {"id": "b", "target": "/v2/a%20b?page=1"}
//	<- {"id": "c", "ask": "settings", "environment": {"CBC_ACCESS_KEY": "A"}, "dotenv": "CBC_SECRET_KEY='s'"}
//	-> {"id": "c", "base_url": "https://...", "access_key": "A", "secret_key": "s"}
//
// A request that must not be signed, sent or used gets {"id": ..., "refused": why}, for settings with "names". A request
// without a required field, or with an unknown ask, gets {"id": ..., "cannot": why}. A line without an id gets no reply;
// standard error gets its number and the error.
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

	"github.com/joho/godotenv"

	"rest-api-examples/go/capella"
)

// request is one line of input. A field that is absent is nil.
type request struct {
	ID, Ask                             *string
	Method, Endpoint, Timestamp, Secret *string
	AccessKey                           *string `json:"access_key"`
	BaseURL                             *string `json:"base_url"`
	Path                                []string
	Query                               [][]string
	Environment                         map[string]string
	Dotenv                              *string
}

// reply is the reply to one request. Only the fields of its kind are set.
type reply struct {
	ID            string   `json:"id"`
	Signature     string   `json:"signature,omitempty"`
	Authorization string   `json:"authorization,omitempty"`
	Target        string   `json:"target,omitempty"`
	BaseURL       string   `json:"base_url,omitempty"`
	AccessKey     string   `json:"access_key,omitempty"`
	SecretKey     string   `json:"secret_key,omitempty"`
	Refused       string   `json:"refused,omitempty"`
	Names         []string `json:"names,omitempty"`
	Cannot        string   `json:"cannot,omitempty"`
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
			if reply, err := answerLine(line); err != nil {
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

// answerLine returns the reply to one request. The error says why the line gets no reply.
func answerLine(line []byte) (reply, error) {
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
		return reply{ID: *received.ID, Cannot: "a part of the request has the wrong type"}, nil
	}
	made := answer(received, halfSurrogate(line))
	made.ID = *received.ID
	return made, nil
}

// answer returns the reply to what a request asks for, without the id. If notText is true, a string of the request has
// half of a surrogate pair.
func answer(received request, notText bool) reply {
	ask := "sign"
	if received.Ask != nil {
		ask = *received.Ask
	}
	var missing string
	switch {
	case ask == "sign" && (received.Method == nil || received.Endpoint == nil || received.Timestamp == nil || received.Secret == nil):
		missing = "the request has no method, endpoint, timestamp or secret"
	case ask == "target" && (received.BaseURL == nil || received.Path == nil || received.Query == nil):
		missing = "the request has no base_url, path or query"
	case ask == "settings" && received.Environment == nil:
		missing = "the request has no environment"
	}
	switch {
	case missing != "":
		return reply{Cannot: missing}
	case notText:
		return reply{Refused: "a string has half of a surrogate pair, which is not text"}
	case ask == "sign":
		return sign(received)
	case ask == "target":
		return target(received)
	case ask == "settings":
		return settings(received)
	}
	return reply{Cannot: "the request asks for something other than sign, target or settings"}
}

// target returns the request target of a call. An invalid base URL is refused, as by the client.
func target(received request) reply {
	baseURL := map[string]string{"CBC_API_URL": *received.BaseURL}
	if _, err := capella.LoadSettings(func(name string) string { return baseURL[name] }, false); err != nil {
		return refused(err)
	}
	var query capella.Query
	for _, pair := range received.Query {
		if len(pair) != 2 {
			return reply{Cannot: "a part of the request has the wrong type"}
		}
		query = append(query, [2]string{pair[0], pair[1]})
	}
	made, err := capella.Target(received.Path, query)
	if err != nil {
		return refused(err)
	}
	return reply{Target: made}
}

// settings returns the settings of an environment and the text of a .env file, which adds names, as godotenv does.
func settings(received request) reply {
	environment := map[string]string{}
	if received.Dotenv != nil {
		added, err := godotenv.Unmarshal(*received.Dotenv)
		if err != nil { // its text contains the line, and so perhaps a secret
			return reply{Refused: "the .env file has a line that godotenv cannot read"}
		}
		environment = added
	}
	for name, value := range received.Environment {
		environment[name] = value
	}
	found, err := capella.LoadSettings(func(name string) string { return environment[name] }, true)
	if err != nil {
		return refused(err)
	}
	return reply{BaseURL: found.BaseURL, AccessKey: found.AccessKey, SecretKey: found.SecretKey.Reveal()}
}

// refused returns the reply to an input that is refused, with the names of the settings if it is settings.
func refused(err error) reply {
	made := reply{Refused: err.Error()}
	var problem *capella.SettingsError
	if errors.As(err, &problem) {
		made.Names = append(append(made.Names, problem.Missing...), problem.Invalid...)
	}
	return made
}

// sign returns the signature of a request, and its Authorization header.
func sign(received request) reply {
	accessKey := "A"
	if received.AccessKey != nil {
		accessKey = *received.AccessKey
	}
	signature, err := capella.Sign(*received.Method, *received.Endpoint, *received.Timestamp, *received.Secret)
	if err != nil {
		return refused(err)
	}
	authorization, err := capella.Authorization(accessKey, signature)
	if err != nil {
		return refused(err)
	}
	return reply{Signature: signature, Authorization: authorization}
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
