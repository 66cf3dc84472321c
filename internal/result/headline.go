package result

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/potential"
)

// Area is some regions together, in a year and a scenario, and the share of their
// home charge points that takes part.
type Area struct {
	Name     string // "" for all the study's regions
	Year     int
	Scenario string
	potential.Homes
	Points   float64
	Adoption float64
}

// View is how a reader looks at a place.
type View struct {
	Contract string
	Mode     dispatch.Mode
	Season   string
	KWRule   string // computed, coincidence, report or fixed: what a charge point counts for
}

// Headline is what is said of a place: how many points and what they feed in, and
// what follows from that.
type Headline struct {
	Lead string
	Rest []string
}

// Whole is all the study's regions, as its summary has them.
func (s *PotentialSummary) Whole() Area {
	return Area{Year: s.Year, Scenario: s.Scenario, Homes: potential.Homes{Dwellings: s.Dwellings, Equivalents: s.Equivalents}, Points: s.HomeChargePoints, Adoption: s.Adoption}
}

// Headline is what the study says of all its regions, in a few sentences that name
// the contract, the rules and the season under which each number holds; empty
// without regions or without V2G.
func (r *Result) Headline(dutch bool) string {
	p := r.Summary.Potential
	if p == nil || r.Case(p.Contract, dispatch.V2G) == nil {
		return ""
	}
	t, err := r.teller(p.Whole(), View{Contract: p.Contract, Mode: dispatch.V2G, Season: r.Study.Potential.Season, KWRule: "computed"}, dutch)
	if err != nil {
		panic(err) // the contract is there, and a study's season is checked
	}
	return strings.Join(slices.Concat([]string{t.lead()}, t.peaks(), t.highest(), t.without()), " ")
}

// PerPoint says what a charge point counts for in the figures by region, beside the
// report's rule.
func (r *Result) PerPoint(dutch bool) string {
	p := r.Summary.Potential
	t := &teller{dutch: dutch}
	en, nl := languages()
	if t.language = en; dutch {
		t.language = nl
	}
	gw := func(v float64) string { return t.power(1e6 * v) }
	report := t.say(" At the 2 kW each of ElaadNL's report, whatever the contract and the season, it would be %s.", " Met de 2 kW per stuk van het rapport van ElaadNL, wat het contract en het seizoen ook zijn, zou het %s zijn.", gw(p.Report.FlexiblePowerGW))
	all := gw(p.FlexiblePowerGW)
	switch p.KWRule {
	case "report":
		return t.say("By region a charge point counts for 2 kW, whatever the contract and the season, as in ElaadNL's report: %s in %d.", "Per gebied telt een laadpunt voor 2 kW, wat het contract en het seizoen ook zijn, zoals in het rapport van ElaadNL: %s in %d.", all, p.Year)
	case "fixed":
		return t.say("By region a charge point counts for %s, the study's number, whatever the contract and the season: %s in %d.", "Per gebied telt een laadpunt voor %s, het getal van de studie, wat het contract en het seizoen ook zijn: %s in %d.", t.power(*p.KWPerChargePoint), all, p.Year) + report
	case "coincidence":
		return t.say("By region a charge point counts for what groups of the region's size feed in at once in their busiest quarter-hour: %s in %d for all.", "Per gebied telt een laadpunt voor wat groepen zo groot als het gebied in hun drukste kwartier tegelijk terugleveren: samen %s in %d.", all, p.Year) + report
	}
	return t.say("By region a charge point counts for what it feeds in on the mean evening (17:00 to 21:00, %s) under contract %s: %s each, %s in %d.", "Per gebied telt een laadpunt voor wat het op de gemiddelde avond teruglevert (17 tot 21 uur, %s) onder contract %s: %s per stuk, %s in %d.",
		t.words["season."+r.Study.Potential.Season], p.Contract, t.power(*p.KWPerChargePoint), all, p.Year) + report
}

// Tell says of a place what a reader looks at.
func (r *Result) Tell(p Area, v View, dutch bool) (*Headline, error) {
	t, err := r.teller(p, v, dutch)
	if err != nil {
		return nil, err
	}
	h := &Headline{Lead: t.lead()}
	if p.Adoption > 0 && p.Points > 0 {
		if given := t.given(); given != "" {
			in, points := t.points()
			// The points were just named.
			again := strings.NewReplacer(t.say("In %s, %s feed", "In %s leveren %s", in, points), t.say("By this study they feed", "Volgens deze studie leveren ze")).Replace(h.Lead)
			h.Lead, h.Rest = given, append(h.Rest, again)
		}
		h.Rest = slices.Concat(h.Rest, t.peaks(), t.highest(), t.atOnce(), t.without())
	}
	return h, nil
}

