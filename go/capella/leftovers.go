package capella

import (
	"errors"
	"strings"
)

// Leftovers names what a workflow made before it went wrong, a Ctrl-C included.
type Leftovers struct{ made []string }

// Add names one more thing.
func (l *Leftovers) Add(kind, id string) { l.made = append(l.made, kind+" "+id) }

// Report puts what was made beside what went wrong; nil stays nil.
func (l *Leftovers) Report(err error) error {
	if err == nil || len(l.made) == 0 {
		return err
	}
	return &leftoversError{err, l.made}
}

type leftoversError struct {
	error
	made []string
}

func (e *leftoversError) Error() string { return e.error.Error() + leftBehind(e) }

func (e *leftoversError) Unwrap() error { return e.error }

func leftBehind(err error) string {
	var leftovers *leftoversError
	if errors.As(err, &leftovers) {
		return "; left behind: " + oneLine(strings.Join(leftovers.made, ", "))
	}
	return ""
}
