package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"rest-api-examples/go/capella"
)

const signed = `"method":"GET","endpoint":"/v2/clouds","timestamp":"1614622252260","access_key":"A"`

const call = `"ask":"target","base_url":"http://127.0.0.1:8091/","path":["v2","a b"],"query":[["x","+"]]`

// TestReply: each kind of line gets its reply, or a line in the log.
func TestReply(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ line, wants string }{
		"the guide's example": {
			`{"id":"a",` + signed + `,"secret":"my secret key"}`,
			`{"id":"a","signature":"/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw=","authorization":"Bearer A:/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="}`,
		},
		"a surrogate pair":         {`{"id":"a",` + signed + `,"secret":"\ud83d\udd11"}`, `"signature":"tNyG+K+swrthUhPzlxbHkTHOaouHILux+I235PrKTVk="`},
		"an escaped backslash":     {`{"id":"a",` + signed + `,"secret":"\\ud83d"}`, `"signature":`},
		"a high half":              {`{"id":"a",` + signed + `,"secret":"\ud83d"}`, `"refused":"a string has half of a surrogate`},
		"a high half and an a":     {`{"id":"a",` + signed + `,"secret":"\ud83d\u0061"}`, `"refused":"a string has half of a surrogate`},
		"a high half, other text":  {`{"id":"a",` + signed + `,"secret":"\ud83d\\udd11"}`, `"refused":"a string has half of a surrogate`},
		"two high halves":          {`{"id":"a",` + signed + `,"secret":"\ud83d\ud83d\udd11"}`, `"refused":"a string has half of a surrogate`},
		"half a pair in a method":  {`{"id":"a","method":"\ud83d","endpoint":"/","timestamp":"1","secret":"s"}`, `"refused":"a string has half of a surrogate`},
		"half a pair in a target":  {`{"id":"a","method":"GET","endpoint":"/\udd11","timestamp":"1","secret":"s"}`, `"refused":"a string has half of a surrogate`},
		"half a pair in a key":     {`{"id":"a","method":"GET","endpoint":"/","timestamp":"1","secret":"s","access_key":"\ud83d"}`, `"refused":"a string has half of a surrogate`},
		"half a pair in a time":    {`{"id":"a","method":"GET","endpoint":"/","timestamp":"1\ud83d","secret":"s"}`, `"refused":"a string has half of a surrogate`},
		"a high half, then a pair": {`{"id":"a",` + signed + `,"secret":"\ud83d\ud83d\udd11"}`, `"refused":"a string has half of a surrogate`},
		"the lowest halves":        {`{"id":"a",` + signed + `,"secret":"\ud800\udc00"}`, `"signature":`},
		"the highest halves":       {`{"id":"a",` + signed + `,"secret":"\udbff\udfff"}`, `"signature":`},
		"no halves":                {`{"id":"a",` + signed + `,"secret":"\ud7ff\ue000"}`, `"signature":`},
		"the highest high half":    {`{"id":"a",` + signed + `,"secret":"\udbff"}`, `"refused":"a string has half of a surrogate`},
		"the highest low half":     {`{"id":"a",` + signed + `,"secret":"\udfff"}`, `"refused":"a string has half of a surrogate`},
		"a high half and \ue000":   {`{"id":"a",` + signed + `,"secret":"\ud83d\ue000"}`, `"refused":"a string has half of a surrogate`},
		"not UTF-8 in a secret":    {`{"id":"a",` + signed + ",\"secret\":\"\xff\"}", "log: line 1: not UTF-8"},
		"a low half":               {`{"id":"a",` + signed + `,"secret":"\uDD11"}`, `"refused":"a string has half of a surrogate`},
		"not signable":             {`{"id":"a",` + signed + `,"secret":""}`, `{"id":"a","refused":"`},
		"an empty access key":      {`{"id":"a",` + strings.Replace(signed, `"A"`, `""`, 1) + `,"secret":"s"}`, `"refused":`},
		"the default access key":   {`{"id":"a","method":"GET","endpoint":"/","timestamp":"1","secret":"s"}`, `"authorization":"Bearer A:`},
		"a field missing":          {`{"id":"a",` + signed + `}`, `"cannot":`},
		"a field without text":     {`{"id":"a",` + signed + `,"secret":1}`, `"cannot":`},
		"a target":                 {`{"id":"a",` + call + `}`, `{"id":"a","target":"/v2/a%20b?x=%2B"}`},
		"a refused segment":        {`{"id":"a",` + strings.Replace(call, "a b", "..", 1) + `}`, `"refused":"\"..\" cannot be a path segment`},
		"a refused base URL":       {`{"id":"a",` + strings.Replace(call, "http", "ftp", 1) + `}`, `"refused":"CBC_API_URL is not scheme`},
		"a pair of one":            {`{"id":"a",` + strings.Replace(call, `"x","+"`, `"x"`, 1) + `}`, `"cannot":"a part of the request has the wrong type"`},
		"a path that is no list":   {`{"id":"a","ask":"target","base_url":"http://127.0.0.1","path":"v2","query":[]}`, `"cannot":"a part of the request has the wrong type"`},
		"no query":                 {`{"id":"a","ask":"target","base_url":"http://127.0.0.1","path":["v2"],"query":null}`, `"cannot":"the request has no base_url, path or query"`},
		"half a pair in a path":    {`{"id":"a",` + strings.Replace(call, "a b", `\ud83d`, 1) + `}`, `"refused":"a string has half of a surrogate`},
		"settings":                 {`{"id":"a","ask":"settings","environment":{"ACCESS_KEY":"A"},"dotenv":"ACCESS_KEY='B'\nSECRET_KEY='s'\n"}`, `{"id":"a","base_url":"https://cloudapi.cloud.couchbase.com","access_key":"A","secret_key":"s"}`},
		"missing settings":         {`{"id":"a","ask":"settings","environment":{"SECRET_KEY":" canary"},"dotenv":null}`, `"names":["CBC_ACCESS_KEY","SECRET_KEY"]}`},
		"an unreadable file":       {`{"id":"a","ask":"settings","environment":{},"dotenv":"A='canary"}`, `"refused":"the .env file has a line that godotenv cannot read"}`},
		"no environment":           {`{"id":"a","ask":"settings"}`, `"cannot":"the request has no environment"`},
		"another question":         {`{"id":"a","ask":"verify"}`, `"cannot":"the request asks for something other than sign, target or settings"`},
		"a question that is null":  {`{"id":"a","ask":null,` + signed + `,"secret":"my secret key"}`, `"signature":"/cN4`},
		"no id":                    {`{` + signed + `}`, "log: line 1: no JSON object with an id"},
		"an id that is no string":  {`{"id":1,` + signed + `}`, "log: line 1: "},
		"no JSON":                  {`GET /v2/clouds`, "log: line 1: invalid character"},
		"not UTF-8":                {"{\"id\":\"\xff\"}", "log: line 1: not UTF-8"},
		"an array":                 {`["a"]`, "log: line 1: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, log strings.Builder
			log.WriteString("log: ")
			if err := run(strings.NewReader(test.line), &out, &log); err != nil {
				t.Fatal(err)
			}
			got := out.String()
			if strings.HasPrefix(test.wants, "log: ") {
				got = log.String() + got
			}
			if !strings.Contains(got, test.wants) {
				t.Errorf("the reply to %s\nis %swants %s", test.line, got, test.wants)
			}
		})
	}
}

