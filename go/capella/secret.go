package capella

import (
	"fmt"
	"io"
)

const hidden = "[secret]"

// Secret holds text that is never shown: every verb of fmt, encoding/json, log/slog and every encoder that uses
// MarshalText show "[secret]". The text is inside a function, so reflection does not find it: a struct with a Secret,
// even in an unexported field, is safe too.
type Secret struct{ reveal func() string }

// NewSecret returns a secret that hides text.
func NewSecret(text string) Secret {
	return Secret{func() string { return text }}
}

// Reveal returns the text; empty for the zero Secret. Call it where the text is used, and store no copy.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// Format implements fmt.Formatter. It writes "[secret]" for every verb.
func (Secret) Format(state fmt.State, _ rune) { io.WriteString(state, hidden) }

// String implements fmt.Stringer. It returns "[secret]".
func (Secret) String() string { return hidden }

// MarshalText implements encoding.TextMarshaler. It returns "[secret]".
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
