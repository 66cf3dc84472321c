package seriesfile

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/witness"
)

// panels is a year of output by 2024's months and hours, as value says of the share of
// capacity, late by some hours.
func panels(header string, late int, value func(i int, share float64) string) string {
	_, known := reference.MonthHours()
	var b strings.Builder
	b.WriteString("utc_start," + header + "\n")
	loc := series.Amsterdam()
	for i := range 8784 {
		at := time.Date(2024, 1, 1, i, 0, 0, 0, time.UTC)
		from := at.Add(-time.Duration(late) * time.Hour).In(loc)
		fmt.Fprintf(&b, "%s,%s\n", at.Format(time.RFC3339), value(i, known[from.Month()-1][from.Hour()]))
	}
	return b.String()
}

func TestWhatNoPanelGives(t *testing.T) {
	as := func(factor float64) func(int, float64) string {
		return func(_ int, share float64) string { return fmt.Sprintf("%.4f", factor*share) }
	}
	for name, c := range map[string]struct {
		file  string
		words []string // of the error; none when it is read
	}{
		"the panels of 2024": {panels("capacity_factor", 0, as(1)), nil},
		"power":              {panels("kw", 0, as(4)), nil},
		"by night":           {panels("capacity_factor", 12, as(1)), []string{"while the sun is below the horizon", "2024-", "--zone", "--accept-implausible"}},
		"three hours late":   {panels("kwh", 3, as(4)), []string{"after the sun's noon", "--zone"}},
		"a home's use":       {panels("kwh", 0, func(i int, _ float64) string { return fmt.Sprint(0.2 + 0.1*float64(i%7)) }), []string{"below the horizon", "--column"}},
		"twice the capacity": {panels("capacity_factor", 0, as(2.2)), []string{"times the capacity", "--unit"}},
		"an hour late":       {panels("kwh", 1, as(4)), []string{"below the horizon", "1.2 h after the sun's noon", "--zone"}},
		"too little":         {panels("capacity_factor", 0, as(0.1)), []string{"full-load hours", "--unit"}},
		"negative":           {panels("kwh", 0, as(-1)), []string{"no value above 0", "--column"}},
		"net of use":         {panels("kwh", 0, func(_ int, share float64) string { return fmt.Sprintf("%.3f", share-0.2) }), []string{"negative", "what a home takes"}},
		"one peak": {panels("kwh", 0, func(i int, share float64) string {
			if i == 3995 {
				return "900"
			}
			return fmt.Sprintf("%.3f", share)
		}), []string{"best hour"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.words == nil {
				imp, err := read(t, dataset.Solar, Options{}, c.file)
				if err != nil || notes(t, imp, "noon") > 0 {
					t.Errorf("%v, %+v", err, imp)
				}
				return
			}
			wantError(t, dataset.Solar, c.file, Options{}, c.words...)
			if _, err := read(t, dataset.Solar, Options{Implausible: true}, c.file); err != nil {
				t.Errorf("refused, though a person knows: %v", err)
			}
		})
	}
	// A roof to the west gives later, but not at night.
	imp, err := read(t, dataset.Solar, Options{}, panels("kwh", 1, func(i int, share float64) string {
		if elevation(time.Date(2024, 1, 1, i, 0, 0, 0, time.UTC)) < 0 {
			return "0"
		}
		return fmt.Sprintf("%.4f", share)
	}))
	if err != nil || notes(t, imp, "roof to the west") != 1 {
		t.Errorf("a roof to the west: %v, %+v", err, imp)
	}
}

// Sunrise, noon and sunset in De Bilt (KNMI's almanac, UTC): the sun is 0.83 degrees
// below the horizon at its rise and set, for the air's refraction and its own radius.
func TestWhereTheSunStands(t *testing.T) {
	for _, c := range []struct {
		at   string
		want float64
	}{
		{"2024-06-21T03:18:00Z", -0.83},
		{"2024-06-21T20:03:00Z", -0.83},
		{"2024-12-21T07:45:00Z", -0.83},
		{"2024-12-21T15:30:00Z", -0.83},
		{"2024-06-20T11:41:00Z", 90 - 52.2 + 23.44},
		{"2024-12-21T11:37:00Z", 90 - 52.2 - 23.44},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := elevation(at); math.Abs(got-c.want) > 0.7 {
			t.Errorf("%s: %.2f degrees, want %.2f", c.at, got, c.want)
		}
	}
}

func TestRealSolarOutputIsPlausible(t *testing.T) {
	path := witness.Real(t, "solar/ned_solar_nl_2024_hourly.csv")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	hours := 0.0
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		hours += v
	}
	for _, column := range []string{"", "mw"} {
		imp, err := Read(t.Context(), dataset.Solar, []string{path}, Options{Column: column})
		if err != nil {
			t.Fatal(err)
		}
		if n := notes(t, imp, "noon"); n > 0 {
			t.Errorf("%q", imp.Report.Notes)
		}
		if column == "" {
			if got := fact(t, imp, "full-load hours"); math.Abs(got-hours) > 1e-6 {
				t.Errorf("%g full-load hours, want %g", got, hours)
			}
		}
	}
}

