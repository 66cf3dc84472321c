package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

func runCommand() *cobra.Command {
	var out string
	var settings []string
	var asJSON, quiet bool
	var people populationFlags
	cmd := &cobra.Command{
		Use:   "run [STUDY.yaml]",
		Short: "Run a study and write its results and report",
		Long: `Runs a study, the built-in reference study without a file, and writes a folder of
results: tables, figures and a report to read (report.html). The folder appears
when everything is there; earlier results under that name are replaced. A folder that
holds anything else is refused, and so is one that another getij is writing: both are
said before the run begins.

Every assumption can be set on the command line; ` + "`getij init`" + ` lists them.

With --population every region gets homes of its own, as many as it has home charge points
that take part, or a share of them, instead of the average of the study's homes times a
count (docs/population.md). It writes tables by region as it goes, goes on with --resume
after it was stopped at any moment, and can be shared with --shard between machines, whose
work getij merge puts together, or with --on between whoever runs getij work. --out then may
also be an address in object storage, s3://BUCKET/NAME?region=REGION.`,
		Example: `  getij run
  getij run my-study/study.yaml --out results/my-study
  getij run --set charger.charge_kw=7.4 --set contracts.dynamic.net_metering=false --out results/7kw
  getij run --population 1% --case dynamic/v2g,dynamic_2027/v2g --years 2030,2050
  getij run --population --on nats://hub:4222 --out /shared/country`,
		Args: usage(cobra.MaximumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if args, err = people.takeShare(args); err != nil {
				return err
			}
			if len(args) > 1 {
				return &usageError{fmt.Errorf("one study file was expected, got %s (see %s --help)", strings.Join(args, ", "), cmd.CommandPath())}
			}
			var file string
			if len(args) > 0 {
				file = args[0]
			}
			s, err := assume.Load(file, settings)
			if err != nil {
				return err
			}
			if people.share != "" {
				return people.run(cmd.Context(), cmd.OutOrStdout(), s, out, quiet)
			}
			if out == "" {
				out = filepath.Join("results", s.Name)
			}
			place, err := result.Claim(out)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, place.Release()) }()
			bar := newProgress(quiet)
			bar.warn(study.BatterySeconds(s, true))
			r, err := runInto(cmd.Context(), place, s, bar)
			bar.clear()
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, r.Summary)
			}
			printSummary(cmd.OutOrStdout(), r)
			fmt.Fprintf(cmd.OutOrStdout(), "\nResults: %s\nReport:  %s\n", out, filepath.Join(out, "report.html"))
			if n := len(s.Variants()); n > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "Its %d variants: getij compare %s\n", n, file)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "result folder (default results/STUDY)")
	f.StringArrayVar(&settings, "set", nil, "set an assumption, KEY=VALUE; may be repeated")
	f.BoolVar(&asJSON, "json", false, "print summary.json instead of a table")
	f.BoolVarP(&quiet, "quiet", "q", false, "no progress")
	people.add(f)
	return cmd
}

func printSummary(w io.Writer, r *result.Result) {
	fmt.Fprintf(w, "%s: %d homes, %d, per home and year\n\n", r.Study.Name, r.Study.Homes, r.Study.Year)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "contract\tmode\t17-21 h\tlargest charge\tlargest discharge\tcharged\tdischarged\tcost\tsaving\t")
	fmt.Fprintln(t, "\t\tkW\tkW\tkW\tkWh\tkWh\tEUR\tEUR\t")
	for _, c := range r.Cases {
		s := c.Summary
		saving := "-"
		if s.SavingVsRegularEUR != nil {
			saving = fmt.Sprintf("%.0f", *s.SavingVsRegularEUR)
		}
		fmt.Fprintf(t, "%s\t%s\t%+.2f\t%.2f\t%.2f\t%.0f\t%.0f\t%.0f\t%s\t\n", s.Contract, s.Mode,
			s.EveningMeanKW, s.PeakChargeKW, s.PeakDischargeKW, s.ChargedKWh, s.DischargedKWh, s.TotalEUR(), saving)
	}
	t.Flush()
	fmt.Fprintln(w, "\n17-21 h: mean power in the evening peak, local time; negative is discharged, into the home or the grid.")
	fmt.Fprintln(w, "largest: of the means by month and quarter of the day.")
	for _, about := range []string{"headline", "pays"} {
		if text := r.Findings.Tell(about, "", "", false); text != "" {
			fmt.Fprintf(w, "\n%s\n", text)
		}
	}
	printPotential(w, r)
	for _, line := range r.Manifest.Notes {
		fmt.Fprintln(w, "Note: "+line)
	}
}

func printPotential(w io.Writer, r *result.Result) {
	for _, about := range []string{"regions", "band"} {
		if text := r.Findings.Tell(about, "", "", false); text != "" {
			fmt.Fprintf(w, "\n%s\n", text)
		}
	}
	fmt.Fprintf(w, "\n%s\n", r.PerPoint(false))
	if text := r.Largest(); text != "" {
		fmt.Fprintln(w, text)
	}
}
