package result

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/series"
)

// under names a contract and its rules; of one beside another of its kind the rules
// alone.
func (t *teller) under(c, beside *assume.Contract) string {
	kind := string(c.Kind)
	name, known := t.words["contract."+kind], c.Name == kind || strings.HasPrefix(c.Name, kind+"_")
	if !known {
		name = strings.ReplaceAll(t.words["contract"], "{name}", c.Name)
	}
	rules := t.rules(c)
	if known && beside != nil && beside.Kind == c.Kind {
		return rules
	}
	if beside != nil {
		name = t.say("under ", "onder ") + name
	}
	return name + " " + rules
}

// rules says by which rules what is fed in is paid.
func (t *teller) rules(c *assume.Contract) string {
	if c.Rules != assume.NoRules {
		text := t.say("by the rules of %s", "met de regels van %s", c.Rules)
		if year, first := strings.CutSuffix(c.Rules, "-01-01"); first {
			text = t.say("by the rules from %s", "met de regels vanaf %s", year)
		}
		if c.NetMetering { // a date tells nobody so
			text += t.say(", with net metering", ", met salderen")
		}
		if !c.AsRuled() {
			text += t.say(" (altered by the study)", " (door de studie gewijzigd)")
		}
		return text
	}
	if !c.NetMetering {
		return t.say("without net metering", "zonder salderen")
	}
	text, until := t.say("with net metering", "met salderen"), assume.NetMeteringUntil()
	switch {
	case t.nettingTold:
	case t.place.Year < until:
		text += t.say(" (which ends in %d)", " (dat in %d stopt)", until)
	default:
		text += t.say(" (as ElaadNL's report computes; it ends in %d)", " (zo rekent het rapport van ElaadNL; het stopt in %d)", until)
	}
	t.nettingTold = true
	return text
}

// power writes a power in two significant digits, in the unit that suits it.
func (t *teller) power(kw float64) string { return t.powers(kw / 1000)(kw / 1000) }

// powers write powers in MW in the unit that suits the largest of them; what is far
// smaller than that has its own.
func (t *teller) powers(largestMW float64) func(mw float64) string {
	per, unit := unitOf(largestMW)
	return func(mw float64) string {
		if mw != 0 && math.Abs(mw) < largestMW/50 {
			return t.power(1000 * mw)
		}
		return t.significant(mw*per) + "\u00a0" + unit
	}
}

// compared write powers as powers does, where the difference between them is what is told: 128
// and 108 MW in two significant digits each would be 130 and 110. The last digit is at most 2 %
// of the largest.
func (t *teller) compared(largestMW float64) func(mw float64) string {
	few, largest := t.powers(largestMW), twoDigits(math.Abs(largestMW))
	per, unit := unitOf(largestMW)
	scale := math.Pow(10, math.Floor(math.Log10(largest*per)+1e-12))
	if !(largest > 0) || largest*per/scale >= 5 {
		return few
	}
	decimals := max(0, 2-int(math.Round(math.Log10(scale))))
	return func(mw float64) string {
		if math.Abs(mw) < largestMW/10 {
			return few(mw)
		}
		text := t.decimals(math.Abs(mw*per), decimals)
		if mw < 0 {
			text = "\u2212" + text
		}
		return text + "\u00a0" + unit
	}
}

// unitOf is the unit that suits a power in MW, and how many of it a MW is.
func unitOf(mw float64) (per float64, unit string) {
	switch size := twoDigits(math.Abs(mw)); {
	case size >= 1000:
		return 0.001, "GW"
	case size >= 1:
		return 1, "MW"
	}
	return 1000, "kW"
}

// significant writes a number in two significant digits.
func (t *teller) significant(v float64) string {
	rounded := twoDigits(v)
	decimals := 0
	if rounded != 0 {
		decimals = max(0, 1-int(math.Floor(math.Log10(math.Abs(rounded))+1e-12)))
	}
	text := t.decimals(rounded, decimals)
	if rounded < 0 {
		text = "\u2212" + text
	}
	return text
}

// twoDigits rounds to two significant digits, halves up, as the dashboard does.
func twoDigits(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	return math.Round(v/scale) * scale
}

// count writes a number of things as one reads it in a sentence.
func (t *teller) count(n float64) string {
	if n < 999_500 {
		return t.decimals(n, 0)
	}
	return t.decimals(n/1e6, 2) + t.say(" million", " miljoen")
}

// instant writes a quarter-hour of the year in local time.
func (t *teller) instant(at time.Time) string {
	local := at.In(series.Amsterdam())
	return fmt.Sprintf("%d\u00a0%s %s", local.Day(), t.months[local.Month()-1], local.Format("15:04"))
}
