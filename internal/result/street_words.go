package result

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/street"
)

// Verdict says in some sentences whether the street holds.
func (s *Street) Verdict() string {
	k := &s.Study.Street
	n := k.ChargePoints()
	bare := &s.Cases[0].Growth[0]
	var b strings.Builder
	fmt.Fprintf(&b, "%s behind %s kW: without cars the street takes %.0f kW in the year's highest quarter-hour and feeds in %.0f (medians of %d drawn), and %.0f %% of the streets are never beyond the capacity.",
		many(k.Homes, "home"), s.capacityKW(), bare.PeakKW.P50, bare.FeedInKW.P50, k.Draws, 100*bare.Holding)
	hours := func(c *street.Case) float64 { r := c.At(n); return r.HoursBeyond.P50 + r.HoursBeyondFeedIn.P50 }
	best, worst, fits := s.Cases[0], s.Cases[0], s.Cases[0]
	for _, c := range s.Cases {
		if hours(c) < hours(best) {
			best = c
		}
		if hours(c) > hours(worst) {
			worst = c
		}
		if c.Fit > fits.Fit {
			fits = c
		}
	}
	beyond := func(c *street.Case) string {
		r := c.At(n)
		return fmt.Sprintf("%.0f hours a year taking and %.0f feeding in", r.HoursBeyond.P50, r.HoursBeyondFeedIn.P50)
	}
	if hours(worst) == hours(best) {
		fmt.Fprintf(&b, " With %s the street is beyond it for %s (medians), whatever the contract and the way to charge.", many(n, "charge point"), beyond(best))
	} else {
		fmt.Fprintf(&b, " With %s the street is beyond it for %s (medians) with %s, the longest, and for %s with %s, the shortest.", many(n, "charge point"), beyond(worst), s.CaseName(worst.Contract, worst.Mode), beyond(best), s.CaseName(best.Contract, best.Mode))
	}
	switch fits.Fit {
	case -1:
		fmt.Fprint(&b, " Not even without cars are 95 % of the streets never beyond it.")
	case k.Homes:
		fmt.Fprintf(&b, " With %s every home can have a charge point.", s.CaseName(fits.Contract, fits.Mode))
	case 0:
		fmt.Fprint(&b, " No charge point fits if 95 % of the streets shall never be beyond it and nobody minds the others.")
	default:
		fmt.Fprintf(&b, " If 95 %% of the streets shall never be beyond it and nobody minds the others, %d of %d homes can have a charge point at most (%s).", fits.Fit, k.Homes, s.CaseName(fits.Contract, fits.Mode))
	}
	if years := s.YearsVerdict(); years != "" {
		b.WriteString(" " + years)
	}
	return b.String()
}

// CaseName is a case's, with the rule that decides most of what feeding in pays.
func (s *Street) CaseName(contract string, mode dispatch.Mode) string {
	if mode == dispatch.Regular { // the same under any contract
		return "regular charging"
	}
	netting := "without net metering"
	if s.NetMetering(contract) {
		netting = "with net metering"
	}
	way := "smart charging"
	if mode != dispatch.Smart {
		way = strings.ToUpper(mode.String())
	}
	return fmt.Sprintf("%s under the contract %s, %s", way, contract, netting)
}

// NetMetering says whether a contract of the street has it.
func (s *Street) NetMetering(contract string) bool {
	return slices.ContainsFunc(s.Study.Contracts, func(k assume.Contract) bool { return k.Name == contract && k.NetMetering })
}

// Title says which street it is.
func (s *Street) Title() string {
	k := &s.Study.Street
	return fmt.Sprintf("%s: a street of %s, %d with a charge point, %s kW in both directions, %d", s.Study.Name, many(k.Homes, "home"), k.ChargePoints(), s.capacityKW(), s.Axis.Year)
}

// capacityKW is what the street can carry, to a tenth of a kW.
func (s *Street) capacityKW() string {
	return fmt.Sprint(math.Round(10*s.Study.Street.CapacityKW()) / 10)
}

func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
