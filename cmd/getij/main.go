// Command getij computes what electric cars that can discharge (V2G) could do
// for the grid. One file per subcommand: flags, wiring and exit codes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/assume"
)

// Exit codes of every command.
const (
	exitFailed     = 1
	exitWrongInput = 2
	exitInterrupt  = 130
)

func main() { os.Exit(run()) }

func run() int {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it; else a terminal that closes is Ctrl-C
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second Ctrl-C ends the program at once
	}()
	root := rootCommand()
	stderr := &printed{w: os.Stderr}
	root.SetOut(&printed{w: os.Stdout})
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		left := ""
		if s := new(stoppedError); errors.As(err, &s) {
			left = "; " + s.left
		}
		fmt.Fprintf(stderr, "getij: stopped%s\n", left)
		return exitInterrupt
	}
	fmt.Fprintf(stderr, "getij: %v\n", err)
	if cmd == root {
		return exitWrongInput // an unknown command
	}
	if wrongInput(err) {
		return exitWrongInput
	}
	return exitFailed
}

// helpColumns is how wide help is at the most.
const helpColumns = 100

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "getij",
		Short: "What electric cars that can discharge (V2G) could do for the grid",
		Long: `getij (Dutch for tide) computes how much of the evening peak electric cars at
home could carry when they can also discharge (V2G): exactly, for every quarter
of a year, on built-in reference data or on your own.

Start with:   getij run`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())}
	})
	root.AddCommand(runCommand(), workCommand(), mergeCommand(), compareCommand(), streetCommand(), serveCommand(), initCommand(), importCommand(), fetchCommand(), exportCommand(), reportCommand(), siteCommand(), dispatchCommand(), versionCommand())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", fmt.Sprintf(".FlagUsagesWrapped %d ", helpColumns)))
	return root
}

// stoppedError is the end of a command that was stopped, with what it leaves behind:
// only the command knows.
type stoppedError struct {
	err  error
	left string
}

func (e *stoppedError) Error() string { return e.err.Error() }

func (e *stoppedError) Unwrap() error { return e.err }

// stopped says what a command leaves, where err is that it was stopped.
func stopped(err error, left string) error {
	if errors.Is(err, context.Canceled) {
		return &stoppedError{err, left}
	}
	return err
}

const nothingWritten = "nothing was written"

// usageError is a mistake on the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// usage marks the errors of an argument check as the user's.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &usageError{fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())}
		}
		return nil
	}
}

func wrongInput(err error) bool {
	return errors.As(err, new(*usageError)) || errors.As(err, new(*assume.InputError)) ||
		errors.As(err, new(*dispatchjson.ReadError)) || errors.Is(err, fs.ErrNotExist)
}
