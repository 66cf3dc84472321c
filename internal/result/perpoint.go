package result

import (
	"fmt"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/potential"
)

// KWUnder is what a charge point discharges on the mean evening of the study's season with
// V2G under a contract; 0 where it does not.
func (s *PotentialSummary) KWUnder(contract string) float64 {
	if x := s.Season(contract, dispatch.V2G.String(), s.SeasonName); x != nil {
		return max(0, -x.EveningMeanKW)
	}
	return 0
}

// Beside is the contract by the rules of a year, where the tables by region count with
// another one; "" where they do not, and where what they count with follows no contract.
func (r *Result) Beside(year int) string {
	p := r.Summary.Potential
	first := r.ContractIn(year)
	if first == p.Contract || p.KWRule == "report" || p.KWRule == "fixed" || r.Case(first, dispatch.V2G) == nil {
		return ""
	}
	return first
}

// telling is a teller of sentences that are of no place.
func (r *Result) telling(dutch bool) *teller {
	t := &teller{dutch: dutch}
	en, nl := languages()
	if t.language = en; dutch {
		t.language = nl
	}
	t.nameRules(r.Study.Contracts)
	return t
}

// PerPoint says what a charge point counts for in the figures by region, under the
// contract of the tables and under that by the rules of the year, beside the report's rule.
func (r *Result) PerPoint(dutch bool) string {
	p, t := r.Summary.Potential, r.telling(dutch)
	gw := func(v float64) string { return t.power(1e6 * v) }
	report := t.say(" At the 2 kW each of ElaadNL's report, whatever the contract and the season, it would be %s.", " Met de 2 kW per stuk van het rapport van ElaadNL, wat het contract en het seizoen ook zijn, zou het %s zijn.", gw(p.Report.FlexiblePowerGW))
	all := gw(p.FlexiblePowerGW)
	switch p.KWRule {
	case "report":
		return t.say("By region a charge point counts for 2 kW, whatever the contract and the season, as in ElaadNL's report: %s in %d.", "Per gebied telt een laadpunt voor 2 kW, wat het contract en het seizoen ook zijn, zoals in het rapport van ElaadNL: %s in %d.", all, p.Year)
	case "fixed":
		return t.say("By region a charge point counts for %s, the study's number, whatever the contract and the season: %s in %d.", "Per gebied telt een laadpunt voor %s, het getal van de studie, wat het contract en het seizoen ook zijn: %s in %d.", t.power(*p.KWPerChargePoint), all, p.Year) + report
	}
	if r.Case(p.Contract, dispatch.V2G) == nil {
		return t.say("By region a charge point counts for nothing: the study does not have V2G among its modes.", "Per gebied telt een laadpunt voor niets: de studie heeft V2G niet onder haar laadwijzen.") + report
	}
	under := func(contract string) string {
		if p.KWRule == "coincidence" {
			w, err := r.Way(contract, dispatch.V2G, WholeYear, p.Adoption)
			if err != nil {
				panic(err) // the case is there
			}
			return t.say("%s in %d for all under %s", "samen %s in %d onder %s", t.power(1000*w.Of(p.Whole().Homes, p.HomeChargePoints).AtOnceMW), p.Year, t.contract(contract))
		}
		kw := p.KWUnder(contract)
		if kw == 0 {
			return t.say("nothing under %s", "niets onder %s", t.contract(contract))
		}
		return t.say("%s each, %s in %d, under %s", "%s per stuk, %s in %d, onder %s", t.power(kw), t.powers(1000*p.FlexiblePowerGW)(kw*p.HomeChargePoints*p.Adoption/1000), p.Year, t.contract(contract))
	}
	text := t.say("By region a charge point counts for what it discharges on the mean evening (17:00 to 21:00, %s): ", "Per gebied telt een laadpunt voor wat het op de gemiddelde avond ontlaadt (17 tot 21 uur, %s): ", t.words["season."+p.SeasonName])
	if p.KWRule == "coincidence" {
		text = t.say("By region a charge point counts for what groups of the region's size discharge at once in their busiest quarter-hour of the whole year: ", "Per gebied telt een laadpunt voor wat groepen zo groot als het gebied in hun drukste kwartier van het hele jaar tegelijk ontladen: ")
	}
	if first := r.Beside(p.Year); first != "" {
		return text + under(first) + "; " + under(p.Contract) + t.say(". The tables by region have the latter in all years, potential_seasons has both; the setting potential.contract chooses another.", ". De tabellen per gebied hebben het laatste in alle jaren, potential_seasons heeft beide; de instelling potential.contract kiest een ander.") + report
	}
	another := "."
	if len(r.contracts()) > 1 {
		another = t.say("; the setting potential.contract chooses another.", "; de instelling potential.contract kiest een ander.")
	}
	return text + under(p.Contract) + another + report
}

// Largest names the gemeenten with the largest potential, under the contract by the rules of
// the year first and under that of the tables; "" where nothing is fed in.
func (r *Result) Largest() string {
	p := r.Summary.Potential
	if p.FlexiblePowerGW == 0 {
		return ""
	}
	t, head, share := r.telling(false), "Largest, MW", 0.0
	if first := r.Beside(p.Year); p.KWRule == "computed" && first != "" {
		share = p.KWUnder(first) / p.KWUnder(p.Contract)
		if share > 0 {
			head += ", under " + t.contract(first) + " (in brackets under " + t.contract(p.Contract) + ")"
		}
	}
	switch {
	case share > 0:
	case p.KWRule == "report":
		head += fmt.Sprintf(", at %g kW each", potential.ReportKW)
	case p.KWRule != "fixed":
		head += ", under " + t.contract(p.Contract)
	}
	var list []string
	for _, e := range p.TopGemeenten {
		text := e.Name + " " + t.decimals(e.MW, 1)
		if share > 0 {
			text = fmt.Sprintf("%s %s (%s)", e.Name, t.significant(share*e.MW), t.significant(e.MW))
		}
		list = append(list, text)
	}
	return head + ": " + strings.Join(list, ", ")
}
