package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Language is that of the words and numbers in a figure.
type Language string

// The languages.
const (
	English Language = "en"
	Dutch   Language = "nl"
)

// words are the texts that a chart brings along.
type words struct {
	charging, discharging string // a car's power above and below 0
	taking, feedingIn     string // what stands for them where homes are more than their cars
	power, peak           string // units
	localTime, evening    string
	noData                string // what hatching means
	homes, street         string // axis of numbers of homes, and a mark on it
	streetPeak            string // unit
	spread                string // how to read a line with a dot
	band                  string // how to read a line in a band
	total                 string
	thousand, million     string
	capacity, beyond      string // of a line, and of one that would flatten the rest
	cost, costUnit        string
	meanPower, now        string
	time, of              string // heads of tables
	low, middle, high     string
	mode, contract        string
	variant, cheaper      string // of a comparison
	year                  string
	assumption, value     string
	difference            string
	months, days          []string // days from Monday
	shortMonths           []string
	shortDays             []string
	decimal, group        string
}

// ofHomes has power's signs named as those of homes, or of all that is behind a cable.
func (w *words) ofHomes() { w.charging, w.discharging = w.taking, w.feedingIn }

// words are those of the language; empty is English.
func (l Language) words() (words, error) {
	switch l {
	case English, "":
		return words{
			charging: "charging", discharging: "discharging", taking: "taking", feedingIn: "feeding in",
			power: "kW per home", peak: "peak kW per home",
			localTime: "local time", evening: "17–21 h",
			noData: "no data",
			homes:  "number of homes (logarithmic)", street: "%d homes: one transformer street",
			streetPeak: "kW, the street’s highest quarter-hour",
			spread:     "Line: 5th to 95th percentile of the homes; dot: median.",
			band:       "Line: median; band: 5th to 95th percentile of the draws.",
			total:      "total", thousand: "thousands", million: "millions",
			capacity: "capacity", beyond: "capacity %s, above this figure",
			cost: "Energy cost", costUnit: "EUR per home per year", meanPower: "Mean power", now: "now %s",
			time: "Time", of: "Homes", low: "lowest 5 %", middle: "middle", high: "highest 5 %",
			mode: "Way to charge", contract: "Contract", year: "Year",
			variant: "Variant", cheaper: "cheaper",
			assumption: "Assumption", value: "Value", difference: "Difference",
			months:      strings.Fields("January February March April May June July August September October November December"),
			days:        strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
			shortMonths: strings.Fields("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
			shortDays:   strings.Fields("Mon Tue Wed Thu Fri Sat Sun"),
			decimal:     ".", group: ",",
		}, nil
	case Dutch:
		return words{
			charging: "laden", discharging: "ontladen", taking: "afnemen", feedingIn: "terugleveren",
			power: "kW per woning", peak: "piek, kW per woning",
			localTime: "lokale tijd", evening: "17–21 u",
			noData: "geen gegevens",
			homes:  "aantal woningen (logaritmisch)", street: "%d woningen: één straat",
			streetPeak: "kW, hoogste kwartier van de straat",
			spread:     "Lijn: 5e tot 95e percentiel van de woningen; stip: mediaan.",
			band:       "Lijn: mediaan; band: 5e tot 95e percentiel van de trekkingen.",
			total:      "totaal", thousand: "duizenden", million: "miljoenen",
			capacity: "capaciteit", beyond: "capaciteit %s, hoger dan deze figuur",
			cost: "Energiekosten", costUnit: "EUR per woning per jaar", meanPower: "Gemiddeld vermogen", now: "nu %s",
			time: "Tijd", of: "Woningen", low: "laagste 5 %", middle: "middelste", high: "hoogste 5 %",
			mode: "Manier van laden", contract: "Contract", year: "Jaar",
			variant: "Variant", cheaper: "goedkoper",
			assumption: "Aanname", value: "Waarde", difference: "Verschil",
			months:      strings.Fields("januari februari maart april mei juni juli augustus september oktober november december"),
			days:        strings.Fields("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
			shortMonths: strings.Fields("jan feb mrt apr mei jun jul aug sep okt nov dec"),
			shortDays:   strings.Fields("ma di wo do vr za zo"),
			decimal:     ",", group: ".",
		}, nil
	}
	return words{}, fmt.Errorf("language %q: want %s or %s", string(l), English, Dutch)
}

// Month is the name of a month within a sentence, 0 is January.
func (l Language) Month(m int) string { return l.name(m, func(w words) []string { return w.months }) }

// Weekday is the name of a day within a sentence, 0 is Monday.
func (l Language) Weekday(d int) string { return l.name(d, func(w words) []string { return w.days }) }

func (l Language) name(i int, of func(words) []string) string {
	w, err := l.words()
	if err != nil || i < 0 || i >= len(of(w)) {
		return ""
	}
	return of(w)[i]
}

// Number writes a value with a fixed number of decimals.
func (l Language) Number(v float64, decimals int) string {
	w, err := l.words()
	if err != nil {
		return ""
	}
	return w.number(v, decimals)
}

// number writes a value with a fixed number of decimals, a true minus sign and,
// from 1000 on, groups of three digits. A value that rounds to 0 has no sign.
func (w words) number(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.group + whole[i:]
	}
	if part != "" {
		whole += w.decimal + part
	}
	if v < 0 && strings.Trim(s, "0.") != "" {
		whole = "−" + whole
	}
	return whole
}

// signed is number with a plus sign before what is above 0.
func (w words) signed(v float64, decimals int) string {
	s := w.number(v, decimals)
	if v > 0 && strings.ContainsAny(s, "123456789") {
		return "+" + s
	}
	return s
}
