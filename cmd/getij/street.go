package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/report"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
)

func streetCommand() *cobra.Command {
	var out, coordinate string
	var settings []string
	var contract, powers string
	var asked study.StreetAsked
	var quiet bool
	cmd := &cobra.Command{
		Use:   "street [STUDY.yaml]",
		Short: "Say whether a street's transformer or cable holds",
		Long: `Puts some of a study's homes behind one transformer or cable and says, for each
contract and way to charge, how high they load it in both directions when nobody minds
the others, how many hours a year that is beyond what it can carry, how many charge
points fit, and in which year of the outlook it first fails. Homes have loads of their
own (docs/street.md), streets are drawn many times: the range over them is p5 to p95.

Writes a folder with street.csv (a row per case and number of charge points),
street_years.csv (a row per case and year), street_duration.csv (the duration curve of the
middle street), street_day.csv (its worst days) and a page (street.html) with figures for
each contract. Settings are under ` + "`street:`" + ` in a study file.

With --coordinate the middle street is coordinated for one contract and way to charge: the
cheapest schedules that keep it within its capacity in both directions, with a bound on
what any such plan costs, and beside that what simple rules do (street_coordination.csv,
street_signal.csv, street_homes.csv).

With --powers the power of each home of the middle street, or of the drawn street --draw, is
written for the case --case: a row per quarter-hour and a column per home, kW, as power-flow
programs take it (docs/street.md). Earlier powers under that name are replaced, any other
file is refused.`,
		Example: `  getij street
  getij street my-study/study.yaml --set street.charge_point_share=0.5
  getij street --contract dynamic_2027 --set street.capacity_kva=100
  getij street --coordinate dynamic_2027/v2g
  getij street --powers powers.csv --case dynamic/v2g
  getij street --set street.region=GM0344 --set street.dwelling=terraced
  getij street --set street.homes=150 --set street.capacity_kva=250 --set street.solar_share=0.6`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			var file string
			if len(args) > 0 {
				file = args[0]
			}
			s, err := assume.Load(file, settings)
			if err != nil {
				return err
			}
			if err := only(s, contract); err != nil {
				return err
			}
			other := "" // what the study coordinates under a contract that was not asked for
			if c := s.Street.Coordinate; contract != "" && c != "" && !strings.HasPrefix(c, contract+"/") {
				other, s.Street.Coordinate = c, ""
			}
			if coordinate != "" {
				s.Street.Coordinate = coordinate
			}
			if out == "" {
				out = filepath.Join("results", s.Name+"-street")
			}
			if err := wantPowers(&asked, powers, out); err != nil {
				return err
			}
			place, err := result.Claim(out)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, place.Release()) }()
			bar := newProgress(quiet)
			found, err := streetInto(cmd.Context(), place, s, asked, bar)
			bar.clear()
			if err != nil {
				return err
			}
			printStreet(cmd.OutOrStdout(), found)
			fmt.Fprintf(cmd.OutOrStdout(), "\nResults: %s\nReport:  %s\n", out, filepath.Join(out, report.StreetPage))
			if other != "" && s.Street.Coordinate == "" {
				fmt.Fprintf(cmd.OutOrStdout(), "The study coordinates %s, which is of another contract: not computed\n", other)
			}
			if n := len(s.Variants()); n > 0 {
				fmt.Fprintf(cmd.OutOrStdout(), "Its %d variants are not computed: give what they set with --set\n", n)
			}
			if powers != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "Powers:  %s\n", powers)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "", "result folder (default results/STUDY-street)")
	f.StringVar(&contract, "contract", "", "only this contract of the study (default all)")
	f.StringVar(&powers, "powers", "", "write the power of each home of a street to this file, .csv or .parquet")
	f.StringVar(&asked.PowersCase, "case", "", "of --powers: contract and way to charge, CONTRACT/MODE")
	f.IntVar(&asked.Draw, "draw", 0, "of --powers: which of the drawn streets, from 1 (default the middle one)")
	f.StringVar(&coordinate, "coordinate", "", "coordinate the middle street within its capacity, CONTRACT/MODE (sets street.coordinate)")
	f.StringArrayVar(&settings, "set", nil, "set an assumption, KEY=VALUE; may be repeated")
	f.BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return cmd
}

