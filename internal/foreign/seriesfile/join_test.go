package seriesfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// table writes rows of values from a start in UTC.
func plain(header, start string, every time.Duration, values ...float64) string {
	at, err := time.Parse("2006-01-02T15:04Z", start)
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString(header + "\n")
	for i, v := range values {
		fmt.Fprintf(&b, "%s,%g\n", at.Add(time.Duration(i)*every).Format("2006-01-02T15:04Z"), v)
	}
	return b.String()
}

func mixedLoad() string {
	content := plain("utc_start,kwh", "2024-01-01T00:00Z", time.Hour, make([]float64, 30)...)
	_, rest, _ := strings.Cut(plain("", "2024-01-02T06:00Z", 15*time.Minute, 1, 2, 3, 4), "\n")
	return content + rest
}

func holedHomes() string {
	var b strings.Builder
	b.WriteString("utc_start,m1_kwh,m2_kwh\n")
	for h := range 24 {
		second := "1"
		if h >= 6 && h < 18 {
			second = ""
		}
		fmt.Fprintf(&b, "2024-01-01T%02d:00Z,%d,%s\n", h, h%3, second)
	}
	return b.String()
}

func TestRowsOfProseMayStandAboveAHeader(t *testing.T) {
	// Some programs end every row with a comma.
	table := strings.ReplaceAll(plain("utc_start,kwh", "2024-01-01T00:00Z", time.Hour, 1, 2, 3), "\n", ",\n")
	for _, above := range []string{"", "Export of a meter\n", "Meter 3, at home\nFrom 2024-01-01\n\n"} {
		imp, err := read(t, dataset.Load, Options{}, above+table)
		if err != nil {
			t.Errorf("below %q: %v", above, err)
		} else if got := imp.Series[0].Series.Values; !slices.Equal(got, []float64{1, 2, 3}) {
			t.Errorf("below %q: %v", above, got)
		}
	}
}

func TestFilesOfOnePeriodAfterAnother(t *testing.T) {
	first := plain("utc_start,eur_per_mwh", "2024-01-01T00:00Z", time.Hour, 10, 20, 30)
	second := plain("time,EUR/kWh", "2024-01-01T02:00Z", time.Hour, 0.03, 0.04, 0.05)
	for _, order := range [][]string{{first, second}, {second, first}} {
		imp, err := read(t, dataset.Prices, Options{}, order...)
		if err != nil {
			t.Fatal(err)
		}
		if got := imp.Series[0].Series.Values; !slices.Equal(got, []float64{10, 20, 30, 40, 50}) {
			t.Errorf("got %v", got)
		}
		if m := imp.Report.Mends; len(m) != 1 || m[0].What != "repeated row dropped" || m[0].Count != 1 {
			t.Errorf("mended %+v", m)
		}
		if strings.Count(imp.Report.SHA256, ", ") != 1 || strings.Count(imp.Report.File, "csv") != 2 || strings.Count(imp.Report.Unit, "; ") != 1 {
			t.Errorf("reported %+v", imp.Report)
		}
	}
	other := plain("utc_start,eur_per_mwh", "2024-01-01T02:00Z", time.Hour, 31, 40, 50)
	if _, err := read(t, dataset.Prices, Options{}, first, other); err == nil || err.Error() != "b.csv, row 2 repeats the time 2024-01-01T02:00Z of row 4 of a.csv with another value (31, not 30): keep one of the two" {
		t.Errorf("got %v", err)
	}
}

