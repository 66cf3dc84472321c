package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/fetch"
)

func fetchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fetch WHAT",
		Short: "Download open data for a study: the CBS map, prices, solar output",
		Long: `Downloads official open data as its owner publishes it, for getij import to read.
It says what it asks of whom and under which licence, resumes where it broke off,
checks size and content, waits as long as it is asked to, and keeps what came in
your cache folder. Beside FILE it writes FILE.source.json: address, licence, time
and sha256. No other command of getij asks the network for anything.`,
		Example: `  getij fetch regions --year 2024
  getij fetch prices --year 2024 --out prices-2024.json
  ENTSOE_API_TOKEN=... getij fetch prices --year 2024 --source entsoe
  NED_API_KEY=... getij fetch solar --year 2024`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		fetchOneCommand("regions", "The national map of neighbourhoods (CBS, Kadaster), a GeoPackage", "getij import regions %s --out regions.gpkg"),
		fetchOneCommand("prices", "NL day-ahead prices of a year (Energy-Charts, or ENTSO-E with a token)", "getij import prices %s --out prices.csv"),
		fetchOneCommand("solar", "National solar output of a year (NED, with a key)", "getij import solar %s --out solar.csv"),
	)
	return cmd
}

func fetchOneCommand(what, short, next string) *cobra.Command {
	o := fetch.Options{What: what}
	var asJSON, noCache bool
	var env []string
	cmd := &cobra.Command{
		Use:     what,
		Short:   short,
		Example: fmt.Sprintf("  getij fetch %s --year 2024", what),
		Args:    usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			src, err := fetch.SourceOf(what, o.Source)
			if err != nil {
				return &usageError{err}
			}
			if src.TokenVariable != "" {
				o.Token = os.Getenv(src.TokenVariable)
			}
			if o.BaseURL == "" {
				o.BaseURL = os.Getenv(fetch.BaseVariable(what))
			}
			if noCache && o.Cache != "" {
				return &usageError{errors.New("--cache and --no-cache exclude each other: leave one out")}
			}
			if !noCache && o.Cache == "" {
				if o.Cache, err = fetch.DefaultCache(); err != nil {
					return &usageError{err}
				}
			}
			bar := newProgress(false)
			bar.line = fetchLine
			say := func(line string) { // above the bar
				bar.clear()
				fmt.Fprintln(cmd.ErrOrStderr(), line)
			}
			client := &fetch.Client{Say: say, Progress: bar.update64}
			r, err := client.Fetch(cmd.Context(), o)
			bar.clear()
			if errors.As(err, new(*fetch.InputError)) {
				return &usageError{err}
			}
			if err != nil {
				left := nothingWritten
				if !noCache {
					left = "no result was written; the cache keeps what came"
				}
				return stopped(err, left)
			}
			if asJSON {
				return printJSON(cmd, r)
			}
			return fetchText(cmd.OutOrStdout(), r, next)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Year, "year", 2024, "year")
	f.StringVarP(&o.Out, "out", "o", "", "file to write (default: a name by year, here)")
	if what == "prices" {
		f.StringVar(&o.Source, "source", "energy-charts", "energy-charts, or entsoe")
	}
	f.StringVar(&o.BaseURL, "base-url", "", "another address to ask, such as a mirror's (or in "+fetch.BaseVariable(what)+")")
	f.StringVar(&o.Cache, "cache", "", "folder that keeps downloads (default: getij/fetch in your cache folder)")
	f.BoolVar(&noCache, "no-cache", false, "keep and use no downloads")
	f.BoolVar(&o.Refresh, "refresh", false, "ask the source again, whatever is in the cache")
	f.BoolVar(&asJSON, "json", false, "print the report as JSON")
	for _, s := range fetch.Sources() {
		if s.What == what && s.TokenVariable != "" {
			env = append(env, fmt.Sprintf("%s reads its key from the environment variable %s.", s.Title, s.TokenVariable))
		}
	}
	cmd.Long = strings.Join(append([]string{short + "."}, env...), "\n")
	return cmd
}

func fetchText(w io.Writer, r *fetch.Result, next string) error {
	from := ""
	if r.FromCache {
		from = ", from the cache (fetched " + r.FetchedAt.Format("2006-01-02") + "; --refresh asks again)"
	}
	fmt.Fprintf(w, "wrote   %s (%s%s)\n", r.Path, r.Content, from)
	fmt.Fprintf(w, "source  %s\n", r.Owner)
	fmt.Fprintf(w, "licence %s\n        name as source: %s\n", r.Licence, r.Attribution)
	fmt.Fprintf(w, "record  %s\n", r.RecordPath)
	for _, n := range r.Notes {
		fmt.Fprintln(w, "note: "+n)
	}
	_, err := fmt.Fprintf(w, "next:   "+next+"\n", r.Path)
	return err
}