// evening is what a contract gives a place.
type evening struct {
	contract       *assume.Contract
	winter, summer potential.Seasonal
	season         potential.Seasonal // the one that is looked at
	largestGroup   float64

	highestMW, highestRegularMW float64 // in the year's highest quarter-hour
}

// leastKW is what a charge point feeds in on the mean evening when it is worth a
// word: a hundredth of a kW, rounded.
const leastKW = 0.005

func (e *evening) nothing() bool {
	return min(e.winter.EveningMeanKW, e.summer.EveningMeanKW) > -leastKW
}

// teller tells of a place in a language.
type teller struct {
	*language
	dutch    bool
	place    Area
	view     View
	kw       float64    // per charge point, for the rule fixed
	homes    int        // that the study has
	evenings []*evening // of the chosen contract, then of those that feed in
	none     []string   // contracts under which nothing is fed in
}

func (r *Result) teller(p Area, v View, dutch bool) (*teller, error) {
	t := &teller{dutch: dutch, place: p, view: v, kw: r.Study.Potential.KWPerChargePoint.KW, homes: r.Study.Homes}
	en, nl := languages()
	if t.language = en; dutch {
		t.language = nl
	}
	for i := range r.Study.Contracts {
		c := &r.Study.Contracts[i]
		if r.Case(c.Name, v.Mode) == nil && c.Name != v.Contract {
			continue
		}
		e := &evening{contract: c}
		for _, s := range []struct {
			name string
			to   *potential.Seasonal
		}{{Winter, &e.winter}, {Summer, &e.summer}, {v.Season, &e.season}} {
			w, err := r.Way(c.Name, v.Mode, s.name, p.Adoption)
			if err != nil {
				return nil, err
			}
			*s.to, e.largestGroup = w.Of(p.Homes, p.Points), w.LargestGroup()
		}
		e.highestMW, e.highestRegularMW = r.highestMW(p, c.Name, v.Mode), r.highestMW(p, c.Name, dispatch.Regular)
		switch {
		case c.Name == v.Contract:
			t.evenings = slices.Insert(t.evenings, 0, e)
		case e.nothing():
			t.none = append(t.none, t.contract(c.Name))
		default:
			t.evenings = append(t.evenings, e)
		}
	}
	if len(t.evenings) == 0 || t.evenings[0].contract.Name != v.Contract {
		return nil, fmt.Errorf("contract %s is not in the study", v.Contract)
	}
	return t, nil
}

// say picks a sentence by language.
func (t *teller) say(en, nl string, args ...any) string {
	if t.dutch {
		en = nl
	}
	return fmt.Sprintf(en, args...)
}

// points are when, and how many where: "2050", "120 home charge points in Urk".
func (t *teller) points() (in, points string) {
	in = strconv.Itoa(t.place.Year)
	if t.place.Scenario != "mid" {
		in += t.say(" (scenario %s)", " (scenario %s)", t.words["scenario."+t.place.Scenario])
	}
	where := t.place.Name
	if where == "" {
		where = t.say("these regions", "deze gebieden")
	}
	if strings.Contains(where, ",") {
		where += ","
	}
	points = t.say("%s home charge points in %s", "%s thuislaadpunten in %s", t.count(t.place.Points), where)
	if math.Round(t.place.Points) == 1 {
		points = t.say("1 home charge point in %s", "1 thuislaadpunt in %s", where)
	}
	return in, points
}

func (t *teller) one() bool { return math.Round(t.place.Points) == 1 }

// some is the condition of a share that takes part.
func (t *teller) some() string {
	switch {
	case t.one():
		return ""
	case t.place.Adoption == 1:
		return t.say(", if all take part,", ", als alle meedoen,")
	}
	share := t.significant(100 * t.place.Adoption)
	return t.say(", if %s %% take part,", ", als %s %% meedoet,", share)
}