func TestHourlyAndQuarterHourlyFilesTogether(t *testing.T) {
	hours := plain("utc_start,eur_per_mwh", "2025-09-30T20:00Z", time.Hour, 10, 20)
	quarters := plain("utc_start,eur_per_mwh", "2025-09-30T22:00Z", 15*time.Minute, 1, 2, 3, 4)
	imp, err := read(t, dataset.Prices, Options{}, hours, quarters)
	if err != nil {
		t.Fatal(err)
	}
	if got := imp.Series[0].Series; got.Every != 15*time.Minute || !slices.Equal(got.Values, []float64{10, 10, 10, 10, 20, 20, 20, 20, 1, 2, 3, 4}) {
		t.Errorf("got %v", got)
	}
	if len(imp.Report.Notes) != 1 || imp.Report.Notes[0] != "2 hourly values are repeated over their parts, as the file turns to values every 15 minutes at 2025-09-30T22:00Z" {
		t.Errorf("noted %q", imp.Report.Notes)
	}
	// A gap of quarters is a gap, not an hourly value.
	gap := plain("utc_start,eur_per_mwh", "2025-10-01T00:00Z", 15*time.Minute, 1, 1, 1, 1, 1) + "2025-10-01T02:00Z,5\n2025-10-01T02:15Z,5\n"
	if imp, err = read(t, dataset.Prices, Options{}, gap); err != nil || len(imp.Report.Mends) != 1 {
		t.Errorf("a gap: %v, %+v", err, imp)
	}
	if _, err := read(t, dataset.Prices, Options{}, plain("utc_start,eur_per_mwh", "2025-09-30T22:00Z", time.Hour, 10, 20), quarters); err == nil || !strings.Contains(err.Error(), "keep the hourly or the quarter-hourly values of this time") {
		t.Errorf("both of one time: %v", err)
	}
}

func day(start string, base float64) string {
	v := make([]float64, 48)
	for i := range v {
		v[i] = base + float64(i%5)
	}
	return plain("utc_start,verbruik_kwh", start, time.Hour, v...)
}

// Single homes in files of their own are homes when they share a period, and one
// home when they follow each other.
func TestHomesInFilesOfTheirOwn(t *testing.T) {
	imp, err := read(t, dataset.Load, Options{}, day("2024-01-01T00:00Z", 0.1), day("2024-01-01T00:00Z", 0.2), day("2024-01-03T00:00Z", 0.1), day("2024-01-03T00:00Z", 0.2))
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Series) != 2 || imp.Series[0].Name != "home_1" || imp.Series[1].Name != "home_2" {
		t.Fatalf("got %+v", imp.Series)
	}
	for i, n := range imp.Series {
		if len(n.Series.Values) != 96 || n.Series.Values[0] != float64(i+1)/10 || n.Series.Values[48] != float64(i+1)/10 {
			t.Errorf("%s: %d values from %g and %g", n.Name, len(n.Series.Values), n.Series.Values[0], n.Series.Values[48])
		}
	}
	if imp, err = read(t, dataset.Load, Options{}, day("2024-01-01T00:00Z", 0.1), day("2024-01-03T00:00Z", 0.2)); err != nil || len(imp.Series) != 1 || imp.Series[0].Name != "kwh" {
		t.Errorf("one after another: %v %+v", err, imp)
	}
	if _, err = read(t, dataset.Load, Options{}, plain("utc_start,fractie", "2024-01-01T00:00Z", time.Hour, 0.001, 0.002), day("2024-01-03T00:00Z", 0.2)); err == nil || err.Error() != "a.csv holds fraction and b.csv kwh: import files of one unit at a time" {
		t.Errorf("two units: %v", err)
	}
}

