package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/foreign/sessionfile"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

func importSessionsCommand() *cobra.Command {
	var o sessionfile.Options
	var f importFlags
	var fit, mends string
	cmd := &cobra.Command{
		Use:   "sessions FILE...",
		Short: "Charging sessions: OCPI CDRs and Sessions, evcc, Trondheim, tables of your own",
		Long: `Reads charging sessions and writes user_id,arrival_local,departure_local,energy_kwh for
data.sessions of a study: OCPI 2.2.1 CDRs and Sessions (JSON: arrays, answers with
"data", JSON Lines), evcc's sessions, the Trondheim charging reports, and any table or
JSON list with a row per session, whose columns are recognised by name or named with
--map. Files of any size are streamed. Tokens, contracts and EANs are not written:
users become numbers.
Overlapping, empty and impossible sessions are mended or left out, and listed.
See docs/sessions.md.`,
		Example: `  getij import sessions cdrs_2024.json --out sessions.csv
  getij import sessions cdrs_2024.json --locations 'NL-HOME-*' --out sessions.csv
  getij import sessions export.csv --out sessions.csv \
    --map arrival=StartTime,departure=EndTime,energy=Volume,user=Card
  getij import sessions trondheim.csv --only user_type=Private --out sessions.csv --fit fit.svg`,
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if fit != "" {
				if f.out == "" {
					return &usageError{errors.New("--fit needs --out: the sampler is fitted to the file that is written")}
				}
				if end := strings.ToLower(filepath.Ext(fit)); end != ".svg" && end != ".png" {
					return &usageError{fmt.Errorf("--fit %s: a file that ends in .svg or .png was expected", fit)}
				}
			}
			if err := errors.Join(checkOut("out", f.out, args), checkOut("fit", fit, append(args, f.out)), checkOut("mends", mends, append(args, f.out, fit))); err != nil {
				return err
			}
			if f.out != "" {
				o.TempDir = filepath.Dir(f.out)
			}
			p := newProgress(f.asJSON)
			o.Progress = func(done, total int64) { p.update("reading sessions", int(done>>10), int(total>>10)) }
			in, err := sessionfile.Read(cmd.Context(), args, o)
			p.clear()
			if err != nil {
				return stopped(cmp.Or(cmd.Context().Err(), error(&usageError{err})), nothingWritten)
			}
			left := nothingWritten
			defer func() {
				if closing := in.Close(); err == nil {
					err = closing
				}
			}()
			if mends != "" {
				if err := in.WriteMends(cmd.Context(), mends); err != nil {
					return stopped(err, left)
				}
				left = mends + " was written, nothing else"
			}
			var notFitted error // said below the report
			err = f.finish(cmd, in.Report, "data.sessions", func(path string) error {
				if err := in.WriteCSV(cmd.Context(), path); err != nil || fit == "" {
					return stopped(err, left)
				}
				notFitted = stopped(drawFit(cmd.Context(), path, fit, in.Report), path+" was written, "+fit+" was not")
				return nil
			})
			return errors.Join(err, notFitted)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&mends, "mends", "", "file to write with every mend and its place (the report lists the first 10 of a kind): file,row,what")
	cmd.Flags().StringVar(&fit, "fit", "", "fit a sampler (data.sessions_as: fitted) and draw it against the data: a file .svg or .png")
	flags := cmd.Flags()
	flags.StringVar(&o.Format, "format", "", "force a format: "+strings.Join(sessionfile.Formats(), ", "))
	flags.StringToStringVar(&o.Map, "map", nil, "columns of a table by field: "+strings.Join(sessionfile.Fields(), ", "))
	flags.StringToStringVar(&o.Only, "only", nil, "rows of a table with this value in this column, such as user_type=Private")
	flags.StringVar(&o.DateOrder, "date-order", "", "of times such as 3/4/2024: dmy or mdy")
	flags.StringVar(&o.Zone, "zone", "", "of times without an offset: local (Europe/Amsterdam), utc or utc+1")
	flags.StringVar(&o.Unit, "unit", "", "of the energy in a table, when the file leaves it open: kwh or wh")
	flags.StringVar(&o.Users, "users", "", "who is a user: contract (default), token or charger of OCPI; file: each file is one")
	flags.StringVar(&o.Home, "home", "", "CDRs of home chargers (home_charging_compensation): auto (default: only those, if any say so), only, all")
	flags.StringSliceVar(&o.Locations, "locations", nil, "keep sessions at these locations or EVSEs only, by id or name; * stands for any text")
	flags.Float64Var(&o.MaxKW, "max-kw", sessionfile.DefaultMaxKW, fmt.Sprintf("sessions of more mean power are impossible (%g kW is three phases of 32 A)", sessionfile.DefaultMaxKW))
	flags.BoolVar(&o.Implausible, "accept-implausible", false, "take sessions of which many have more power or energy than homes and cars; each of them is left out")
	return cmd
}

// mostFitted bounds the memory of a fit: 100 bytes a session.
const mostFitted = 2_000_000

// drawFit fits a sampler to a plain file, draws it against the file and reports
// the distances.
func drawFit(ctx context.Context, sessions, path string, rep *dataset.Report) error {
	records, _, err := dataset.ReadSessions(ctx, sessions)
	if err != nil {
		return err
	}
	if len(records) > mostFitted {
		return &usageError{fmt.Errorf("%s has %d sessions: for --fit at most %d were expected, choose some with --locations or --only", sessions, len(records), mostFitted)}
	}
	fitted, err := session.Fit(records)
	if err != nil {
		return &usageError{err}
	}
	c, err := fitted.Compare(records, series.NewYear(records[len(records)-1].Arrive.Year()))
	if err != nil {
		return &usageError{err}
	}
	rep.Facts = append(rep.Facts, dataset.Fact{Name: "fitted sampler: users that homes take after", Value: float64(c.Users)})
	for _, m := range c.Measures {
		rep.Facts = append(rep.Facts, dataset.Fact{Name: "fitted sampler, distance from the data: " + strings.ToLower(m.Name), Value: math.Round(m.Distance*1e4) / 1e4})
	}
	scene, err := chart.SessionsFit(c, chart.Choice{}).Scene(figure.Frame{})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if strings.EqualFold(filepath.Ext(path), ".png") {
		err = scene.PNG(&b, 2)
	} else {
		err = scene.SVG(&b)
	}
	if err != nil {
		return err
	}
	return durable.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}