// lead says what is fed in on a winter and on a summer evening, under the chosen
// contract and under those with other rules.
func (t *teller) lead() string {
	in, points := t.points()
	if t.place.Points == 0 {
		return t.say("In %s there are no home charge points in %s.", "In %s zijn er geen thuislaadpunten in %s.", in, t.place.Name)
	}
	if t.place.Adoption == 0 {
		return t.say("In %s there are %s; while nobody takes part in V2G, they feed in nothing.", "In %s zijn er %s; zolang niemand aan V2G meedoet, leveren ze niets terug.", in, points)
	}
	first := t.evenings[0]
	most := 0.0
	for _, e := range t.evenings {
		most = max(most, e.winter.EveningMW, e.summer.EveningMW)
	}
	power := t.powers(most)
	fedIn := func(s *potential.Seasonal) string {
		if s.EveningMeanKW > -leastKW {
			return t.say("nothing", "niets")
		}
		return power(s.EveningMW)
	}
	under := t.under(first.contract, nil)
	var text string
	switch {
	case t.view.Mode == dispatch.Regular || t.view.Mode == dispatch.Smart:
		return t.say("In %s there are %s. With %s they feed in nothing: it only chooses when to charge.", "In %s zijn er %s. Met %s leveren ze niets terug: dat kiest alleen wanneer er wordt geladen.", in, points, t.words["mode."+t.view.Mode.String()])
	case first.nothing():
		text = t.say("In %s, %s feed in nothing, on a winter evening or on a summer one, under %s", "In %s leveren %s niets terug, op een winteravond noch op een zomeravond, onder %s", in, points, under)
	default:
		text = t.say("In %[1]s, %[2]s feed in %[3]s on a winter evening and %[4]s on a summer evening%[5]s under %[6]s", "In %[1]s leveren %[2]s op een winteravond %[3]s terug en op een zomeravond %[4]s%[5]s onder %[6]s", in, points, fedIn(&first.winter), fedIn(&first.summer), t.some(), under)
	}
	if t.one() {
		text = strings.Replace(strings.Replace(text, " feed in ", " feeds in ", 1), " leveren ", " levert ", 1)
	}
	if t.view.Mode == dispatch.V2H {
		text = strings.Replace(strings.Replace(text, " feed in ", " give their own homes ", 1), " terug en ", " aan de eigen woning en ", 1)
	}
	for _, e := range t.evenings[1:] {
		text += t.say("; %s: %s and %s", "; %s: %s en %s", t.under(e.contract, first.contract), fedIn(&e.winter), fedIn(&e.summer))
	}
	return text + "."
}

// given is the lead of a rule that is not the evening's mean; "" for that.
func (t *teller) given() string {
	in, points := t.points()
	n := t.place.Points * t.place.Adoption
	switch t.view.KWRule {
	case "report":
		return t.say("In %s, %s count for %s%s at the 2 kW each of ElaadNL's report, whatever the contract and the season.", "In %s tellen %s voor %s%s met de 2 kW per stuk van het rapport van ElaadNL, wat het contract en het seizoen ook zijn.", in, points, t.power(n*potential.ReportKW), t.some())
	case "fixed":
		return t.say("In %s, %s count for %s%s at the %s each that the study gives, whatever the contract and the season.", "In %s tellen %s voor %s%s met de %s per stuk die de studie opgeeft, wat het contract en het seizoen ook zijn.", in, points, t.power(n*t.kw), t.some(), t.power(t.kw))
	case "coincidence":
		if e := t.evenings[0]; !math.IsNaN(e.season.AtOnceMW) {
			return t.say("In %s, %s feed in %s at once%s in the busiest quarter-hour of the year under %s.", "In %s leveren %s %s tegelijk terug%s in het drukste kwartier van het jaar onder %s.",
				in, points, t.power(1000*e.season.AtOnceMW), t.some(), t.under(e.contract, nil))
		}
	}
	return ""
}

// atOnce says what a small group feeds in at once: the mean evening does not load
// its transformer, that does.
func (t *teller) atOnce() []string {
	e := t.evenings[0]
	s := &e.season
	n := t.place.Points * t.place.Adoption
	if t.view.KWRule == "coincidence" || t.view.Mode != dispatch.V2G || !(s.AtOnceMW > 0) || n > e.largestGroup {
		return nil
	}
	return []string{t.say("So few cars feed in far more at once than on the mean evening: %s in the busiest quarter-hour of the year (90 of 100 such groups: %s to %s).",
		"Zo weinig auto’s leveren tegelijk veel meer terug dan op de gemiddelde avond: %s in het drukste kwartier van het jaar (90 van 100 zulke groepen: %s tot %s).",
		t.power(1000*s.AtOnceMW), t.power(1000*s.AtOnceMWP5), t.power(1000*s.AtOnceMWP95))}
}

