package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

func compareCommand() *cobra.Command {
	var out string
	var settings []string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "compare STUDY.yaml [STUDY.yaml ...]",
		Short: "Run the same homes through several studies, side by side",
		Long: `Runs the same homes through every study that is named, and through the variants that
each has under ` + "`variants:`" + `, and writes one folder: a table (variants.csv) of what each
contract and way to charge costs a home and what it does to the highest power of the
street, which it prints too, and a page (compare.html) with a figure that sets the two
against each other. Regions are left out.

A variant has a name, and under it the keys of the study that it changes:

  variants:
    net metering: {contracts.dynamic.rules: 2026-12-31}
    small charger: {charger: {charge_kw: 3.7, discharge_kw: 3.7}}

All must have the same homes and seed. What is the same in several is computed once.`,
		Example: `  getij compare my-study/study.yaml
  getij compare now.yaml later.yaml --out results/later
  getij compare now.yaml later.yaml --set homes=20`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			var studies []*assume.Study
			for _, file := range args {
				s, err := assume.Load(file, settings)
				if err != nil {
					return err
				}
				studies = append(append(studies, s), s.Variants()...)
			}
			if len(studies) < 2 {
				return &usageError{fmt.Errorf("%s has no variants, and one study is nothing to compare: add `variants:` to it, or name a second study (see getij compare --help)", args[0])}
			}
			if out == "" {
				out = filepath.Join("results", studies[0].Name+"-compared")
			}
			place, err := result.Claim(out)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, place.Release()) }()
			bar := newProgress(quiet)
			seconds := 0.0
			for _, s := range studies {
				seconds += study.BatterySeconds(s, false)
			}
			bar.warn(seconds)
			c, err := compareInto(cmd.Context(), place, studies, bar)
			bar.clear()
			if err != nil {
				return err
			}
			printComparison(cmd.OutOrStdout(), c)
			fmt.Fprintf(cmd.OutOrStdout(), "\nResults: %s\nReport:  %s\n", out, filepath.Join(out, report.ComparePage))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "result folder (default results/STUDY-compared)")
	f.StringArrayVar(&settings, "set", nil, "set an assumption of every study, KEY=VALUE; may be repeated; variants go over it")
	f.BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return cmd
}

// compareInto compares studies into a place.
func compareInto(ctx context.Context, place *result.Place, studies []*assume.Study, bar *progress) (*result.Comparison, error) {
	c, err := study.Compare(ctx, studies, bar.update)
	if err != nil {
		return nil, stopped(err, nothingWritten)
	}
	err = place.Write(func(dir string) error {
		bar.update("writing", 0, 0)
		if err := c.Write(dir, buildVersion()); err != nil {
			return err
		}
		bar.update("report", 0, 0)
		if err := report.WriteComparison(ctx, dir); err != nil {
			return err
		}
		return ctx.Err()
	})
	return c, stopped(err, nothingWritten)
}

// printRewards says what paying for being plugged in buys, where a study does.
func printRewards(w io.Writer, c *result.Comparison) {
	if !c.Rewarded() {
		return
	}
	fmt.Fprintln(w, "\nWhat a reward for being plugged in costs, and per kW by which it lowers the mean winter evening of the first study:")
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "variant\tcontract\tmode\tat the plug\treward\tper kW\t")
	fmt.Fprintln(t, "\t\t\t%\tEUR\tEUR\t")
	for _, v := range c.Cases {
		per := "-"
		if eur := c.RewardEURPerKW(v); !math.IsNaN(eur) {
			per = fmt.Sprintf("%.0f", eur)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.0f\t%.0f\t%s\t\n", v.Variant, v.Contract, v.Mode, 100*v.PluggedInShare, v.PlugInRewardEUR, per)
	}
	t.Flush()
}

func printComparison(w io.Writer, c *result.Comparison) {
	first := c.Studies[0]
	fmt.Fprintf(w, "%d studies of the same %d homes, per home and year\n\n", len(c.Studies), first.Homes)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "variant\tcontract\tmode\tcost\tsaving\twinter 17-21 h\tevening peak\tnight peak\tyear's peak\tdischarged\t")
	fmt.Fprintln(t, "\t\t\tEUR\tEUR\tkW\tkW\tkW\tkW\tkWh\t")
	for _, v := range c.Cases {
		saving := "-"
		if !math.IsNaN(v.SavingEUR) {
			saving = fmt.Sprintf("%.0f", v.SavingEUR)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.0f\t%s\t%+.2f\t%.2f\t%.2f\t%.2f\t%.0f\t\n", v.Variant, v.Contract, v.Mode,
			v.TotalEUR(), saving, v.WinterEveningMeanKW, v.EveningPeakKW, v.NightPeakKW, v.YearPeakKW, v.DischargedKWh)
	}
	t.Flush()
	fmt.Fprintln(w, "\nwinter 17-21 h: the cars' mean power, November to February; negative is discharged, into the home or the grid.")
	fmt.Fprintln(w, "peaks: the year's highest quarter-hour of the mean of all homes, cars included: 17-21 h, 21-7 h, all hours.")
	printRewards(w, c)
	if text := c.Finding(); text != "" {
		fmt.Fprintf(w, "\n%s\n\n", text)
	}
	for _, line := range c.Manifest.Notes {
		fmt.Fprintln(w, "Note: "+line)
	}
}
