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
	"syscall"
	"time"
)

// The exit codes of every example.
const (
	exitDone        = 0
	exitRefused     = 1   // the API or the network refused, or --timeout passed
	exitUsage       = 2   // wrong usage, settings missing or refused, or a target that cannot be sent
	exitInterrupted = 130 // Ctrl-C
)

// Run is the function of an example: it parses its arguments, calls the API, writes its result to out, and returns an
// error if it failed.
type Run func(ctx context.Context, args []string, out io.Writer) error

// Main runs an example and exits with its exit code: 0, 1, 2 or 130. Ctrl-C cancels the context. A second Ctrl-C kills
// the program, but not within a second of the first: what the example created is named first. A program that fails
// prints nothing on stdout.
func Main(run Run) {
	signal.Ignore(syscall.SIGPIPE) // a stream that is closed must not kill the program
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, stop) })
	os.Exit(execute(ctx, run, os.Args, os.Stdout, os.Stderr))
}

// execute runs an example and returns its exit code. It writes the result to out only if the example succeeds, and
// otherwise the created resources and the error to log.
func execute(ctx context.Context, run Run, args []string, out, log io.Writer) int {
	var result bytes.Buffer
	left := &leftovers{}
	err := run(withLeftovers(ctx, left), args[1:], &result)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		if _, err = out.Write(result.Bytes()); err == nil {
			return exitDone
		}
		left.report(log, io.Discard)
		if !errors.Is(err, syscall.EPIPE) { // the program that reads it ended, which is no error
			fmt.Fprintln(log, oneLine(filepath.Base(args[0])+": the result cannot be written: "+cause(err)))
		}
		return exitRefused
	}
	left.report(log, out)
	code, message := exitRefused, err.Error()
	var usage *UsageError
	var settings *SettingsError
	switch {
	case interrupted(ctx, err):
		code, message = exitInterrupted, "interrupted"
	case errors.As(err, &usage):
		code, message = exitUsage, message+" (--help shows the usage)"
	case errors.As(err, &settings), errors.Is(err, ErrInput):
		code = exitUsage
	}
	fmt.Fprintln(log, oneLine(filepath.Base(args[0])+": "+message))
	return code
}

// cause returns the system's text of an error, without the operation and the name of the file.
func cause(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number.Error()
	}
	return err.Error()
}

// interrupted says whether an error comes from a cancelled context; Ctrl-C cancels it.
func interrupted(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled)
}

// Command is the command line of an example. The flag package parses its options, which are --kebab-case and go before
// the positional arguments.
type Command struct {
	*flag.FlagSet
	positionals []string
	required    []string
}

// NewCommand returns the command line of an example, from its name, a sentence that says what it does, and the names of
// its positional arguments.
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

// Require makes options required.
func (c *Command) Require(names ...string) { c.required = names }

// Optional adds a text option whose value is nil if it is not given. Parse sets the returned value.
func (c *Command) Optional(name, usage string) **string {
	var value *string
	c.Func(name, usage, func(text string) error {
		value = &text
		return nil
	})
	return &value
}

// Texts adds a text option that may be repeated. Parse sets the returned values.
func (c *Command) Texts(name, usage string) *[]string {
	var values []string
	c.Func(name, usage+"; repeat for more", func(value string) error {
		values = append(values, value)
		return nil
	})
	return &values
}

// Parse parses the arguments. The error is a *UsageError if they are wrong. It is flag.ErrHelp if they contain -h or
// --help; the usage is then written to out.
func (c *Command) Parse(args []string, out io.Writer) error {
	var text bytes.Buffer
	c.SetOutput(&text)
	err := c.FlagSet.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		out.Write(text.Bytes()) // to memory; execute writes it to stdout and reports a failure
		return err
	}
	given := map[string]bool{}
	c.Visit(func(option *flag.Flag) { given[option.Name] = true })
	var problems []string
	if err != nil {
		problems = append(problems, twoDashes.Replace(err.Error()))
	} else {
		for _, name := range c.required {
			if !given[name] {
				problems = append(problems, "--"+name+" is missing")
			}
		}
		isOption := func(text string) bool { return strings.HasPrefix(text, "-") }
		switch late := slices.IndexFunc(c.Args(), isOption); {
		case c.NArg() == len(c.positionals):
		case late > 0 && len(c.positionals) > 0:
			problems = append(problems, fmt.Sprintf("%s comes after %s: write the options first", c.Arg(late), c.expected()))
		default:
			problems = append(problems, fmt.Sprintf("expected %s after the options, got %q", c.expected(), c.Args()))
		}
	}
	if problems == nil {
		return nil
	}
	return &UsageError{strings.Join(problems, "; ")}
}

// twoDashes writes options in flag's messages with two dashes, as the usage does. flag accepts one dash and two.
var twoDashes = strings.NewReplacer("not defined: -", "not defined: --", "argument: -", "argument: --", "for flag -", "for flag --")

// expected returns the names of the positional arguments.
func (c *Command) expected() string {
	if len(c.positionals) == 0 {
		return "no arguments"
	}
	return strings.Join(c.positionals, " ")
}

// describe writes an option and its description to the usage.
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
