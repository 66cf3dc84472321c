package seriesfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// The shapes in which suppliers, meters and inverters let one download a day of hours,
// 6 kWh, of Dutch local time.
func TestShapesOfExports(t *testing.T) {
	from := time.Date(2024, 6, 1, 0, 0, 0, 0, time.FixedZone("CEST", 7200))
	rows := func(head string, n int, step time.Duration, row func(i int, at time.Time) string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(row(i, from.Add(time.Duration(i)*step)) + "\n")
		}
		return b.String()
	}
	hours := func(head string, row func(i int, at time.Time) string) string { return rows(head, 24, time.Hour, row) }
	for name, content := range map[string]string{
		"begin and end, gas beside": hours("Datum;Tijdsperiode;Verbruik stroom (kWh);Teruglevering stroom (kWh);Verbruik gas (m³)\r\n", func(_ int, at time.Time) string {
			return at.Format("02-01-2006;15:04-") + at.Add(time.Hour).Format("15:04") + ";0,250;0,100;0,02\r"
		}),
		"costs and totals": "sep=;\n" + hours("Periode;Stroomverbruik kWh;Stroomkosten;Gasverbruik m3;Gaskosten\n", func(_ int, at time.Time) string {
			return at.Format("02-01-2006 15:04") + ";0,250;€ 0,12;0,1;€ 0,15"
		}) + "Totaal;6,000;€ 2,88;2,4;€ 3,60\n",
		"prose above": hours("Leverancier;;;\nKlantnummer;12345678;;\n;;;\nDatum;Tijd;Verbruik (kWh);Opwek (kWh)\n", func(_ int, at time.Time) string {
			return at.Format("02/01/2006;15:04") + ";0,25;1,00"
		}),
		"API in English": hours("from,to,consumption,consumptionUnit,unitPrice,cost\n", func(_ int, at time.Time) string {
			return at.Format(time.RFC3339) + "," + at.Add(time.Hour).Format(time.RFC3339) + ",250,Wh,0.25,0.06"
		}),
		"readings and power": rows("Datum;Tijd;Stand (kWh);Vermogen (W)\n", 25, time.Hour, func(i int, at time.Time) string {
			return at.Format("02-01-2006;15:04:05;") + strings.Replace(fmt.Sprintf("%.2f", 500+0.25*float64(i)), ".", ",", 1) + ";250"
		}),
		"inverter": hours("Time,PV Energy(kWh),Load Consumption(kWh),Grid Import(kWh),Grid Export(kWh),Self Consumption(kWh)\n", func(_ int, at time.Time) string {
			return at.Format("2006/01/02 15:04") + ",1.0,0.25,0.1,0.9,0.1"
		}),
		"readings at Unix time, no header": rows("", 25, time.Hour, func(i int, at time.Time) string {
			return fmt.Sprintf("%d, %.2f", at.Unix(), 8120605+0.25*float64(i))
		}),
		"billionths of seconds": hours("name,time,kwh\n", func(_ int, at time.Time) string { return fmt.Sprintf("meter,%d,0.25", at.UnixNano()) }),
		"parts of seconds":      hours("start_ts,use_kwh\n", func(_ int, at time.Time) string { return fmt.Sprintf("%d.25,0.25", at.Unix()-at.Unix()%60) }),
		"Belgian registers": rows("Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Metertype;Register;Volume;Eenheid\n", 48, 30*time.Minute, func(i int, at time.Time) string {
			h, next := at.Truncate(time.Hour), at.Truncate(time.Hour).Add(time.Hour)
			return h.Format("02-01-2006;15:04:05;") + next.Format("02-01-2006;15:04:05;") + `="541448860000000000";Digitale meter;` + []string{"Afname Nacht;0,25;kWh", "Injectie Dag;9;kWh"}[i%2]
		}),
		"units below the header": hours("Tijd;Verbruik\n;kWh\n", func(_ int, at time.Time) string { return at.Format("02-01-2006 15:04") + ";0,25" }),
		"units in the cells":     hours("Tijd;Verbruik\n", func(_ int, at time.Time) string { return at.Format("02-01-2006 15:04") + ";0,25 kWh" }),
		"a column for each hour": "Datum;00:00;" + strings.Join(strings.Split(strings.TrimSuffix(hours("", func(_ int, at time.Time) string { return at.Format("15:04") }), "\n"), "\n")[1:], ";") +
			"\n01-06-2024" + strings.Repeat(";0,25", 24) + "\n",
		"every 5 minutes": rows("time,kwh\n", 288, 5*time.Minute, func(_ int, at time.Time) string { return at.Format("2006-01-02 15:04") + ",0.0208333333" }),
		"power every minute": rows("time,power (W)\n", 1440, time.Minute, func(i int, at time.Time) string {
			return at.Format("2006-01-02 15:04") + []string{",200", ",300"}[i%2]
		}),
		"ends of 5 minutes": rows("time,kwh\n", 288, 5*time.Minute, func(_ int, at time.Time) string {
			return at.Add(5*time.Minute).Format("2006-01-02 15:04") + ",0.0208333333"
		}),
		"readings every 5 minutes": rows("time,Meterstand\n", 289, 5*time.Minute, func(i int, at time.Time) string {
			return at.Format("2006-01-02 15:04") + fmt.Sprintf(",%.6f", 700+0.25/12*float64(i))
		}),
	} {
		t.Run(name, func(t *testing.T) { wantStart(t, content, Options{}, "2024-05-31T22:00Z", 6) })
	}
	wantError(t, dataset.Load, hours("tijd,netto kWh\n", func(_ int, at time.Time) string { return at.Format("2006-01-02 15:04") + ",-0.75" }), Options{}, "no column of what homes take")
	wantError(t, dataset.Load, hours("Tijd;Verbruik\n", func(i int, at time.Time) string {
		return at.Format("02-01-2006 15:04") + []string{";250 Wh", ";0,25 kWh"}[i/12]
	}), Options{}, "row 14", "one unit was expected")
}
