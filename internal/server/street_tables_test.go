package server_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/server"
	"github.com/getij/getij/internal/study"
)

// csvTable is a table of a folder by its columns.
type csvTable struct {
	t       *testing.T
	name    string
	columns map[string][]string
	rows    []int // that are looked at
}

func readTable(t *testing.T, dir, name string) *csvTable {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := &csvTable{t: t, name: name, columns: map[string][]string{}}
	for i, row := range rows[1:] {
		for k, column := range rows[0] {
			out.columns[column] = append(out.columns[column], row[k])
		}
		out.rows = append(out.rows, i)
	}
	return out
}

// where are the rows with a text in a column.
func (c *csvTable) where(column string, is func(string) bool) *csvTable {
	out := *c
	out.rows = slices.DeleteFunc(slices.Clone(c.rows), func(i int) bool { return !is(c.columns[column][i]) })
	return &out
}

func (c *csvTable) of(mode string) *csvTable {
	return c.where("mode", func(s string) bool { return s == mode })
}

func (c *csvTable) on(date string) *csvTable {
	return c.where("utc_start", func(s string) bool {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			c.t.Fatal(err)
		}
		return at.In(series.Amsterdam()).Format(time.DateOnly) == date
	})
}

func (c *csvTable) numbers(column string) (out []float64) {
	c.t.Helper()
	if c.columns[column] == nil {
		c.t.Fatalf("%s.csv has no column %s", c.name, column)
	}
	for _, i := range c.rows {
		v, err := strconv.ParseFloat(c.columns[column][i], 64)
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// holds says where a page's numbers are not those of a column, to the digits of both.
func (c *csvTable) holds(column string, shown ...float64) {
	c.t.Helper()
	want := c.numbers(column)
	if len(want) == 0 || len(shown) != len(want) {
		c.t.Errorf("%s of %s.csv has %d rows, the page %d", column, c.name, len(want), len(shown))
		return
	}
	for i, v := range shown {
		if !(math.Abs(v-want[i]) <= 6e-4+1e-6*math.Abs(v)) {
			c.t.Errorf("%s of %s.csv, row %d: %g, the page has %g", column, c.name, i+1, want[i], v)
			return
		}
	}
}

func floats(whole []int) (out []float64) {
	for _, n := range whole {
		out = append(out, float64(n))
	}
	return out
}

// Every number that the Street page is made of is in the tables that `getij street` writes
// for the same settings, as docs/street.md lists them.
func TestEveryNumberOfAStreetIsInTheTablesOfTheCommandLine(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	w := askStreet(t, shared(t), "street", `{"settings":`+smallStreet+`,"contract":"dynamic","coordinate":"v2g"}`)
	var a server.StreetAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var settings map[string]json.RawMessage
	if err := json.Unmarshal([]byte(smallStreet), &settings); err != nil {
		t.Fatal(err)
	}
	st, err := f.Study.With(settings)
	if err != nil {
		t.Fatal(err)
	}
	st.Contracts = slices.DeleteFunc(st.Contracts, func(c assume.Contract) bool { return c.Name != "dynamic" })
	st.Street.Coordinate = "dynamic/v2g"
	r, err := study.Street(t.Context(), st, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := r.Write(dir, result.Version{Version: "test"}); err != nil {
		t.Fatal(err)
	}

	spread := func(table *csvTable, name string, s server.StreetSpread) {
		t.Helper()
		table.holds(name+"_p5", s.P5...)
		table.holds(name+"_p50", s.P50...)
		table.holds(name+"_p95", s.P95...)
	}
	growth, years, duration, days := readTable(t, dir, "street"), readTable(t, dir, "street_years"), readTable(t, dir, "street_duration"), readTable(t, dir, "street_day")
	for i := range a.Cases {
		c := &a.Cases[i]
		g := growth.of(c.Mode)
		g.holds("charge_points", floats(c.ChargePoints)...)
		spread(g, "peak_kw", c.PeakKW)
		spread(g, "feed_in_peak_kw", c.FeedInKW)
		spread(g, "hours_beyond", c.Hours)
		spread(g, "hours_beyond_feed_in", c.HoursFeedIn)
		g.holds("streets_holding", c.Holding...)
		if fit := g.numbers("charge_points_that_fit"); fit[0] != float64(c.Fit) {
			t.Errorf("%s: %g charge points fit, the page says %d", c.Mode, fit[0], c.Fit)
		}
		y := years.of(c.Mode)
		y.holds("year", floats(c.Years.Year)...)
		y.holds("charge_points", floats(c.Years.ChargePoints)...)
		y.holds("solar_share", c.Years.SolarShare...)
		y.holds("heat_pump_share", c.Years.HeatPumps...)
		spread(y, "peak_kw", c.Years.PeakKW)
		spread(y, "feed_in_peak_kw", c.Years.FeedInKW)
		taken, fed, fails := y.numbers("hours_beyond_p50"), y.numbers("hours_beyond_feed_in_p50"), 0
		for k, holding := range y.numbers("streets_holding") {
			if math.Abs(taken[k]+fed[k]-c.Years.Hours[k]) > 2e-3 {
				t.Errorf("%s, %d: %g hours beyond, the page has %g", c.Mode, c.Years.Year[k], taken[k]+fed[k], c.Years.Hours[k])
			}
			if fails == 0 && holding < 0.95 {
				fails = c.Years.Year[k]
			}
		}
		if fails != c.Years.FailsFrom {
			t.Errorf("%s: it fails from %d, the page says %d", c.Mode, fails, c.Years.FailsFrom)
		}
		duration.of(c.Mode).holds("kw", c.DurationKW...)
		day := days.of(c.Mode).on(c.Day.Date)
		day.holds("without_cars_kw", c.Day.Without...)
		day.holds("kw", c.Day.KW...)
	}
	if len(a.Cases) != len(r.Cases) {
		t.Errorf("%d ways to charge, the tables have %d", len(a.Cases), len(r.Cases))
	}

	ways := readTable(t, dir, "street_coordination")
	for i := range a.Coordination.Ways {
		x := &a.Coordination.Ways[i]
		of := ways.where("way", func(s string) bool { return s == x.Way })
		of.holds("dearer_eur_per_home", x.DearerEUR)
		of.holds("peak_kw", x.PeakKW)
		of.holds("feed_in_peak_kw", x.FeedInKW)
		of.holds("hours_beyond", x.Hours)
		of.holds("hours_beyond_feed_in", x.HoursFeedIn)
	}
	d := &a.Coordination.Day
	signal := readTable(t, dir, "street_signal").on(d.Date)
	signal.holds("without_cars_kw", d.Without...)
	signal.holds("alone_kw", d.Alone...)
	signal.holds("coordinated_kw", d.Coordinated...)
	signal.holds("import_eur_per_kwh", d.Import...)
	signal.holds("export_eur_per_kwh", d.Export...)
	signal.holds("signal_eur_per_kwh", d.Signal...)

	told := result.Findings{Findings: a.Findings}
	verdict := told.Tell(result.AboutStreet, "", "", false) + " " + told.Tell(result.AboutStreetYears, "", "", false)
	if verdict != r.Verdict() || told.Tell(result.AboutStreetCoordination, "", "", false) != r.CoordinationVerdict() || !slices.Equal(a.Notes, r.Manifest.Notes) {
		t.Errorf("the page says\n%s\n%s\nthe command\n%s\n%s", verdict, strings.Join(a.Notes, "\n"), r.Verdict(), strings.Join(r.Manifest.Notes, "\n"))
	}
}
