package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// local is a day of hours, 0.25 kWh each, as row writes it.
func localDayOf(head string, row func(at time.Time) string) string {
	var b strings.Builder
	b.WriteString(head + "\n")
	for h := range 24 {
		b.WriteString(row(time.Date(2024, 6, 1, h, 0, 0, 0, series.Amsterdam())) + "\n")
	}
	return b.String()
}

func TestLoadInOtherLanguages(t *testing.T) {
	for name, content := range map[string]string{
		"German":     localDayOf("Zeit;Einspeisung (kWh);Bezug (kWh);Eigenverbrauch (kWh)", func(at time.Time) string { return at.Format("02.01.2006 15:04") + ";0,05;0,25;0,07" }),
		"German use": localDayOf("Zeit;Netzbezug (kWh);Verbrauch (kWh);Erzeugung (kWh)", func(at time.Time) string { return at.Format("02.01.2006 15:04") + ";0,05;0,25;0,07" }),
		"French":     localDayOf("Date;Heure;Injection (kWh);Soutirage (kWh)", func(at time.Time) string { return at.Format("02/01/2006;15:04") + ";0,05;0,25" }),
		"Spanish": localDayOf("CUPS;Fecha;Hora;Consumo_kWh", func(at time.Time) string {
			return fmt.Sprintf("ES00XX;%s;%d;0,25", at.Format("02/01/2006"), at.Hour()+1)
		}),
		"Swedish":         localDayOf("Datum;Förbrukning;Temperatur", func(at time.Time) string { return at.Format("2006-01-02 15:04") + ";0,25;12,5" }),
		"panels beside":   localDayOf("time,PV kWh,Bezug kWh,Einspeisung kWh", func(at time.Time) string { return at.Format("2006-01-02 15:04") + ",1,0.25,0.5" }),
		"power by part":   localDayOf("Time,Load Power(W),PV Power(W)", func(at time.Time) string { return at.Format("2006-01-02 15:04") + ",250,900" }),
		"energy or power": localDayOf("time,Energy kWh,Power kW", func(at time.Time) string { return at.Format("2006-01-02 15:04") + ",0.25,0.9" }),
		"codes in rows": localDayOf("Datum;Tijd;Telwerk;Waarde", func(at time.Time) string {
			day := at.Format("02-01-2006;15:04")
			return day + ";181;0,05\n" + day + ";182;0,2\n" + day + ";281;0,3\n" + day + ";282;0,4"
		}),
		"prose as wide as the table": localDayOf("Contract;123\nPeriode;juni\nDatum;Tijd;Verbruik;Status", func(at time.Time) string { return at.Format("02-01-2006;15:04") + ";0,25;ok" }),
	} {
		t.Run(name, func(t *testing.T) { wantStart(t, content, Options{}, "2024-05-31T22:00Z", 6) })
	}
}

func TestColumnsOfWhichNoneComesFirst(t *testing.T) {
	wantError(t, dataset.Load, localDayOf("Datum;Jansen;Pietersen", func(at time.Time) string { return at.Format("02-01-2006 15:04") + ";0,25;0,5" }), Options{}, "Jansen, Pietersen", "--column", "home 1")
	wantError(t, dataset.Load, localDayOf("Datum;Verbruik keuken;Verbruik zolder", func(at time.Time) string { return at.Format("02-01-2006 15:04") + ";0,25;0,5" }), Options{}, "Verbruik keuken, Verbruik zolder", "--column")
	wantError(t, dataset.Prices, localDayOf("Datum;Deutschland [€/MWh];Belgien [€/MWh]", func(at time.Time) string { return at.Format("02.01.2006 15:04") + ";50;60" }), Options{}, "several columns of prices", "--column", "--area")
	// Numbers of homes are not those of registers.
	many := localDayOf("Datum;home 181;home 182;home 281", func(at time.Time) string { return at.Format("02-01-2006 15:04") + ";0,25;0,5;1" })
	if imp, err := read(t, dataset.Load, Options{}, many); err != nil || len(imp.Series) != 3 || totalOf(imp) != 42 {
		t.Errorf("%v: three homes of 42 kWh were expected", err)
	}
	two := localDayOf("Kamer;Tijd;kWh", func(at time.Time) string {
		return at.Format("keuken;2006-01-02 15:04") + ";0,25\n" + at.Format("zolder;2006-01-02 15:04") + ";0,5"
	})
	wantError(t, dataset.Load, two, Options{}, "row 3 repeats the time", "--map home=")
	imp, err := read(t, dataset.Load, Options{Map: map[string]string{"home": "Kamer"}}, two)
	if err != nil || len(imp.Series) != 2 || totalOf(imp) != 18 {
		t.Errorf("%v: two homes of 18 kWh were expected", err)
	}
	if imp, err = read(t, dataset.Load, Options{}, strings.Replace(two, "Kamer", "Woning", 1)); err != nil || len(imp.Series) != 2 {
		t.Errorf("%v: two homes were expected", err)
	}
}

func TestPricesWithTaxesByOtherNames(t *testing.T) {
	row := func(at time.Time) string { return at.Format(time.RFC3339) + ",0.25" }
	for _, name := range []string{"prijs_met_belasting", "price_with_vat", "Preis inkl. MwSt", "gross price", "inkoopprijs bruto", "price intraday"} {
		wantError(t, dataset.Prices, localDayOf("datetime,"+name, row), Options{}, name, "without taxes")
	}
	both := func(at time.Time) string { return at.Format(time.RFC3339) + ",0.121,0.1" }
	for _, name := range []string{"prijs zonder btw", "price without vat", "Preis exkl. MwSt", "net price"} {
		imp, err := read(t, dataset.Prices, Options{Implausible: true}, localDayOf("datetime,prijs,"+name, both))
		if err != nil || imp.Series[0].Series.Values[0] != 100 {
			t.Errorf("%q: %v, the price without taxes was expected", name, err)
		}
	}
	nl := localDayOf("Datum von;Datum bis;Deutschland/Luxemburg [€/MWh];Niederlande [€/MWh]", func(at time.Time) string {
		return at.Format("02.01.2006 15:04") + ";" + at.Add(time.Hour).Format("02.01.2006 15:04") + ";50;60"
	})
	if imp, err := read(t, dataset.Prices, Options{Implausible: true}, nl); err != nil || imp.Series[0].Series.Values[0] != 60 {
		t.Errorf("%v: the prices of the Netherlands were expected", err)
	}
}

func TestHoursAndThenQuartersAreNoLoad(t *testing.T) {
	content := lines("time,kwh", time.Hour, 48, cells("0.25"))
	for i := range 96 {
		content += time.Date(2024, 6, 3, 0, 15*i, 0, 0, time.UTC).Format(time.RFC3339) + ",0.0625\n"
	}
	wantError(t, dataset.Load, content, Options{}, "is hourly from row 2 to", "values of one spacing")
}

func TestTimesOfWinterAllYearAreTold(t *testing.T) {
	var b strings.Builder
	b.WriteString("tijd;kWh\n")
	for h := range 366 * 24 {
		b.WriteString(time.Date(2024, 1, 1, h, 0, 0, 0, time.UTC).Format("2006-01-02 15:04") + ";0,25\n")
	}
	wantNote(t, b.String(), "winter all year (--zone utc+1)")
	imp, err := read(t, dataset.Load, Options{Zone: "utc+1"}, b.String())
	if err != nil || len(imp.Report.Mends) > 0 || imp.Series[0].Series.Start.Format(time.RFC3339) != "2023-12-31T23:00:00Z" {
		t.Errorf("%v, %+v", err, imp.Report.Mends)
	}
}
