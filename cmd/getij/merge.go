package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/bucket"
	"github.com/getij/getij/internal/crew"
	"github.com/getij/getij/internal/population"
)

func mergeCommand() *cobra.Command {
	var out string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Put the shards of a population together",
		Long: `Puts the parts of a population together that shards of ` + "`getij run --population`" + ` wrote, into
one folder or several, and adds them up to provincies and the country. The result has the
same bytes as that of one program that was never stopped.

Folders of different populations are refused, with what differs, and so is a population of
which parts are missing, with which: nothing is written then.`,
		Example: `  getij merge results/country
  getij merge node1/country node2/country --out results/country
  getij merge 's3://bucket/country?region=eu-west-1' --out results/country`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			to := out
			switch {
			case to != "":
			case len(args) == 1:
				to = args[0]
			default:
				return &usageError{errors.New("several folders are merged into another: --out DIR was expected")}
			}
			if bucket.IsAddress(args[0]) && len(args) == 1 {
				return mergeStored(cmd, args[0], to, quiet)
			}
			for _, dir := range append(args, to) {
				if bucket.IsAddress(dir) {
					return &usageError{fmt.Errorf("%s: a population in object storage is merged alone: getij merge ADDRESS, with --out DIR into a folder", dir)}
				}
			}
			for _, dir := range args {
				if !population.Exists(dir) {
					return &usageError{fmt.Errorf("%s holds no population: a folder that getij run --population wrote was expected", dir)}
				}
			}
			bar := newProgress(quiet)
			return merged(cmd, bar, to, func(ctx context.Context) (*population.Folder, error) {
				return population.Merge(ctx, args, to)
			})
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "folder for the whole population (default: the only one that is named)")
	f.BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return cmd
}

// mergeStored adds up a population in object storage, there or in a folder.
func mergeStored(cmd *cobra.Command, address, to string, quiet bool) (err error) {
	if to != address && bucket.IsAddress(to) {
		return &usageError{fmt.Errorf("--out is %s: a folder was expected, or none, which adds up in %s itself", to, address)}
	}
	bar := newProgress(quiet)
	ctx := cmd.Context()
	place, err := crew.At(ctx, address, bar.notice)
	if err != nil {
		return populationError(err)
	}
	defer func() { err = errors.Join(err, place.Release()) }()
	if exists, err := place.Exists(ctx); err != nil {
		return err
	} else if !exists {
		return &usageError{fmt.Errorf("%s holds no population: what getij run --population wrote was expected", address)}
	}
	if to == address {
		return merged(cmd, bar, "", place.Open)
	}
	return merged(cmd, bar, to, func(ctx context.Context) (*population.Folder, error) {
		folder, err := place.Open(ctx)
		if err != nil {
			return nil, err
		}
		return folder.BringTo(ctx, to)
	})
}

// merged brings parts together, where no other program does so in that folder, and adds
// them up; in object storage a name is written once, whoever is first.
func merged(cmd *cobra.Command, bar *progress, dir string, bring func(context.Context) (*population.Folder, error)) (err error) {
	if dir != "" {
		lock, e := claimShard(dir, population.Shard{Number: 1, Of: 1})
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	defer bar.clear()
	bar.update("merging", 0, 0)
	folder, err := bring(cmd.Context())
	if err != nil {
		return stopped(populationError(err), "merge again to go on")
	}
	return finishPopulation(cmd.Context(), cmd.OutOrStdout(), folder, bar)
}
