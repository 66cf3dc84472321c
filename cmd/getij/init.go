package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/fetch"
)

// plainName is that of a folder which a study can have as it is.
var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,99}$`)

func initCommand() *cobra.Command {
	realYear := 0
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a study file with every assumption, its unit and its source",
		Long: `Writes study.yaml into DIR (the working directory without one): every assumption
with its unit, meaning and source as a comment. The study has the folder's name, where
that is a letter and then letters, digits, - and _. A file that is there already is left
alone.

With --real YEAR it first fetches the CBS map and the day-ahead prices of that year,
and the national solar output where the environment variable NED_API_KEY has a key of
NED; imports them; and writes a study that uses them. It prints the commands that do
this, which can be repeated one by one.`,
		Example: `  getij init my-study
  getij run my-study/study.yaml
  getij init --real 2024 my-study`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			path := filepath.Join(dir, "study.yaml")
			if _, err := os.Lstat(path); err == nil {
				return &usageError{fmt.Errorf("%s exists and is left as it is: remove it or name another folder", path)}
			}
			undo, err := durable.MakeFolder(dir)
			if err != nil {
				return err
			}
			defer func() {
				if err != nil {
					undo()
				}
			}()
			values := map[string]string{}
			if cmd.Flags().Changed("real") {
				if values, err = fetchReal(cmd, dir, realYear); err != nil {
					return err
				}
			}
			if name := filepath.Base(dir); plainName.MatchString(name) {
				values["study"] = name
			}
			if err := durable.WriteFile(path, func(w io.Writer) error { return assume.WriteTemplate(w, values) }); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s; run it with: getij run %s\n", path, path)
			return nil
		},
	}
	cmd.Flags().IntVar(&realYear, "real", 0, "fetch the CBS map, prices and solar output of this `year`, and use them")
	return cmd
}

// fetchReal fetches and imports what is open of a year into dir, by the commands that
// a user would give, and returns what a study there says to use it.
func fetchReal(cmd *cobra.Command, dir string, year int) (map[string]string, error) {
	values := map[string]string{"study": fmt.Sprintf("real-%d", year), "year": strconv.Itoa(year)}
	type download struct {
		src         fetch.Source
		file, clean string
	}
	var downloads []download
	for _, d := range []struct{ what, file, clean string }{
		{"regions", "wijkenbuurten_%d.gpkg", "regions_%d.gpkg"},
		{"prices", "prices_nl_%d.json", "prices_nl_%d.csv"},
		{"solar", "solar_nl_%d.json", "solar_nl_%d.csv"},
	} {
		src, err := fetch.SourceOf(d.what, "")
		if err != nil {
			return nil, err
		}
		if src.TokenVariable != "" && os.Getenv(src.TokenVariable) == "" {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: left as the built-in synthetic year, which does not follow the weather of %d: %s asks a key, free of charge; set %s (docs/fetch.md)\n", d.what, year, src.Title, src.TokenVariable)
			continue
		}
		// Before the map, which is large, comes for a year without prices.
		if err := src.CheckYear(year, time.Now()); err != nil {
			return nil, &usageError{fmt.Errorf("--real: %w", err)}
		}
		downloads = append(downloads, download{src, d.file, d.clean})
	}
	for _, d := range downloads {
		what := d.src.What
		raw, clean := filepath.Join(dir, fmt.Sprintf(d.file, year)), fmt.Sprintf(d.clean, year)
		if err := also(cmd, fetchCommand(), what, "--year", strconv.Itoa(year), "--out", raw); err != nil {
			return nil, err
		}
		if err := also(cmd, importCommand(), what, raw, "--out", filepath.Join(dir, clean)); err != nil {
			return nil, err
		}
		values["data."+what] = clean
	}
	return values, nil
}

// also gives another command, and shows it.
func also(cmd, other *cobra.Command, args ...string) error {
	fmt.Fprintf(cmd.ErrOrStderr(), "\n$ getij %s %s\n", other.Name(), strings.Join(args, " "))
	other.SilenceUsage, other.SilenceErrors = true, true
	other.SetOut(cmd.ErrOrStderr())
	other.SetErr(cmd.ErrOrStderr())
	other.SetArgs(args)
	if err := other.ExecuteContext(cmd.Context()); err != nil {
		if cmd.Context().Err() == context.Canceled {
			return err
		}
		return fmt.Errorf("%w (no study was written; what was fetched is kept, so that the same command goes on from here)", err)
	}
	return nil
}