// only leaves a study the contract of a name; all of them where none is given.
func only(s *assume.Study, name string) error {
	if name == "" {
		return nil
	}
	var names []string
	for i, c := range s.Contracts {
		if c.Name == name {
			s.Contracts, s.Potential.Contract = s.Contracts[i:i+1], name
			return nil
		}
		names = append(names, c.Name)
	}
	return &usageError{fmt.Errorf("--contract: the study has no contract %s: one of %s was expected", name, strings.Join(names, ", "))}
}

// wantPowers asks for the powers of a street's homes, to be written as soon as they are
// known. What cannot be written is told before the long work.
func wantPowers(asked *study.StreetAsked, file, out string) error {
	switch {
	case file == "" && (asked.PowersCase != "" || asked.Draw != 0):
		return &usageError{errors.New("--case and --draw say of which case and street --powers writes a file: name one with --powers")}
	case file == "":
		return nil
	case asked.PowersCase == "":
		return &usageError{errors.New("--powers needs --case CONTRACT/MODE, such as dynamic/v2g")}
	}
	if err := result.CheckPowersFile(file); err != nil {
		return &usageError{fmt.Errorf("--powers: %w", err)}
	}
	if folder, err := os.Stat(filepath.Dir(file)); err != nil || !folder.IsDir() {
		return &usageError{fmt.Errorf("--powers: %s: there is no folder %s", file, filepath.Dir(file))}
	}
	inside, err := within(file, out)
	if err != nil {
		return err
	}
	if inside {
		return &usageError{fmt.Errorf("--powers: %s is in the result folder, which is replaced as a whole: name a file beside it", file)}
	}
	asked.Powers = func(p *result.StreetPowers) error { return p.Write(file) }
	return nil
}

// within says whether a file is in a folder.
func within(file, folder string) (bool, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return false, err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return false, err
	}
	rel, err := filepath.Rel(folder, file)
	return err == nil && filepath.IsLocal(rel), nil
}

// streetInto computes a street into a place.
func streetInto(ctx context.Context, place *result.Place, s *assume.Study, asked study.StreetAsked, bar *progress) (*result.Street, error) {
	found, err := study.StreetWith(ctx, s, asked, bar.update)
	if err != nil {
		return nil, stopped(err, nothingWritten)
	}
	err = place.Write(func(dir string) error {
		bar.update("writing", 0, 0)
		if err := found.Write(dir, buildVersion()); err != nil {
			return err
		}
		bar.update("report", 0, 0)
		if err := report.WriteStreet(ctx, dir); err != nil {
			return err
		}
		return ctx.Err()
	})
	return found, stopped(err, nothingWritten)
}

// streetWords are what is told of: homes in a street, or vehicles of a fleet.
type streetWords struct{ this, these, member, members, points string }

func wordsOf(s *result.Street) streetWords {
	if s.Study.Fleet() {
		return streetWords{"fleet", "fleets", "vehicle", "vehicles", "vehicles"}
	}
	return streetWords{"street", "streets", "home", "homes", "charge points"}
}