// No home is lost for its number.
func TestManyHomes(t *testing.T) {
	var b strings.Builder
	b.WriteString("utc_start")
	for i := range 50 {
		fmt.Fprintf(&b, ",m%d_wh", i)
	}
	for _, at := range []string{"2024-01-01T00:00Z", "2024-01-01T00:15Z"} {
		b.WriteString("\n" + at)
		for i := range 50 {
			fmt.Fprintf(&b, ",%d", 100+i)
		}
	}
	imp, err := read(t, dataset.Load, Options{}, b.String()+"\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Series) != 50 {
		t.Fatalf("%d homes, want 50", len(imp.Series))
	}
	for i, n := range imp.Series {
		if want := float64(100+i) / 1000; n.Series.Values[1] != want || n.Name != fmt.Sprintf("home_%d", i+1) {
			t.Errorf("%s is %g, want %g", n.Name, n.Series.Values[1], want)
		}
	}
	// The tariffs of one home are added up; gas, euros and watts are left out and said.
	content := "start;laag kWh;normaal kWh;gas m3;EUR;max W\n01-01-2024 00:00;0,1;0,02;1;2;3\n01-01-2024 00:15;0,3;0,04;1;2;3\n"
	if imp, err = read(t, dataset.Load, Options{}, content); err != nil || !slices.Equal(imp.Series[0].Series.Values, []float64{0.12, 0.34}) {
		t.Fatalf("%v %+v", err, imp)
	}
	if !slices.Contains(imp.Report.Notes, "columns of other things than energy are left out: gas m3, EUR, max W") {
		t.Errorf("noted %q", imp.Report.Notes)
	}
}

func TestClockDays(t *testing.T) {
	rows := func(times ...string) string {
		var b strings.Builder
		b.WriteString("datum;prijs (EUR/MWh)\n")
		for i, v := range times {
			fmt.Fprintf(&b, "%s;%d\n", v, i+1)
		}
		return b.String()
	}
	for _, c := range []struct {
		name    string
		opt     Options
		content string
		from    string
		values  []float64
		mends   string
	}{
		{"autumn, doubled", Options{}, rows("27-10-2024 01:00", "27-10-2024 02:00", "27-10-2024 02:00", "27-10-2024 03:00"), "2024-10-26T23:00Z", []float64{1, 2, 3, 4}, ""},
		{"autumn, once", Options{}, rows("27-10-2024 01:00", "27-10-2024 02:00", "27-10-2024 03:00"), "2024-10-26T23:00Z", []float64{1, 2, 2.5, 3}, "1 gap interpolated"},
		{"autumn, not at all", Options{}, rows("27-10-2024 01:00", "27-10-2024 03:00", "27-10-2024 04:00"), "2024-10-26T23:00Z", []float64{1, 1 + 1.0/3, 1 + 2.0/3, 2, 3}, "1 gap interpolated"},
		{"autumn in quarters, doubled", Options{}, rows("27-10-2024 02:00", "27-10-2024 02:15", "27-10-2024 02:30", "27-10-2024 02:45", "27-10-2024 02:00", "27-10-2024 02:15", "27-10-2024 02:30", "27-10-2024 02:45", "27-10-2024 03:00"), "2024-10-27T00:00Z", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, ""},
		{"autumn, backwards in time", Options{}, rows("27-10-2024 03:00", "27-10-2024 02:00", "27-10-2024 02:00", "27-10-2024 01:00"), "2024-10-26T23:00Z", []float64{4, 3, 2, 1}, ""},
		{"autumn with marks", Options{}, rows("27-10-2024 01:00", "27-10-2024 02:00 (CEST)", "27-10-2024 02:00 (CET)", "27-10-2024 03:00"), "2024-10-26T23:00Z", []float64{1, 2, 3, 4}, ""},
		{"spring", Options{}, rows("31-03-2024 01:00", "31-03-2024 03:00", "31-03-2024 04:00"), "2024-03-31T00:00Z", []float64{1, 2, 3}, ""},
		{"spring with the skipped hour", Options{}, rows("31-03-2024 01:00", "31-03-2024 02:00", "31-03-2024 03:00"), "2024-03-31T00:00Z", []float64{1, 3}, "1 row dropped in the hour that the clock skips"},
		{"spring, fixed UTC+1", Options{Zone: "utc+1"}, rows("31-03-2024 01:00", "31-03-2024 02:00", "31-03-2024 03:00"), "2024-03-31T00:00Z", []float64{1, 2, 3}, ""},
		{"spring, UTC", Options{Zone: "utc"}, rows("31-03-2024 01:00", "31-03-2024 02:00", "31-03-2024 03:00"), "2024-03-31T01:00Z", []float64{1, 2, 3}, ""},
		{"ends, as an hour of 24 tells", Options{}, rows("01-01-2024 23:00", "01-01-2024 24:00", "02-01-2024 01:00"), "2024-01-01T21:00Z", []float64{1, 2, 3}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			imp, err := read(t, dataset.Prices, c.opt, c.content)
			if err != nil {
				t.Fatal(err)
			}
			if got := imp.Series[0].Series; imp.Report.From != c.from || !slices.EqualFunc(got.Values, c.values, func(a, b float64) bool { return a-b < 1e-12 && b-a < 1e-12 }) {
				t.Errorf("%v from %s, want %v from %s", got.Values, imp.Report.From, c.values, c.from)
			}
			var mends []string
			for _, m := range imp.Report.Mends {
				mends = append(mends, fmt.Sprintf("%d %s", m.Count, m.What))
			}
			if got := strings.Join(mends, ", "); got != c.mends {
				t.Errorf("mended %q, want %q", got, c.mends)
			}
		})
	}
}

