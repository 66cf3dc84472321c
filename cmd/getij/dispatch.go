package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
	"github.com/getij/getij/internal/userfile"
)

func dispatchCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "dispatch [FILE]",
		Short: "Solve single charging sessions, JSON in and JSON out",
		Long: `Reads charging sessions as JSON (one object, an array, or one object a line) from
FILE or standard input and writes the cheapest schedule of each as one line of
JSON, in order. docs/dispatch.md describes both. A session whose end cannot be
reached is answered with status "infeasible"; input that is not a session stops
the command with exit status 2, after the answers before it.`,
		Example: `  getij dispatch session.json
  zcat sessions.jsonl.gz | getij dispatch > answers.jsonl`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := cmd.InOrStdin()
			if len(args) > 0 && args[0] != "-" {
				f, err := userfile.Open(cmd.Context(), args[0], userfile.MostStreamed)
				if err != nil {
					return stopped(&usageError{err}, nothingWritten)
				}
				defer f.Close()
				in = f
			}
			out := bufio.NewWriterSize(cmd.OutOrStdout(), 1<<16)
			answers, err := solveAll(cmd, in, out)
			if flushErr := out.Flush(); flushErr != nil {
				return fmt.Errorf("writing answers: %w", flushErr)
			}
			left := nothingWritten
			if answers > 0 {
				left = fmt.Sprintf("the answers to the first %d sessions were written", answers)
			}
			return stopped(err, left)
		},
	}
}

// solveAll answers one session after another and counts the answers.
func solveAll(cmd *cobra.Command, in io.Reader, out *bufio.Writer) (answers int, err error) {
	r := dispatchjson.NewReader(in)
	var solver dispatch.Solver
	var schedule dispatch.Schedule
	var line []byte
	for {
		p, err := r.Next()
		if err == io.EOF {
			if r.Count() == 0 {
				return 0, &usageError{errors.New("the input holds no session: a JSON object was expected (see docs/dispatch.md)")}
			}
			return answers, nil
		}
		if err != nil {
			return answers, err
		}
		err = solver.SolveContext(cmd.Context(), &p.Problem, &schedule)
		switch {
		case errors.As(err, new(*dispatch.InputError)):
			return answers, r.Refused(p, err)
		case err != nil && !errors.As(err, new(*dispatch.InfeasibleError)):
			return answers, err
		}
		line = dispatchjson.AppendAnswer(line[:0], p, &schedule, err)
		answers++
		if _, err := out.Write(line); err != nil {
			return answers, fmt.Errorf("writing answers: %w", err)
		}
		if err := cmd.Context().Err(); err != nil {
			return answers, err
		}
	}
}
