package capella

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// clockTolerance is how far two clocks may differ before the error of a 401 names them. The API documents no limit; a
// slow network does not explain more than a minute.
const clockTolerance = time.Minute

// maxDepth limits arrays and objects inside each other. Python's decoder cannot decode 1000, and both clients refuse
// the same responses.
const maxDepth = 500

// Response is the response to a request that succeeded.
type Response struct {
	// Status is the HTTP status code, 2xx; 404 for a DELETE whose earlier attempt got no response.
	Status int `json:"status"`
	// Location is the Location header, which is never followed; empty if it was absent.
	Location string `json:"location,omitempty"`
	// Body is the JSON as received; nil if the body was empty.
	Body json.RawMessage `json:"body"`

	method, endpoint string // of the request, for errors
}

// Field returns the text or number at a path of names in the body, as text. If the body has neither there, or if the text
// is empty, the error is an *UnexpectedResponseError.
func (r *Response) Field(names ...string) (string, error) {
	body := r.Body
	for _, name := range names {
		var object map[string]json.RawMessage
		_ = json.Unmarshal(body, &object) // anything but an object has no names
		body = object[name]
	}
	var text string
	if json.Unmarshal(body, &text) == nil && text != "" {
		return text, nil
	}
	if len(body) > 0 && strings.IndexByte("-0123456789", body[0]) >= 0 {
		return string(body), nil
	}
	return "", r.unexpected("the response has no " + strings.Join(names, "."))
}

// NewID returns the id of a created resource: the last segment of Location, or the "id" in the body. If there is
// neither, the error is an *UnexpectedResponseError. Its message contains Location, so that the resource can be found.
func (r *Response) NewID() (string, error) {
	if id := lastSegment(r.Location); id != "" {
		return id, nil
	}
	id, err := r.Field("id")
	if err != nil && r.Location != "" {
		err = r.unexpected("the response has no id, and its Location has none: " + r.Location)
	}
	return id, err
}

// lastSegment returns the decoded last segment of the path in a Location; "" if it cannot be an id. It does not use
// url.Parse, which splits malformed URLs in another way than Python's urllib.
func lastSegment(location string) string {
	path := location
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if scheme := schemeOf.FindString(path); scheme != "" {
		path = path[len(scheme):]
		if !strings.HasPrefix(path, "/") { // mailto:x has no segments
			return ""
		}
	}
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	path = strings.TrimRight(path, "/")
	id, err := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:])
	if err != nil || id == "." || id == ".." || strings.ContainsRune(id, utf8.RuneError) {
		return ""
	}
	return id
}

var schemeOf = regexp.MustCompile("^[A-Za-z][A-Za-z0-9+.-]*:")

// WithBody returns a response with a value as its body.
func (r *Response) WithBody(value any) (*Response, error) {
	body, err := marshal(value)
	with := *r
	with.Body = body
	return &with, err
}

// unexpected returns the error for a success that is not a valid response of the operation.
func (r *Response) unexpected(reason string) error {
	return &UnexpectedResponseError{ResponseError{Status: r.Status, Message: reason, Method: r.method, Endpoint: r.endpoint}, r.Location}
}

// readResponse returns the response to a request, or its *ResponseError. now is the local time.
func readResponse(method, endpoint string, received *http.Response, body []byte, now time.Time) (*Response, error) {
	if received.StatusCode/100 != 2 {
		return nil, responseError(method, endpoint, received, body, now)
	}
	if isBlank(body) {
		body = nil // encoding/json writes null for it
	}
	response := &Response{Status: received.StatusCode, Location: valid(received.Header.Get("Location")), Body: body, method: method, endpoint: endpoint}
	kind := strings.ToLower(mediaType(received.Header))
	switch {
	case len(body) > maxBody:
		return nil, response.unexpected(fmt.Sprintf("the response is larger than %d MB", maxBody>>20))
	case len(body) > 0 && !(isJSON(body) && (kind == "application/json" || strings.HasSuffix(kind, "+json"))):
		return nil, response.unexpected(notTheAPI(received.Header))
	}
	return response, nil
}

// responseError returns the error for a response whose status is not 2xx.
func responseError(method, endpoint string, received *http.Response, body []byte, now time.Time) error {
	failure := ResponseError{Status: received.StatusCode, Method: method, Endpoint: endpoint}
	unexpected := true
	var envelope map[string]json.RawMessage
	switch {
	case failure.Status < http.StatusBadRequest:
		failure.Message = "a redirect is not followed, because the signature is valid for one request target only"
	case !isBlank(body) && !isJSON(body):
		failure.Message = notTheAPI(received.Header)
	default:
		unexpected = false
		_ = json.Unmarshal(body, &envelope) // a body that is not the API's error envelope has no message
		failure.ErrorType = oneLine(textOf(envelope["errorType"]))
		failure.Message = oneLine(cmp.Or(textOf(envelope["message"]), reasonPhrase(received), "no reason given"))
	}
	if failure.Status == http.StatusUnauthorized {
		failure.Message += signedTexts(received.Header) + clocks(received.Header, now)
	}
	if unexpected {
		return &UnexpectedResponseError{ResponseError: failure}
	}
	return failure.withKind()
}

