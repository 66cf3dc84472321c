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
		evenings = append(evenings, say("%s: %s GW in winter, %s GW in summer", "%s: %s GW in de winter, %s GW in de zomer", x.contract, x.winter, x.summer))
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
	none                            bool // less than rounds to a hundredth of a GW, in both seasons
}

func tell(c *assume.Contract, winter, summer *SeasonSummary, dutch bool) told {
	number := func(v float64) string {
		text := fmt.Sprintf("%.2f", v)
		if dutch {
			text = strings.Replace(text, ".", ",", 1)
		}
		return text
	}
	out := told{c.Name + " (" + c.RulesInWords(dutch) + ")", number(winter.EveningGW), number(summer.EveningGW), "", max(winter.EveningGW, summer.EveningGW) < 0.005}
	if out.none || winter.EveningPeakRegularGW == nil || winter.EveningPeakGW == nil {
		return out
	}
	regular, evening, night := *winter.EveningPeakRegularGW, *winter.EveningPeakGW, *winter.NightPeakGW
	if dutch {
		out.peaks = fmt.Sprintf("Onder %s gaat de avondpiek van de winter van %s GW bij gewoon laden naar %s GW; 's nachts ontstaat een piek van %s GW.", c.Name, number(regular), number(evening), number(night))
		if night > regular {
			out.peaks += " Die is hoger dan de avondpiek die verdwijnt."
		}
		return out
	}
	out.peaks = fmt.Sprintf("Under %s the winter evening peak goes from %s GW with regular charging to %s GW; at night there is a peak of %s GW.", c.Name, number(regular), number(evening), number(night))
	if night > regular {
		out.peaks += " That is higher than the evening peak that it takes away."
	}
	return out
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