// MFFBAS's "van;tot" may be wall clock: then the hour that spring skips is absent.
func TestProfileTimesInWallClock(t *testing.T) {
	content := "van;tot;1.00_E1A_AZI_A\n30-03-2025 01:30;30-03-2025 01:45;0.1\n30-03-2025 01:45;30-03-2025 03:00;0.2\n30-03-2025 03:00;30-03-2025 03:15;0.3\n"
	imp, err := read(t, dataset.Load, Options{}, content)
	if err != nil {
		t.Fatal(err)
	}
	if got := imp.Series[0].Series; imp.Report.From != "2025-03-30T00:30Z" || !slices.Equal(got.Values, []float64{0.1, 0.2, 0.3}) {
		t.Errorf("%v from %s", got.Values, imp.Report.From)
	}
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		kind          dataset.Kind
		header, unit  string
		opt           Options
		in, out       float64
		said          string
		secondIsLarge float64
	}{
		{"prices", "t,price EUR/MWh", "eur_per_mwh", Options{}, 12.5, 12.5, "EUR/MWh", 0},
		{"prices", "t,prijs (€/kWh)", "eur_per_mwh", Options{}, 0.07729, 77.29, "EUR/kWh", 0},
		{"prices", "t,price ct/kWh", "eur_per_mwh", Options{}, 7.729, 77.29, "ct/kWh", 0},
		{"prices", "t,price", "eur_per_mwh", Options{}, 0.07729, 77.29, "told by size: the largest is 0.07729, at most 5", 0},
		{"prices", "t,price", "eur_per_mwh", Options{}, 0.07729, 0.07729, "told by size: the largest is 80, over 5", 80},
		{"prices", "t,price", "eur_per_mwh", Options{Unit: "eur_per_mwh"}, 0.07729, 0.07729, "as asked", 0},
		{"load", "t,kWh", "kwh", Options{}, 0.3, 0.3, "kWh per interval", 0},
		{"load", "t,Wh", "kwh", Options{}, 86, 0.086, "Wh per interval", 0},
		{"load", "t,power_w", "kwh", Options{}, 2000, 0.5, "mean W", 0},
		{"load", "t,load (kW)", "kwh", Options{}, 2, 0.5, "mean kW", 0},
		{"load", "t,load", "kwh", Options{}, 120, 0.12, "told by size: the mean is 120, over 5", 0},
		{"load", "t,load", "kwh", Options{}, 0.12, 0.12, "told by size: the mean is 0.12, at most 5", 0},
		{"load", "t,load", "fraction", Options{}, 0.00003, 0.00003, "told by size: the largest is 3e-05, at most 0.01", 0},
		{"solar", "t,mw", "mw", Options{}, 8000, 8000, "mean MW", 0},
		{"solar", "t,opwek_kwh", "mw", Options{}, 1, 0.004, "kWh per interval", 0},
		{"solar", "t,cf", "capacity_factor", Options{}, 0.5, 0.5, "share of capacity", 0},
		{"solar", "t,percentage", "capacity_factor", Options{}, 50, 0.5, "percent of capacity", 0},
		{"solar", "t,yield", "value", Options{}, 50, 50, "only the shape", 0},
	} {
		t.Run(c.header+" "+c.said, func(t *testing.T) {
			second := c.in
			if c.secondIsLarge != 0 {
				second = c.secondIsLarge
			}
			imp, err := read(t, c.kind, c.opt, plain(c.header, "2024-01-01T00:00Z", 15*time.Minute, c.in, second))
			if err != nil {
				t.Fatal(err)
			}
			if got := imp.Series[0].Series.Values[0]; got != c.out || imp.Unit != c.unit || imp.Series[0].Name != c.unit {
				t.Errorf("%g %s, want %g %s", got, imp.Unit, c.out, c.unit)
			}
			if !strings.Contains(imp.Report.Unit, c.said) {
				t.Errorf("unit %q, want %q in it", imp.Report.Unit, c.said)
			}
		})
	}
}

