package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
)

// leastSteered is the share of a street's median peak that the way to charge must change
// for its contract to get a figure.
const leastSteered = 0.05

// Streets has a figure for each contract under which the way to charge makes a
// difference: how high the street loads its cable as more homes get a charge point.
func Streets(s *result.Street, o Choice) (out []*Chart) {
	for i := range s.Study.Contracts {
		if c := street(s, s.Study.Contracts[i].Name, o); c != nil {
			out = append(out, c)
		}
	}
	return out
}

func street(s *result.Street, contract string, o Choice) *Chart {
	o.Contract = contract
	k := &s.Study.Street
	a := figure.Adoption{
		CapacityKW: k.CapacityKW(),
		Below:      fmt.Sprintf(o.text("homes with a charge point, of %d", "woningen met een laadpunt, van %d"), k.Homes),
		Of:         o.text("Charge points", "Laadpunten"),
	}
	steered := len(s.Study.Modes) == 1
	for _, c := range s.Cases {
		if c.Contract != contract {
			continue
		}
		m := figure.CoincidenceMode{Label: o.modeName(c.Mode.String()), Style: figure.ModeStyle(c.Mode.String())}
		a.ChargePoints = nil
		for i, r := range c.Growth {
			a.ChargePoints = append(a.ChargePoints, r.ChargePoints)
			m.Charge = append(m.Charge, figure.Percentile(r.PeakKW))
			f := r.FeedInKW
			m.FeedIn = append(m.FeedIn, figure.Percentile{P5: -f.P95, P50: -f.P50, P95: -f.P5})
			if len(a.Modes) > 0 && math.Abs(m.Charge[i].P50/a.Modes[0].Charge[i].P50-1) > leastSteered {
				steered = true
			}
		}
		a.Modes = append(a.Modes, m)
	}
	if !steered {
		return nil
	}
	if i := slices.Index(s.Study.Modes, dispatch.V2H.String()); i >= 0 && len(a.Modes) > 3 { // between smart and V2G
		a.Modes = append(a.Modes[:i], a.Modes[i+1:]...)
	}
	rule := o.text(", without net metering", ", zonder salderen")
	if s.NetMetering(contract) {
		rule = o.text(", with net metering", ", met salderen")
	}
	m := s.Manifest
	source := fmt.Sprintf(o.text("%d drawn streets; solar panels on %d %% of the homes.", "%d getrokken straten; zonnepanelen op %d %% van de woningen."), k.Draws, int(math.Round(100*k.SolarShare)))
	if mark := m.SyntheticMark(o.Language == figure.Dutch); mark != "" {
		source += " " + mark
	}
	if m.Version != "" {
		source += " getij " + m.Version + "."
	}
	return &Chart{
		Name: "street-" + strings.ToLower(contract), File: []string{"street", contract}, language: o.Language, Source: source,
		Title:    o.text("What a street takes and feeds in as more homes get a charge point", "Wat een straat afneemt en teruglevert naarmate meer woningen een laadpunt krijgen"),
		Subtitle: o.contractLine() + rule + o.text(". Highest quarter-hour of the year, nobody minding the others.", ". Hoogste kwartier van het jaar, zonder dat men op elkaar let."),
		scene:    func(f figure.Frame) (*figure.Scene, error) { a.Frame = f; return a.Scene() },
	}
}
