package capella

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"
)

const passwordName = "CBC_DATABASE_PASSWORD"

// DatabasePassword returns the password a database user gets: CBC_DATABASE_PASSWORD, or what is typed at a
// prompt. The error is a *SettingsError when it is not set and there is no terminal to ask at, or nothing was typed,
// and the context's own when it ends first.
func DatabasePassword(ctx context.Context) (Secret, error) {
	password := os.Getenv(passwordName)
	if terminal := int(os.Stdin.Fd()); password == "" && term.IsTerminal(terminal) {
		typed, err := ask(ctx, terminal)
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

// ask reads what is typed without showing it. Reading cannot be interrupted: when the context ends, the terminal
// is put right and the reader left behind.
func ask(ctx context.Context, terminal int) (string, error) {
	state, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	fmt.Fprint(os.Stderr, "password of the database user: ")
	defer fmt.Fprintln(os.Stderr)
	typed := make(chan string, 1)
	go func() {
		password, _ := term.ReadPassword(terminal) // what cannot be read is nothing typed
		typed <- string(password)
	}()
	select {
	case password := <-typed:
		return password, nil
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(terminal, state))
	}
}
