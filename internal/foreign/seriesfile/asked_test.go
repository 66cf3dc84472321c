package seriesfile

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// yearOf is a year of hours whose values value gives.
func yearOf(header string, value func(i int) string) string {
	return lines(header, time.Hour, 8760, func(i int, _ time.Time) string { return value(i) })
}

func TestPricesOfSuppliersAreNotThoseOfTheMarket(t *testing.T) {
	one := func(int) string { return "0.25" }
	for header, words := range map[string]string{
		"time,Prijs excl. btw incl. opslag":   "taxes",
		"time,prijsverwachting (EUR/MWh)":     "day-ahead",
		"time,ID3 (EUR/MWh)":                  "day-ahead",
		"time,price forecast (EUR/MWh)":       "day-ahead",
		"time,leveringsprijs,terugleverprijs": "what is fed in",
	} {
		value := one
		if strings.Count(header, ",") > 1 {
			value = func(int) string { return "0.25,0.08" }
		}
		wantError(t, dataset.Prices, yearOf(header, value), Options{}, words, "--column")
	}
}

func TestAYearWithoutLowPricesIsToldOf(t *testing.T) {
	wave := func(plus float64) func(i int) string {
		return func(i int) string {
			at := []float64{80, 60, 20, 10, 70, 130, 110, 90}[i/3%8]
			return fmt.Sprint(at + plus)
		}
	}
	for plus, want := range map[float64]bool{0: false, 150: true} {
		imp, err := read(t, dataset.Prices, Options{Implausible: true}, strings.ReplaceAll(yearOf("time,price", wave(plus)), "2024-", "2025-"))
		if err != nil {
			t.Fatal(err)
		}
		r := &reading{rep: imp.Report}
		r.neverLow(imp.Series[0].Series)
		if got := strings.Contains(strings.Join(imp.Report.Notes, " "), "low hours in every year"); got != want {
			t.Errorf("with %g EUR/MWh on top: told %v, want %v", plus, got, want)
		}
	}
}

func TestPricesOfAnotherAreaInTheHeaderAreToldOf(t *testing.T) {
	for header, area := range map[string]string{
		"time,Day-ahead Price DE-LU [EUR/MWh]":  "DE-LU",
		"time,Germany/Luxembourg price [€/MWh]": "Germany",
		"time,Day-ahead Price NL [EUR/MWh]":     "",
		"time,price (EUR/MWh)":                  "",
	} {
		imp, err := read(t, dataset.Prices, Options{}, pricesOf(header, 5))
		if err != nil {
			t.Fatal(err)
		}
		notes := strings.Join(imp.Report.Notes, " ")
		if told := strings.Contains(notes, "are those of"); told != (area != "") || !strings.Contains(notes, area) {
			t.Errorf("%s: notes %q, area %q was expected", header, notes, area)
		}
	}
}

func TestTheWholeOfSolarOutputGoesBeforeItsParts(t *testing.T) {
	as := func(of ...float64) func(int, float64) string {
		return func(_ int, share float64) string {
			var cells []string
			for _, f := range of {
				cells = append(cells, fmt.Sprintf("%.4f", f*share))
			}
			return strings.Join(cells, ",")
		}
	}
	for header, want := range map[string]string{
		"Omvormer A (kWh),Omvormer B (kWh),Totaal (kWh)": "Totaal (kWh)",
		"Verwachte opbrengst (kWh),Opbrengst (kWh),pH":   "Opbrengst (kWh)",
		"Instraling (W/m2),Opbrengst (kWh),pH":           "Opbrengst (kWh)",
	} {
		imp, err := read(t, dataset.Solar, Options{}, panels(header, 0, as(2, 3, 5)))
		if err != nil || imp.Report.Column != want {
			t.Errorf("%s: %v, read %q, want %q", header, err, imp.Report.Column, want)
		}
	}
	wantError(t, dataset.Solar, panels("MPPT1 (W),MPPT2 (W)", 0, as(2, 3)), Options{}, "MPPT1 (W), MPPT2 (W)", "add them up", "--column")
	wantError(t, dataset.Solar, panels("Instraling (W/m2)", 0, as(800)), Options{}, "no column that may be solar output")
}

func TestEntitiesOfHomeAssistantAreRegisters(t *testing.T) {
	entities := func(names ...string) string {
		var b strings.Builder
		b.WriteString("entity_id,state,last_changed\n")
		for k, name := range names {
			for h := range 240 {
				fmt.Fprintf(&b, "sensor.p1_%s,%.3f,%s\n", name, 1000*float64(k+1)+0.25*float64(h), time.Date(2024, 6, 1, h, 0, 0, 0, time.UTC).Format(time.RFC3339))
			}
		}
		return b.String()
	}
	for _, n := range []string{"_tarif_", "_tariff_", "_t"} {
		imp, err := read(t, dataset.Load, Options{}, entities("energy_consumption"+n+"1", "energy_consumption"+n+"2", "energy_production"+n+"1", "gas_consumption"))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := totalOf(imp), 2*0.25*239; len(imp.Series) != 1 || got != want {
			t.Errorf("%d homes, %g kWh: one of %g was expected", len(imp.Series), got, want)
		}
	}
	wantError(t, dataset.Load, entities("energy_consumption_tarif_1", "power_consumption"), Options{}, "for the same home", "leave the others out")
}

func TestAMarkOfMissingValuesIsNoUse(t *testing.T) {
	for _, mark := range []string{"-1", "-9999"} {
		file := yearOf("time,kwh", func(i int) string {
			if i == 50 {
				return mark
			}
			return "0.25"
		})
		wantError(t, dataset.Load, file, Options{}, mark+" kWh", "missing value")
	}
}

// kW/h stands for kWh in some files and for kW in others: of quarter-hours one is four
// times the other.
func TestKWPerHourIsAskedAbout(t *testing.T) {
	file := lines("time,kW/h", 15*time.Minute, 96*8, func(int, time.Time) string { return "0.1" })
	wantError(t, dataset.Load, file, Options{}, "kW/h", "--unit kwh", "kw")
	for unit, want := range map[string]float64{kWh: 76.8, "kw": 19.2} {
		imp, err := read(t, dataset.Load, Options{Unit: unit}, file)
		if err != nil || math.Abs(totalOf(imp)-want) > 1e-6 {
			t.Errorf("in %s: %v, %g kWh was expected", unit, err, want)
		}
	}
}