// What an app of panels lets one download also has what the home takes: output is read.
func TestOutputAmongOtherColumnsAndRows(t *testing.T) {
	day := func(row func(h int, kwh float64) string) string {
		var b strings.Builder
		for h := range 24 {
			b.WriteString(row(h, max(0, 3-math.Abs(float64(h)-11.5)/2)))
		}
		return b.String()
	}
	for name, file := range map[string]string{
		"columns": "Date/Time,Energy Consumed (Wh),Energy Produced (Wh),Exported to Grid (Wh)\n" + day(func(h int, kwh float64) string {
			return fmt.Sprintf("2024-06-01 %02d:00,500,%g,7\n", h, 1000*kwh)
		}),
		"SolarEdge": `{"energyDetails":{"timeUnit":"HOUR","unit":"Wh","meters":[{"type":"Consumption","values":[` + strings.TrimSuffix(day(func(h int, _ float64) string {
			return fmt.Sprintf(`{"date":"2024-06-01 %02d:00:00","value":500},`, h)
		}), ",") + `]},{"type":"Production","values":[` + strings.TrimSuffix(day(func(h int, kwh float64) string {
			return fmt.Sprintf(`{"date":"2024-06-01 %02d:00:00","value":%g},`, h, 1000*kwh)
		}), ",") + `]}]}}`,
		"PVGIS": `{"outputs":{"hourly":[` + strings.TrimSuffix(day(func(h int, kwh float64) string {
			at := time.Date(2024, 5, 31, 22+h, 10, 0, 0, time.UTC)
			return fmt.Sprintf(`{"time":"%s","P":%g,"G(i)":100.0,"H_sun":10.0},`, at.Format("20060102:1504"), 1000*kwh)
		}), ",") + `]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Solar, Options{}, file)
			if err != nil {
				t.Fatal(err)
			}
			s, sum := imp.Series[0].Series, 0.0
			for _, v := range s.Values {
				sum += v
			}
			if imp.Unit == megawatt {
				sum *= 1000
			} else {
				sum /= 1000 // W, of which only the shape counts
			}
			if want := 18.0; s.Start.Format(time.RFC3339) != "2024-05-31T22:00:00Z" || math.Abs(sum-want) > 1e-6 {
				t.Errorf("%g kWh from %s, want %g; %+v", sum, s.Start, want, imp.Report)
			}
		})
	}
}

func TestTheRealExportOfSolarEdge(t *testing.T) {
	path := witness.Real(t, "exports/solaredge_2024_06.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, part := range strings.Split(string(text), `"value":`)[1:] {
		if v, err := strconv.ParseFloat(strings.TrimSpace(part[:strings.IndexAny(part, "}\n")]), 64); err == nil {
			sum += v // Wh; null is none
		}
	}
	imp, err := Read(t.Context(), dataset.Solar, []string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(t, imp, "total"); math.Abs(got-sum/1e6) > 1e-6 {
		t.Errorf("%g MWh, want %g", got, sum/1e6)
	}
}

// Apps leave the night out, or leave it empty.
func TestNightsThatAreLeftOutAreZero(t *testing.T) {
	for _, empty := range []bool{true, false} {
		var b strings.Builder
		b.WriteString("time,opwek_kwh\n")
		for h := range 72 {
			at := time.Date(2024, 6, 1, h, 0, 0, 0, time.UTC)
			switch {
			case elevation(at.Add(time.Hour/2)) > 0:
				fmt.Fprintf(&b, "%s,1.5\n", at.Format(time.RFC3339))
			case empty || h == 0:
				fmt.Fprintf(&b, "%s,\n", at.Format(time.RFC3339))
			}
		}
		imp, err := read(t, dataset.Solar, Options{}, b.String())
		if err != nil {
			t.Fatal(err)
		}
		zero := 0
		for _, v := range imp.Series[0].Series.Values {
			if v == 0 {
				zero++
			}
		}
		if m := imp.Report.Mends; zero < 14 || len(m) != 1 || m[0].Count != zero || !strings.Contains(m[0].What, "sun is down") {
			t.Errorf("%d hours of 0, mended %+v", zero, m)
		}
	}
	// By day a gap is a gap.
	day := lines("time,opwek_kwh", time.Hour, 48, func(i int, at time.Time) string {
		if at.Hour() >= 9 && at.Hour() < 14 {
			return ""
		}
		return fmt.Sprint(max(0, elevation(at)))
	})
	wantError(t, dataset.Solar, day, Options{}, "no values", "2024-06-01T09:00Z")
}
