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
	"github.com/getij/getij/internal/witness"
)

func wantNote(t *testing.T, content string, words ...string) {
	t.Helper()
	imp, err := read(t, dataset.Load, Options{}, content)
	if err != nil {
		t.Fatal(err)
	}
	said := imp.Report.Column + "\n" + strings.Join(imp.Report.Notes, "\n")
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("%q is not said: %s", w, said)
		}
	}
}

func TestGasIsNoHome(t *testing.T) {
	var b strings.Builder
	b.WriteString("Datum,EAN,Verbruik,Type\n")
	for _, kind := range []string{"Gas", "Elektriciteit"} {
		for h := range 24 {
			fmt.Fprintf(&b, "2024-06-01T%02d:00:00Z,%s,%g,%s\n", h, map[string]string{"Gas": "871687140000000001", "Elektriciteit": "871687140000000002"}[kind], map[string]float64{"Gas": 2, "Elektriciteit": 0.25}[kind], kind)
		}
	}
	wantTotal(t, b.String(), Options{}, 6)
	wantNote(t, b.String(), "24 rows of gas")
}

func TestAColumnOfUnitsDecides(t *testing.T) {
	file := func(unit func(i int) string) string {
		return lines("time,consumption,Unit", time.Hour, 24, func(i int, _ time.Time) string { return "3," + unit(i) })
	}
	wantTotal(t, file(func(int) string { return "Wh" }), Options{}, 0.072)
	wantTotal(t, file(func(int) string { return "kWh" }), Options{}, 72)
	wantError(t, dataset.Load, file(func(int) string { return "m3" }), Options{}, "24 rows of m3")
	wantError(t, dataset.Load, file(func(int) string { return "EUR" }), Options{}, "row 2", "Unit", "EUR")
	wantError(t, dataset.Load, file(func(i int) string { return []string{"kWh", "Wh"}[i/12] }), Options{}, "row 14", "one unit")
}

func TestBothTariffsAreLoad(t *testing.T) {
	both := func(int, time.Time) string { return "0.25,0.5,9,9,3" }
	for _, header := range []string{
		"time,Electricity 1 (Low Tariff),Electricity 2 (Normal Tariff),Electricity 1 Returned (Low Tariff),Electricity 2 Returned (Normal Tariff),Gas",
		"time,verbruik laag kWh,verbruik hoog kWh,teruglevering laag kWh,teruglevering hoog kWh,gas m3",
		"time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh,Gas",
	} {
		wantTotal(t, lines(header, time.Hour, 24, both), Options{}, 18)
		names := strings.Split(header, ",")
		wantNote(t, lines(header, time.Hour, 24, both), names[1]+" (total 6) + "+names[2]+" (total 12)", names[5])
	}
	wantTotal(t, lines("time,Stand T1,Stand T2,Verbruik T1,Verbruik T2", time.Hour, 24, func(i int, _ time.Time) string {
		return fmt.Sprintf("%g,%g,0.25,%g", 1000+0.25*float64(i), 2000+0.5*float64(i), 0.5-0.01*float64(i%2))
	}), Options{}, 24*0.75-12*0.01)
	wantTotal(t, lines("time,Import T1 kWh,Import kWh", time.Hour, 24, cells("0.25,0.75")), Options{}, 18)
}

func cells(row string) func(int, time.Time) string {
	return func(int, time.Time) string { return row }
}

func TestProductionIsNotLoad(t *testing.T) {
	file := lines("time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)", time.Hour, 24, cells("2000,300,1800,100"))
	wantTotal(t, file, Options{}, 7.2)
	wantNote(t, file, "Energy Consumed (Wh)", "produce are left out", "Energy Produced (Wh)")
	wantError(t, dataset.Load, lines("time,Energy produced (Wh)", time.Hour, 24, cells("2")), Options{}, "no column of what homes take")
}

