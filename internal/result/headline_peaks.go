package result

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/tariff"
)

// atOnce says what the cars of a small group give at once: the mean evening does not load
// its transformer, that does.
func (t *teller) atOnce() []string {
	e := t.evenings[0]
	s := &e.season
	n := t.place.Points * t.place.Adoption
	if t.view.KWRule == "coincidence" || t.view.Mode != dispatch.V2G || !(s.AtOnceMW > 0) || n > e.largestGroup {
		return nil
	}
	text := t.say("So few cars give far more at once than on the mean evening: %s in the busiest quarter-hour of the whole year, whatever the season, under %s (90 of 100 such groups: %s to %s)",
		"Zo weinig auto’s leveren tegelijk veel meer dan op de gemiddelde avond: %s in het drukste kwartier van het hele jaar, wat het seizoen ook is, onder %s (90 van 100 zulke groepen: %s tot %s)",
		t.power(1000*s.AtOnceMW), t.under(e.contract, nil), t.power(1000*s.AtOnceMWP5), t.power(1000*s.AtOnceMWP95))
	for _, other := range t.evenings[1:] {
		if kw := 1000 * other.season.AtOnceMW; kw > 0 {
			text += fmt.Sprintf("; %s %s", t.under(other.contract, e.contract), t.power(kw))
		}
	}
	out := []string{text + "."}
	if e.takenAtOnceKW > 0 && e.takenAtOnceRegularKW > 0 {
		text = t.say("Charging, they take %s at once, with regular charging %s", "Bij het laden nemen ze tegelijk %s af, met gewoon laden %s", t.power(e.takenAtOnceKW), t.power(e.takenAtOnceRegularKW))
		for _, other := range t.evenings[1:] {
			text += fmt.Sprintf("; %s %s", t.under(other.contract, e.contract), t.power(other.takenAtOnceKW))
		}
		out = append(out, text+".")
	}
	return out
}

// peaks says what the way to charge does to the evening peak of the season, and the
// night peak that it makes, under the chosen contract and under the others.
func (t *teller) peaks() []string {
	first := t.evenings[0]
	s := &first.season
	if math.IsNaN(s.EveningPeakRegularMW) || math.IsNaN(s.EveningPeakMW) || t.view.Mode == dispatch.Regular {
		return nil
	}
	power := t.compared(s.EveningPeakRegularMW)
	higher := func(e *evening) string {
		if !e.newNight() {
			return ""
		}
		return t.say(", higher than the evening peak that it takes away", ", hoger dan de avondpiek die verdwijnt")
	}
	regular := t.say("regular charging", "gewoon laden")
	if first.regularNight > s.EveningPeakRegularMW { // as on summer evenings: cars that come home late charge after 21:00
		regular += t.say(", at night %s", ", ’s nachts %s", power(first.regularNight))
	}
	without := fmt.Sprintf("%s (%s)", power(s.EveningPeakRegularMW), regular)
	// Most of the way is charging at other hours, which needs no car that discharges.
	if !math.IsNaN(first.smartMW) && power(first.smartMW) != power(s.EveningPeakRegularMW) {
		without += t.say(" or %s (smart charging)", " of %s (slim laden)", power(first.smartMW))
	}
	text := t.say("With %s the %s of homes and cars together, on a month's mean day, goes from %s to %s, with a night peak of %s%s",
		"Met %s gaat de %s van woningen en auto’s samen, op de gemiddelde dag van een maand, van %s naar %s, met een nachtpiek van %s%s",
		t.words["mode."+t.view.Mode.String()], t.words["peak."+s.Season], without, power(s.EveningPeakMW), power(s.NightPeakMW), higher(first))
	for _, e := range t.evenings[1:] {
		text += t.say("; %s to %s, at night %s%s", "; %s naar %s, ’s nachts %s%s", t.under(e.contract, first.contract), power(e.season.EveningPeakMW), power(e.season.NightPeakMW), higher(e))
	}
	return []string{text + "."}
}

// LeastHomes are as many as a mean over homes needs for its highest quarter-hour to be a
// region's: of fewer it is that of a group.
const LeastHomes = 100

// highest says what the mean day of a month hides: the year's highest quarter-hour. A
// group no larger than those of [teller.atOnce] has higher ones than the mean home.
func (t *teller) highest() []string {
	first := t.evenings[0]
	if t.homes < LeastHomes || math.IsNaN(first.highest.kw) || math.IsNaN(first.highestRegular.kw) || t.view.Mode == dispatch.Regular || t.place.Points*t.place.Adoption <= first.largestGroup {
		return nil
	}
	power := t.compared(first.highest.kw / 1000)
	told := func(h highest) string {
		return t.say("%s (%s)", "%s (%s)", power(h.kw/1000), t.instant(h.at))
	}
	text := t.say("Those are means of a month; in the year's highest quarter-hour homes and cars take %s, with regular charging %s",
		"Dat zijn gemiddelden van een maand; in het hoogste kwartier van het jaar nemen woningen en auto’s %s af, met gewoon laden %s", told(first.highest), told(first.highestRegular))
	for _, e := range t.evenings[1:] {
		text += fmt.Sprintf("; %s %s", t.under(e.contract, first.contract), told(e.highest))
	}
	return []string{text + "."}
}

