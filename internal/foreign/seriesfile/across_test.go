package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// across is a file with a row for each day from the first of June on, of 24 or more parts
// called as name says: 0.25 kWh in each hour.
func across(head string, parts int, name func(i int) string, lead func(day time.Time) string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range parts {
		b.WriteString(";" + name(i))
	}
	for d := range 3 {
		b.WriteString("\n" + lead(time.Date(2024, 6, 1+d, 0, 0, 0, 0, time.UTC)))
		b.WriteString(strings.Repeat(";"+strings.Replace(fmt.Sprint(6/float64(parts)), ".", ",", 1), parts))
	}
	return b.String() + "\n"
}

func TestPartsOfADayAsColumns(t *testing.T) {
	day := func(at time.Time) string { return at.Format("02-01-2006") }
	for name, content := range map[string]string{
		"0u":              across("Datum", 24, func(i int) string { return fmt.Sprintf("%du", i) }, day),
		"0 uur":           across("Datum", 24, func(i int) string { return fmt.Sprintf("%d uur", i) }, day),
		"u1":              across("Datum", 24, func(i int) string { return fmt.Sprintf("u%d", i+1) }, day),
		"00-01":           across("Datum", 24, func(i int) string { return fmt.Sprintf("%02d-%02d", i, i+1) }, day),
		"0 to 23":         across("Datum", 24, func(i int) string { return fmt.Sprint(i) }, day),
		"1 to 24":         across("Datum", 24, func(i int) string { return fmt.Sprint(i + 1) }, day),
		"half-hours":      across("Datum", 48, func(i int) string { return fmt.Sprint(i + 1) }, day),
		"Q1 to Q96":       across("Datum", 96, func(i int) string { return fmt.Sprintf("Q%d", i+1) }, day),
		"weekdays":        across("Dag", 24, func(i int) string { return fmt.Sprintf("%d:00", i) }, func(at time.Time) string { return "za " + at.Format("02-01-2006") }),
		"EAN and unit":    across("EAN;Datum;Eenheid", 96, func(i int) string { return fmt.Sprintf("Q%02d", i+1) }, func(at time.Time) string { return "871685900000000001;" + day(at) + ";kWh" }),
		"sums beside":     across("Datum;Totaal", 96, func(i int) string { return fmt.Sprintf("kwartier %d", i+1) }, func(at time.Time) string { return day(at) + ";6" }) + "Totaal;18" + strings.Repeat(";0,1875", 96) + "\n",
		"days in one run": across("Datum", 24, func(i int) string { return fmt.Sprintf("H%d", i+1) }, func(at time.Time) string { return at.Format("20060102") }),
	} {
		t.Run(name, func(t *testing.T) { wantStart(t, content, Options{}, "2024-05-31T22:00Z", 18) })
	}
	units := across("EAN;Datum;Eenheid", 96, func(i int) string { return fmt.Sprintf("Q%d", i+1) }, func(at time.Time) string { return "871685900000000001;" + day(at) + ";m3" })
	wantError(t, dataset.Load, units, Options{}, "288 rows of m3")
	broken := across("Datum", 96, func(i int) string { return fmt.Sprintf("Q%d", i+1) }, day) + "3 juni of zo" + strings.Repeat(";1", 96) + "\n"
	wantError(t, dataset.Load, broken, Options{}, "row 5", "a day was expected")
}

func TestHomesOfParts(t *testing.T) {
	content := "EAN;Datum"
	for i := range 96 {
		content += fmt.Sprintf(";Q%d", i+1)
	}
	for _, home := range []string{"871685900000000001;01-06-2024", "871685900000000002;01-06-2024", "871685900000000001;02-06-2024", "871685900000000002;02-06-2024"} {
		content += "\n" + home + strings.Repeat(";0,125", 96)
	}
	imp, err := read(t, dataset.Load, Options{}, content+"\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Series) != 2 || totalOf(imp) != 48 {
		t.Errorf("%d homes of %g kWh together, want 2 of 48", len(imp.Series), totalOf(imp))
	}
	// 24 homes beside a day and a clock are homes.
	homes := "Datum;Uur"
	for i := range 24 {
		homes += fmt.Sprintf(";h%d", i+1)
	}
	for h := range 24 {
		homes += fmt.Sprintf("\n01-06-2024;%d", h) + strings.Repeat(";0,25", 24)
	}
	if imp, err = read(t, dataset.Load, Options{}, homes+"\n"); err != nil || len(imp.Series) != 24 {
		t.Errorf("%v: 24 homes were expected", err)
	}
}

