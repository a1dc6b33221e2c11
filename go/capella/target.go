package capella

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Query is the query of a call, unencoded, in the order it is sent.
type Query [][2]string

// Target returns the request target of a call: every segment and every key and value of the query
// percent-encoded, upper-case, outside RFC 3986 unreserved, so that text stays one segment or one value
// whatever it holds. A segment that is empty, "." or ".." would make another call of this one: it is refused with
// an error of kind ErrInput, as is what is not UTF-8.
func Target(segments []string, query Query) (string, error) {
	var target strings.Builder
	for _, segment := range segments {
		if segment == "" || segment == "." || segment == ".." {
			return "", fmt.Errorf("%w: %q cannot stand in a path: give an id or a name", ErrInput, segment)
		}
		target.WriteString("/" + encode(segment))
	}
	separator := "?"
	for _, pair := range query {
		target.WriteString(separator + encode(pair[0]) + "=" + encode(pair[1]))
		separator = "&"
	}
	if plain, err := url.PathUnescape(target.String()); err != nil || !utf8.ValidString(plain) {
		return "", fmt.Errorf("%w: part of the path or the query is not UTF-8", ErrInput)
	}
	return target.String(), nil
}

// expand returns the target of a path such as /v2/clusters/{id}/users/{username}, each {name} replaced with
// the next value; one that is missing is refused like an empty one.
func expand(path string, values []string, query Query) (string, error) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = ""
			if len(values) > 0 {
				segments[i], values = values[0], values[1:]
			}
		}
	}
	return Target(segments, query)
}

// encode is stricter than url.PathEscape and url.QueryEscape, which keep some reserved characters and write + for a
// space.
func encode(text string) string {
	var encoded strings.Builder
	for _, c := range []byte(text) {
		if isUnreserved(c) {
			encoded.WriteByte(c)
		} else {
			fmt.Fprintf(&encoded, "%%%02X", c)
		}
	}
	return encoded.String()
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// locate returns a URL whose RequestURI is the target, byte for byte, below a base URL. A target that holds what
// RFC 3986 does not allow in a path or a query would be altered on its way and is refused with an error of
// kind ErrInput.
func locate(baseURL *url.URL, target string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") {
		return nil, fmt.Errorf("%w: target %.200q does not begin with a slash: give path and query, such as /v2/projects?page=2", ErrInput, target)
	}
	path, query, hasQuery := strings.Cut(target, "?")
	for _, part := range []string{path, strings.ReplaceAll(query, "?", "/")} { // a query may hold more of them
		if i := strings.IndexFunc(part, notPath); i >= 0 {
			character, _ := utf8.DecodeRuneInString(part[i:])
			return nil, fmt.Errorf("%w: target %.200q holds %q, which no URL may hold: percent-encode it", ErrInput, target, character)
		}
	}
	plain, err := url.PathUnescape(path)
	if err == nil {
		_, err = url.PathUnescape(query)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: target %.200q holds a %% that begins no percent-encoded byte: write it %%25", ErrInput, target)
	}
	return &url.URL{
		Scheme: baseURL.Scheme, Host: baseURL.Host,
		Path: plain, RawPath: path, RawQuery: query, ForceQuery: hasQuery,
	}, nil
}

// notPath says whether RFC 3986 keeps a character out of a path.
func notPath(r rune) bool {
	return r > '~' || !isUnreserved(byte(r)) && !strings.ContainsRune("/%!$&'()*+,;=:@", r)
}
