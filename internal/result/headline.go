package result

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/tariff"
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
	// Parts are the gemeenten in it, or the finest regions where there are none; nil
	// for a region without such parts. PartsLevel is their level.
	Parts      []Part
	PartsLevel string
}

// Part is a region within an area.
type Part struct {
	potential.Homes
	Points float64
}

// View is how a reader looks at a place.
type View struct {
	Contract string
	Mode     dispatch.Mode
	Season   string
	KWRule   string // computed, coincidence, report or fixed: what a charge point counts for
}

// Headline is what is said of a place: how many points and what they give, and what
// follows from that.
type Headline struct {
	Lead string
	Rest []string
}

// Whole is all the study's regions, as its summary has them.
func (s *PotentialSummary) Whole() Area {
	return Area{Year: s.Year, Scenario: s.Scenario, Homes: potential.Homes{Dwellings: s.Dwellings, Equivalents: s.Equivalents}, Points: s.HomeChargePoints, Adoption: s.Adoption}
}

// whole is all the study's regions with their parts.
func (r *Result) whole() Area {
	s := r.Summary.Potential
	a := s.Whole()
	if r.Regions == nil {
		return a
	}
	y, err := r.Regions.Year(s.Year, s.Scenario)
	if err != nil {
		panic(err) // the summary is of it
	}
	a.PartsLevel = r.Regions.Listed()
	homes, points := y.Homes(), y.Column("home_charge_points")
	for _, i := range r.Regions.OfLevel(a.PartsLevel) {
		a.Parts = append(a.Parts, Part{homes[i], points[i]})
	}
	return a
}

// Headline is what the study says of all its regions, in a few sentences that name
// the contract, the rules and the season under which each number holds; empty
// without regions or where cars only charge as regular. Without V2G it tells of V2H or
// of smart charging.
func (r *Result) Headline(dutch bool) string {
	p := r.Summary.Potential
	if p == nil {
		return ""
	}
	contract := r.ContractIn(p.Year)
	mode := dispatch.Regular
	for _, m := range dispatch.Modes() {
		if r.Case(contract, m) != nil {
			mode = m
		}
	}
	if mode == dispatch.Regular {
		return ""
	}
	t, err := r.teller(r.whole(), View{Contract: contract, Mode: mode, Season: r.Study.Potential.Season, KWRule: "computed"}, dutch)
	if err != nil {
		panic(err) // the contract is there, and a study's season is checked
	}
	return strings.Join(slices.Concat([]string{t.lead(false)}, t.peaks(), t.nights(), t.highest(), t.atOnce(), t.without(), t.taxes(), t.lacking()), " ")
}

// ContractIn is the contract that a reader of a year's figures meets first.
func (r *Result) ContractIn(year int) string {
	if c, err := r.Study.ContractIn(year); err == nil && slices.Contains(r.contracts(), c) {
		return c
	}
	return r.Summary.Potential.Contract // a run of one contract of the study
}

// ContractName names a contract of the study and its rules within a sentence.
func (r *Result) ContractName(name string) string {
	en, _ := languages()
	en.nameRules(r.Study.Contracts)
	return en.contract(name)
}

// Tell says of a place what a reader looks at.
func (r *Result) Tell(p Area, v View, dutch bool) (*Headline, error) {
	t, err := r.teller(p, v, dutch)
	if err != nil {
		return nil, err
	}
	if p.Adoption == 0 || p.Points == 0 {
		return &Headline{Lead: t.lead(false)}, nil
	}
	h := &Headline{Lead: t.given()}
	if h.Lead == "" {
		h.Lead = t.lead(false)
	} else {
		h.Rest = []string{t.lead(true)}
	}
	h.Rest = slices.Concat(h.Rest, t.peaks(), t.nights(), t.highest(), t.atOnce(), t.without(), t.taxes(), t.lacking())
	return h, nil
}

// evening is what a contract gives a place.
type evening struct {
	contract       *assume.Contract
	winter, summer potential.Seasonal
	season         potential.Seasonal // the one that is looked at
	largestGroup   float64
	discharges     bool    // enough in the year for a word, whatever is left on balance
	regularNight   float64 // MW: the night peak of the season with regular charging
	smartMW        float64 // evening peak of the season with smart charging, where the way to charge also discharges
	nightParts     int     // of the area's parts those whose night peak is above both peaks with regular charging

	highest, highestRegular highest // quarter-hours of the year

	takenAtOnceKW, takenAtOnceRegularKW float64
}

// highest is a quarter-hour of the year.
type highest struct {
	kw float64
	at time.Time
}

// leastKW is what a charge point gives on the mean evening when it is worth a
// word: a hundredth of a kW, rounded.
const leastKW = 0.005

// newNight says that the night peak is above whatever regular charging makes by evening or
// night.
func (e *evening) newNight() bool {
	return e.season.NightPeakMW > max(e.season.EveningPeakRegularMW, e.regularNight)
}

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
	evenings []*evening // of the chosen contract, then of those that discharge
	none     []*evening // of contracts under which next to nothing is discharged

	nettingTold bool // how long net metering holds
}