// What is written is what a study reads, and nothing is left when it fails.
func TestWriteCSV(t *testing.T) {
	dir := t.TempDir()
	imp, err := Read(t.Context(), dataset.Prices, []string{"testdata/dutch_doubled.csv"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "prices.csv")
	if err := WriteCSV(path, imp); err != nil {
		t.Fatal(err)
	}
	s, rep, err := dataset.ReadSeries(t.Context(), path, dataset.Prices)
	if err != nil {
		t.Fatal(err)
	}
	if want := imp.Series[0].Series; !s.Start.Equal(want.Start) || s.Every != want.Every || !slices.Equal(s.Values, want.Values) || len(rep.Mends) > 0 || rep.Column != "eur_per_mwh" {
		t.Errorf("read back %+v, %+v", s, rep)
	}
	homes, err := Read(t.Context(), dataset.Load, []string{"testdata/meters_ean_columns.csv"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteCSV(filepath.Join(dir, "homes.csv"), homes); err != nil {
		t.Fatal(err)
	}
	if s, rep, err = dataset.ReadSeries(t.Context(), filepath.Join(dir, "homes.csv"), dataset.Load); err != nil || rep.Column != "home_1" || len(s.Values) != 24 {
		t.Errorf("homes read back: %v %+v", err, rep)
	}
	homes.Series[1].Series.Values = homes.Series[1].Series.Values[1:]
	if err := WriteCSV(path, homes); err == nil || !strings.HasSuffix(err.Error(), "home_1 and home_2 differ in start, spacing or length: series of the same times were expected") {
		t.Errorf("got %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("%d files are left, want 2", len(left))
	}
	if s, _, err = dataset.ReadSeries(t.Context(), path, dataset.Prices); err != nil || len(s.Values) != 49 {
		t.Errorf("the file of before: %v", err)
	}
}

// A day may have prices near 0: the unit is that of all days.
func TestTheUnitOfManyFilesIsToldByAllOfThem(t *testing.T) {
	var files []string
	for day := range 10 {
		var b strings.Builder
		b.WriteString("time,price\n")
		for h := range 24 {
			price := 60.0 + float64(h)
			if day == 4 {
				price = 0.01 * float64(h)
			}
			fmt.Fprintf(&b, "2024-06-%02dT%02d:00:00Z,%g\n", day+1, h, price)
		}
		files = append(files, b.String())
	}
	imp, err := read(t, dataset.Prices, Options{}, files...)
	if err != nil {
		t.Fatal(err)
	}
	if got := imp.Series[0].Series.Values[4*24+5]; got != 0.05 {
		t.Errorf("a price near 0 is %g EUR/MWh, want 0.05", got)
	}
	if strings.Count(imp.Report.Unit, "told by size") != 1 {
		t.Errorf("unit: %s", imp.Report.Unit)
	}
}
