package seriesfile

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/witness"
)

// dayRows are rows of days from 1 October 2024 on, a month with a day of 25 hours.
func dayRows(header string, n int, cells func(i int) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		fmt.Fprintf(&b, "%s;%s\n", time.Date(2024, 10, 1+i, 0, 0, 0, 0, time.UTC).Format("02-01-2006"), cells(i))
	}
	return b.String()
}

func TestDaysAreSpreadWhenAsked(t *testing.T) {
	use := dayRows("Datum;Verbruik kWh", 31, func(i int) string { return strconv.Itoa(5 + i%3) })
	wantError(t, dataset.Load, use, Options{}, "a value per day (31 days, about 2178 a year", "--spread-days", "home.load_kwh_per_year")
	stand := 1000.0
	readings := dayRows("Datum;Stand laag;Stand hoog", 32, func(i int) string {
		if i > 0 {
			stand += float64(5 + (i-1)%3)
		}
		return fmt.Sprintf("%g;%g", stand/2, stand/2)
	})
	for name, content := range map[string]string{"use": use, "readings": readings} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Load, Options{SpreadDays: true}, content)
			if err != nil {
				t.Fatal(err)
			}
			s := imp.Series[0]
			if s.Name != "kwh"+dataset.SpreadColumn || len(s.Series.Values) != 31*96+4 || s.Series.Every != quarter {
				t.Fatalf("%s has %d values every %s", s.Name, len(s.Series.Values), s.Series.Every)
			}
			loc, axis := series.Amsterdam(), series.NewYear(2024)
			profile := reference.Load(axis)
			day, ratio := map[int]float64{}, map[int]float64{}
			for i, v := range s.Series.Values {
				at := s.Series.Start.Add(time.Duration(i) * quarter)
				d := at.In(loc).Day() - 1
				day[d] += v
				of := v / profile[axis.Index(at)]
				if ratio[d] == 0 {
					ratio[d] = of
				}
				if math.Abs(of/ratio[d]-1) > 1e-3 { // of Wh written to 6 decimals of a kWh
					t.Fatalf("day %d does not go as the profile at %s", d+1, at)
				}
			}
			for d := range 31 {
				if want := float64(5 + d%3); math.Abs(day[d]-want) > 1e-3 {
					t.Errorf("day %d has %g kWh, want %g", d+1, day[d], want)
				}
			}
			if said := strings.Join(imp.Report.Notes, " "); !strings.Contains(said, "standard profile E1A") {
				t.Errorf("the profile is not named: %s", said)
			}
		})
	}
	wantError(t, dataset.Load, dayRows("Datum;Verbruik kW", 31, func(int) string { return "1" }), Options{SpreadDays: true}, "mean power per day")
	wantError(t, dataset.Load, dayRows("Datum;Verbruik kWh;Teruglevering kWh", 31, func(int) string { return "5;3" }), Options{SpreadDays: true, FeedIn: true}, "follows the sun")
	wantError(t, dataset.Load, "Maand;kWh\n01-01-2024;200\n01-02-2024;210\n01-03-2024;190\n", Options{SpreadDays: true}, "a value per month")
}

func TestDaysWithoutValues(t *testing.T) {
	hole := func(n int) string {
		return dayRows("Datum;Verbruik kWh", 31, func(i int) string {
			if i >= 10 && i < 10+n {
				return ""
			}
			return "6"
		})
	}
	imp, err := read(t, dataset.Load, Options{SpreadDays: true}, hole(3))
	if err != nil || math.Abs(totalOf(imp)-31*6) > 1e-6 || len(imp.Report.Mends) != 1 {
		t.Errorf("three days are not filled: %+v, %v", imp, err)
	}
	wantError(t, dataset.Load, hole(9), Options{SpreadDays: true}, "no days from 2024-10-11 to 2024-10-20")
}

func TestRealDaysOfLiander(t *testing.T) {
	const name = "exports/liander_daily.csv"
	path := witness.Real(t, name)
	if _, err := Read(t.Context(), dataset.Load, []string{path}, Options{}); err == nil || !strings.Contains(err.Error(), "a value per day") {
		t.Errorf("days are read as hours: %v", err)
	}
	imp, err := Read(t.Context(), dataset.Load, []string{path}, Options{SpreadDays: true})
	if err != nil {
		t.Fatal(err)
	}
	var first, last float64
	for _, row := range realRows(t, name)[1:] {
		if !strings.HasPrefix(row[1], "E") {
			continue // a gas meter
		}
		low, err1 := strconv.ParseFloat(row[3], 64)
		high, err2 := strconv.ParseFloat(row[5], 64)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if last = low + high; first == 0 {
			first = last
		}
	}
	if got, want := totalOf(imp), last-first; math.Abs(got-want) > 0.01 { // 20,000 values of 6 decimals
		t.Errorf("%g kWh, want %g", got, want)
	}
	said := strings.Join(imp.Report.Notes, " ")
	if len(imp.Series) != 1 || !strings.Contains(said, "206 rows of a gas meter") {
		t.Errorf("%d homes; %s", len(imp.Series), said)
	}
}
