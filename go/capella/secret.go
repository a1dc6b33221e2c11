package capella

import (
	"fmt"
	"io"
)

const hidden = "[secret]"

// Secret holds text that must never be shown. Every formatting verb, %#v included, and every encoder that
// asks for text (encoding/json, log/slog) shows "[secret]" in its place. The text sits behind a function, where reflection
// does not reach it: a struct that holds a Secret, even in an unexported field, is as safe.
type Secret struct{ reveal func() string }

// NewSecret hides text.
func NewSecret(text string) Secret {
	return Secret{func() string { return text }}
}

// Reveal returns the text, empty for the zero Secret. Call it where the text is used and keep no copy.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Format implements fmt.Formatter.
func (Secret) Format(state fmt.State, _ rune) { io.WriteString(state, hidden) }

// String implements fmt.Stringer.
func (Secret) String() string { return hidden }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