func TestPricesOfPartsOfADay(t *testing.T) {
	var b strings.Builder
	b.WriteString("Leverdag,Prijs (EUR/MWh)")
	for i := range 100 {
		fmt.Fprintf(&b, ",%d", i+1)
	}
	n := 0
	for d := range 3 {
		at := time.Date(2025, 10, 25+d, 0, 0, 0, 0, series.Amsterdam())
		b.WriteString("\n" + at.Format(time.DateOnly) + ",")
		for i := range 100 {
			b.WriteString(",")
			if at.Add(time.Duration(i) * quarter).Before(at.AddDate(0, 0, 1)) {
				fmt.Fprint(&b, 100+n)
				n++
			}
		}
	}
	imp, err := read(t, dataset.Prices, Options{}, b.String()+"\n")
	if err != nil {
		t.Fatal(err)
	}
	values := imp.Series[0].Series.Values
	if imp.Series[0].Series.Start.Format(time.RFC3339) != "2025-10-24T22:00:00Z" || len(values) != 96+100+96 {
		t.Fatalf("%d values from %s", len(values), imp.Series[0].Series.Start)
	}
	for i, v := range values {
		if v != float64(100+i) {
			t.Fatalf("value %d is %g", i, v)
		}
	}
	if len(imp.Report.Mends) > 0 {
		t.Errorf("mended %+v", imp.Report.Mends)
	}
}

// turnedFile is the energy of a dashboard: a row for each kind of energy, a column for each hour.
func turnedFile(rows ...string) string {
	var b strings.Builder
	b.WriteString("entity_id,type,unit")
	for h := range 24 {
		b.WriteString("," + time.Date(2024, 5, 31, 22+h, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05.000Z"))
	}
	for _, row := range rows {
		name, value, _ := strings.Cut(row, "=")
		b.WriteString("\n" + name + strings.Repeat(","+value, 24))
	}
	return b.String() + "\n"
}

func TestAColumnForEachTime(t *testing.T) {
	bought := []string{
		"sensor.meter_laag,grid_consumption,kWh=0.25", "sensor.meter_hoog,grid_consumption,kWh=0.5", "sensor.meter_kosten,grid_consumption_cost,EUR=3",
		"sensor.terug,grid_return,kWh=9", "sensor.terug_geld,grid_return_compensation,EUR=9", "sensor.gas,gas_consumption,m3=9",
		"sensor.vaatwasser,device_consumption,kWh=0.1", "sensor.accu,battery_out,kWh=0.1",
	}
	wantStart(t, turnedFile(bought...), Options{}, "2024-05-31T22:00Z", 18)
	wantNote(t, turnedFile(bought...), "a column for each time", `"grid_consumption (kWh)" in a.csv are added up`, "gas_consumption (m3)", "device_consumption", "battery_out")
	wantStart(t, turnedFile(append(bought, ",calculated_consumed_grid,kWh=0.75")...), Options{}, "2024-05-31T22:00Z", 18)
	wantStart(t, turnedFile(bought...), Options{FeedIn: true}, "2024-05-31T22:00Z", 216)
	all := append([]string{"sensor.dak,solar_production,kWh=2", ",calculated_consumed_solar,kWh=0.2", ",calculated_total_consumption,kWh=0.95"}, bought...)
	wantStart(t, turnedFile(all...), Options{}, "2024-05-31T22:00Z", 22.8)
	wantError(t, dataset.Load, turnedFile("sensor.dak,solar_production,kWh=2"), Options{}, "solar")
	wantError(t, dataset.Load, turnedFile(",,kWh=2"), Options{}, "row 2", "does not say of what it is")

	areas := strings.Replace(turnedFile("NL,x,EUR/MWh=50", "BE,x,EUR/MWh=60"), "entity_id,type,unit", "area,note,unit", 1)
	areas = strings.ReplaceAll(areas, ",x,", ",,")
	areas = strings.Replace(areas, "50", "70", 3)
	imp, err := read(t, dataset.Prices, Options{Implausible: true}, areas)
	if err != nil {
		t.Fatal(err)
	}
	if v := imp.Series[0].Series.Values; v[0] != 70 || v[23] != 50 {
		t.Errorf("prices %v, want those of NL", v)
	}
}
