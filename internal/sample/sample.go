// Package sample makes files for tests in the layouts of real ones: years of
// prices, load and solar output, charging sessions, regions. Every number is made
// here, by a formula or a seeded draw, none is copied; the names are those of the
// real files, which package witness finds where they are. Only tests import it.
//
// What a test expects of a made file it takes from the formula (Price, Load, Solar,
// MeterWh, Sessions, Gemeenten, ...), not from the code it tests.
package sample

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/witness"
)

// Data are the files that a test reads: made ones or real ones.
type Data struct{ Made bool }

// OnBoth runs a test on made files, and on the real ones where they are, but not under
// -short.
func OnBoth(t *testing.T, check func(t *testing.T, data Data)) {
	t.Run("made", func(t *testing.T) { check(t, Data{Made: true}) })
	t.Run("real", func(t *testing.T) {
		if testing.Short() {
			t.Skip("long: it runs without -short")
		}
		check(t, Data{})
	})
}

// File is the path of a file, such as "prices/nl_day_ahead_2024_hourly.csv". A
// made one is there until the test ends.
func (d Data) File(t testing.TB, name string) string {
	t.Helper()
	if d.Made {
		return File(t, name)
	}
	return witness.Real(t, name)
}

// makers write the content of a file, by its name.
var makers = map[string]func() ([]byte, error){
	"prices/nl_day_ahead_2024_hourly.csv":              text(prices),
	"prices/entsoe_nl_day_ahead_2024_raw.csv":          text(rawPrices),
	"load/edsn_e1a_2015_quarter_hour.csv":              text(quarterLoad),
	"load/e1a_2023_hourly.csv":                         text(hourlyLoad),
	"load/zonnedael_2013_sample10_wh_quarter_hour.csv": text(meters),
	"solar/ned_solar_nl_2024_hourly.csv":               text(solar),
	"sessions/trondheim_home_sessions.csv":             text(sessions),
	"regions/cbs_gemeenten_2023.geojson":               gemeentenFile,
	"regions/cbs_wijken_2022_rd.gpkg":                  wijkenFile,
	"regions/ermelo_cbs_buurten.gpkg":                  buurtenFile,
	"regions/buurt_2016_stedin_dwellings_cars.csv":     dwellingsFile,
	"driveway/otterlo_bgt_gml.zip":                     archive,
	"driveway/input-v5_kadastralekaart_perceel.gml":    text(parcels),
}

func text(write func(b *strings.Builder)) func() ([]byte, error) {
	return func() ([]byte, error) {
		var b strings.Builder
		write(&b)
		return []byte(b.String()), nil
	}
}

// File makes a file in a folder of the test's own.
func File(t testing.TB, name string) string {
	t.Helper()
	made, ok := makers[name]
	if !ok {
		t.Fatalf("no sample is made of %s", name)
	}
	content, err := made()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(name))
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// hours are the hours of a local year, as their start in UTC.
func hours(year int) (out []time.Time) {
	axis := series.NewYear(year)
	for at := axis.Start; at.Before(axis.End()); at = at.Add(time.Hour) {
		out = append(out, at)
	}
	return out
}

// noise is a number from 0 to 1 that looks drawn and is the same for the same n.
func noise(n int) float64 {
	x := uint64(n+1) * 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return float64((x^x>>31)>>11) / (1 << 53)
}

// bump is 1 at the hour of a peak and falls off over its width, round the clock.
func bump(hour, peak, width float64) float64 {
	d := math.Abs(hour - peak)
	d = min(d, 24-d) / width
	return math.Exp(-d * d)
}

// summer is 1 at midsummer and 0 at midwinter.
func summer(day int) float64 { return 0.5 - 0.5*math.Cos(2*math.Pi*float64(day+10)/365) }

// clockHour is the local time of day in hours.
func clockHour(at time.Time) (hour float64, day int) {
	local := at.In(series.Amsterdam())
	return float64(local.Hour()) + float64(local.Minute())/60, local.YearDay()
}

// cloud is how much of the sun a day has, from 0.15 to 1.
func cloud(day int) float64 { return 0.15 + 0.85*noise(1000+day) }

// Price is the made day-ahead price of an hour, EUR/MWh, in whole cents: cheap at
// night and on sunny middays, below zero on some of them, dear in the evening.
func Price(at time.Time) float64 {
	hour, day := clockHour(at)
	level, evening := 60+50*noise(2000+day), noise(3000+day)
	level += 150*evening*evening*bump(hour, 18.5, 2) + 35*bump(hour, 8, 1.5) - 25*noise(4000+day)*bump(hour, 3, 3)
	level -= 150 * summer(day) * cloud(day) * bump(hour, 13.5, 2.6)
	return math.Round(100*level) / 100
}

