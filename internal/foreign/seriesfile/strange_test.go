package seriesfile

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// Thirty days of one home, as people write them down. Whatever the layout, the total
// and the first hour are the same.
func TestOneHomeHoweverItIsWritten(t *testing.T) {
	kWh := func(i int) float64 { return float64(200+7*(i*5%24)+i%5) / 1000 }
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, series.Amsterdam())
	const n = 30 * 24
	total := 0.0
	for i := range n {
		total += kWh(i)
	}
	months := strings.Fields("januari februari")
	file := func(header string, row func(at time.Time, v float64) string) string {
		var b strings.Builder
		b.WriteString(header)
		for i := range n {
			fmt.Fprintf(&b, "\n%s", row(first.Add(time.Duration(i)*time.Hour), kWh(i)))
		}
		return b.String()
	}
	for name, content := range map[string]string{
		"clock with AM and PM beside the day": file("Date,Time,Usage (kWh)", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s,%s,%g", at.Format("1/2/2006"), at.Format("3:04 PM"), v)
		}),
		"small am and pm": file("Date;kWh", func(at time.Time, v float64) string { return fmt.Sprintf("%s;%g", at.Format("1/2/2006 3:04pm"), v) }),
		"Dutch months": file("Datum;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%d %s %s;%g", at.Day(), months[at.Month()-1], at.Format("2006 15:04"), v)
		}),
		"German day": file("Zeit;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%d. Januar %s;%g", at.Day(), at.Format("2006 15:04"), v)
		}),
		"month of three letters": file("Datum;kWh", func(at time.Time, v float64) string { return fmt.Sprintf("%s;%g", at.Format("2-Jan-06 15:04"), v) }),
		"American month":         file("Date;kWh", func(at time.Time, v float64) string { return fmt.Sprintf("%s;%g", at.Format("Jan 2, 2006 15:04"), v) }),
		"digits alone":           file("Tijd;kWh", func(at time.Time, v float64) string { return fmt.Sprintf("%s;%g", at.Format("200601021504"), v) }),
		"day and clock of digits": file("Datum;Tijd;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%s;%g", at.Format("20060102"), at.Format("1504"), v)
		}),
		"day of digits, a clock": file("Datum;Tijd;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%s;%g", at.Format("20060102"), at.Format("15:04"), v)
		}),
		"Excel's days": file("Datum;kWh", func(at time.Time, v float64) string {
			days := at.Sub(first).Hours()/24 + 45292
			return strings.ReplaceAll(fmt.Sprintf("%.6f;%g", days, v), ".", ",")
		}),
		"hours as spans of numbers": file("Day,Hour,kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s,%s - %02d,%g", at.Format(time.DateOnly), at.Format("15"), at.Hour()+1, v)
		}),
		"clock with a point": file("Datum;Tijd;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%s;%g", at.Format("02.01.2006"), at.Format("15.04"), v)
		}),
		"hours with a letter": file("Datum;Uur;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%du;%g", at.Format("02-01-2006"), at.Hour(), v)
		}),
		"spans of hours": file("Datum;Periode;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%02d-%02d;%g", at.Format("02-01-2006"), at.Hour(), at.Hour()+1, v)
		}),
		"spans in words": file("Datum;Periode;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%s tot %s;%g", at.Format("02-01-2006"), at.Format("15:04"), at.Add(time.Hour).Format("15:04"), v)
		}),
		"days of the week": file("Datum;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s %s;%g", strings.Fields("zo ma di wo do vr za")[at.Weekday()], at.Format("02-01-2006 15:04"), v)
		}),
		"bars and decimal commas": strings.ReplaceAll(strings.ReplaceAll(file("Datum;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%g", at.Format("02-01-2006 15:04"), v)
		}), ".", ","), ";", "|"),
		"a total between header and rows": file("Datum;kWh\nTotaal;146,1", func(at time.Time, v float64) string {
			return strings.ReplaceAll(fmt.Sprintf("%s;%g", at.Format("02-01-2006 15:04"), v), ".", ",")
		}),
		"names and values above": file("Klant: J.\nAansluiting;12345\n\nDatum;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%g", at.Format("02-01-2006 15:04"), v)
		}),
		"Enedis, in W": file("Identifiant;Type;Date de debut;Date de fin;Unite;Pas en minutes\n1;Courbe;01/01/2024;30/01/2024;W;60\nHorodate;Valeur", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%g", at.Add(time.Hour).Format(time.RFC3339), 1000*v)
		}),
		"a few seconds late": file("Datum;kWh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%g", at.Add(time.Duration(at.Hour()%10)*time.Second).Format("2006-01-02 15:04:05"), v)
		}),
		"merged cells above": file("Datum;Elektriciteit;;Gas\n;Levering (kWh);Teruglevering (kWh);m3", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%g;9;8", at.Format("02-01-2006 15:04"), v)
		}),
		"a sum below, in thousands of Wh": file("Datum;Wh", func(at time.Time, v float64) string {
			return fmt.Sprintf("%s;%.0f", at.Format("02-01-2006 15:04"), 1000*v)
		}) + fmt.Sprintf("\n;%.0f.%03.0f\n", math.Floor(total), 1000*(total-math.Floor(total))),
	} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Load, Options{}, content)
			if err != nil {
				t.Fatal(err)
			}
			s := imp.Series[0].Series
			if !s.Start.Equal(first) || len(imp.Series) != 1 || len(s.Values) != n || math.Abs(s.Values[0]-kWh(0)) > 1e-9 || math.Abs(s.Values[n-1]-kWh(n-1)) > 1e-9 {
				t.Errorf("%d values from %s, the first %g", len(s.Values), s.Start, s.Values[0])
			}
			if got := fact(t, imp, "total"); math.Abs(got-total) > 1e-6 {
				t.Errorf("total %g, want %g", got, total)
			}
		})
	}
}

