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
		o.Contract = s.Study.Contracts[i].Name
		if a, steered := adoption(s, o); steered {
			out = append(out, streetChart(s, a, o))
			if y := StreetYears(s, o); y != nil {
				out = append(out, y)
			}
		}
	}
	return out
}

// Street is the figure of the chosen contract, whatever difference the way to charge makes.
func Street(s *result.Street, o Choice) *Chart {
	a, steered := adoption(s, o)
	a.Asked = s.Study.Street.ChargePoints()
	if !steered { // one line over the others
		a.Modes = a.Modes[:1]
		a.Modes[0].Label = o.text("Every way to charge", "Elke manier van laden")
	}
	return streetChart(s, a, o)
}

// adoption is what a contract does to a street, and whether the way to charge makes a
// difference under it.
func adoption(s *result.Street, o Choice) (a figure.Adoption, steered bool) {
	k := &s.Study.Street
	a = figure.Adoption{
		CapacityKW: k.CapacityKW(),
		Below:      fmt.Sprintf(o.text("homes with a charge point, of %d", "woningen met een laadpunt, van %d"), k.Homes),
		Of:         ofStreet(s, o.text("Charge points", "Laadpunten"), o.text("Vehicles", "Voertuigen")),
	}
	if s.Study.Fleet() {
		a.Below = fmt.Sprintf(o.text("vehicles at a charge point, of %d", "voertuigen aan een laadpunt, van %d"), k.Homes)
	}
	steered = len(s.Study.Modes) == 1
	for _, c := range s.Cases {
		if c.Contract != o.Contract {
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
	a.Modes = withoutV2H(a.Modes, s)
	return a, steered
}

func streetChart(s *result.Street, a figure.Adoption, o Choice) *Chart {
	now := sharesNow(s)
	title := ofStreet(
		s, o.text("What a street takes and feeds in as more homes get a charge point", "Wat een straat afneemt en teruglevert naarmate meer woningen een laadpunt krijgen"),
		o.text("What a fleet takes and feeds in as it gets more vehicles", "Wat een vloot afneemt en teruglevert naarmate zij meer voertuigen krijgt"))
	return &Chart{
		Name: "street-" + strings.ToLower(o.Contract), File: []string{"street", o.Contract}, language: o.Language, Source: streetSource(s, o, now, now),
		Title:    title,
		Subtitle: streetLine(s, o) + nobodyMinds(o),
		scene:    func(f figure.Frame) (*figure.Scene, error) { a.Frame = f; return a.Scene() },
	}
}

// ofStreet is the text about a street, or the one about a fleet.
func ofStreet(s *result.Street, street, fleet string) string {
	if s.Study.Fleet() {
		return fleet
	}
	return street
}

// withoutV2H leaves V2H out, which is between smart and V2G, where there are more than three modes.
func withoutV2H(modes []figure.CoincidenceMode, s *result.Street) []figure.CoincidenceMode {
	if i := slices.Index(s.Study.Modes, dispatch.V2H.String()); i >= 0 && len(modes) > 3 {
		return append(modes[:i], modes[i+1:]...)
	}
	return modes
}

// streetLine names the contract with the rule that decides most of what feeding in pays.
func streetLine(s *result.Street, o Choice) string {
	return o.contractLine() + o.netted(s.NetMetering(o.Contract))
}

func nobodyMinds(o Choice) string {
	return o.text(". Highest quarter-hour of the year, nobody minding the others.", ". Hoogste kwartier van het jaar, zonder dat men op elkaar let.")
}

func sharesNow(s *result.Street) result.StreetShares {
	k := &s.Study.Street
	return result.StreetShares{Solar: k.SolarShare, HeatPump: k.HeatPumpShare}
}

// streetSource says how many streets were drawn, and how many homes have panels and heat
// pumps, at first and at last.
func streetSource(s *result.Street, o Choice, first, last result.StreetShares) string {
	m := s.Manifest
	of := func(first, last float64) string {
		a, b := int(math.Round(100*first)), int(math.Round(100*last))
		if a == b {
			return fmt.Sprint(a)
		}
		return fmt.Sprintf(o.text("%d to %d", "%d tot %d"), a, b)
	}
	if s.Study.Fleet() {
		return version(fmt.Sprintf(o.text("%d draws of vehicles.", "%d trekkingen van voertuigen."), s.Study.Street.Draws), m, o)
	}
	source := fmt.Sprintf(o.text("%d drawn streets; solar panels on %s %% of the homes", "%d getrokken straten; zonnepanelen op %s %% van de woningen"), s.Study.Street.Draws, of(first.Solar, last.Solar))
	if first.HeatPump+last.HeatPump > 0 {
		source += fmt.Sprintf(o.text(", heat pumps in %s %%", ", warmtepompen in %s %%"), of(first.HeatPump, last.HeatPump))
	}
	return version(source+".", m, o)
}

// version adds what is synthetic, and the program's version.
func version(source string, m result.StreetManifest, o Choice) string {
	if mark := m.SyntheticMark(o.Language == figure.Dutch); mark != "" {
		source += " " + mark
	}
	if m.Version != "" {
		source += " getij " + m.Version + "."
	}
	return source
}

// StreetYears is a street over the years of the outlook; nil where it has not several.
func StreetYears(s *result.Street, o Choice) *Chart {
	k := &s.Study.Street
	a := figure.Adoption{CapacityKW: k.CapacityKW(), Calendar: true, Of: o.text("Year", "Jaar")}
	source := ""
	for _, c := range s.Cases {
		if c.Contract != o.Contract || len(c.Years) < 2 {
			continue
		}
		m := figure.CoincidenceMode{Label: o.modeName(c.Mode.String()), Style: figure.ModeStyle(c.Mode.String())}
		a.ChargePoints = nil
		for i := range c.Years {
			y := &c.Years[i]
			a.ChargePoints = append(a.ChargePoints, y.Year)
			m.Charge = append(m.Charge, figure.Percentile(y.PeakKW))
			f := y.FeedInKW
			m.FeedIn = append(m.FeedIn, figure.Percentile{P5: -f.P95, P50: -f.P50, P95: -f.P5})
		}
		first, last := &c.Years[0], &c.Years[len(c.Years)-1]
		a.Below = fmt.Sprintf(ofStreet(s, o.text("year: %d of %d homes with a charge point in %d, %d in %d", "jaar: %d van %d woningen met een laadpunt in %d, %d in %d"), o.text("year: %d of %d vehicles in %d, %d in %d", "jaar: %d van %d voertuigen in %d, %d in %d")), first.ChargePoints, k.Homes, first.Year, last.ChargePoints, last.Year)
		source = streetSource(s, o, first.Shares, last.Shares)
		a.Modes = append(a.Modes, m)
	}
	if len(a.Modes) == 0 {
		return nil
	}
	a.Modes = withoutV2H(a.Modes, s)
	return &Chart{
		Name: "street-years-" + strings.ToLower(o.Contract), File: []string{"street-years", o.Contract}, language: o.Language, Source: source,
		Title:    ofStreet(s, o.text("What a street takes and feeds in over the years", "Wat een straat over de jaren afneemt en teruglevert"), o.text("What a fleet takes and feeds in over the years", "Wat een vloot over de jaren afneemt en teruglevert")),
		Subtitle: streetLine(s, o) + nobodyMinds(o),
		scene:    func(f figure.Frame) (*figure.Scene, error) { a.Frame = f; return a.Scene() },
	}
}
