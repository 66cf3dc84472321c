package seriesfile

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// lines is a file of rows from 2024-06-01 00:00 UTC on: a header, then each row's
// time and what cells says.
func lines(header string, every time.Duration, n int, cells func(i int, at time.Time) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		at := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * every)
		b.WriteString(at.Format(time.RFC3339) + "," + cells(i, at) + "\n")
	}
	return b.String()
}

const quarter = 15 * time.Minute

// total is the energy of all homes, kWh.
func total(t *testing.T, content string, opt Options) float64 {
	t.Helper()
	imp, err := read(t, dataset.Load, opt, content)
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Series) != 1 {
		t.Errorf("%d homes, one was expected", len(imp.Series))
	}
	sum := 0.0
	for _, s := range imp.Series {
		for _, v := range s.Series.Values {
			sum += v
		}
	}
	return sum
}

func wantTotal(t *testing.T, content string, opt Options, want float64) {
	t.Helper()
	if got := total(t, content, opt); math.Abs(got-want) > 1e-6 {
		t.Errorf("%g kWh, want %g", got, want)
	}
}

func wantError(t *testing.T, kind dataset.Kind, content string, opt Options, words ...string) {
	t.Helper()
	_, err := read(t, kind, opt, content)
	if err == nil {
		t.Fatalf("was read; an error about %q was expected", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in: %s", w, err)
		}
	}
}

func TestEnergyThatHardlyChangesIsNoReadings(t *testing.T) {
	wantTotal(t, lines("time,Import kWh", time.Hour, 48, func(i int, _ time.Time) string { return []string{"0.25", "0.5"}[i/24] }), Options{}, 18)
}

func TestMeterReadingsAreNotEnergy(t *testing.T) {
	// 7 readings: 6 intervals of 10 to 15 Wh.
	reading := 6199.5
	short := func(i int, _ time.Time) string {
		if i > 0 {
			reading += 0.009 + 0.001*float64(i)
		}
		return fmt.Sprintf("%.3f", reading)
	}
	wantTotal(t, lines("time,Import kWh", quarter, 7, short), Options{}, 0.075)
	reading = 6199.5
	wantTotal(t, lines("time,value", quarter, 7, short), Options{Column: "value"}, 0.075)
	reading = 6199.5
	wantError(t, dataset.Load, lines("time,Import kWh", quarter, 7, short), Options{Format: "meter"},
		"6199.575 kWh at 2024-06-01T01:30Z", "--format registers", "--accept-implausible")
}

func TestUnixTimeIsNotEnergy(t *testing.T) {
	file := lines("time,unix,kwh", time.Hour, 30, func(i int, at time.Time) string {
		return fmt.Sprintf("%d.0,%g", at.Unix(), 0.2+0.1*float64(i%2))
	})
	wantTotal(t, file, Options{}, 7.5)
	wantError(t, dataset.Load, file, Options{Column: "unix"}, "Unix time", "unix")
	ms := lines("time,stamp,use", time.Hour, 30, func(i int, at time.Time) string {
		return fmt.Sprintf("%d500,%g", at.Unix(), 0.25)
	})
	wantTotal(t, ms, Options{Column: "use"}, 7.5)
}

func TestOneFalseReadingIsTakenOut(t *testing.T) {
	for name, spike := range map[string]float64{"a leap": 995, "zero": -1000.5} {
		t.Run(name, func(t *testing.T) {
			file := lines("time,Import T1 kWh,Import T2 kWh", time.Hour, 41, func(i int, _ time.Time) string {
				first := 1000 + 0.1*float64(i)
				if i == 5 {
					first += spike
				}
				return fmt.Sprintf("%.3f,%.3f", first, 2000+0.25*float64(i))
			})
			wantTotal(t, file, Options{}, 40*0.35)
			imp, err := read(t, dataset.Load, Options{}, file)
			if err != nil {
				t.Fatal(err)
			}
			if m := imp.Report.Mends; len(m) != 1 || m[0].What != "false reading, replaced by one between its neighbours" || !strings.Contains(m[0].Where[0], "row 7") {
				t.Errorf("mended %+v", m)
			}
			for i, v := range imp.Series[0].Series.Values {
				if math.Abs(v-0.35) > 1e-6 {
					t.Errorf("hour %d is %g kWh, want 0.35", i, v)
				}
			}
		})
	}
}

func TestTwoFalseReadingsAreRefused(t *testing.T) {
	file := lines("time,Meterstand", time.Hour, 24*40, func(i int, _ time.Time) string {
		if i == 400 || i == 401 {
			return "50000"
		}
		return fmt.Sprintf("%.3f", 1000+0.1*float64(i))
	})
	wantError(t, dataset.Load, file, Options{}, "2024-06-17T15:00Z", "more energy", "--accept-implausible")
}