// peaks says what the way to charge does to the evening peak of the season, and the
// night peak that it makes, under the chosen contract and under the others.
func (t *teller) peaks() []string {
	first := t.evenings[0]
	s := &first.season
	if math.IsNaN(s.EveningPeakRegularMW) || math.IsNaN(s.EveningPeakMW) || t.view.Mode == dispatch.Regular {
		return nil
	}
	power := t.powers(s.EveningPeakRegularMW)
	higher := func(e *evening) string {
		if e.season.NightPeakMW <= e.season.EveningPeakRegularMW {
			return ""
		}
		return t.say(", higher than the evening peak that it takes away", ", hoger dan de avondpiek die verdwijnt")
	}
	text := t.say("With %s the %s of homes and cars together, on a month's mean day, goes from %s (regular charging) to %s, and at night there is a peak of %s%s",
		"Met %s gaat de %s van woningen en auto’s samen, op de gemiddelde dag van een maand, van %s (gewoon laden) naar %s en is er ’s nachts een piek van %s%s",
		t.words["mode."+t.view.Mode.String()], t.words["peak."+s.Season], power(s.EveningPeakRegularMW), power(s.EveningPeakMW), power(s.NightPeakMW), higher(first))
	for _, e := range t.evenings[1:] {
		text += t.say("; %s to %s, with %s at night%s", "; %s naar %s, met %s ’s nachts%s", t.under(e.contract, first.contract), power(e.season.EveningPeakMW), power(e.season.NightPeakMW), higher(e))
	}
	return []string{text + "."}
}

// leastHomes are as many as a mean over homes needs for its highest quarter-hour to be a
// region's: of fewer it is that of a group.
const leastHomes = 100

// highest says what the mean day of a month hides: the year's highest quarter-hour. A
// group no larger than those of [teller.atOnce] has higher ones than the mean home.
func (t *teller) highest() []string {
	first := t.evenings[0]
	if t.homes < leastHomes || t.view.Mode == dispatch.Regular || t.place.Points*t.place.Adoption <= first.largestGroup {
		return nil
	}
	power := t.powers(first.highestMW)
	text := t.say("Single days lie above that mean: in the highest quarter-hour of the year homes and cars together take %s, with regular charging %s",
		"Losse dagen liggen boven dat gemiddelde: in het hoogste kwartier van het jaar nemen woningen en auto’s samen %s af, met gewoon laden %s", power(first.highestMW), power(first.highestRegularMW))
	for _, e := range t.evenings[1:] {
		text += fmt.Sprintf("; %s: %s", t.under(e.contract, first.contract), power(e.highestMW))
	}
	return []string{text + "."}
}

// without names the contracts under which nothing is fed in.
func (t *teller) without() []string {
	if len(t.none) == 0 || t.view.Mode != dispatch.V2G {
		return nil
	}
	return []string{t.say("Under %s nothing is fed in.", "Onder %s wordt niets teruggeleverd.", t.list(t.none))}
}

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
		if !c.AsRuled() {
			text += t.say(" (altered by the study)", " (door de studie gewijzigd)")
		}
		return text
	}
	if c.NetMetering {
		return t.say("with net metering (which ends in %d)", "met salderen (dat in %d stopt)", assume.NetMeteringUntil())
	}
	return t.say("without net metering", "zonder salderen")
}

// power writes a power in two significant digits, in the unit that suits it.
func (t *teller) power(kw float64) string { return t.powers(kw / 1000)(kw / 1000) }

// powers write powers in MW in the unit that suits the largest of them; what is far
// smaller than that has its own.
func (t *teller) powers(largestMW float64) func(mw float64) string {
	size := twoDigits(math.Abs(largestMW))
	per, unit := 1000.0, "kW"
	switch {
	case size >= 1000:
		per, unit = 0.001, "GW"
	case size >= 1:
		per, unit = 1, "MW"
	}
	return func(mw float64) string {
		if mw != 0 && math.Abs(mw) < largestMW/50 {
			return t.power(1000 * mw)
		}
		return t.significant(mw*per) + "\u00a0" + unit
	}
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
