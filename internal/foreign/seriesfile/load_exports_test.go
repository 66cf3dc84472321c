package seriesfile

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/witness"
)

// sheetRows are the rows of the first sheet of a real workbook.
func sheetRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := excelize.OpenFile(witness.Real(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// kWhOf adds up a column, where a comma is the decimal sign.
func kWhOf(t *testing.T, rows [][]string, column int) (sum float64) {
	t.Helper()
	for _, row := range rows[1:] {
		if column >= len(row) || row[column] == "" {
			continue
		}
		v, err := strconv.ParseFloat(strings.Replace(row[column], ",", ".", 1), 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v
	}
	return sum
}

func totalOf(imp *Import) (sum float64) {
	for _, s := range imp.Series {
		for _, v := range s.Series.Values {
			sum += v
		}
	}
	return sum
}

// knownOf adds up the values of which the file has a row, so not what was filled in.
func knownOf(t *testing.T, imp *Import, rows [][]string, layout string, shift time.Duration) (sum float64) {
	t.Helper()
	known := map[int64]bool{}
	for _, row := range rows[1:] {
		at, err := time.Parse(layout, row[0])
		if err != nil {
			t.Fatal(err)
		}
		known[at.Add(shift).Unix()] = true
	}
	s := imp.Series[0].Series
	for i, v := range s.Values {
		if known[s.Start.Add(time.Duration(i)*s.Every).Unix()] {
			sum += v
		}
	}
	return sum
}

func TestRealWorkbookOfZonneplan(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a workbook of 9,000 rows twice")
	}
	const name = "exports/zonneplan.xlsx"
	imp, err := Read(t.Context(), dataset.Load, []string{witness.Real(t, name)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := sheetRows(t, name)
	want := kWhOf(t, rows[:len(rows)-1], 3) // the last row has the totals
	if got := totalOf(imp); math.Abs(got-want) > 1e-6 {
		t.Errorf("%g kWh, want %g", got, want)
	}
	if m := imp.Report.Mends; len(m) != 1 || m[0].What != "row of totals left out" || m[0].Where[0] != "row 9314" {
		t.Errorf("mended %+v", m)
	}
}

func TestRealWorkbookOfSlimmeMeterPortal(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a workbook of 24,000 rows three times")
	}
	const name = "exports/slimmemeterportal_electricity_2024.xlsx"
	path := witness.Real(t, name)
	_, err := Read(t.Context(), dataset.Load, []string{path}, Options{})
	if err == nil || !strings.Contains(err.Error(), "in 2 periods: from 2024-01-25T23:00Z to 2024-01-28T23:00Z (between rows 2401 and 2402), from 2024-02-27T12:45Z to 2024-02-27T15:00Z") {
		t.Fatalf("its two gaps are not named: %v", err)
	}
	imp, err := Read(t.Context(), dataset.Load, []string{path}, Options{FillGaps: true})
	if err != nil {
		t.Fatal(err)
	}
	rows := sheetRows(t, name)
	got := knownOf(t, imp, rows, "02-01-2006 15:04:05 -0700", -quarter)
	if want := kWhOf(t, rows, 1) + kWhOf(t, rows, 2); math.Abs(got-want) > 1e-3 {
		t.Errorf("%g kWh, want %g", got, want)
	}
	s := imp.Series[0].Series
	if want := time.Date(2023, 12, 31, 23, 0, 0, 0, time.UTC); !s.Start.Equal(want) {
		t.Errorf("00:15 is the end of the first quarter, but it begins at %s", s.Start)
	}
	if _, err := Read(t.Context(), dataset.Load, []string{witness.Real(t, "exports/slimmemeterportal_gas_2024.xlsx")}, Options{}); err == nil || !strings.Contains(err.Error(), "named for gas") {
		t.Errorf("gas is read as load: %v", err)
	}
}

func TestRealGapOfDSMRReaderIsFilledWhenAsked(t *testing.T) {
	const name = "exports/dsmr_reader_hour.csv"
	imp, err := Read(t.Context(), dataset.Load, []string{witness.Real(t, name)}, Options{FillGaps: true})
	if err != nil {
		t.Fatal(err)
	}
	rows := realRows(t, name)
	got := knownOf(t, imp, rows, time.RFC3339, 0)
	if want := sumOf(t, rows, every, 1, 2); math.Abs(got-want) > 1e-3 {
		t.Errorf("%g kWh, want %g", got, want)
	}
	if !slices.ContainsFunc(imp.Report.Mends, func(m dataset.Mend) bool {
		return strings.Contains(m.What, "week before") && strings.Contains(m.Where[0], "2024-03-16T12:00Z to 2024-03-17T17:00Z")
	}) {
		t.Errorf("mended %+v", imp.Report.Mends)
	}
}

func TestRealEnergyOfSolarEdgeIsNoLoad(t *testing.T) {
	if _, err := Read(t.Context(), dataset.Load, []string{witness.Real(t, "exports/solaredge_2024_06.json")}, Options{}); err == nil || !strings.Contains(err.Error(), "solar") {
		t.Errorf("what panels made is read as load: %v", err)
	}
}

func TestPackedFilesAreTheSame(t *testing.T) {
	text := lines("time,kwh", time.Hour, 24, cells("0.5"))
	path := filepath.Join(t.TempDir(), "meter.csv.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	imp, err := Read(t.Context(), dataset.Load, []string{path}, Options{})
	if err != nil || totalOf(imp) != 12 {
		t.Errorf("%+v, %v", imp, err)
	}
}

// workbook writes sheets of rows into a file.
func workbook(t *testing.T, sheets map[string][][]any, order ...string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, name := range order {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for k, row := range sheets[name] {
			if err := f.SetSheetRow(name, "A"+strconv.Itoa(k+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func sheetHours(header string, from time.Time, step time.Duration, n int, kwh float64) [][]any {
	rows := [][]any{{"Datum", header}}
	for i := range n {
		rows = append(rows, []any{from.Add(time.Duration(i) * step).Format("2006-01-02 15:04"), kwh})
	}
	return rows
}

func TestSheetsThatAreReadAreNamed(t *testing.T) {
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	path := workbook(t, map[string][][]any{
		"Uitleg": {{"Dit bestand heeft uw verbruik"}, {"per dag en per uur"}},
		"Gas":    sheetHours("verbruik", from, time.Hour, 24, 2),
		"Dag":    sheetHours("kWh", from, 24*time.Hour, 30, 6),
		"Uur":    sheetHours("kWh", from, time.Hour, 24, 0.25),
	}, "Uitleg", "Gas", "Dag", "Uur")
	imp, err := Read(t.Context(), dataset.Load, []string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(imp.Report.Notes, "\n")
	if totalOf(imp) != 6 || !strings.Contains(said, "Uur is read (the first with hours or parts of them); left out: Uitleg, Gas, Dag") {
		t.Errorf("%g kWh; %s", totalOf(imp), said)
	}
	months := workbook(t, map[string][][]any{
		"jan": sheetHours("kWh", from, time.Hour, 24, 0.25), "feb": sheetHours("kWh", from.Add(24*time.Hour), time.Hour, 24, 0.5),
	}, "jan", "feb")
	imp, err = Read(t.Context(), dataset.Load, []string{months}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if totalOf(imp) != 18 || len(imp.Series) != 1 {
		t.Errorf("two months are %g kWh of %d homes", totalOf(imp), len(imp.Series))
	}
	if imp, err = Read(t.Context(), dataset.Load, []string{months}, Options{Sheet: "FEB"}); err != nil || totalOf(imp) != 12 {
		t.Errorf("the sheet that is asked for: %+v, %v", imp, err)
	}
	if _, err = Read(t.Context(), dataset.Load, []string{months}, Options{Sheet: "mar"}); err == nil || !strings.Contains(err.Error(), "its sheets are jan, feb") {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

func TestRowsBetweenValues(t *testing.T) {
	row := func(i int, _ time.Time) string { return "0.5" }
	head := "time,kwh"
	day := lines(head, time.Hour, 24, row)
	rest := strings.TrimPrefix(lines(head, time.Hour, 30, row), day)
	for name, c := range map[string]struct{ content, mend string }{
		"totals by name":     {day + "Totaal,12\n", "row of totals left out"},
		"totals alone":       {day + "Totaal: 12 kWh\n", "row of totals left out"},
		"totals by sum":      {day + ",12\n", "row of totals left out"},
		"a header once more": {day + head + "\n" + rest, "header inside the file left out"},
		"empty rows":         {day + ",\n\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Load, Options{}, c.content)
			if err != nil {
				t.Fatal(err)
			}
			want := 12.0
			if c.content != day+"" && strings.Contains(c.content, rest) {
				want = 15
			}
			if totalOf(imp) != want {
				t.Errorf("%g kWh, want %g", totalOf(imp), want)
			}
			mends := imp.Report.Mends
			if c.mend == "" && len(mends) > 0 || c.mend != "" && (len(mends) != 1 || mends[0].What != c.mend) {
				t.Errorf("mended %+v", mends)
			}
		})
	}
	wantError(t, dataset.Load, day+",7\n", Options{}, "row 26", "time")
	wantError(t, dataset.Load, day+"2024-06-02T00:00:00Z\n", Options{}, "row 26 has 1 of the header's 2 columns")
	wantError(t, dataset.Load, day+"date,gas m3\n2024-06-02T00:00:00Z,3\n", Options{}, "another table from row 26")
}

func TestTariffsAsRows(t *testing.T) {
	var use, stand strings.Builder
	use.WriteString("EAN,tijd,tarief,kWh\n")
	stand.WriteString("time,register,reading\n")
	for h := range 48 {
		at := time.Date(2024, 6, 1, h, 0, 0, 0, time.UTC).Format(time.RFC3339)
		for k, tariff := range []string{"Laag", "Hoog", "Teruglevering Laag"} {
			use.WriteString("871687120000000001," + at + "," + tariff + "," + []string{"0.25", "0.5", "9"}[k] + "\n")
		}
		for k, register := range []string{"1.8.1", "1.8.2", "2.8.1"} {
			v := 1000*float64(k+1) + 0.125*float64(k+1)*float64(h)
			if k == 0 && h >= 24 {
				v -= 1002 // another meter
			}
			stand.WriteString(at + "," + register + "," + strconv.FormatFloat(v, 'f', -1, 64) + "\n")
		}
	}
	wantTotal(t, use.String(), Options{}, 36)
	wantNote(t, use.String(), "Laag (total 12) + Hoog (total 24)", "48 rows of teruglevering laag")
	wantTotal(t, use.String(), Options{FeedIn: true}, 9*48)
	// The hour of the other meter is interpolated.
	wantTotal(t, stand.String(), Options{}, 47*0.375)
	imp, err := read(t, dataset.Load, Options{}, stand.String())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(imp.Report.Mends, func(m dataset.Mend) bool { return strings.HasPrefix(m.What, "register goes back") }) {
		t.Errorf("mended %+v", imp.Report.Mends)
	}
}

func TestARegisterThatIsResetInOneOfTwoTariffs(t *testing.T) {
	file := lines("time,Stand T1,Stand T2", time.Hour, 49, func(i int, _ time.Time) string {
		low := 5000 + 0.25*float64(i)
		if i > 20 {
			low -= 5005
		}
		return strconv.FormatFloat(low, 'f', -1, 64) + "," + strconv.FormatFloat(200+0.5*float64(i), 'f', -1, 64)
	})
	wantTotal(t, file, Options{}, 48*0.75)
}

func TestOneTariffAtATime(t *testing.T) {
	file := lines("datum_tijd,levering_normaal,levering_laag,teruglevering_normaal,buitentemperatuur", time.Hour, 24, func(i int, _ time.Time) string {
		if i < 7 {
			return ",0.25,,12"
		}
		return "0.5,,1,12"
	})
	wantTotal(t, file, Options{}, 7*0.25+17*0.5)
	wantNote(t, file, "levering_normaal (total 8.5) + levering_laag (total 1.75)", "24 rows", "one tariff only")
}

func TestJSONOfAppsIsRead(t *testing.T) {
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	at := func(i int, layout string) string { return from.Add(time.Duration(i) * time.Hour).Format(layout) }
	hours := func(row func(i int) any) (all []any) {
		for i := range 24 {
			all = append(all, row(i))
		}
		return all
	}
	type m = map[string]any
	values := func(v float64) []any {
		return hours(func(i int) any { return m{"date": at(i, "2006-01-02 15:04:05"), "value": v} })
	}
	for name, c := range map[string]struct {
		value any
		kWh   float64
	}{
		"SolarEdge energyDetails": {m{"energyDetails": m{"timeUnit": "HOUR", "unit": "Wh", "meters": []any{
			m{"type": "Production", "values": values(900)},
			m{"type": "Consumption", "values": values(250)},
			m{"type": "Purchased", "values": values(100)},
			m{"type": "SelfConsumption", "values": values(150)},
			m{"type": "FeedIn", "values": values(750)},
		}}}, 6},
		"what was bought, alone": {m{"energyDetails": m{"timeUnit": "HOUR", "unit": "Wh", "meters": []any{
			m{"type": "Purchased", "values": values(100)}, m{"type": "FeedIn", "values": values(750)},
		}}}, 2.4},
		"Tibber": {m{"data": m{"viewer": m{"homes": []any{m{"consumption": m{"nodes": hours(func(i int) any {
			return m{"from": at(i, time.RFC3339), "to": at(i+1, time.RFC3339), "cost": 0.1, "unitPrice": 0.3, "consumption": 0.25, "consumptionUnit": "kWh"}
		})}}}}}}, 6},
		"Eneco": {m{"data": m{"usage": m{"entries": hours(func(i int) any {
			return m{"actual": m{"date": at(i, time.RFC3339), "electricity": m{"low": 0.25, "high": 0.5}, "redelivery": m{"low": 3, "high": 4}, "gas": m{"high": 1}}}
		})}}}, 18},
		"P1 monitor, rows of arrays": {hours(func(i int) any {
			return m{"TIMESTAMP_lOCAL": at(i, "2006-01-02 15:04:05"), "TIMESTAMP_UTC": from.Add(time.Duration(i) * time.Hour).Unix(), "CONSUMPTION_KWH_LOW": 100 + float64(i)*0.25, "CONSUMPTION_KWH_HIGH": 200 + float64(i)*0.5, "PRODUCTION_KWH_LOW": 5, "PRODUCTION_KWH_HIGH": 6, "CONSUMPTION_DELTA_KWH": 0.75}
		}), 23 * 0.75},
		"lists by what they are": {m{"usage": values(0.25), "return": values(3), "gas": values(1)}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(c.value)
			if err != nil {
				t.Fatal(err)
			}
			wantTotal(t, string(text), Options{}, c.kWh)
		})
	}
}