func TestNoHomeTakesThat(t *testing.T) {
	use := func(kwh ...float64) string {
		return lines("time,kwh", time.Hour, 24*40, func(i int, _ time.Time) string {
			if i < len(kwh) {
				return fmt.Sprint(kwh[i])
			}
			return []string{"0.5", "0.4"}[i%2]
		})
	}
	wantError(t, dataset.Load, use(58, 59, 61, 58.5), Options{}, "4 of 960 values over 17.25 kW", "61 kWh at 2024-06-01T02:00Z", "--accept-implausible")
	wantError(t, dataset.Load, use(18, 18, 18, 18, 18, 18, 18, 18, 18, 18), Options{}, "10 of 960 values over 17.25 kW")
	wantError(t, dataset.Load, use(400), Options{}, "400 kWh at 2024-06-01T00:00Z")
	if _, err := read(t, dataset.Load, Options{}, use(58, 59, 61)); err != nil {
		t.Errorf("three high values of a home are refused: %v", err)
	}
	if _, err := read(t, dataset.Load, Options{}, use(22, 22, 22, 22, 22, 22, 22, 22, 22)); err != nil {
		t.Errorf("nine hours of two cars in 960 are refused: %v", err)
	}
	if _, err := read(t, dataset.Load, Options{Implausible: true}, use(58, 59, 61, 58.5)); err != nil {
		t.Errorf("refused, though a person knows: %v", err)
	}
	flat := func(kwh float64) string {
		return lines("time,kwh", time.Hour, 24*40, func(i int, _ time.Time) string { return fmt.Sprint(kwh + 0.001*float64(i%2)) })
	}
	wantError(t, dataset.Load, flat(4.5), Options{}, "39451.4 kWh a year")
	wantError(t, dataset.Load, flat(0.0005), Options{Unit: "kwh"}, "kWh a year, a home at least 36")
}

func TestEndsOfIntervalsAreNotStarts(t *testing.T) {
	// Two days of quarters, each of its own Wh.
	days := func(write func(day, minute int) string) string {
		var b strings.Builder
		for day := 1; day <= 2; day++ {
			for q := 1; q <= 96; q++ {
				fmt.Fprintf(&b, "%s,0.%03d\n", write(day, q*15), q*37%97)
			}
		}
		return b.String()
	}
	for name, file := range map[string]string{
		"24:00 in its column": "date,time,kwh\n" + days(func(day, m int) string { return fmt.Sprintf("2024-06-%02d,%02d:%02d", day, m/60, m%60) }),
		"24:00":               "time,kwh\n" + days(func(day, m int) string { return fmt.Sprintf("2024-06-%02d %02d:%02d", day, m/60, m%60) }),
		"00:00 of the next day": "time,kwh\n" + days(func(day, m int) string {
			return time.Date(2024, 6, day, 0, m, 0, 0, time.UTC).Format("2006-01-02 15:04")
		}),
		"with an offset": "time,kwh\n" + days(func(day, m int) string {
			return time.Date(2024, 6, day, 0, m, 0, 0, time.UTC).Format("2006-01-02T15:04:05") + "+02:00"
		}),
	} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Load, Options{}, file)
			if err != nil {
				t.Fatal(err)
			}
			s := imp.Series[0].Series
			if want := time.Date(2024, 5, 31, 22, 0, 0, 0, time.UTC); !s.Start.Equal(want) || len(s.Values) != 192 || s.Values[0] != 0.037 {
				t.Errorf("%d values from %s, the first %g; want 192 from %s, the first 0.037", len(s.Values), s.Start, s.Values[0], want)
			}
		})
	}
	// Starts in UTC or in fixed winter time also stand one hour off the local midnight.
	for _, offset := range []string{"Z", "+01:00"} {
		var b strings.Builder
		b.WriteString("time,kwh\n")
		for h := range 48 {
			fmt.Fprintf(&b, "2024-%02d-%02dT%02d:00:00%s,0.%d\n", map[string]int{"Z": 1, "+01:00": 6}[offset], 1+h/24, h%24, offset, 1+h%3)
		}
		imp, err := read(t, dataset.Load, Options{}, b.String())
		if err != nil {
			t.Fatal(err)
		}
		if at := imp.Series[0].Series.Start; at.Hour() != map[string]int{"Z": 0, "+01:00": 23}[offset] {
			t.Errorf("starts with %s are read from %s", offset, at)
		}
	}
}

func TestWhatPanelsMakeIsNoLoad(t *testing.T) {
	sun := lines("time,kwh", time.Hour, 24*8, func(i int, _ time.Time) string {
		if h := i % 24; h >= 5 && h < 19 {
			return "0.5"
		}
		return "0"
	})
	wantError(t, dataset.Load, sun, Options{}, "from 23:00 to 4:00", "what panels make")
	if _, err := read(t, dataset.Load, Options{Implausible: true}, sun); err != nil {
		t.Error(err)
	}
}
