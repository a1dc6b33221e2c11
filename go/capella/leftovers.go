package capella

import (
	"errors"
	"strings"
)

// Leftovers lists the resources that a workflow created before it failed or was interrupted.
type Leftovers struct{ made []string }

// Add adds a created resource to the list: its kind, such as "cluster", and its id or name.
func (l *Leftovers) Add(kind, id string) { l.made = append(l.made, kind+" "+id) }

// Report returns an error that wraps err and names the created resources. It returns nil for nil.
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

// leftBehind returns the end of an error message that names the created resources; "" without resources.
func leftBehind(err error) string {
	var leftovers *leftoversError
	if errors.As(err, &leftovers) {
		return "; left behind: " + oneLine(strings.Join(leftovers.made, ", "))
	}
	return ""
}