func prices(b *strings.Builder) {
	b.WriteString("utc_start,local_start,eur_per_mwh\n")
	for _, at := range hours(2024) {
		fmt.Fprintf(b, "%s,%s,%.2f\n", at.Format(time.RFC3339), at.In(series.Amsterdam()).Format(time.RFC3339), Price(at))
	}
}

// rawPrices is the same as exported, with four rows twice.
func rawPrices(b *strings.Builder) {
	b.WriteString("time,DA_price\n")
	for i, at := range hours(2024) {
		times := 1
		if i%2000 == 1000 { // 1000, 3000, 5000, 7000
			times = 2
		}
		for range times {
			fmt.Fprintf(b, "%s,%.2f\n", at.In(series.Amsterdam()).Format("2006-01-02 15:04:05-07:00"), Price(at))
		}
	}
}

// utc1 is the clock of load profiles: UTC+1 all year.
var utc1 = time.FixedZone("", 3600)

// Load is the made use of a home at a moment, as a weight.
func Load(at time.Time) float64 {
	hour, day := clockHour(at)
	return (0.35 + 0.9*bump(hour, 19.5, 3) + 0.45*bump(hour, 8, 2) + 0.25*bump(hour, 12.5, 2)) * (1.25 - 0.5*summer(day))
}

// fractions are a year of Load on the clock of profiles, as parts of their sum.
func fractions(b *strings.Builder, year int, every time.Duration, decimals int) {
	var at []time.Time
	total := 0.0
	for m := time.Date(year, 1, 1, 0, 0, 0, 0, utc1); m.Year() == year; m = m.Add(every) {
		at = append(at, m)
		total += Load(m)
	}
	for _, m := range at {
		fmt.Fprintf(b, "%s,%.*f\n", m.Format("2006-01-02T15:04:05-07:00"), decimals, Load(m)/total)
	}
}

func quarterLoad(b *strings.Builder) {
	b.WriteString("start_utc_plus_1,E1A\n")
	fractions(b, 2015, 15*time.Minute, 8)
}

func hourlyLoad(b *strings.Builder) {
	b.WriteString("start_utc_plus_1,e1a_fraction\n")
	fractions(b, 2023, time.Hour, 10)
}

// SolarMW is the capacity of the made panels.
const SolarMW = 20000

// Solar is the made output of an hour, as a share of the capacity, in whole
// hundredths of a per cent.
func Solar(at time.Time) float64 {
	hour, day := clockHour(at)
	high := summer(day)
	share := (0.12 + 0.60*high) * cloud(day) * bump(hour, 13.2, 2+1.7*high)
	return math.Round(1e4*max(0, share-0.01)) / 1e4
}

func solar(b *strings.Builder) {
	b.WriteString("utc_start,mw,fraction_of_capacity\n")
	for at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == 2024; at = at.Add(time.Hour) {
		fmt.Fprintf(b, "%s,%.1f,%.4f\n", at.Format(time.RFC3339), SolarMW*Solar(at), Solar(at))
	}
}

// Homes is the number of made meters, in the order of their columns.
var Homes = []int{53, 15, 13, 18, 23, 17, 25, 12, 71, 75}

// MeterWh is what a made meter counts in a quarter-hour of its wall clock, which
// shows 24 hours on every day.
func MeterWh(home int, wall time.Time) int {
	hour := float64(wall.Hour()) + float64(wall.Minute())/60
	use := (0.35 + 0.9*bump(hour, 19+float64(home%3), 3) + 0.4*bump(hour, 8, 2)) * (1.25 - 0.5*summer(wall.YearDay()))
	n := (wall.YearDay()*96+wall.Hour()*4+wall.Minute()/15)*16 + home
	return int((60 + 15*float64(home)) * use * (0.5 + noise(n)))
}

func meters(b *strings.Builder) {
	b.WriteString("local_start_nl")
	for _, h := range Homes {
		fmt.Fprintf(b, ",meter_%d_wh", h)
	}
	b.WriteString("\n")
	for wall := time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC); wall.Year() == 2013; wall = wall.Add(15 * time.Minute) {
		b.WriteString(wall.Format("2006-01-02T15:04:05"))
		for home := range Homes {
			fmt.Fprintf(b, ",%d", MeterWh(home, wall))
		}
		b.WriteString("\n")
	}
}