func TestThreePhasesAreOneHome(t *testing.T) {
	for _, header := range []string{"time,L1 kWh,L2 kWh,L3 kWh", "time,energy_phase_1_kwh,energy_phase_2_kwh,energy_phase_3_kwh", "time,Verbruik fase 1,Verbruik fase 2,Verbruik fase 3"} {
		wantTotal(t, lines(header, time.Hour, 24, cells("0.25,0.5,0.125")), Options{}, 21)
	}
	for _, header := range []string{"time,Phase A active energy Wh,Phase A returned energy Wh,Phase B active energy Wh,Phase B returned energy Wh,Phase C active energy Wh,Phase C returned energy Wh", "time,Active energy Wh (A),Returned energy Wh (A),Active energy Wh (B),Returned energy Wh (B),Active energy Wh (C),Returned energy Wh (C)"} {
		wantTotal(t, lines(header, time.Hour, 24, cells("250,1,500,2,125,3")), Options{}, 21)
		wantTotal(t, lines(header, time.Hour, 24, cells("250,10,500,20,125,30")), Options{FeedIn: true}, 1.44)
	}
	wantTotal(t, lines("time,Total kWh,L1 kWh,L2 kWh,L3 kWh", time.Hour, 24, cells("0.875,0.25,0.5,0.125")), Options{}, 21)
}

func TestTheSumOfHomesIsNotAHome(t *testing.T) {
	imp, err := read(t, dataset.Load, Options{}, lines("time,Huis 1,Huis 2,Som", time.Hour, 24, cells("0.25,0.5,0.75")))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(imp.Report.Column, "2 homes") {
		t.Errorf("%q, want 2 homes", imp.Report.Column)
	}
}

// real are the rows of a file that somebody downloaded, its header first.
func realRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(witness.Real(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func written(rows [][]string) string {
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return err.Error()
	}
	return b.String()
}

// sumOf adds up some columns of the rows that count.
func sumOf(t *testing.T, rows [][]string, counts func(row []string) bool, columns ...int) (sum float64) {
	t.Helper()
	for _, row := range rows[1:] {
		for _, c := range columns {
			if !counts(row) || row[c] == "" {
				continue
			}
			v, err := strconv.ParseFloat(row[c], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += v
		}
	}
	return sum
}

func every([]string) bool { return true }

func TestRealSupplierWithGas(t *testing.T) {
	rows := realRows(t, "exports/engie.csv")
	want := sumOf(t, rows, func(row []string) bool { return row[3] == "Elektriciteit" }, 2)
	if got := total(t, written(rows), Options{}); math.Abs(got-want) > 1e-3 {
		t.Errorf("%g kWh, want %g", got, want)
	}
}

func TestRealTariffsOfDSMRReader(t *testing.T) {
	rows := realRows(t, "exports/dsmr_reader_hour.csv")
	gap := 0
	for i, row := range rows {
		if strings.HasPrefix(row[0], "2024-03-17T18") {
			gap = i // the file has none of the 29 hours before
		}
	}
	wantError(t, dataset.Load, written(rows), Options{}, "no values from 2024-03-16T12:00Z to 2024-03-17T17:00Z")
	want := sumOf(t, rows[:gap], every, 1, 2)
	if got := total(t, written(rows[:gap]), Options{}); math.Abs(got-want) > 1e-3 {
		t.Errorf("%g kWh, want %g", got, want)
	}
}

func TestRealConsumptionOfEnphase(t *testing.T) {
	rows := realRows(t, "exports/enphase_custom_report.csv")
	want := sumOf(t, rows, every, 2) / 1000
	if got := total(t, written(rows), Options{}); math.Abs(got-want) > 1e-3 {
		t.Errorf("%g kWh, want %g", got, want)
	}
}

func TestRealReadingsOfHomeWizard(t *testing.T) {
	rows := realRows(t, "exports/homewizard_kwh_meter_15min.csv")
	first, err1 := strconv.ParseFloat(rows[1][1], 64)
	last, err2 := strconv.ParseFloat(rows[len(rows)-1][1], 64)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if got := total(t, written(rows), Options{}); math.Abs(got-(last-first)) > 1e-6 {
		t.Errorf("%g kWh, want %g", got, last-first)
	}
	if _, err := Read(t.Context(), dataset.Load, []string{witness.Real(t, "exports/homewizard_p1_15min.csv")}, Options{}); err == nil || !strings.Contains(err.Error(), "gas") {
		t.Errorf("a file of gas alone: %v", err)
	}
}
