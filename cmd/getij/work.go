package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/crew"
	"github.com/getij/getij/internal/queue"
)

func workCommand() *cobra.Command {
	var on string
	var atOnce int
	var idle time.Duration
	cmd := &cobra.Command{
		Use:   "work --on nats://HOST:PORT",
		Short: "Compute parts of populations that others ask for",
		Long: `Computes parts of populations for ` + "`getij run --population --on`" + `, which asks for them over
NATS (JetStream), as many at a time as this machine has processors. Start one on each machine
that is to help, at any time; stop it at any time: others go on with its parts.

Parts are written where that run keeps its results: a folder under the same path on a disk
that all machines share, or object storage. A worker of another version of getij, or one that
finds other input files than the run, refuses and ends with exit code 2; after any other code
but 0 it may be started again. NATS_CREDS and NATS_CA name files with its credentials and
authority, for ` + "`getij run`" + ` too.`,
		Example: `  nats-server -js                                        # once, on a machine that all can reach
  getij work --on nats://hub:4222                        # on each machine that helps
  getij run --population --on nats://hub:4222 --out /shared/country`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if on == "" {
				return &usageError{fmt.Errorf("--on was expected, with the address of a NATS server, such as nats://HOST:4222 (see %s --help)", cmd.CommandPath())}
			}
			if atOnce < 1 || idle < 0 {
				return &usageError{fmt.Errorf("--at-once is %d and --idle %s: at least one part, and a time that is not negative, were expected", atOnce, idle)}
			}
			q, err := queue.Open(cmd.Context(), on)
			if err != nil {
				return populationError(err)
			}
			defer q.Close()
			fmt.Fprintf(cmd.OutOrStdout(), "Waiting for parts of populations from %s, %d at a time.\n", q.Address, atOnce)
			w := crew.Worker{Queue: q, Version: buildVersion(), AtOnce: atOnce, Idle: idle, Notice: notice}
			return stopped(populationError(w.Run(cmd.Context())), "others go on with its parts")
		},
	}
	f := cmd.Flags()
	f.StringVar(&on, "on", "", "NATS server that hands parts out, such as nats://HOST:4222")
	f.IntVar(&atOnce, "at-once", runtime.GOMAXPROCS(0), "parts to compute at a time")
	f.DurationVar(&idle, "idle", 0, "end after so long without anything to do, such as 10m (default: never)")
	return cmd
}
