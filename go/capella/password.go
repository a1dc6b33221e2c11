package capella

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

const passwordName = "CBC_DATABASE_PASSWORD"

// DatabasePassword returns the password for a database user: CBC_DATABASE_PASSWORD, or the text typed at a prompt. The
// error is a *SettingsError if the variable is not set, and there is no terminal or nothing was typed. It is the
// context's error if the context ends first.
func DatabasePassword(ctx context.Context) (Secret, error) {
	return databasePassword(ctx, os.Getenv(passwordName), int(os.Stdin.Fd()), os.Stderr)
}

func databasePassword(ctx context.Context, password string, terminal int, shown io.Writer) (Secret, error) {
	if password == "" && term.IsTerminal(terminal) {
		typed, err := prompt(ctx, terminal, shown)
		if err != nil {
			return Secret{}, err
		}
		password = typed
	}
	if password == "" {
		return Secret{}, &SettingsError{Missing: []string{passwordName}}
	}
	return NewSecret(password), nil
}

// prompt returns the text typed at a terminal, without showing it. Nothing can interrupt the goroutine that reads: if the
// context ends, prompt restores the terminal and returns without that goroutine.
func prompt(ctx context.Context, terminal int, shown io.Writer) (string, error) {
	state, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	fmt.Fprint(shown, "password of the database user: ")
	defer fmt.Fprintln(shown)
	typed := make(chan string, 1)
	go func() {
		password, _ := term.ReadPassword(terminal) // a failure counts as nothing typed
		typed <- string(password)
	}()
	select {
	case password := <-typed:
		return password, nil
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(terminal, state))
	}
}
