package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/bucket"
	"github.com/getij/getij/internal/crew"
)

func workCommand() *cobra.Command {
	var on string
	var at []string
	var atOnce int
	var idle time.Duration
	var quiet bool
	cmd := &cobra.Command{
		Use:   "work --on nats://HOST:PORT --at PLACE",
		Short: "Compute parts of populations that others ask for",
		Long: `Computes parts of populations for ` + "`getij run --population --on`" + `, which asks for them over
NATS (JetStream), as many at a time as this machine has processors. Start one on each machine
that is to help, at any time: it waits for a server that is not up yet. Stop it at any time:
others go on with its parts.

Parts are written where that run keeps its results: a folder under the same path on a disk
that all machines share, or object storage. --at says where that may be; what it does not name
is neither read nor written, whatever those ask for who may write to the NATS server. Parts of
another version of getij are left to workers of that version. A population that is kept
elsewhere, or of which this machine finds other input files, is refused, there and at the run,
and left to others. NATS_CREDS and NATS_CA name files with its credentials and authority, for
` + "`getij run`" + ` too.`,
		Example: `  nats-server -js                                        # once, on a machine that all can reach
  getij work --on nats://hub:4222 --at /shared           # on each machine that helps
  getij work --on nats://hub:4222 --at 's3://bucket?region=eu-west-1'
  getij run --population --on nats://hub:4222 --out /shared/country`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if on == "" {
				return &usageError{fmt.Errorf("--on was expected, with the address of a NATS server, such as nats://HOST:4222 (see %s --help)", cmd.CommandPath())}
			}
			if err := checkPlaces(at); err != nil {
				return &usageError{fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())}
			}
			if atOnce < 1 || idle < 0 {
				return &usageError{fmt.Errorf("--at-once is %d and --idle %s: at least one part, and a time that is not negative, were expected", atOnce, idle)}
			}
			q, err := crew.Await(cmd.Context(), on, buildVersion(), idle, notice)
			if err != nil {
				return stopped(populationError(err), "no part was begun")
			}
			defer q.Close()
			out := cmd.OutOrStdout()
			tell := func(text string) {
				if !quiet {
					fmt.Fprintln(out, time.Now().Format(time.TimeOnly)+" "+text)
				}
			}
			fmt.Fprintf(out, "Waiting for parts of populations from %s, %d at a time.\n", q.Address, atOnce)
			w := crew.Worker{Queue: q, Version: buildVersion(), At: at, AtOnce: atOnce, Idle: idle, Notice: notice, Tell: tell}
			return stopped(populationError(w.Run(cmd.Context())), "others go on with its parts")
		},
	}
	f := cmd.Flags()
	f.StringVar(&on, "on", "", "NATS server that hands parts out, such as nats://HOST:4222")
	f.StringArrayVar(&at, "at", nil, "folder, or address in object storage, where populations may be read and written, there and below; may be repeated")
	f.IntVar(&atOnce, "at-once", runtime.GOMAXPROCS(0), "parts to compute at a time")
	f.DurationVar(&idle, "idle", 0, "end after so long without anything to do, or without a server, such as 10m (default: never)")
	f.BoolVarP(&quiet, "quiet", "q", false, "no line for each part that was done")
	return cmd
}

// checkPlaces finds where a worker cannot read and write.
func checkPlaces(at []string) error {
	if len(at) == 0 {
		return errors.New("--at was expected, with where populations may be read and written: a folder that all machines share, such as /shared, or s3://BUCKET?region=REGION")
	}
	for _, place := range at {
		if bucket.IsAddress(place) {
			if err := bucket.Check(place); err != nil {
				return fmt.Errorf("--at %w", err)
			}
		} else if info, err := os.Stat(place); err != nil || !info.IsDir() {
			return fmt.Errorf("--at %s is no folder here: one that all machines share was expected, or s3://BUCKET?region=REGION", place)
		}
	}
	return nil
}
