package study_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/street"
	"github.com/getij/getij/internal/study"
)

// The default street, as `getij street` computes it without a study file: what its homes
// load it with as more of them get a charge point.
func TestDocsTellTheStreet(t *testing.T) {
	long(t)
	s, err := assume.Load("", []string{"street.coordinate=dynamic/v2g"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Street(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ contract, mode, name string }{
		{"dynamic_2027", "regular", "regular"},
		{"dual", "smart", "smart, dual tariff"},
		{"dynamic_2027", "smart", "smart, dynamic 2027"},
		{"dynamic_2027", "v2g", "V2G, dynamic 2027"},
		{"dynamic", "v2g", "V2G, dynamic with net metering"},
	}
	var b strings.Builder
	b.WriteString("| charge points of 40 homes |")
	for _, c := range cases {
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString("\n|" + strings.Repeat("---|", len(cases)+1) + "\n")
	for _, points := range []int{0, 2, 5, 11, 20, 30, 40} {
		fmt.Fprintf(&b, "| %d |", points)
		for _, c := range cases {
			row := streetCase(t, r, c.contract, c.mode).At(points)
			fmt.Fprintf(&b, " %.0f (%.0f to %.0f), %.0f h; %.0f in, %.0f h |", row.PeakKW.P50, row.PeakKW.P5, row.PeakKW.P95, row.HoursBeyond.P50, row.FeedInKW.P50, row.HoursBeyondFeedIn.P50)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n%s\n", r.Verdict())
	docs.Hold(t, "street.md", "street", b.String())

	b.Reset()
	years := s.Street.Years
	b.WriteString("| |")
	for _, year := range years {
		fmt.Fprintf(&b, " %d |", year)
	}
	fmt.Fprintf(&b, " 5 %% of the streets | half of them |\n|---|%s\n| charge points |", strings.Repeat("---|", len(years)+2))
	for _, year := range years {
		fmt.Fprintf(&b, " %d |", r.Cases[0].In(year).ChargePoints)
	}
	b.WriteString(" | |\n")
	for _, c := range cases {
		k := streetCase(t, r, c.contract, c.mode)
		fmt.Fprintf(&b, "| %s |", c.name)
		for _, year := range years {
			y := k.In(year)
			fmt.Fprintf(&b, " %.0f |", y.HoursBeyond.P50+y.HoursBeyondFeedIn.P50)
		}
		fmt.Fprintf(&b, " %s | %s |\n", r.Fails(k), r.HalfFail(k))
	}
	docs.Hold(t, "street.md", "years", b.String())

	b.Reset()
	fmt.Fprintf(&b, "| | EUR a home more than coordinated | taken at most, kW | fed in, kW | hours beyond %.0f kW, taken |\n|---|---|---|---|---|\n", s.Street.CapacityKW())
	ways := r.Coordination.Ways
	for i := range ways {
		w, use := &ways[i], ways[i].Use(s.Street.CapacityKW())
		fmt.Fprintf(&b, "| %s | %.2f | %.1f | %.1f | %.0f |\n", (&result.StreetWay{Way: w.Name}).Name(), (w.Total()-ways[0].Total())/float64(len(w.CostEUR)), use.PeakKW, use.FeedInKW, use.HoursBeyond)
	}
	fmt.Fprintf(&b, "\n%s\n", r.CoordinationVerdict())
	docs.Hold(t, "street.md", "coordination", b.String())
}

// What else the default street's homes can have, with charging on arrival and with smart
// charging by the rules from 2027.
func TestDocsTellOtherStreets(t *testing.T) {
	long(t)
	var b strings.Builder
	b.WriteString("| 40 homes, 11 charge points | without cars | regular | smart, dynamic 2027 |\n|---|---|---|---|\n")
	for _, x := range []struct {
		name     string
		settings []string
	}{
		{"as above", nil},
		{"heat pumps in half of the homes", []string{"street.heat_pump_share=0.5"}},
		{"heat pumps in all", []string{"street.heat_pump_share=1"}},
		{"solar panels on 70 % of the homes", []string{"street.solar_share=0.7"}},
		{"chargers of 3.7, 7.4 and 11 kW, a third each", []string{"street.charger_kw=[3.7, 7.4, 11]", "street.charger_shares=[0.3333, 0.3333, 0.3334]"}},
	} {
		s, err := assume.Load("", append([]string{"modes=[regular, smart]", "contracts=[{kind: dynamic, rules: 2027-01-01}]", "street.years=[2050]"}, x.settings...))
		if err != nil {
			t.Fatal(err)
		}
		r, err := study.Street(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		cell := func(row *result.StreetRow) string {
			return fmt.Sprintf("%.0f kW (%.0f to %.0f), %.0f h", row.PeakKW.P50, row.PeakKW.P5, row.PeakKW.P95, row.HoursBeyond.P50+row.HoursBeyondFeedIn.P50)
		}
		regular := streetCase(t, r, "dynamic", "regular")
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", x.name, cell(regular.At(0)), cell(regular.At(11)), cell(streetCase(t, r, "dynamic", "smart").At(11)))
	}
	docs.Hold(t, "street.md", "others", b.String())
}

// Streets whose homes alone are beyond the capacity: what coordinated cars do about that.
func TestDocsTellWhatCarsRelieve(t *testing.T) {
	long(t)
	var b strings.Builder
	b.WriteString("| 40 homes, 11 charge points, V2G | hours beyond 60 kW without cars | kWh | nobody minds the others, hours | coordinated, hours | kWh | EUR a home |\n|---|---|---|---|---|---|---|\n")
	for _, x := range []struct{ name, share string }{{"heat pumps in half of the homes", "0.5"}, {"heat pumps in all", "1"}} {
		s, err := assume.Load("", []string{"modes=[v2g]", "contracts=[{kind: dynamic}]", "street.years=[2050]", "street.draws=20", "street.coordinate=dynamic/v2g", "street.heat_pump_share=" + x.share})
		if err != nil {
			t.Fatal(err)
		}
		r, err := study.Street(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		capacity, c := s.Street.CapacityKW(), r.Coordination
		bare, alone, first := (&street.Way{KW: r.BareKW}).Use(capacity), c.Of(street.WayAlone), &c.Ways[0]
		before, after := alone.Use(capacity), first.Use(capacity)
		fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.0f | %.0f | %.0f | %.2f |\n", x.name, bare.HoursBeyond, bare.KWhBeyond, before.HoursBeyond, after.HoursBeyond, after.KWhBeyond, (first.Total()-alone.Total())/float64(len(first.CostEUR)))
	}
	docs.Hold(t, "street.md", "relief", b.String())
}

func streetCase(t *testing.T, r *result.Street, contract, mode string) *result.StreetCase {
	t.Helper()
	for _, c := range r.Cases {
		if c.Contract == contract && c.Mode.String() == mode {
			return c
		}
	}
	t.Fatalf("the street has no case %s, %s", contract, mode)
	return nil
}