// textOf returns the text in a JSON string; empty text for anything else.
func textOf(raw json.RawMessage) (text string) {
	_ = json.Unmarshal(raw, &text)
	return text
}

// reasonPhrase returns the text after the status code, such as "Not Found".
func reasonPhrase(received *http.Response) string {
	return strings.TrimSpace(strings.TrimPrefix(received.Status, strconv.Itoa(received.StatusCode)))
}

// signedTexts returns the text that was signed and the text expected; a mock sends them with a 401, percent-encoded.
func signedTexts(header http.Header) string {
	var shown strings.Builder
	for _, each := range [][2]string{{"signed", "X-Mock-Signed"}, {"expected", "X-Mock-Message"}} {
		if text := header.Get(each[1]); text != "" {
			shown.WriteString("; text " + each[0] + ": " + visible(percentDecoded(text)))
		}
	}
	return shown.String()
}

// percentDecoded returns a text without its percent-encoding. A percent sign without two hexadecimal digits stays.
func percentDecoded(text string) string {
	return percentEncoded.ReplaceAllStringFunc(text, func(triplet string) string {
		value, _ := strconv.ParseUint(triplet[1:], 16, 8) // two hexadecimal digits
		return string([]byte{byte(value)})
	})
}

var percentEncoded = regexp.MustCompile("%[0-9A-Fa-f]{2}")

// visible returns a text as printable ASCII: a newline is \n, a byte that is not printable \xNN.
func visible(text string) string {
	var shown strings.Builder
	for _, b := range []byte(text) {
		switch {
		case escapes[b] != "":
			shown.WriteString(escapes[b])
		case b < 0x20 || b > 0x7E:
			fmt.Fprintf(&shown, `\x%02X`, b)
		default:
			shown.WriteByte(b)
		}
	}
	return shown.String()
}

var escapes = map[byte]string{'\n': `\n`, '\r': `\r`, '\t': `\t`, '\\': `\\`}

// clocks returns both times if the server's Date is more than clockTolerance away; the API refuses old signatures.
func clocks(header http.Header, now time.Time) string {
	server, err := http.ParseTime(header.Get("Date"))
	if err != nil || now.Sub(server).Abs() <= clockTolerance {
		return ""
	}
	difference, direction := now.Sub(server).Truncate(time.Second), "ahead"
	if difference < 0 {
		difference, direction = -difference, "behind"
	}
	return fmt.Sprintf("; the local clock reads %s UTC, the server's %s UTC: set the local clock, which is %s %s",
		now.UTC().Format(time.DateTime), server.UTC().Format(time.DateTime), hoursOf(difference), direction)
}

// hoursOf returns a duration as Python writes it: "0:01:02", "1 day, 0:00:00", "2 days, 3:04:05".
func hoursOf(duration time.Duration) string {
	seconds := int(duration.Seconds())
	text := fmt.Sprintf("%d:%02d:%02d", seconds/3600%24, seconds/60%60, seconds%60)
	switch days := seconds / 86400; days {
	case 0:
		return text
	case 1:
		return "1 day, " + text
	default:
		return fmt.Sprintf("%d days, %s", days, text)
	}
}

// notTheAPI describes a body that is not the API's JSON. It does not quote the body: a gateway may return the request's
// headers in it.
func notTheAPI(header http.Header) string {
	kind := mediaType(header)
	if strings.ToLower(kind) == "application/json" {
		kind = "malformed JSON"
	}
	return cmp.Or(oneLine(kind), "an unknown media type") + " instead of the API's JSON: a proxy or a gateway responded, or CBC_API_URL is not the API"
}

// mediaType returns the media type of a response as received; "" without one.
func mediaType(header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return strings.Trim(kind, " \t")
}

// isBlank says whether a body is empty, or only white space.
func isBlank(body []byte) bool { return len(bytes.Trim(body, " \t\r\n\v\f")) == 0 }

// isJSON says whether a body is JSON that is not nested deeper than maxDepth. json.Valid alone accepts bytes that are
// not UTF-8.
func isJSON(body []byte) bool { return utf8.Valid(body) && json.Valid(body) && depth(body) <= maxDepth }

// depth returns how many arrays and objects are inside each other in valid JSON.
func depth(body []byte) int {
	open, deepest, text := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case text && c == '\\':
			i++ // the escaped character
		case c == '"':
			text = !text
		case text:
		case c == '[' || c == '{':
			open++
			deepest = max(deepest, open)
		case c == ']' || c == '}':
			open--
		}
	}
	return deepest
}
