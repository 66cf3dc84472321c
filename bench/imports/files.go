//go:build linux

package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

type rows = func(w io.Writer, r *rand.Rand) (more bool)

// year is the one that rows begin in.
var year = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	homes    = 500
	quarters = 366 * 96
)

// files are those of each kind: as large as they come, or a thousand MB.
func files() []file {
	return []file{
		{name: "sessions.csv", kind: "sessions", what: "a row a session", write: header("user_id,arrival_local,departure_local,energy_kwh\n", sessionRow)},
		{name: "cdrs.jsonl", kind: "sessions", what: "OCPI CDRs", write: each(cdr)},
		{name: "prices-areas.tsv", kind: "prices", what: "quarter-hours of 60 areas, one of which is read", write: header("DateTime(UTC)\tMapCode\tAreaName\tPrice[Currency/MWh]\tCurrency\n", areaPrices), args: []string{"--column", "Price[Currency/MWh]", "--unit", "eur_per_mwh", "--accept-implausible"}},
		{name: "prices-long.csv", kind: "prices", what: "quarter-hours of 28 years", write: header("utc_start,eur_per_mwh,"+notes(90)+"x\n", longPrices), args: []string{"--accept-implausible"}},
		{name: "prices.xml", kind: "prices", what: "quarter-hours of 27 years, A44", write: header(document, marketDay), end: "</Publication_MarketDocument>\n", mostMB: mostXML, args: []string{"--accept-implausible"}},
		{name: "load.json", kind: "load", what: "quarter-hours in one list", write: header("[", reading), end: "]\n", mostMB: mostJSON},
		{name: "load.xlsx", kind: "load", what: "a sheet of 14 columns, dates as text", make: workbook, mostMB: mostWorkbook},
		{name: "solar-5min.csv", kind: "solar", what: "an inverter every 5 minutes, 40 columns", write: header("Time (UTC);PV power (W);"+strings.Repeat("Voltage (V);", 38)+"x\n", inverter)},
		{name: "load-5min.csv", kind: "load", what: "a meter every 5 minutes, 40 columns", write: header("Time (UTC);Load (kWh);"+strings.Repeat("Voltage (V);", 38)+"x\n", meter)},
		{name: "meters-wide.csv", kind: "meters", what: "500 homes in columns, a year of quarter-hours", write: wide},
		{name: "meters-long.csv", kind: "meters", what: "500 homes below each other, a year of quarter-hours", write: header("EAN;Time (UTC);Consumption;Unit;Quality\n", long)},
		{name: "meters-days.csv", kind: "meters", what: "500 homes, a row a day, a column a quarter", write: days, args: []string{"--zone", "utc"}},
		{name: "regions.geojson", kind: "regions", what: "borders of 14,000 areas", write: header(`{"type":"FeatureCollection","features":[`, region), end: "]}", args: []string{"--level", "vlak", "--code-column", "code"}},
		{name: "areas.gpkg", kind: "regions", what: "borders of 14,000 areas", make: geopackage},
		{name: "regions.csv", kind: "regions", what: "figures of 300,000 areas", write: header("code,name,level,households,dwellings,cars,vans,"+notes(200)+"x\n", figures)},
	}
}

// header writes a line before rows that have a number.
func header(head string, row func(w io.Writer, r *rand.Rand, i int) bool) func() rows {
	return func() rows {
		i := 0
		return func(w io.Writer, r *rand.Rand) bool {
			if i == 0 {
				fmt.Fprint(w, head)
			}
			i++
			return row(w, r, i-1)
		}
	}
}

func each(row func(w io.Writer, r *rand.Rand, i int) bool) func() rows { return header("", row) }

// session draws a user, start and end, not in order.
func session(r *rand.Rand) (user int, start, end time.Time) {
	start = year.Add(time.Duration(r.IntN(366*86400)) * time.Second)
	return r.IntN(100_000), start, start.Add(time.Duration(3600+r.IntN(40000)) * time.Second)
}

func sessionRow(w io.Writer, r *rand.Rand, _ int) bool {
	user, start, end := session(r)
	fmt.Fprintf(w, "NL-TST-C%08d,%s,%s,%.2f\n", user, start.Format(time.RFC3339), end.Format(time.RFC3339), 5+10*r.Float64())
	return true
}

func cdr(w io.Writer, r *rand.Rand, i int) bool {
	user, start, end := session(r)
	kwh := 5 + 10*r.Float64()
	fmt.Fprintf(w, `{"country_code":"NL","party_id":"TST","id":"cdr-%d","start_date_time":%q,"end_date_time":%q,"cdr_token":{"uid":"%08X","type":"RFID","contract_id":"NL-TST-C%08d"},"auth_method":"WHITELIST","cdr_location":{"id":"HOME-%d","address":"Testweg","city":"Teststad","country":"NLD","coordinates":{"latitude":"52.0","longitude":"5.0"},"evse_uid":"%d","evse_id":"NL*TST*E%d","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR","charging_periods":[{"start_date_time":%[2]q,"dimensions":[{"type":"ENERGY","volume":%.3[9]f}]}],"total_cost":{"excl_vat":1},"total_energy":%.3[9]f,"total_time":1,"home_charging_compensation":true,"last_updated":%[3]q}`+"\n",
		i, start.Format(time.RFC3339), end.Format(time.RFC3339), user, user, user, user, user, kwh)
	return true
}

