package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// numbered is three days whose parts are numbered, around a change of the clock, 0.5 kWh
// in each of so many an hour: counted on, or as the clock shows them, without the hour
// that comes twice.
func numbered(header, change string, perHour, first int, countedOn bool) (content string, values int) {
	from, err := time.ParseInLocation(time.DateOnly, change, series.Amsterdam())
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString(header + "\n")
	for d := -1; d <= 1; d++ {
		midnight := from.AddDate(0, 0, d)
		seen := map[int]bool{}
		for n, at := 0, midnight; at.Before(midnight.AddDate(0, 0, 1)); n, at = n+1, at.Add(time.Hour/time.Duration(perHour)) {
			number := n
			if !countedOn {
				number = (at.Hour()*60 + at.Minute()) * perHour / 60
			}
			if values++; !seen[number] {
				fmt.Fprintf(&b, "%s;%d;0,5\n", midnight.Format("02-01-2006"), number+first)
			}
			seen[number] = true
		}
	}
	return b.String(), values
}

func TestNumbersOfPartsOfADay(t *testing.T) {
	for name, c := range map[string]struct {
		header         string
		perHour, first int
	}{
		"programme time units": {"Datum;PTE;Verbruik (kWh)", 4, 1},
		"quarters":             {"Datum;Kwartiernummer;Verbruik (kWh)", 4, 1},
		"quarters from 0":      {"Datum;Kwartier;Verbruik (kWh)", 4, 0},
		"hours":                {"Datum;Uur;Verbruik (kWh)", 1, 1},
		"hours from 0":         {"Datum;Uur;Verbruik (kWh)", 1, 0},
		"half-hours":           {"Datum;Settlement Period;kWh", 2, 1},
	} {
		for _, change := range []string{"2024-03-31", "2024-10-27"} {
			content, n := numbered(c.header, change, c.perHour, c.first, true)
			imp, err := read(t, dataset.Load, Options{}, content)
			if err != nil {
				t.Errorf("%s, %s: %v", name, change, err)
				continue
			}
			if got := len(imp.Series[0].Series.Values); got != n || totalOf(imp) != 0.5*float64(n) || len(imp.Report.Mends) > 0 {
				t.Errorf("%s, %s: %d values of %g kWh, mended %+v, want %d of %g", name, change, got, totalOf(imp), imp.Report.Mends, n, 0.5*float64(n))
			}
			wantNote(t, content, "counted on where the clock jumps")
			// By the clock: spring has no such hour, and of autumn's two hours one is there.
			content, n = numbered(c.header, change, c.perHour, c.first, false)
			if imp, err = read(t, dataset.Load, Options{}, content); err != nil || len(imp.Series[0].Series.Values) != n {
				t.Errorf("%s by the clock, %s: %v, %d values were expected", name, change, err, n)
			}
		}
	}
	content, _ := numbered("Datum;PTE;kWh", "2024-10-27", 4, 1, true)
	wantError(t, dataset.Load, strings.Replace(content, "28-10-2024;96;", "28-10-2024;101;", 1), Options{}, "PTE", "101", "1 to 96")
}

func TestYearMonthAndDayInColumnsOfTheirOwn(t *testing.T) {
	rows := func(head, format, value string, n int, step time.Duration) string {
		var b strings.Builder
		b.WriteString(head + "\n")
		for i := range n {
			b.WriteString(time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i)*step).Format(format) + value + "\n")
		}
		return b.String()
	}
	quarters := "Jaar;Maand;Dag;Uur;Kwartier;kWh\n"
	for i := range 96 {
		quarters += fmt.Sprintf("2024;6;1;%d;%d;0,0625\n", i/4+1, i%4+1)
	}
	for name, content := range map[string]string{
		"hours":           rows("year,month,day,hour,kwh", "2006,1,2,15", ",0.25", 24, time.Hour),
		"a clock":         rows("Jaar;Maand;Dag;Tijd;Verbruik", "2006;01;02;15:04", ";0,25", 24, time.Hour),
		"minutes":         rows("Year,Month,Day,Hour,Minute,kWh", "2006,1,2,15,4", ",0.0625", 96, quarter),
		"names":           strings.ReplaceAll(rows("Jaar;Maand;Dag;Uur;Verbruik", "2006;1;2;15", ";0,25", 24, time.Hour), ";6;", ";juni;"),
		"quarters":        quarters,
		"day first":       rows("Dag;Maand;Jaar;Uur;kWh", "2;1;2006;15", ";0,25", 24, time.Hour),
		"day at midnight": rows("Datum;Uur;kWh", "02-01-2006 00:00;15", ";0,25", 24, time.Hour),
	} {
		t.Run(name, func(t *testing.T) { wantStart(t, content, Options{}, "2024-05-31T22:00Z", 6) })
	}
	wantError(t, dataset.Load, rows("year,month,day,hour,kwh", "2006,1,2,15", ",0.25", 24, time.Hour)+"2024,13,1,0,0.25\n", Options{}, "row 26", "2024-13-01")
}
