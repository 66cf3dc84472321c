package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/seriesfile"
)

// seriesKinds are the kinds of series that can be imported, with their own words.
var seriesKinds = []struct {
	kind                 dataset.Kind
	short, long, example string
}{
	{
		dataset.Prices, "Day-ahead prices: ENTSO-E, Energy-Charts, suppliers' JSON, price sites, plain CSV",
		`Reads day-ahead prices and writes utc_start,eur_per_mwh for data.prices of a study:
ENTSO-E's exports (CSV, XLSX) and API XML, Energy-Charts JSON, JSON of suppliers and
exchanges, tables of price sites (semicolons, decimal commas, EUR/kWh), plain CSV.
Hourly or quarter-hourly; the unit is told from the header, else from the size of the
numbers. Prices that no market has, or whose daily shape is shifted, are refused. See
docs/prices.md.`,
		`  getij import prices day_ahead_2024.csv --out prices.csv
  getij import prices 2024_*.xml --out prices.csv --strict`,
	},
	{
		dataset.Load, "Household load: MFFBAS and EDSN profiles, smart meters of one or many homes",
		`Reads household load and writes utc_start with a column for data.load (one series) or
data.meters (home_1, home_2, ...) of a study: MFFBAS standard profiles, EDSN
fractions, smart-meter series in Wh or kWh, register readings. Names of meters and
EANs are not written. See docs/load.md.`,
		`  getij import load standaardprofielen_2024.csv --out load.csv
  getij import load zonnedael.csv --out meters.csv`,
	},
	{
		dataset.Solar, "Solar output: NED, PVGIS, SolarEdge, inverters' apps, capacity factors",
		`Reads solar output and writes utc_start with a column for data.solar of a study: NED's
CSV and API JSON, PVGIS hourly output, JSON and tables of inverters, plain capacity
factors. Output at night, or more than panels give, is refused. See docs/solar.md.`,
		`  getij import solar ned_2024.csv --out solar.csv`,
	},
}

func importSeriesCommands() (out []*cobra.Command) {
	for _, k := range seriesKinds {
		out = append(out, importSeriesCommand(string(k.kind), k.kind, k.short, k.long, k.example))
	}
	return append(out, importSeriesCommand(meters, dataset.Load, "Load of many homes, in many files: a column for each home",
		`Reads files as import load does, and writes utc_start with a column for each home
(home_1, home_2, ... in the order of the files) for data.meters of a study. Every file
is a home of its own, or holds several; with --by-folder the files of a folder are one
home, such as its months. All homes that cannot be used are named at once. See
docs/load.md.`,
		`  getij import meters homes/*.csv --out meters.csv
  getij import meters homes/*/*.xlsx --by-folder --out meters.csv
  getij import meters research.csv --fill-gaps --leave-out home_3,home_17 --out meters.csv`))
}

// meters is the kind of file that data.meters names.
const meters = "meters"

const (
	// garbagePercent is how much garbage may stand beside what is in use.
	garbagePercent = 10
	// importMemory is what the collector aims at: the values of the most homes, 160 MB, and
	// little beside them. The program itself takes 20 to 30 MB more.
	importMemory = 160 << 20
)

func importSeriesCommand(name string, kind dataset.Kind, short, long, example string) *cobra.Command {
	var o seriesfile.Options
	var f importFlags
	byFolder := false
	cmd := &cobra.Command{
		Use: name + " FILE...", Short: short, Long: long, Example: example,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkOut("out", f.out, args); err != nil {
				return err
			}
			if o.Meters = seriesfile.Anyhow; name == meters {
				if o.Meters = seriesfile.PerFile; byFolder {
					o.Meters = seriesfile.PerFolder
				}
			}
			// Values of many homes live until they are written: there is little for the
			// collector to free, and waiting for as much garbage again doubles the memory.
			defer debug.SetGCPercent(debug.SetGCPercent(garbagePercent))
			defer debug.SetMemoryLimit(debug.SetMemoryLimit(importMemory))
			in, err := seriesfile.Read(cmd.Context(), kind, args, o)
			if err != nil {
				return stopped(&usageError{err}, nothingWritten)
			}
			key := "data." + name
			if kind == dataset.Load && len(in.Series) > 1 {
				key = "data.meters"
			}
			return f.finish(cmd, in.Report, key, func(path string) error { return seriesfile.WriteCSV(path, in) })
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.Format, "format", "", "force a format: "+strings.Join(seriesfile.Formats(kind), ", "))
	flags.StringVar(&o.Sheet, "sheet", "", "of an Excel workbook (default: those that are recognised)")
	flags.StringVar(&o.Column, "column", "", "value column, by its name in the header")
	flags.StringToStringVar(&o.Map, "map", nil, "columns of a table by what they are: "+strings.Join(seriesfile.Fields(), ", "))
	flags.StringVar(&o.DateOrder, "date-order", "", "of times such as 3/4/2024: dmy or mdy")
	flags.StringVar(&o.Decimal, "decimal", "", "what stands before decimals, where numbers such as 1.400 leave it open: point or comma")
	flags.StringVar(&o.Start, "start", "", "of rows without times: the first time, such as 2024-01-01T00:00+01:00; with --step")
	flags.IntVar(&o.Step, "step", 0, "of rows without times: 15, 30 or 60 minutes; with --start")
	flags.StringVar(&o.Unit, "unit", "", "unit of the values, when the file leaves it open")
	flags.StringVar(&o.Zone, "zone", "", "of times without an offset: local (Europe/Amsterdam), utc or utc+1")
	flags.BoolVar(&o.Implausible, "accept-implausible", false, "take values that no home, market or panel has, such as 20 kW, 9,000 EUR/MWh or sun at night")
	switch kind {
	case dataset.Prices:
		flags.StringVar(&o.Area, "area", "", "bidding zone, when the file has several (default NL)")
	case dataset.Load:
		flags.StringSliceVar(&o.LeaveOut, "leave-out", nil, "homes that are not written, such as home_3,home_17")
		if name == meters {
			flags.BoolVar(&byFolder, "by-folder", false, "the files of a folder are one home")
		}
		flags.BoolVar(&o.FeedIn, "feed-in", false, "what homes feed in, not what they take")
		flags.BoolVar(&o.SpreadDays, "spread-days", false, "make quarter-hours of values per day: each day as the standard profile E1A goes")
		flags.BoolVar(&o.FillGaps, "fill-gaps", false, "fill gaps of 2 hours to 14 days with the same hours of the week before, or after")
	}
	return cmd
}

// importFlags are those that every kind of import has.
type importFlags struct {
	out            string
	asJSON, strict bool
}

func (f *importFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "file to write (without one: only the report)")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "every mend is an error")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print the report as JSON")
}

// finish judges the report, writes the file and prints the report.
func (f *importFlags) finish(cmd *cobra.Command, rep *dataset.Report, key string, write func(path string) error) error {
	if f.strict {
		if err := rep.Strict(); err != nil {
			return &usageError{err}
		}
	}
	if f.out != "" {
		if err := write(f.out); err != nil {
			return err
		}
	}
	return f.print(cmd, rep, key)
}

func (f *importFlags) print(cmd *cobra.Command, rep *dataset.Report, key string) error {
	if f.asJSON {
		return printJSON(cmd, rep)
	}
	if err := rep.Text(cmd.OutOrStdout()); err != nil {
		return err
	}
	if f.out != "" {
		fmt.Fprintf(cmd.OutOrStdout(), "wrote %s; name it under %s in a study file\n", f.out, key)
	}
	return nil
}
