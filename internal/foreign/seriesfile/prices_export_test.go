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

// exportOf is ENTSO-E's web export of some intervals, priced 1, 2, 3 ...
func exportOf(intervals ...string) string {
	var b strings.Builder
	b.WriteString("\"MTU (CET/CEST)\",\"Area\",\"Sequence\",\"Day-ahead Price (EUR/MWh)\",\"Intraday Period (CET/CEST)\",\"Intraday Price (EUR/MWh)\"\n")
	for i, mtu := range intervals {
		b.WriteString(`"` + mtu + `","BZN|NL","Without Sequence","` + strconv.Itoa(i+1) + "00\",\"\",\"\"\n")
	}
	return b.String()
}

// The export marks the times beside a jump of the clock, and only those.
func TestTheExportOverBothChangesOfTheClock(t *testing.T) {
	for name, c := range map[string]struct {
		start string
		every time.Duration
		rows  []string
	}{
		"quarters, spring": {"2025-03-30T00:30:00Z", quarter, []string{
			"30/03/2025 01:30:00 - 30/03/2025 01:45:00 (CET)",
			"30/03/2025 01:45:00 (CET) - 30/03/2025 03:00:00 (CEST)",
			"30/03/2025 03:00:00 (CEST) - 30/03/2025 03:15:00",
			"30/03/2025 03:15:00 - 30/03/2025 03:30:00",
		}},
		"quarters, autumn": {"2025-10-25T23:45:00Z", quarter, []string{
			"26/10/2025 01:45:00 - 26/10/2025 02:00:00 (CEST)",
			"26/10/2025 02:00:00 (CEST) - 26/10/2025 02:15:00 (CEST)",
			"26/10/2025 02:15:00 (CEST) - 26/10/2025 02:30:00 (CEST)",
			"26/10/2025 02:30:00 (CEST) - 26/10/2025 02:45:00 (CEST)",
			"26/10/2025 02:45:00 (CEST) - 26/10/2025 02:00:00 (CET)",
			"26/10/2025 02:00:00 (CET) - 26/10/2025 02:15:00 (CET)",
			"26/10/2025 02:15:00 (CET) - 26/10/2025 02:30:00 (CET)",
			"26/10/2025 02:30:00 (CET) - 26/10/2025 02:45:00 (CET)",
			"26/10/2025 02:45:00 (CET) - 26/10/2025 03:00:00",
			"26/10/2025 03:00:00 - 26/10/2025 03:15:00",
		}},
		"hours, spring": {"2025-03-29T23:00:00Z", time.Hour, []string{
			"30/03/2025 00:00:00 - 30/03/2025 01:00:00 (CET)",
			"30/03/2025 01:00:00 (CET) - 30/03/2025 03:00:00 (CEST)",
			"30/03/2025 03:00:00 (CEST) - 30/03/2025 04:00:00",
		}},
		"hours, autumn": {"2025-10-25T23:00:00Z", time.Hour, []string{
			"26/10/2025 01:00:00 - 26/10/2025 02:00:00 (CEST)",
			"26/10/2025 02:00:00 (CEST) - 26/10/2025 02:00:00 (CET)",
			"26/10/2025 02:00:00 (CET) - 26/10/2025 03:00:00",
			"26/10/2025 03:00:00 - 26/10/2025 04:00:00",
		}},
		"hours without marks, spring": {"2024-03-30T23:00:00Z", time.Hour, []string{
			"31.03.2024 00:00 - 31.03.2024 01:00",
			"31.03.2024 01:00 - 31.03.2024 03:00",
			"31.03.2024 03:00 - 31.03.2024 04:00",
		}},
		"quarters without marks, autumn": {"2025-10-26T00:30:00Z", quarter, []string{
			"26.10.2025 02:30 - 26.10.2025 02:45",
			"26.10.2025 02:45 - 26.10.2025 02:00",
			"26.10.2025 02:00 - 26.10.2025 02:15",
			"26.10.2025 02:15 - 26.10.2025 02:30",
			"26.10.2025 02:30 - 26.10.2025 02:45",
			"26.10.2025 02:45 - 26.10.2025 03:00",
			"26.10.2025 03:00 - 26.10.2025 03:15",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			imp, err := read(t, dataset.Prices, Options{}, exportOf(c.rows...))
			if err != nil {
				t.Fatal(err)
			}
			s := imp.Series[0].Series
			if got := s.Start.Format(time.RFC3339); got != c.start || s.Every != c.every || len(s.Values) != len(c.rows) {
				t.Errorf("%d values every %s from %s, want %d every %s from %s", len(s.Values), s.Every, got, len(c.rows), c.every, c.start)
			}
			for i, v := range s.Values {
				if v != float64(i+1)*100 {
					t.Errorf("value %d is %g", i, v)
				}
			}
			if len(imp.Report.Mends) > 0 {
				t.Errorf("mended %+v", imp.Report.Mends)
			}
		})
	}
}

// The rows of the real export lie a quarter apart from its first to its last: so
// instants follow from the row's number alone.
func TestTheRealExportOfQuarters(t *testing.T) {
	path := witness.Real(t, "prices/entsoe_web_no1_2025_quarter_hour.csv")
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	imp, err := Read(t.Context(), dataset.Prices, []string{path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := imp.Series[0].Series
	if want := time.Date(2024, 12, 31, 23, 0, 0, 0, time.UTC); !s.Start.Equal(want) || s.Every != quarter || len(s.Values) != len(rows)-1 {
		t.Fatalf("%d values every %s from %s, want %d from %s", len(s.Values), s.Every, s.Start, len(rows)-1, want)
	}
	for i, row := range rows[1:] {
		if want, err := strconv.ParseFloat(row[3], 64); err != nil || math.Abs(s.Values[i]-want) > 1e-9 {
			t.Fatalf("row %d (%s) is %g, want %g", i+2, row[0], s.Values[i], want)
		}
	}
	if at := s.Start.Add(8457 * quarter); rows[8458][0] != "30/03/2025 03:15:00 - 30/03/2025 03:30:00" || at.Format(time.RFC3339) != "2025-03-30T01:15:00Z" {
		t.Errorf("row %s is at %s", rows[8458][0], at)
	}
}

func TestAMovingAverageIsNotThePrice(t *testing.T) {
	for _, header := range []string{"time,Price (EUR/MWhe),Price 7-day average", "time,price_eur_per_mwh,price 24h rolling"} {
		file := lines(header, time.Hour, 240, func(_ int, at time.Time) string { return fmt.Sprintf("%d,70.1", 60+at.Hour()) })
		imp, err := read(t, dataset.Prices, Options{}, file)
		if err != nil {
			t.Errorf("%s: %v", header, err)
			continue
		}
		if said := imp.Report.Column; !strings.Contains(header, said) || strings.Contains(said, "average") || strings.Contains(said, "rolling") {
			t.Errorf("%s: %q was read", header, said)
		}
	}
}
