package study_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
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
	inDocs(t, "street.md", "street", b.String())

	b.Reset()
	fmt.Fprintf(&b, "| | EUR a home more than coordinated | taken at most, kW | fed in, kW | hours beyond %.0f kW, taken |\n|---|---|---|---|---|\n", s.Street.CapacityKW())
	ways := r.Coordination.Ways
	for i := range ways {
		w, use := &ways[i], ways[i].Use(s.Street.CapacityKW())
		fmt.Fprintf(&b, "| %s | %.2f | %.1f | %.1f | %.0f |\n", (&result.StreetWay{Way: w.Name}).Name(), (w.Total()-ways[0].Total())/float64(len(w.CostEUR)), use.PeakKW, use.FeedInKW, use.HoursBeyond)
	}
	fmt.Fprintf(&b, "\n%s\n", r.CoordinationVerdict())
	inDocs(t, "street.md", "coordination", b.String())
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