// As Wh a half-hour would make a home of 5,000 kWh one of 10,000.
func TestWattsWithoutALabelAreAskedAbout(t *testing.T) {
	file := func(header string, watts float64) string {
		return lines(header, 30*time.Minute, 48*14, func(i int, _ time.Time) string { return fmt.Sprint(watts + float64(i%7)) })
	}
	wantError(t, dataset.Load, file("time,value", 570), Options{}, "as Wh per interval it is 10046 kWh", "as W 5023", "--unit wh")
	wantTotal(t, file("time,value", 570), Options{Unit: "w"}, 573*24*14/1000.)
	wantTotal(t, file("time,value", 150), Options{}, 153*48*14/1000.)
	wantTotal(t, file("Horodate,Valeur", 570), Options{}, 573*24*14/1000.)
}

// What was used stands beside readings, tariffs are called day and night, rows have the
// codes of grid operators, and a unit stands behind a space that does not break.
func TestColumnsAndRowsBesideWhatIsRead(t *testing.T) {
	const n = 14 * 24
	v := func(i int) float64 { return 0.2 + float64(i*5%24)/100 }
	total, reading := 0.0, 9000.0
	for i := range n {
		total += v(i)
	}
	for header, cells := range map[string]func(i int, at time.Time) string{
		"time,Meterstand (kWh),Verbruik (kWh)": func(i int, _ time.Time) string {
			if i == 0 {
				reading = 9000
			}
			reading += v(i)
			return fmt.Sprintf("%.2f,%g", reading-v(i), v(i))
		},
		"time,Afname dag,Afname nacht,Injectie dag,Injectie nacht": func(i int, _ time.Time) string {
			if i%24 < 7 {
				return fmt.Sprintf("0,%g,0.1,0", v(i))
			}
			return fmt.Sprintf("%g,0,0,0.1", v(i))
		},
		"time,Verbruik": func(i int, _ time.Time) string { return fmt.Sprintf("%.2f\u00a0kWh", v(i)) },
		"time,EAN,Richting,kWh": func(i int, at time.Time) string {
			return fmt.Sprintf("8716,LVR,%g\n%s,8716,TLV,0.3", v(i), at.Format(time.RFC3339))
		},
	} {
		wantTotal(t, lines(header, time.Hour, n, cells), Options{}, total)
	}
}

func TestPowerWithoutAUnitIsNoEnergy(t *testing.T) {
	for name, scale := range map[string]float64{"P": 1, "Vermogen": 1000, "Active power": 1} {
		file := lines("time,"+name, quarter, 96*14, func(i int, _ time.Time) string { return fmt.Sprint(scale * (0.3 + float64(i%7)/100)) })
		wantTotal(t, file, Options{}, 0.33*24*14)
		if imp, err := read(t, dataset.Load, Options{}, file); err != nil || !strings.Contains(strings.Join(imp.Report.Notes, "; "), "is power by its name") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"P1 import", "Power consumption", "Verbruik"} {
		file := lines("time,"+name, quarter, 96*14, func(i int, _ time.Time) string { return fmt.Sprint(0.03 + float64(i%7)/1000) })
		wantTotal(t, file, Options{}, 0.033*96*14)
	}
}

