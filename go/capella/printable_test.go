package capella

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// TestEveryCharacter: every control and format character becomes a space, and no other character changes.
// tests/python/capella/test_printable.py has the same cases.
func TestEveryCharacter(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r <= 0xdfff {
			continue // no rune of a valid text
		}
		shown := oneLine(string(r))
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			if shown != " " {
				t.Errorf("%U is shown as %q", r, shown)
			}
		} else if shown != string(r) && (shown != " " || unicode.IsPrint(r)) {
			// The list has characters that later releases of Unicode define, and only these.
			t.Errorf("%U is shown as %q", r, shown)
		}
	}
}

// TestOneLine: a text at the limit is whole, a longer one is cut; unprintable characters become spaces.
func TestOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "",
		"abc":                           "abc",
		"é 漢字 \U0001f600":               "é 漢字 \U0001f600",
		"a\u00a0b\u3000c":               "a\u00a0b\u3000c",
		"\x00\t\n\x1b\x1f":              "     ",
		"a\u007fb\u0080c\u009fd\u00ade": "a b c d e",
		"\u061c\u200b\u200f\u2028\u202e\u2066\ufeff": "       ",
		"\U000e0041\U00013430\U0001d173":             "   ",
		"a\xffb\xc3":                                 "a\ufffdb\ufffd",
		strings.Repeat("é", maxMessage):              strings.Repeat("é", maxMessage),
		strings.Repeat("\n", maxMessage) + "a":       strings.Repeat(" ", maxMessage) + "...",
	} {
		if shown := shorten(text); shown != want {
			t.Errorf("%.20q is shown as %.20q, wants %.20q", text, shown, want)
		}
	}
}

// TestJSONText: an unprintable character is a \u escape, and every other one is printed as received.
func TestJSONText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a": 1}`:                       `{"a": 1}`,
		"{\n  \"é\": \"漢\U0001f600\"\n}": "{\n  \"é\": \"漢\U0001f600\"\n}",
		"\"\u007f\u0080\u009b\u00ad\"":   `"\u007f\u0080\u009b\u00ad"`,
		"\"\u202e\u2028\ufeff\"":         `"\u202e\u2028\ufeff"`,
		"\"\U000e0041\"":                 `"\udb40\udc41"`,
		`"\u202e\\\u001b"`:               `"\u202e\\\u001b"`,
		"{\"\u200b\": \"\\\\\u200b\"}":   `{"\u200b": "\\\u200b"}`,
	} {
		if printed := jsonText(json.RawMessage(text)); printed != want {
			t.Errorf("%s is printed as %s, wants %s", text, printed, want)
		}
	}
}

// TestJSONTextKeepsTheValue: JSON with every character parses to the same text.
func TestJSONTextKeepsTheValue(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for r := rune(0); r < 0x20000; r++ {
		all.WriteRune(r) // U+FFFD for half a surrogate pair
	}
	text, err := marshal(all.String() + "\U000e0001")
	if err != nil {
		t.Fatal(err)
	}
	var value string
	if err := json.Unmarshal([]byte(jsonText(text)), &value); err != nil || value != all.String()+"\U000e0001" {
		t.Errorf("the value changed: %v", err)
	}
}

// TestValid: each byte that is not UTF-8 becomes U+FFFD; every other character is kept.
func TestValid(t *testing.T) {
	t.Parallel()
	if got, want := valid("é\x1b\xc3\xed\xa0\x80\U0001f600"), "é\x1b\ufffd\ufffd\ufffd\ufffd\U0001f600"; got != want {
		t.Errorf("the text is %q, wants %q", got, want)
	}
}