func (r *Result) teller(p Area, v View, dutch bool) (*teller, error) {
	t := r.telling(dutch)
	t.place, t.view, t.kw, t.homes = p, v, r.Study.Potential.KWPerChargePoint.KW, r.Study.Homes
	kind := tariff.Kind("")
	for i := range r.Study.Contracts {
		if c := &r.Study.Contracts[i]; c.Name == v.Contract {
			kind = c.Kind
		}
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
			if s.to != &e.season {
				continue
			}
			e.smartMW = math.NaN()
			if (v.Mode == dispatch.V2G || v.Mode == dispatch.V2H) && r.Case(c.Name, dispatch.Smart) != nil {
				smart, err := r.Way(c.Name, dispatch.Smart, v.Season, p.Adoption)
				if err != nil {
					return nil, err
				}
				e.smartMW = smart.Of(p.Homes, p.Points).EveningPeakMW
			}
			e.regularNight = math.NaN()
			if r.Case(c.Name, dispatch.Regular) == nil {
				continue
			}
			regular, err := r.Way(c.Name, dispatch.Regular, v.Season, p.Adoption)
			if err != nil {
				return nil, err
			}
			e.regularNight = regular.Of(p.Homes, p.Points).NightPeakMW
			e.nightParts = nightAbove(w, regular, p.Parts)
		}
		if x := r.Case(c.Name, dispatch.Regular); x != nil {
			e.takenAtOnceRegularKW = x.takenAtOnceKW(p.Points * p.Adoption)
		}
		if x := r.Case(c.Name, v.Mode); x != nil {
			e.takenAtOnceKW = x.takenAtOnceKW(p.Points * p.Adoption)
			e.discharges = x.Summary.DischargedKWh >= thresholds.LeastKWh
		}
		for mode, to := range map[dispatch.Mode]*highest{v.Mode: &e.highest, dispatch.Regular: &e.highestRegular} {
			to.kw, to.at = r.Highest(p.Homes, p.Points, p.Adoption, c.Name, mode)
		}
		switch {
		case c.Name == v.Contract:
			t.evenings = slices.Insert(t.evenings, 0, e)
		case v.Mode == dispatch.Smart && c.Kind == kind: // its rules are told beside
			t.evenings = append(t.evenings, e)
		case e.nothing() && !e.discharges:
			t.none = append(t.none, e)
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

// giving begins a sentence of what points give, at their cars: how much of it stays in the
// homes and how much reaches the grid differs by contract. Points that were just named are
// not named again.
func (t *teller) giving(named bool) string {
	in, points := t.points()
	they, give := t.say("they", "ze"), t.say("give", "leveren")
	to := t.say("homes and grid", "aan woningen en net")
	if t.view.Mode == dispatch.V2H {
		to = t.say("their own homes", "aan de eigen woningen")
	}
	if t.one() {
		they, give = t.say("it", "het"), t.say("gives", "levert")
		to = t.say("home and grid", "aan woning en net")
		if t.view.Mode == dispatch.V2H {
			to = t.say("its own home", "aan de eigen woning")
		}
	}
	if named {
		return t.say("By this study %[1]s %[2]s %[3]s", "Volgens deze studie %[2]s %[1]s %[3]s", they, give, to)
	}
	return t.say("In %[1]s, %[2]s %[3]s %[4]s", "In %[1]s %[3]s %[2]s %[4]s", in, points, give, to)
}

// lead says what cars give on a winter and on a summer evening, under the chosen
// contract and under those with other rules.
func (t *teller) lead(named bool) string {
	in, points := t.points()
	if t.place.Points == 0 {
		return t.say("In %s there are no home charge points in %s.", "In %s zijn er geen thuislaadpunten in %s.", in, t.place.Name)
	}
	if t.place.Adoption == 0 {
		return t.say("In %s there are %s; while nobody takes part in V2G, they give nothing.", "In %s zijn er %s; zolang niemand aan V2G meedoet, leveren ze niets.", in, points)
	}
	first := t.evenings[0]
	most := 0.0
	for _, e := range t.evenings {
		most = max(most, e.winter.EveningMW, e.summer.EveningMW)
	}
	power := t.powers(most)
	nothing := func(e *evening) string {
		if e.discharges {
			return t.say("on balance nothing", "per saldo niets")
		}
		return t.say("nothing", "niets")
	}
	given := func(e *evening, s *potential.Seasonal) string {
		if s.EveningMeanKW > -leastKW {
			return nothing(e)
		}
		return power(s.EveningMW)
	}
	under := t.under(first.contract, nil)
	var text string
	switch {
	case t.view.Mode == dispatch.Regular || t.view.Mode == dispatch.Smart:
		way := t.words["mode."+t.view.Mode.String()]
		if t.view.Mode == dispatch.Smart {
			way += t.say(" under ", " onder ") + under
		}
		return t.say("In %s there are %s. With %s they give nothing: it only chooses when to charge.", "In %s zijn er %s. Met %s leveren ze niets: dat kiest alleen wanneer er wordt geladen.", in, points, way)
	case first.nothing():
		text = t.say("%s %s, on a winter evening or on a summer one, under %s", "%s %s, op een winteravond noch op een zomeravond, onder %s", t.giving(named), nothing(first), under)
	default:
		text = t.say("%s %s on a winter evening and %s on a summer evening%s under %s", "%s %s op een winteravond en %s op een zomeravond%s onder %s", t.giving(named), given(first, &first.winter), given(first, &first.summer), t.some(), under)
	}
	for _, e := range t.evenings[1:] {
		if e.nothing() {
			text += t.say("; %s: %s in either", "; %s: %s in beide", t.under(e.contract, first.contract), nothing(e))
			continue
		}
		text += t.say("; %s: %s and %s", "; %s: %s en %s", t.under(e.contract, first.contract), given(e, &e.winter), given(e, &e.summer))
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
			return t.say("%s %s at once%s in the busiest quarter-hour of the year under %s.", "%s tegelijk %s%s in het drukste kwartier van het jaar onder %s.",
				t.giving(false), t.power(1000*e.season.AtOnceMW), t.some(), t.under(e.contract, nil))
		}
	}
	return ""
}