// price has the evening and the morning of the market.
func price(at time.Time) float64 {
	return 80 + 30*math.Cos(2*math.Pi*float64(at.Hour()-18)/24) + float64(at.YearDay()%7)
}

const areas = 60

func areaPrices(w io.Writer, _ *rand.Rand, i int) bool {
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 15 * time.Minute)
	for a := range areas {
		code, name := "NL", "Netherlands"
		if a > 0 {
			code, name = fmt.Sprintf("X%c%c", 'A'+a/26, 'A'+a%26), "Another bidding zone"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\tEUR\n", at.Format(time.DateTime), code, name, price(at)+float64(a))
	}
	return true
}

func longPrices(w io.Writer, _ *rand.Rand, i int) bool {
	at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 15 * time.Minute)
	fmt.Fprintf(w, "%s,%.2f%s,x\n", at.Format(time.RFC3339), price(at), strings.Repeat(",0123456789", 90))
	return i+1 < 999_000
}

func inverter(w io.Writer, r *rand.Rand, i int) bool {
	at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 5 * time.Minute)
	hour := float64(at.Hour()) + float64(at.Minute())/60
	power := 0.0
	if summer := math.Cos(2 * math.Pi * float64(at.YearDay()-172) / 365); hour > 8.2-2*summer && hour < 15.2+2*summer {
		power = (2000 + 1000*summer) * math.Sin(math.Pi*(hour-8.2+2*summer)/(7+4*summer)) * (0.5 + r.Float64()/2)
	}
	fmt.Fprintf(w, "%s;%.0f%s;x\n", at.Format(time.DateTime), power, strings.Repeat(";229,1234", 38))
	return at.Year() < 2100
}

func meter(w io.Writer, r *rand.Rand, i int) bool {
	at := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 5 * time.Minute)
	fmt.Fprintf(w, "%s;%.4f%s;x\n", at.Format(time.DateTime), 0.06*r.Float64(), strings.Repeat(";229,1234", 38))
	return at.Year() < 2100
}

func wide() rows {
	i := 0
	return func(w io.Writer, r *rand.Rand) bool {
		if i == 0 {
			fmt.Fprint(w, "time (UTC)")
			for h := range homes {
				fmt.Fprintf(w, ",home %d kWh", h+1)
			}
			fmt.Fprintln(w)
		}
		fmt.Fprint(w, year.Add(time.Duration(i)*15*time.Minute).Format(time.RFC3339))
		for range homes {
			fmt.Fprintf(w, ",%.3f", 0.2*r.Float64())
		}
		fmt.Fprintln(w)
		i++
		return i < quarters
	}
}

func long(w io.Writer, r *rand.Rand, i int) bool {
	at := year.Add(time.Duration(i%quarters) * 15 * time.Minute)
	fmt.Fprintf(w, "871685900000%06d;%s;0,%03d;kWh;measured\n", i/quarters, at.Format(time.DateTime), r.IntN(200))
	return i+1 < homes*quarters
}

func days() rows {
	i := 0
	return func(w io.Writer, r *rand.Rand) bool {
		if i == 0 {
			fmt.Fprint(w, "EAN;Day")
			for q := range 96 {
				fmt.Fprintf(w, ";Q%d", q+1)
			}
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "871685900000%06d;%s", i/366, year.AddDate(0, 0, i%366).Format(time.DateOnly))
		for range 96 {
			fmt.Fprintf(w, ";0,%03d", r.IntN(200))
		}
		fmt.Fprintln(w)
		i++
		return i < homes*366
	}
}

const (
	regions = 14_000
	points  = 2600 // of a border: a GB in all
)

// region is a circle in RD New, on a grid.
func region(w io.Writer, _ *rand.Rand, i int) bool {
	x, y := 20_000+float64(i%120)*2000, 310_000+float64(i/120)*2000
	comma := ","
	if i == 0 {
		comma = ""
	}
	fmt.Fprintf(w, `%s{"type":"Feature","properties":{"code":"A%05d","name":"area %d","households":100,"dwellings":100,"cars":90,"vans":9},"geometry":{"type":"Polygon","coordinates":[[`, comma, i, i)
	for p := range points + 1 {
		a := 2 * math.Pi * float64(p%points) / points
		if p > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, "[%.5f,%.5f]", x+900*math.Cos(a), y+900*math.Sin(a))
	}
	fmt.Fprint(w, "]]}}\n")
	return i+1 < regions
}

// geopackage makes a GeoPackage of GeoJSON, with the program itself.
func geopackage(path string, bytes int64) (int64, error) {
	from := path + ".geojson"
	defer os.Remove(from)
	source := file{write: header(`{"type":"FeatureCollection","features":[`, region), end: "]}"}
	if _, err := source.fill(from, bytes); err != nil {
		return 0, err
	}
	program := filepath.Join(filepath.Dir(path), "getij")
	if out, err := exec.Command(program, "import", "regions", from, "--level", "vlak", "--code-column", "code", "--out", path).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func figures(w io.Writer, _ *rand.Rand, i int) bool {
	fmt.Fprintf(w, "A%07d,area,vlak,100,100,90,9%s,x\n", i, strings.Repeat(",0123456789012345", 200))
	return i+1 < 300_000
}

// notes are names of columns that nothing is read of.
func notes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "note_%d,", i)
	}
	return b.String()
}
