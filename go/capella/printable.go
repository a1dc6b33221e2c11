package capella

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// This file makes text from the network fit for a terminal; every other file prints such text through it.

// unprintable is the list of control and format characters. A control character can move the cursor or start an escape
// sequence, and a format character can change the direction of writing or hide text. They are the general categories
// Cc, Cf, Zl and Zp of Unicode 17. The lists of Python and Go depend on their releases, and both languages print the
// same.
var unprintable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0000, 0x001f, 1}, {0x007f, 0x009f, 1}, {0x00ad, 0x00ad, 1}, {0x0600, 0x0605, 1}, {0x061c, 0x061c, 1},
		{0x06dd, 0x06dd, 1}, {0x070f, 0x070f, 1}, {0x0890, 0x0891, 1}, {0x08e2, 0x08e2, 1}, {0x180e, 0x180e, 1},
		{0x200b, 0x200f, 1}, {0x2028, 0x202e, 1}, {0x2060, 0x206f, 1}, {0xfeff, 0xfeff, 1}, {0xfff9, 0xfffb, 1},
	},
	R32: []unicode.Range32{
		{0x110bd, 0x110bd, 1}, {0x110cd, 0x110cd, 1}, {0x13430, 0x1343f, 1}, {0x1bca0, 0x1bca3, 1},
		{0x1d173, 0x1d17a, 1}, {0xe0000, 0xe007f, 1},
	},
	LatinOffset: 3,
}

// maxMessage is the limit for untrusted text in an error message, in characters.
const maxMessage = 2000

// shorten returns text as one printable line of at most maxMessage characters and "...".
func shorten(text string) string {
	if characters := []rune(text); len(characters) > maxMessage {
		text = string(characters[:maxMessage]) + "..."
	}
	return oneLine(text)
}

// oneLine returns text as one printable line. Every control and format character becomes a space, and a byte that is
// not UTF-8 becomes U+FFFD.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unprintable, r) {
			return ' '
		}
		return r
	}, text)
}

// valid returns text as UTF-8: each byte that is not UTF-8 becomes U+FFFD.
func valid(text string) string { return string([]rune(text)) }

// jsonText returns a JSON text of the same value with \u escapes for control and format characters. Line breaks between
// its parts are kept.
func jsonText(text json.RawMessage) string {
	var escaped strings.Builder
	for _, r := range string(text) {
		if r == '\n' || !unicode.Is(unprintable, r) {
			escaped.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&escaped, `\u%04x`, unit)
		}
	}
	return escaped.String()
}