func printStreet(w io.Writer, s *result.Street) {
	n := s.Study.Street.ChargePoints()
	of := wordsOf(s)
	fmt.Fprintf(w, "%s\n\n", s.Title())
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "contract\tmode\ttaken\tp5 to p95\tfed in\tp5 to p95\tbeyond, taken\tfed in\t"+of.these+" that hold\t"+of.points+" that fit\t")
	fmt.Fprintln(t, "\t\tkW\tkW\tkW\tkW\th\th\t%\t\t")
	for _, c := range s.Cases {
		r := c.At(n)
		fmt.Fprintf(t, "%s\t%s\t%.0f\t%.0f-%.0f\t%.0f\t%.0f-%.0f\t%.0f\t%.0f\t%.0f\t%s\t\n", c.Contract, c.Mode,
			r.PeakKW.P50, r.PeakKW.P5, r.PeakKW.P95, r.FeedInKW.P50, r.FeedInKW.P5, r.FeedInKW.P95, r.HoursBeyond.P50, r.HoursBeyondFeedIn.P50, 100*r.Holding, c.Fits())
	}
	t.Flush()
	fmt.Fprintln(w, "\ntaken, fed in: the "+of.this+"'s highest quarter-hour of the year, median of the drawn "+of.these+".")
	fmt.Fprintln(w, "beyond: hours of the year above what the "+of.this+" can carry, median.")
	fmt.Fprintln(w, "that fit: so many that 95 % of the "+of.these+" are never beyond it, with "+of.members+" drawn one after another.")
	printYears(w, s)
	fmt.Fprintf(w, "\n%s\n\n", s.Verdict())
	if s.Coordination != nil {
		printCoordination(w, s)
	}
	for _, line := range s.Manifest.Notes {
		fmt.Fprintln(w, "Note: "+line)
	}
}

// printYears says for how many hours each case is beyond the capacity over the years.
func printYears(w io.Writer, s *result.Street) {
	years := s.Milestones()
	if len(years) == 0 {
		return
	}
	of := wordsOf(s)
	fmt.Fprintf(w, "\nHours of the year beyond what the %s can carry, taken and fed in together, median, with what it has in each year:\n\n", of.this)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(first, second string, cell func(year int) string, last ...string) {
		fmt.Fprintf(t, "%s\t%s\t", first, second)
		for _, year := range years {
			fmt.Fprintf(t, "%s\t", cell(year))
		}
		fmt.Fprintf(t, "%s\n", strings.Join(append(last, ""), "\t"))
	}
	line("contract", "mode", strconv.Itoa, "fails from", "half from")
	line("", of.points, func(year int) string { return strconv.Itoa(s.Cases[0].In(year).ChargePoints) }, "", "")
	if len(s.Study.Street.SolarShares) > 0 {
		line("", "solar panels, %", func(year int) string { return fmt.Sprintf("%.0f", 100*s.Cases[0].In(year).Solar) }, "", "")
	}
	if len(s.Study.Street.HeatPumpShares) > 0 {
		line("", "heat pumps, %", func(year int) string { return fmt.Sprintf("%.0f", 100*s.Cases[0].In(year).HeatPump) }, "", "")
	}
	for _, c := range s.Cases {
		line(c.Contract, c.Mode.String(), func(year int) string {
			y := c.In(year)
			return fmt.Sprintf("%.0f", y.HoursBeyond.P50+y.HoursBeyondFeedIn.P50)
		}, s.Fails(c), s.HalfFail(c))
	}
	t.Flush()
	fmt.Fprintln(w, "\nfails from: the first year in which more than 5 % of the drawn "+of.these+" are ever beyond it; half: more than half of them.")
}

func printCoordination(w io.Writer, s *result.Street) {
	c := s.Coordination
	first, capacity := &c.Ways[0], s.Study.Street.CapacityKW()
	n := float64(len(first.CostEUR))
	of := wordsOf(s)
	fmt.Fprintf(w, "The middle %s, %s:\n\n", of.this, s.CaseName(c.Contract, c.Mode))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "way\tEUR a "+of.member+"\tmore than coordinated\ttaken, kW\tfed in, kW\tbeyond, taken, h\tfed in, h\t")
	for i := range c.Ways {
		x := &c.Ways[i]
		u := x.Use(capacity)
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", x.Name, x.Total()/n, (x.Total()-first.Total())/n, u.PeakKW, u.FeedInKW, u.HoursBeyond, u.HoursBeyondFeedIn)
	}
	t.Flush()
	fmt.Fprintln(w)
}