// TestRunContinues: each line gets its reply, also a long line and a line after an invalid one.
func TestRunContinues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 1<<20)
	in := "nonsense\n{\"id\":\"a\"," + signed + ",\"secret\":\"" + long + "\"}\n{\"id\":\"b\"," + signed + ",\"secret\":\"s\"}"
	var out strings.Builder
	if err := run(strings.NewReader(in), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	got := strings.SplitAfter(out.String(), "\n")
	if len(got) != 3 || !strings.HasPrefix(got[0], `{"id":"a"`) || !strings.HasPrefix(got[1], `{"id":"b"`) || got[2] != "" {
		t.Errorf("the replies are %q", got)
	}
}

// TestRunFlushes: all replies are written before run waits for more input, such as the rest of a line.
func TestRunFlushes(t *testing.T) {
	t.Parallel()
	line := `{"id":"a",` + signed + `,"secret":"s"}` + "\n"
	dialog := &dialog{t: t, parts: []string{line, line + line[:9], line[9:], line + line + line}, wants: []int{0, 1, 2, 3, 6}}
	if err := run(dialog, dialog, io.Discard); err != nil {
		t.Fatal(err)
	}
	if len(dialog.wants) != 0 {
		t.Errorf("run stopped reading with %v left", dialog.wants)
	}
}

// dialog returns one part per Read, and checks the number of lines that were written before it.
type dialog struct {
	t       *testing.T
	parts   []string
	wants   []int
	replies int
}

func (d *dialog) Read(p []byte) (int, error) {
	if d.replies != d.wants[0] {
		d.t.Errorf("before a Read there are %d replies, want %d", d.replies, d.wants[0])
	}
	d.wants = d.wants[1:]
	if len(d.parts) == 0 {
		return 0, io.EOF
	}
	part := d.parts[0]
	d.parts = d.parts[1:]
	return copy(p, part), nil
}

func (d *dialog) Write(p []byte) (int, error) {
	d.replies += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

// FuzzReply: each line gets a signature or a reason, or an error.
func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"id":"a",` + signed + `,"secret":"my secret key"}`))
	f.Add([]byte(`{"id":"a","secret":"\ud83d`))
	f.Add([]byte(`{"id":"a","x":"\ud83d"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		reply, err := answerLine(line)
		if given := reply.Signature + reply.Target + reply.BaseURL; err == nil && (given == "") == (reply.Refused == "" && reply.Cannot == "") {
			t.Errorf("the reply to %q is %+v", line, reply)
		}
	})
}

// BenchmarkProtocol and BenchmarkBareJSON are a pair: a line through run, and decoding, signing and encoding the same
// JSON without it.
func BenchmarkProtocol(b *testing.B) {
	line := `{"id":"guide-example",` + signed + `,"secret":"my secret key"}` + "\n"
	b.ReportAllocs()
	if err := run(strings.NewReader(strings.Repeat(line, b.N)), io.Discard, io.Discard); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkBareJSON(b *testing.B) {
	line := []byte(`{"id":"guide-example",` + signed + `,"secret":"my secret key"}` + "\n")
	lines := bytes.Repeat(line, b.N)
	b.ReportAllocs()
	for len(lines) > 0 {
		end := bytes.IndexByte(lines, '\n') + 1
		var received struct {
			ID, Method, Endpoint, Timestamp, Secret string
			AccessKey                               string `json:"access_key"`
		}
		if err := json.Unmarshal(lines[:end], &received); err != nil {
			b.Fatal(err)
		}
		lines = lines[end:]
		signature, err := capella.Sign(received.Method, received.Endpoint, received.Timestamp, received.Secret)
		if err != nil {
			b.Fatal(err)
		}
		encoded, err := json.Marshal(reply{ID: received.ID, Signature: signature, Authorization: "Bearer " + received.AccessKey + ":" + signature})
		if err != nil {
			b.Fatal(err)
		}
		io.Discard.Write(encoded)
	}
}
