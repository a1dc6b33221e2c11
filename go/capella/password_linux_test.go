package capella

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/term"
)

// skip skips the test, and fails it in CI, where nothing may be missing.
func skip(t *testing.T, format string, err error) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, err)
	}
	t.Skipf(format, err)
}

// openTerminal returns both ends of a pseudo-terminal: text written to the first end is typed at the second.
func openTerminal(t *testing.T) (keyboard, terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		skip(t, "this machine has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { keyboard.Close() })
	var number, locked uint32
	for request, value := range map[uintptr]*uint32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &locked} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, keyboard.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
			t.Fatal(errno)
		}
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		skip(t, "the pseudo-terminal cannot be opened: %v", err)
	}
	t.Cleanup(func() { terminal.Close() })
	return keyboard, terminal
}

// TestPromptedPassword: a typed password is returned and not shown. Nothing typed is a missing setting.
func TestPromptedPassword(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{canarySecret + "\n": canarySecret, "\n": ""} {
		keyboard, terminal := openTerminal(t)
		if _, err := keyboard.WriteString(typed); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		var shown strings.Builder
		password, err := databasePassword(ctx, "", int(terminal.Fd()), &shown)
		var missing *SettingsError
		if password.Reveal() != want || (want == "") != errors.As(err, &missing) || want != "" && err != nil {
			t.Errorf("%q typed: the password is %q, %v", typed, password.Reveal(), err)
		}
		if shown.String() != "password of the database user: \n" {
			t.Errorf("%q is shown", shown.String())
		}
	}
	_, terminal := openTerminal(t)
	var shown strings.Builder
	if password, err := databasePassword(t.Context(), "set", int(terminal.Fd()), &shown); err != nil || password.Reveal() != "set" || shown.Len() > 0 {
		t.Errorf("with CBC_DATABASE_PASSWORD the password is %q, %v, shown is %q", password.Reveal(), err, &shown)
	}
}

// TestPromptEndsWithItsContext: a cancelled context ends the prompt at once and restores the terminal.
func TestPromptEndsWithItsContext(t *testing.T) {
	t.Parallel()
	keyboard, terminal := openTerminal(t)
	before, err := term.GetState(int(terminal.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	password, err := databasePassword(ctx, "", int(terminal.Fd()), &strings.Builder{})
	if password.Reveal() != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("the password is %q, %v", password.Reveal(), err)
	}
	after, err := term.GetState(int(terminal.Fd()))
	if err != nil || *after != *before {
		t.Errorf("the terminal's state is %v, %v, wants %v", after, err, before)
	}
	if _, err := keyboard.WriteString("\n"); err != nil { // ends the goroutine that reads
		t.Error(err)
	}
}

// TestPromptWithoutTerminal: a file that is not a terminal is an error.
func TestPromptWithoutTerminal(t *testing.T) {
	t.Parallel()
	if password, err := prompt(t.Context(), -1, &strings.Builder{}); password != "" || err == nil {
		t.Errorf("the password is %q, %v", password, err)
	}
}