// nightAbove is how many regions have a night peak above both their evening and their night
// peak with regular charging.
func nightAbove(w, regular *potential.Way, parts []Part) (n int) {
	for _, p := range parts {
		x := w.Of(p.Homes, p.Points)
		if x.NightPeakMW > max(x.EveningPeakRegularMW, regular.Of(p.Homes, p.Points).NightPeakMW) {
			n++
		}
	}
	return n
}

// nights says in how many of the parts the night peak is the higher one: the country's
// says nothing of them.
func (t *teller) nights() []string {
	most := 0
	for _, e := range t.evenings {
		most = max(most, e.nightParts)
	}
	first, parts := t.evenings[0], len(t.place.Parts)
	if most == 0 || parts < 2 || t.view.Mode == dispatch.Regular {
		return nil
	}
	level := t.say("regions", "gebieden")
	if t.place.PartsLevel == string(region.Gemeente) {
		level = "gemeenten"
	}
	in := func(n int) string {
		if n == 0 {
			return t.say("none", "geen")
		}
		return strconv.Itoa(n)
	}
	text := t.say("That night peak is above the peaks of regular charging, evening and night, in %s of the %d %s", "Die nachtpiek is hoger dan de pieken bij gewoon laden, ’s avonds en ’s nachts, in %s van de %d %s", in(first.nightParts), parts, level)
	for _, e := range t.evenings[1:] {
		text += t.say("; %s in %s", "; %s in %s", t.under(e.contract, first.contract), in(e.nightParts))
	}
	return []string{text + "."}
}

// without names the contracts under which next to nothing is discharged, and those of them whose
// cars charge at one hour of the night and make a higher peak there.
func (t *teller) without() []string {
	var names, moved []string
	for _, e := range t.none {
		name := t.contract(e.contract.Name)
		names = append(names, name)
		if s := &e.season; e.newNight() {
			power := t.powers(s.NightPeakMW)
			moved = append(moved, t.say("%s makes a night peak of %s", "%s geeft een nachtpiek van %s", name, power(s.NightPeakMW)))
		}
	}
	text := ""
	if len(names) > 0 && t.view.Mode == dispatch.V2G {
		text = t.say("Under %s next to nothing is discharged", "Onder %s wordt vrijwel niets ontladen", t.list(names))
	}
	if len(moved) > 0 {
		if text != "" {
			text += t.say(", but ", ", maar ")
		}
		text += t.list(moved)
	}
	if text == "" {
		return nil
	}
	first, size := utf8.DecodeRuneInString(text)
	return []string{string(unicode.ToUpper(first)) + text[size:] + "."}
}

// taxes says that contracts of a kind that stand beside each other differ in more than
// their rules.
func (t *teller) taxes() []string {
	first := t.evenings[0].contract
	var of []string
	differ, tax := false, math.NaN()
	for _, e := range t.evenings {
		if c := e.contract; c.Kind == tariff.Dynamic {
			of = append(of, t.under(c, first)+" "+t.decimals(c.EnergyTaxEURPerKWh, 4))
			differ = differ || len(of) > 1 && c.EnergyTaxEURPerKWh != tax
			tax = c.EnergyTaxEURPerKWh
		}
	}
	if !differ {
		return nil
	}
	return []string{t.say("The energy tax differs too: %s EUR per kWh.", "Ook de energiebelasting verschilt: %s EUR per kWh.", strings.Join(of, "; "))}
}

// lacking says what the study cannot tell: what happens to peaks, without regular charging,
// and what the rules of the year do, without a contract that has them.
func (t *teller) lacking() (out []string) {
	if math.IsNaN(t.evenings[0].regularNight) {
		out = append(out, t.say("The study has no regular charging, so it does not say what happens to the peaks; add regular to its modes.",
			"De studie heeft geen gewoon laden en zegt dus niet wat er met de pieken gebeurt; voeg regular toe aan de modes."))
	}
	return append(out, t.lackingRules()...)
}

func (t *teller) lackingRules() []string {
	first, until := t.evenings[0].contract, assume.NetMeteringUntil()
	if t.place.Year < until || first.Kind != tariff.Dynamic {
		return nil
	}
	for _, e := range slices.Concat(t.evenings, t.none) {
		if c := e.contract; c.Kind == first.Kind && !c.NetMetering {
			return nil
		}
	}
	return []string{t.say("The study has no %s contract by the rules from %d, so it does not say what these do.", "De studie heeft geen %s contract met de regels vanaf %d en zegt dus niet wat die doen.", t.words["kind."+string(first.Kind)], until)}
}
