package result

import (
	"fmt"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
)

// Headline is what the study says of all its regions, in a few sentences that name
// the contract, the rules and the season under which each number holds; empty
// without regions or without V2G.
func (r *Result) Headline(dutch bool) string {
	p := r.Summary.Potential
	if p == nil {
		return ""
	}
	var told []told
	for i := range r.Study.Contracts {
		c := &r.Study.Contracts[i]
		winter, summer := p.Season(c.Name, dispatch.V2G.String(), Winter), p.Season(c.Name, dispatch.V2G.String(), Summer)
		if winter != nil && summer != nil {
			told = append(told, tell(c, winter, summer, dutch))
		}
	}
	if len(told) == 0 {
		return ""
	}
	say := func(en, nl string, args ...any) string {
		if dutch {
			return fmt.Sprintf(nl, args...)
		}
		return fmt.Sprintf(en, args...)
	}
	out := []string{say("In %d, scenario %s, these regions have %s home charge points; %g %% of them take part.",
		"In %d, scenario %s, tellen deze gebieden %s thuislaadpunten; %g %% daarvan doet mee.", p.Year, p.Scenario, millions(p.HomeChargePoints, dutch), 100*p.Adoption)}
	var evenings, nothing []string
	for _, x := range told {
		if x.none {
			nothing = append(nothing, x.contract)
			continue
		}
		evenings = append(evenings, say("%s: %s in winter, %s in summer", "%s: %s in de winter, %s in de zomer", x.contract, x.winter, x.summer))
	}
	if len(nothing) > 0 {
		evenings = append(evenings, say("nothing worth a word under %s", "vrijwel niets bij %s", strings.Join(nothing, ", ")))
	}
	out = append(out, say("Fed in with V2G on the mean evening, 17:00 to 21:00: %s.", "Teruggeleverd met V2G op de gemiddelde avond, 17 tot 21 uur: %s.", strings.Join(evenings, "; ")))
	for _, x := range told {
		if x.peaks != "" {
			out = append(out, x.peaks)
		}
	}
	return strings.Join(out, " ")
}

// told is what is said of a contract.
type told struct {
	contract, winter, summer, peaks string
	none                            bool // less than leastKW in both seasons
}

func tell(c *assume.Contract, winter, summer *SeasonSummary, dutch bool) told {
	power := func(gw float64) string { return power(gw, winter.EveningPeakWithoutGW < 1, dutch) }
	out := told{
		contract: c.Name + " (" + c.RulesInWords(dutch) + ")", winter: power(winter.EveningGW), summer: power(summer.EveningGW),
		none: min(winter.EveningMeanKW, summer.EveningMeanKW) > -leastKW,
	}
	if out.none || winter.EveningPeakRegularGW == nil || winter.EveningPeakGW == nil {
		return out
	}
	regular, evening, night := *winter.EveningPeakRegularGW, *winter.EveningPeakGW, *winter.NightPeakGW
	if dutch {
		out.peaks = fmt.Sprintf("Onder %s gaat de avondpiek van de winter van %s bij gewoon laden naar %s; 's nachts ontstaat een piek van %s.", c.Name, power(regular), power(evening), power(night))
		if night > regular {
			out.peaks += " Die is hoger dan de avondpiek die verdwijnt."
		}
		return out
	}
	out.peaks = fmt.Sprintf("Under %s the winter evening peak goes from %s with regular charging to %s; at night there is a peak of %s.", c.Name, power(regular), power(evening), power(night))
	if night > regular {
		out.peaks += " That is higher than the evening peak that it takes away."
	}
	return out
}

// leastKW is what a charge point feeds in on the mean evening when it is worth a
// word: a hundredth of a kW, rounded.
const leastKW = 0.005

func power(gw float64, small, dutch bool) string {
	text := fmt.Sprintf("%.2f GW", gw)
	if small {
		text = fmt.Sprintf("%.1f MW", 1000*gw)
	}
	if dutch {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// millions writes a large count short.
func millions(v float64, dutch bool) string {
	if v < 1e5 {
		return fmt.Sprintf("%.0f", v)
	}
	text := fmt.Sprintf("%.2f", v/1e6)
	if dutch {
		return strings.Replace(text, ".", ",", 1) + " miljoen"
	}
	return text + " million"
}
