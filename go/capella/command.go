package capella

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// The exit codes of every example.
const (
	exitDone        = 0
	exitRefused     = 1   // the API or the network said no, or the time to wait was over
	exitUsage       = 2   // wrong usage, settings missing or refused, a target that cannot be sent
	exitInterrupted = 130 // Ctrl-C
)

// UsageError says what is wrong with a command line.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

// Run is an example: it takes its arguments, writes its result, and returns what went wrong.
type Run func(ctx context.Context, args []string, out io.Writer) error

// Main runs an example and exits with its exit code. Ctrl-C cancels the context; a second one kills.
func Main(run Run) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	os.Exit(execute(ctx, run, os.Args, os.Stdout, os.Stderr))
}

// execute runs an example and says on log what went wrong. The result is written when there is nothing left that
// could go wrong.
func execute(ctx context.Context, run Run, args []string, out, log io.Writer) int {
	var result bytes.Buffer
	err := run(ctx, args[1:], &result)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		_, err = out.Write(result.Bytes())
	}
	if err == nil {
		return exitDone
	}
	code, message := exitRefused, err.Error()
	var usage *UsageError
	var settings *SettingsError
	switch {
	case interrupted(ctx, err):
		code, message = exitInterrupted, "interrupted"+leftBehind(err)
	case errors.As(err, &usage):
		code, message = exitUsage, message+" (--help shows the usage)"
	case errors.As(err, &settings), errors.Is(err, ErrInput):
		code = exitUsage
	}
	fmt.Fprintf(log, "%s: %s\n", filepath.Base(args[0]), message)
	return code
}

// Command is the command line of an example: options by the flag package, each --kebab-case and written before
// the positional arguments.
type Command struct {
	*flag.FlagSet
	positionals []string
	required    []string
}

// NewCommand returns the command line of an example: its name, one sentence on what it does, and the names of its
// positional arguments.
func NewCommand(name, summary string, positionals ...string) *Command {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	command := &Command{FlagSet: flags, positionals: positionals}
	flags.Usage = func() {
		words := append([]string{"Usage:", name, "[--OPTION ...]"}, positionals...)
		fmt.Fprintf(flags.Output(), "%s\n\n%s\n", strings.Join(words, " "), summary)
		flags.VisitAll(command.describe)
		fmt.Fprintln(flags.Output())
	}
	return command
}

// Require names options that must be given.
func (c *Command) Require(names ...string) { c.required = names }

// Optional adds an option of text that is nil unless it is given: an empty text is sent, too.
func (c *Command) Optional(name, usage string) **string {
	var value *string
	c.Func(name, usage, func(text string) error {
		value = &text
		return nil
	})
	return &value
}

// Texts adds an option of text that may be repeated.
func (c *Command) Texts(name, usage string) *[]string {
	var values []string
	c.Func(name, usage+"; repeat for more", func(value string) error {
		values = append(values, value)
		return nil
	})
	return &values
}

// Parse reads the arguments. A *UsageError says in one line what is wrong with them; flag.ErrHelp, after
// the usage was written to out, that it was asked for.
func (c *Command) Parse(args []string, out io.Writer) error {
	var text bytes.Buffer
	c.SetOutput(&text)
	err := c.FlagSet.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		out.Write(text.Bytes()) // into memory: execute reports what goes wrong there
		return err
	}
	given := map[string]bool{}
	c.Visit(func(option *flag.Flag) { given[option.Name] = true })
	var complaints []string
	if err != nil {
		complaints = append(complaints, twoDashes.Replace(err.Error()))
	} else {
		for _, name := range c.required {
			if !given[name] {
				complaints = append(complaints, "--"+name+" is missing")
			}
		}
		isOption := func(text string) bool { return strings.HasPrefix(text, "-") }
		switch late := slices.IndexFunc(c.Args(), isOption); {
		case c.NArg() == len(c.positionals):
		case late > 0 && len(c.positionals) > 0:
			complaints = append(complaints, fmt.Sprintf("options go before %s: %s comes too late", c.wants(), c.Arg(late)))
		default:
			complaints = append(complaints, fmt.Sprintf("wants %s behind the options, got %q", c.wants(), c.Args()))
		}
	}
	if complaints == nil {
		return nil
	}
	return &UsageError{strings.Join(complaints, "; ")}
}

// twoDashes writes options as we do; package flag takes both.
var twoDashes = strings.NewReplacer("not defined: -", "not defined: --", "argument: -", "argument: --", "for flag -", "for flag --")

func (c *Command) wants() string {
	if len(c.positionals) == 0 {
		return "nothing"
	}
	return strings.Join(c.positionals, " ")
}

func (c *Command) describe(option *flag.Flag) {
	kind, usage := flag.UnquoteUsage(option)
	switch {
	case slices.Contains(c.required, option.Name):
		usage += " (required)"
	case option.DefValue != "" && option.DefValue != "false":
		usage += fmt.Sprintf(" (%s if left out)", option.DefValue)
	}
	fmt.Fprintf(c.Output(), "\n  %s\n        %s", strings.TrimSpace("--"+option.Name+" "+kind), usage)
}