// P1 monitor's lists have no names: times, readings of two tariffs, feed-in and differences.
func TestColumnsWithoutNamesAreNoHomes(t *testing.T) {
	var rows, table []string
	for i := range 48 {
		at := time.Date(2024, 6, 1, i, 0, 0, 0, time.UTC)
		rows = append(rows, fmt.Sprintf(`["%s",%g,%g,0.25]`, at.Format("2006-01-02 15:04:05"), 1000+0.25*float64(i), 2000+0.1*float64(i)))
		table = append(table, fmt.Sprintf("%s;%g;0.25", at.Format("2006-01-02 15:04:05"), 0.3))
	}
	lists, bare := "["+strings.Join(rows, ",")+"]", strings.Join(table, "\n")
	wantError(t, dataset.Load, lists, Options{}, "3 columns of numbers without names", "--column", "import meters")
	wantTotal(t, lists, Options{Column: "value 4"}, 12)
	wantError(t, dataset.Load, bare, Options{}, "2 columns of numbers without names")
	if imp, err := read(t, dataset.Load, Options{Meters: PerFile}, bare); err != nil || len(imp.Series) != 2 || math.Abs(fact(t, imp, "total")-48*0.55) > 1e-9 {
		t.Errorf("as homes: %v", err)
	}
}

// Rows with a cell more than the header are not read without their first row.
func TestAFirstRowIsNoHeader(t *testing.T) {
	for _, cells := range []string{",0.5", "0,5"} {
		file := lines("time,kWh", time.Hour, 48, func(int, time.Time) string { return cells })
		wantError(t, dataset.Load, file, Options{}, "row 2 has 3 columns, the header 2")
	}
}

func TestRowsThatRunBackwardsOverAutumn(t *testing.T) {
	first := time.Date(2024, 10, 20, 0, 0, 0, 0, series.Amsterdam())
	var rows []string
	total := 0.0
	for i := range 14*96 + 4 {
		v := float64(20+i*5%24) / 100
		total += v
		rows = append(rows, fmt.Sprintf("%s,%g\n", first.Add(time.Duration(i)*15*time.Minute).Format("2006-01-02 15:04"), v))
	}
	slices.Reverse(rows)
	wantTotal(t, "Datum,kWh\n"+strings.Join(rows, ""), Options{}, total)
}

func TestCountersThatBeginAnewEachDayAreAskedAbout(t *testing.T) {
	day := lines("time;Verbruik vandaag (kWh)", time.Hour, 24*14, func(i int, _ time.Time) string { return fmt.Sprintf(";%g", 0.25*float64(i%24)) })
	wantError(t, dataset.Load, semicolons(day), Options{}, "falls 13 times", "--format registers", "--format meter")
	wantTotal(t, semicolons(day), Options{Format: "meter"}, 14*0.25*23*24/2)
	imp, err := read(t, dataset.Load, Options{Format: "registers"}, semicolons(day))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fact(t, imp, "total"), 0.25*(24*14-1); math.Abs(got-want) > 1e-9 {
		t.Errorf("total %g, want %g", got, want)
	}
}

func TestADeviceThatIsOnAndOffHasNoReadings(t *testing.T) {
	file := lines("time,Verbruik kWh", time.Hour, 24*14, func(i int, _ time.Time) string { return fmt.Sprint(0.1 + 0.8*float64(i%24/22)) })
	wantTotal(t, file, Options{}, 14*(2.4+1.6))
}

