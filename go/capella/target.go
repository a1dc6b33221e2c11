package capella

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Query is the query of a request: pairs of key and value, unencoded, in the order in which they are sent.
type Query [][2]string

// Target returns the request target for unencoded path segments and query pairs, in their order. Every byte outside RFC
// 3986 "unreserved" is percent-encoded, in upper case. The error is of kind ErrInput if a segment is empty, "." or "..",
// which libraries and servers remove, or if a text is not valid UTF-8.
func Target(segments []string, query Query) (string, error) {
	var target strings.Builder
	for _, segment := range segments {
		if segment == "" || segment == "." || segment == ".." {
			return "", refuse("%q cannot be a path segment: give an id or a name", segment)
		}
		target.WriteString("/" + encode(segment))
	}
	separator := "?"
	for _, pair := range query {
		target.WriteString(separator + encode(pair[0]) + "=" + encode(pair[1]))
		separator = "&"
	}
	if plain, err := url.PathUnescape(target.String()); err != nil || !utf8.ValidString(plain) {
		return "", refuse("part of the path or the query is not valid UTF-8: copy it again")
	}
	return target.String(), nil
}

// expand returns the request target for a path template such as /v2/clusters/{id}/users/{username}. The values replace
// the names in braces, in their order. The error is of kind ErrInput as for Target, and if there are fewer values than
// names, or more.
func expand(template string, values []string, query Query) (string, error) {
	segments := strings.Split(strings.TrimPrefix(template, "/"), "/")
	names := 0
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			if names < len(values) {
				segments[i] = values[names]
			}
			names++
		}
	}
	if names != len(values) {
		return "", refuse("%s has %d names in braces, and %d values were given", template, names, len(values))
	}
	return Target(segments, query)
}

// encode returns text percent-encoded. url.PathEscape keeps some reserved characters, and url.QueryEscape writes + for a
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

// locate returns the URL below a base URL whose RequestURI is the target, byte for byte. The error is of kind ErrInput
// if the target has a character that RFC 3986 does not allow in a path or a query: it could not be sent as written.
func locate(baseURL *url.URL, target string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") {
		return nil, refuse("the target %.200q does not begin with a slash: give path and query, such as /v2/projects?page=2", target)
	}
	path, query, hasQuery := strings.Cut(target, "?")
	for _, part := range []string{path, strings.ReplaceAll(query, "?", "/")} { // a query may contain more question marks
		if i := strings.IndexFunc(part, notPath); i >= 0 {
			character, _ := utf8.DecodeRuneInString(part[i:])
			return nil, refuse("the target %.200q contains %q, which RFC 3986 does not allow: percent-encode it", target, character)
		}
	}
	plain, err := url.PathUnescape(path)
	if err == nil {
		_, err = url.PathUnescape(query)
	}
	if err != nil {
		return nil, refuse("the target %.200q contains a %% without two hexadecimal digits after it: write it %%25", target)
	}
	return &url.URL{
		Scheme: baseURL.Scheme, Host: baseURL.Host,
		Path: plain, RawPath: path, RawQuery: query, ForceQuery: hasQuery,
	}, nil
}

// notPath returns true for a character that RFC 3986 forbids in a path.
func notPath(r rune) bool {
	return r > '~' || !isUnreserved(byte(r)) && !strings.ContainsRune("/%!$&'()*+,;=:@", r)
}
