package seriesfile

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"

	"github.com/getij/getij/internal/dataset"
)

// The units of the plain files.
const (
	eurPerMWh      = "eur_per_mwh"
	kWh            = "kwh"
	fraction       = "fraction"
	capacityFactor = "capacity_factor"
	megawatt       = "mw"
	shape          = "value" // a shape without a known unit
)

// unitNames are the units that Options.Unit knows; true for energy and power.
var unitNames = map[string]unitKind{
	"eur_per_mwh": priceUnit, "eur_per_kwh": priceUnit, "ct_per_kwh": priceUnit,
	"kwh": energyUnit, "wh": energyUnit, "kw": energyUnit, "w": energyUnit, "mw": energyUnit,
	"fraction": energyUnit, "capacity_factor": energyUnit, "percent": energyUnit,
}

type unitKind int

const (
	_ unitKind = iota
	priceUnit
	energyUnit
)

func kindOfUnit(kind dataset.Kind) unitKind {
	if kind == dataset.Prices {
		return priceUnit
	}
	return energyUnit
}

func unitsOf(kind dataset.Kind) []string {
	var names []string
	for n, k := range unitNames {
		if k == kindOfUnit(kind) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

// scale multiplies by a factor and takes out the last bits that this adds, so
// that 0.07729 EUR/kWh is 77.29 EUR/MWh.
func scale(values []float64, factor float64) {
	if factor == 1 {
		return
	}
	for i, v := range values {
		if factor < 1 {
			values[i] = v / math.Round(1/factor)
		} else if s := v * factor; math.Abs(s) < 1e9 {
			values[i] = math.Round(s*1e6) / 1e6
		} else {
			values[i] = s
		}
	}
}

// mostEURPerKWh tells EUR/kWh from EUR/MWh: the day-ahead market's upper limit
// has been 3,000 to 5,000 EUR/MWh, and no year stays below 5 EUR/MWh.
const mostEURPerKWh = 5

// leastMeanEURPerMWh tells EUR/MWh from ct/kWh: the lowest year of the Dutch
// day-ahead market (2020) had a mean of 32 EUR/MWh, the highest (2022) one of 24
// ct/kWh. Below it a person must say which.
const leastMeanEURPerMWh = 30

// otherMoney are currencies that prices of a study are not in.
var otherMoney = regexp.MustCompile(`(^|[^a-z])(gbp|usd|sek|nok|dkk|pln|chf|czk|huf|ron|bgn|pence|öre|øre)([^a-z]|$)|(price|prijs)(gbp|usd|sek|nok|dkk|pln|chf|czk|huf|ron|bgn)|£|\$|zł`)

var priceUnits = []struct {
	re     *regexp.Regexp
	unit   string
	factor float64
}{
	{regexp.MustCompile(`(eur|euro|€)[ _]?(/|per)?[ _]?mwhe?`), "EUR/MWh", 1},
	{regexp.MustCompile(`(ct|cents?)[ _]?(/|per)[ _]?kwh`), "ct/kWh", 10},
	{regexp.MustCompile(`(eur|euro|€)[ _]?(/|per)?[ _]?kwh`), "EUR/kWh", 1000},
}

var priceOptions = map[string]string{"eur_per_mwh": "EUR/MWh", "eur_per_kwh": "EUR/kWh", "ct_per_kwh": "ct/kWh"}

// prices turns the first column into EUR/MWh and says what it was; where nothing
// says it, [reading.settlePrices] will.
func (r *reading) prices(p *rows, name string) error {
	unit, how := priceOptions[r.opt.Unit], "as asked"
	for _, said := range []string{name, r.unitBeside} {
		if unit != "" {
			break
		}
		if otherMoney.MatchString(strings.ToLower(said)) {
			return fmt.Errorf("%s has prices in another currency than EUR (%q): turn them into EUR, or, where they are, say so with --unit", p.file, table.Redact(said))
		}
		for _, u := range priceUnits {
			if u.re.MatchString(strings.ToLower(said)) {
				unit, how = u.unit, fmt.Sprintf("%q says so", table.Redact(said))
				break
			}
		}
	}
	r.unitBeside = "" // of this file only
	p.unit = eurPerMWh
	if unit == "" {
		p.name = name
		r.unsaid = append(r.unsaid, p)
		return nil
	}
	size := sizeOf(p)
	switch {
	case r.opt.Unit == "" && unit == "EUR/kWh" && size.most > mostEURPerKWh:
		return fmt.Errorf("%s says %s, but holds %.4g: are they EUR/MWh? Say which with --unit", p.file, unit, size.most)
	case r.opt.Unit == "" && unit == "EUR/MWh" && size.most > 0 && size.most <= mostEURPerKWh && size.days > 31:
		return fmt.Errorf("%s says %s, but in %d days holds no price over %.4g: are they EUR/kWh? Say which with --unit", p.file, unit, size.days, size.most)
	}
	r.scalePrices(unit, how, p)
	return nil
}

// settlePrices tells the unit of all prices of which nothing says it, by their size:
// of all files together, as a day may have prices near 0.
func (r *reading) settlePrices() error {
	if len(r.unsaid) == 0 {
		return nil
	}
	size, first := sizeOf(r.unsaid...), r.unsaid[0]
	switch {
	case size.most <= mostEURPerKWh:
		r.scalePrices("EUR/kWh", fmt.Sprintf("told by size: the largest is %.4g, at most %d", size.most, mostEURPerKWh), r.unsaid...)
	case size.sum < leastMeanEURPerMWh*float64(size.n):
		return fmt.Errorf("%s does not say the unit of %q, whose mean is %.4g: are they ct/kWh (use --unit ct_per_kwh) or EUR/MWh (use --unit eur_per_mwh)?", first.file, table.Redact(first.name), size.sum/float64(size.n))
	default:
		r.scalePrices("EUR/MWh", fmt.Sprintf("told by size: the largest is %.4g, over %d", size.most, mostEURPerKWh), r.unsaid...)
	}
	return nil
}

// priceSize is what is looked at of prices without a unit.
type priceSize struct {
	most, sum float64
	n, days   int
}

func sizeOf(parts ...*rows) (size priceSize) {
	days := map[int64]bool{}
	for _, p := range parts {
		for i, v := range p.values[0] {
			if !math.IsNaN(v) {
				size.most, size.sum, size.n = max(size.most, math.Abs(v)), size.sum+v, size.n+1
				days[p.at[i]/86400] = true
			}
		}
	}
	size.days = len(days)
	return size
}

// scalePrices turns prices of a unit into EUR/MWh, and says which it was.
func (r *reading) scalePrices(unit, how string, parts ...*rows) {
	for _, u := range priceUnits {
		if u.unit == unit {
			for _, p := range parts {
				scale(p.values[0], u.factor)
			}
		}
	}
	said := fmt.Sprintf("%s (%s)", unit, how)
	if unit != "EUR/MWh" {
		said += ", turned into EUR/MWh"
	}
	r.units.Add("%s", said)
}

var energyUnits = regexp.MustCompile(`(?:^|[^a-z])(mwh|kwh|wh|mw|kw|w|watt)(?:[^a-z]|$)`)

// kwPerHour is a unit such as kW/h, which people write for kWh, and for kW.
var kwPerHour = regexp.MustCompile(`(^|[^a-z])[km]?w(att)? ?(/|per) ?(h|u|uur|hour)([^a-z]|$)`)

// energyUnit is the unit that a column's name tells, or empty.
func energyUnitIn(name string) string {
	if fractionName.MatchString(name) {
		return fraction
	}
	m := energyUnits.FindStringSubmatch(plainWords(name))
	switch {
	case m == nil:
		return ""
	case m[1] == "watt":
		return "w"
	}
	return m[1]
}

// mostFraction and leastWh tell units of load apart by size: a quarter of a
// year's load is under 0.01 of it, and a home takes less than 5 kWh a quarter on
// average but more than 5 Wh.
const (
	mostFraction = 0.01
	leastWh      = 5
)

// energies turns columns of energy or mean power into kWh per interval, or
// leaves fractions as they are, and says what they were.
func (r *reading) energies(parts []*rows, name string) error {
	unit, how := r.opt.Unit, "as asked"
	if unit == "" {
		if kwPerHour.MatchString(strings.ToLower(name)) {
			return fmt.Errorf("%q of %s is no unit of energy, and none of power: is it energy per interval (use --unit kwh or wh), or mean power (use --unit kw or w)?", table.Redact(name), parts[0].file)
		}
		if unit = energyUnitIn(name); unit != "" {
			how = "its header says so"
			if !r.kindHomes(parts) {
				how = fmt.Sprintf("%q says so", table.Redact(name))
			}
		}
	}
	if unit == "" {
		most, sum, n := 0.0, 0.0, 0
		for _, p := range parts {
			for _, c := range p.values {
				for _, v := range c {
					if !math.IsNaN(v) {
						most, sum, n = max(most, math.Abs(v)), sum+math.Abs(v), n+1
					}
				}
			}
		}
		switch mean := sum / float64(max(n, 1)); {
		case most <= mostFraction:
			unit, how = fraction, fmt.Sprintf("told by size: the largest is %.4g, at most %g", most, mostFraction)
		case mean > leastWh:
			if err := r.maybePower(parts[0], mean, name); err != nil {
				return err
			}
			unit, how = "wh", fmt.Sprintf("told by size: the mean is %.4g, over %d", mean, leastWh)
		default:
			unit, how = kWh, fmt.Sprintf("told by size: the mean is %.4g, at most %d", mean, leastWh)
		}
	}
	said := fmt.Sprintf("%s per interval (%s)", map[string]string{kWh: "kWh", "wh": "Wh", "mwh": "MWh", "kw": "mean kW", "w": "mean W", "mw": "mean MW", fraction: "fraction of a year"}[unit], how)
	factor := map[string]float64{kWh: 1, "wh": 0.001, "mwh": 1000, "kw": 1, "w": 0.001, "mw": 1000, fraction: 1}[unit]
	if factor == 0 {
		return fmt.Errorf("unit %q does not suit load: kwh, wh, kw, w, mw or fraction was expected", unit)
	}
	for i, p := range parts {
		perHour := 1.0
		if unit == "kw" || unit == "w" || unit == "mw" {
			if err := p.spacing(r.kind); err != nil {
				return err
			}
			if len(p.step) > 0 {
				perHour = 3600 / float64(slices.Min(p.step))
			}
			if i > 0 {
				p.shareWith(parts[i-1])
			}
		}
		for _, c := range p.values {
			scale(c, factor)
			scale(c, 1/perHour)
		}
		p.unit = kWh
		if unit == fraction {
			p.unit = fraction
		}
	}
	if unit != kWh && unit != fraction {
		said += ", turned into kWh"
	}
	r.units.Add("%s", said)
	return nil
}

// usualSpread is how many times the mean use of homes 95 % of them stay below, see judge.
const usualSpread = 1.8

// maybePower asks for the unit of values that are parts of an hour apart, where as Wh
// a home would use more than usual: they may be W, and a half or quarter of that.
func (r *reading) maybePower(p *rows, mean float64, name string) error {
	if err := p.spacing(r.kind); err != nil || len(p.step) == 0 {
		return err
	}
	perHour := 3600 / float64(slices.Min(p.step))
	asPower := mean * hoursPerYear / 1000
	if perHour == 1 || asPower*perHour < usualSpread*meanKWhPerYear {
		return nil
	}
	return fmt.Errorf("%s does not say the unit of %q: as Wh per interval it is %.0f kWh a year for a home, as W %.0f: say which with --unit wh or --unit w", p.file, table.Redact(name), asPower*perHour, asPower)
}

// kindHomes tells whether the columns are homes, of which names are not told.
func (r *reading) kindHomes(parts []*rows) bool {
	return len(parts) > 1 || len(parts[0].values) > 1 || parts[0].ids != nil
}