func TestRowsAreSortedWhereNoTimeComesTwice(t *testing.T) {
	in := lines("time,kWh", time.Hour, 48, func(i int, _ time.Time) string { return fmt.Sprint(float64(i) / 100) })
	rows := strings.Split(strings.TrimSpace(in), "\n")
	moved := strings.Join(append(append([]string{rows[0]}, rows[25:]...), rows[1:25]...), "\n") + "\n"
	want, err := read(t, dataset.Load, Options{Format: "meter"}, in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(t, dataset.Load, Options{Format: "meter"}, moved)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
	if m := got.Report.Mends; len(m) != 1 || m[0].Count != 1 || !strings.Contains(m[0].What, "put in order") {
		t.Errorf("mended %+v", m)
	}
	wantError(t, dataset.Load, moved+rows[9]+"0\n", Options{Format: "meter"}, "sort the rows by time")
}

func TestSolarOfEveryFiveMinutesIsAveraged(t *testing.T) {
	header, watts := "time,Vermogen (W)", func(i int) float64 {
		return math.Max(0, 3000*math.Sin(float64(i%288-84)/120*math.Pi)) * map[bool]float64{true: 1, false: 0}[i%288 >= 84 && i%288 < 204]
	}
	start := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	var b strings.Builder
	b.WriteString(header)
	total := 0.0
	for i := range 288 * 3 {
		fmt.Fprintf(&b, "\n%s,%.0f", start.Add(time.Duration(5*i)*time.Minute).Format(time.RFC3339), watts(i))
		total += math.Round(watts(i)) / 12e6
	}
	imp, err := read(t, dataset.Solar, Options{}, b.String())
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(t, imp, "total"); math.Abs(got-total) > 1e-6 || imp.Series[0].Series.Every != 15*time.Minute {
		t.Errorf("total %g MWh, want %g", got, total)
	}
}

func TestPricesInEurosWithTheirSign(t *testing.T) {
	imp, err := read(t, dataset.Prices, Options{}, semicolons(lines("time;Inkoopprijs", time.Hour, 24, func(i int, _ time.Time) string {
		return fmt.Sprintf(";€ 0,%04d", 500+10*i)
	})))
	if err != nil {
		t.Fatal(err)
	}
	if got := fact(t, imp, "smallest"); got != 50 {
		t.Errorf("smallest %g EUR/MWh, want 50", got)
	}
}

func TestOtherThingsThanWhatAHomeTakesAreNotRead(t *testing.T) {
	for header, total := range map[string]float64{
		"time,EV charger kWh,Heat pump kWh,Total kWh": 24 * 0.5,
		"time,min_w,max_w,mean_w":                     24 * 0.0005,
		"time,kvarh,kVA,kWh":                          24 * 0.5,
	} {
		wantTotal(t, lines(header, time.Hour, 24, cells("0.25,0.125,0.5")), Options{}, total)
	}
	for _, header := range []string{"time,Verbruik (MJ)", "time,Schijnbaar vermogen (kVA)", "time,L1 A"} {
		wantError(t, dataset.Load, lines(header, time.Hour, 24, cells("0.5")), Options{}, "no column of what homes take")
	}
	imp, err := read(t, dataset.Load, Options{}, lines("time,Wallbox kWh", time.Hour, 24, cells("0.5")))
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(imp.Report.Notes, "\n"); !strings.Contains(said, "Wallbox kWh is of a part of what a home takes") {
		t.Errorf("a wallbox alone: notes %q", said)
	}
	net := lines("time,Verbruik kWh", time.Hour, 48, func(i int, _ time.Time) string { return fmt.Sprint(0.3 - 0.5*float64(i%24/12*((i+1)%2))) })
	wantError(t, dataset.Load, net, Options{}, "12 negative values", "-0.2 kWh at", "net use")
}

func TestPricesOfSeveralCountriesInColumnsAreThoseOfTheAreaAskedFor(t *testing.T) {
	file := lines("time,Germany/Luxembourg [€/MWh],Netherlands [€/MWh],Belgium [€/MWh]", time.Hour, 24, func(i int, _ time.Time) string {
		return fmt.Sprintf("%d,%d,%d", 40+i, 60+i, 80+i)
	})
	for area, want := range map[string]float64{"": 60, "Belgium": 80} {
		imp, err := read(t, dataset.Prices, Options{Area: area}, file)
		if err != nil {
			t.Fatal(err)
		}
		if got := fact(t, imp, "smallest"); got != want {
			t.Errorf("area %q: from %g on, want %g", area, got, want)
		}
	}
	codes := strings.Replace(file, "Germany/Luxembourg [€/MWh],Netherlands [€/MWh],Belgium [€/MWh]", "DE-LU,NL,BE", 1)
	imp, err := read(t, dataset.Prices, Options{Unit: "eur_per_mwh"}, codes)
	if err != nil || fact(t, imp, "smallest") != 60 {
		t.Errorf("columns called by their areas: %v", err)
	}
	wantError(t, dataset.Prices, strings.Replace(codes, "NL", "FR", 1), Options{Unit: "eur_per_mwh"}, "no column that is named as a price")
}
