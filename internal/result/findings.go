package result

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// FindingsFile holds what a study found, in sentences.
const FindingsFile = "findings.json"

// Findings are what the numbers of a study say: computed once, and told by the
// report, the command line and the dashboard in the same words.
type Findings struct {
	Contract   string     `json:"contract"` // that the story is told with
	Mode       string     `json:"mode"`
	Thresholds Thresholds `json:"thresholds"`
	Findings   []Finding  `json:"findings"`
}

// Thresholds are below what a number is not worth a word.
type Thresholds struct {
	// PaysEURPerYear is the least that V2G must save over smart charging to pay.
	// Contract prices are told in whole cents: half a cent on the 2,000 kWh that a car
	// with V2G may discharge in a year is EUR 10, which rounding can make or break.
	PaysEURPerYear float64 `json:"pays_eur_per_year"`
	LeastKW        float64 `json:"least_kw"` // of a mean power
	// LeastKWh is what a car must discharge in a year for its nothing on a mean evening
	// to be one on balance: LeastKW over the hours of 17:00 to 21:00.
	LeastKWh float64 `json:"least_kwh_per_year"`
}

var thresholds = Thresholds{PaysEURPerYear: 10, LeastKW: 0.05, LeastKWh: 0.05 * 365 * (series.EveningTo - series.EveningFrom) / 4}

// Finding is a sentence: its key in the table of words, and what fills it.
type Finding struct {
	About    string             `json:"about"` // sentences about one thing follow each other
	Key      string             `json:"key"`
	Contract string             `json:"contract,omitempty"`
	Mode     string             `json:"mode,omitempty"`
	Numbers  map[string]float64 `json:"numbers,omitempty"`
	Names    []string           `json:"names,omitempty"`
	EN       string             `json:"en"`
	NL       string             `json:"nl"`
}

// Tell joins the sentences about one thing: of a contract and a way to charge, or ""
// for any.
func (f *Findings) Tell(about, contract, mode string, dutch bool) string {
	var out []string
	for i := range f.Findings {
		x := &f.Findings[i]
		if x.About != about || contract != "" && x.Contract != contract || mode != "" && x.Mode != mode {
			continue
		}
		if dutch {
			out = append(out, x.NL)
		} else {
			out = append(out, x.EN)
		}
	}
	return strings.Join(out, " ")
}

// Find computes the findings of a result. The story is told with the contract that
// the potential uses, so that kW and MW are of one contract.
func Find(r *Result) *Findings {
	contract, err := r.Study.PotentialContract()
	if err != nil || !slices.Contains(r.contracts(), contract) {
		contract = r.contracts()[0] // a run of one contract of the study
	}
	f := &finder{Result: r, out: &Findings{Contract: contract, Thresholds: thresholds}}
	f.en, f.nl = languages()
	f.en.nameRules(r.Study.Contracts)
	f.nl.nameRules(r.Study.Contracts)
	for _, m := range slices.Backward(dispatch.Modes()) {
		if f.main = r.Case(contract, m); f.main != nil {
			break
		}
	}
	f.out.Mode = f.main.Mode.String()
	f.headline()
	for _, c := range r.Cases {
		f.when(c)
	}
	f.season()
	f.ways()
	f.week()
	f.pays()
	f.spread()
	f.coincidence()
	f.fit()
	if text := r.Headline(false); text != "" {
		f.out.Findings = append(f.out.Findings, Finding{About: "regions", Key: "regions", EN: text, NL: r.Headline(true)})
		f.band()
	}
	return f.out
}

// finder is findings in the making.
type finder struct {
	*Result
	main   *Case
	out    *Findings
	en, nl *language
}

type numbers map[string]float64

// add adds a sentence about a case; its key begins with what it is about.
func (f *finder) add(key string, c *Case, n numbers, names ...string) {
	x := Finding{Key: key, Numbers: n, Names: names}
	x.About, _, _ = strings.Cut(key, ".")
	if c != nil {
		x.Contract, x.Mode = c.Contract, c.Mode.String()
	}
	x.EN, x.NL = f.en.tell(&x), f.nl.tell(&x)
	f.out.Findings = append(f.out.Findings, x)
}

func (f *finder) headline() {
	s := &f.main.Summary
	f.add("headline."+onBalance(s), f.main, numbers{"homes": float64(f.Summary.Homes), "evening": s.EveningMeanKW})
	if s.PeakDischargeKW >= thresholds.LeastKW {
		f.add("headline.most", f.main, numbers{"largest": s.PeakDischargeKW})
	}
	if regular := f.Case(f.main.Contract, dispatch.Regular); regular != nil && regular != f.main {
		f.add("headline.regular", f.main, numbers{"regular": regular.Summary.EveningMeanKW})
	}
	// No figure with net metering without the one by the rules that follow it.
	if later, err := f.Study.ContractIn(assume.NetMeteringUntil()); err == nil && later != f.main.Contract && f.main.Mode == dispatch.V2G {
		if c := f.Case(later, f.main.Mode); c != nil {
			f.add("headline.later_"+onBalance(&c.Summary), c, numbers{"evening": c.Summary.EveningMeanKW})
		}
	}
}

// onBalance says what a case's cars do in the mean evening: discharge, take or neither. How
// much of a discharge reaches the grid is not in it.
func onBalance(s *CaseSummary) string {
	switch {
	case math.Abs(s.EveningMeanKW) < thresholds.LeastKW && s.DischargedKWh >= thresholds.LeastKWh:
		return "even"
	case s.EveningMeanKW < 0:
		return "discharge"
	}
	return "take"
}

// when says at which hours a case mostly charges and discharges, and where most.
func (f *finder) when(c *Case) {
	charge, discharge := mostly(&c.ByDay, 1), mostly(&c.ByDay, -1)
	if charge == nil {
		f.add("when.none", c, nil)
		return
	}
	n := numbers{"charge_from": charge[0], "charge_to": charge[1]}
	key := "when.charge"
	if discharge != nil {
		n["discharge_from"], n["discharge_to"] = discharge[0], discharge[1]
	}
	switch {
	case discharge != nil && c.Mode == dispatch.V2H:
		key = "when.home"
	case discharge != nil:
		key = "when.discharge"
	case c.Mode == dispatch.V2G && c.Summary.DischargedKWh >= thresholds.LeastKWh:
		key, n["discharged"] = "when.balance", c.Summary.DischargedKWh
	case c.Mode == dispatch.V2G:
		key = "when.hardly"
	}
	f.add(key, c, n)
	var low, high [3]float64 // kW, month, quarter
	for m := range c.ByMonth {
		for q, kw := range c.ByMonth[m] {
			if kw < low[0] {
				low = [3]float64{kw, float64(m), float64(q)}
			}
			if kw > high[0] {
				high = [3]float64{kw, float64(m), float64(q)}
			}
		}
	}
	if low[0] <= -thresholds.LeastKW {
		key := "when.most_discharged"
		if c.Mode == dispatch.V2H {
			key = "when.most_home"
		}
		f.add(key, c, numbers{"kw": low[0], "month": low[1], "quarter": low[2]})
	}
	f.add("when.most_taken", c, numbers{"kw": high[0], "month": high[1], "quarter": high[2]})
}

// mostly is when power of a sign mainly is on the mean day: the strongest hour and
// its neighbours with at least half of that, from an hour up to another; nil for less
// than the threshold.
func mostly(day *[series.QuartersPerDay]float64, sign float64) []float64 {
	var hours [24]float64
	peak := 0
	for h := range hours {
		hours[h] = max(0, sign*(day[4*h]+day[4*h+1]+day[4*h+2]+day[4*h+3])/4)
		if hours[h] > hours[peak] {
			peak = h
		}
	}
	if hours[peak] < thresholds.LeastKW {
		return nil
	}
	enough := func(h int) bool { return hours[(h+24)%24] >= hours[peak]/2 }
	from, to := peak, peak+1
	for to-from < 24 && enough(from-1) {
		from--
	}
	for to-from < 24 && enough(to) {
		to++
	}
	if to > 24 {
		to -= 24
	}
	return []float64{float64((from + 24) % 24), float64(to)}
}

// mean is that of some quarters.
func mean(kw []float64) float64 {
	sum := 0.0
	for _, v := range kw {
		sum += v
	}
	return sum / float64(len(kw))
}

func (f *finder) season() {
	const january, july, from, to = 0, 6, 10 * 4, 16 * 4
	t := f.main.ByMonth
	f.add("season", f.main, numbers{
		"january_midday": mean(t[january][from:to]), "july_midday": mean(t[july][from:to]),
		"january_evening": mean(t[january][series.EveningFrom:series.EveningTo]), "july_evening": mean(t[july][series.EveningFrom:series.EveningTo]),
	})
}

func (f *finder) ways() {
	smart, v2g := f.Case(f.main.Contract, dispatch.Smart), f.Case(f.main.Contract, dispatch.V2G)
	f.add("ways.under", f.main, nil)
	for _, m := range dispatch.Modes() {
		if c := f.Case(f.main.Contract, m); c != nil && !(m == dispatch.V2H && v2g != nil) {
			f.add("ways", c, numbers{"evening": c.Summary.EveningMeanKW})
		}
	}
	if smart == nil || v2g == nil {
		return
	}
	night, quarter := nightPeak(&v2g.ByDay)
	other, _ := nightPeak(&smart.ByDay)
	key := "ways.night_lower"
	if night > other {
		key = "ways.night_higher"
	}
	f.add(key, v2g, numbers{"night": night, "quarter": float64(quarter), "smart_night": other})
}

// nightPeak is the highest mean charging power between 21:00 and 07:00 and the
// quarter at which it falls.
func nightPeak(day *[series.QuartersPerDay]float64) (kw float64, quarter int) {
	for q, v := range day {
		if (q >= series.EveningTo || q < 7*4) && v > kw {
			kw, quarter = v, q
		}
	}
	return kw, quarter
}

func (f *finder) week() {
	var weekdays, weekend []float64
	for d := range 7 {
		evening := f.main.ByWeek[d*series.QuartersPerDay:][series.EveningFrom:series.EveningTo]
		if d < 5 {
			weekdays = append(weekdays, evening...)
		} else {
			weekend = append(weekend, evening...)
		}
	}
	f.add("week", f.main, numbers{"weekdays": mean(weekdays), "weekend": mean(weekend)})
}

// pays says where V2G saves more than smart charging does.
func (f *finder) pays() {
	var not []string
	most, netted := 0.0, false
	for _, contract := range f.contracts() {
		smart, v2g := f.Case(contract, dispatch.Smart), f.Case(contract, dispatch.V2G)
		if smart == nil || v2g == nil {
			continue
		}
		s := &v2g.Summary
		extra := smart.Summary.TotalEUR() - s.TotalEUR()
		if extra < thresholds.PaysEURPerYear {
			not, most = append(not, contract), max(most, extra)
			continue
		}
		f.add("pays."+onBalance(s), v2g, numbers{"extra": extra, "discharged": s.DischargedKWh, "evening": s.EveningMeanKW})
		for _, c := range f.Study.Contracts {
			netted = netted || c.Name == contract && c.NetMetering && c.Kind == tariff.Dynamic
		}
	}
	if len(not) > 0 {
		key := "pays.not"
		switch { // what V2G does not gain is lost in the battery's way, unless something else takes it
		case f.Study.Home.BatteryKWh > 0:
			key = "pays.not_battery"
		case f.Study.Car.WearEURPerKWh > 0:
			key = "pays.not_wear"
		}
		f.add(key, nil, numbers{"extra": most}, not...)
	}
	if netted {
		f.add("pays.netted", nil, nil)
	}
}

func (f *finder) spread() {
	if len(f.main.Homes) > 1 {
		s := f.main.SpreadOverHomes(func(h *Home) float64 { return h.EveningKW })
		f.add("spread", f.main, numbers{"p5": s.P5, "p50": s.P50, "p95": s.P95})
	}
}

// coincidence tells of a street and of the largest group.
func (f *finder) coincidence() {
	groups := f.main.Coincidence
	if len(groups) == 0 {
		return
	}
	const street = 20
	for i, g := range groups {
		if g.Homes == street || i == len(groups)-1 {
			f.add("coincidence", f.main, numbers{"homes": float64(g.Homes), "charge": g.PeakChargeKW.P50, "discharge": g.PeakDischargeKW.P50})
		}
	}
	f.add("coincidence.judge", f.main, nil)
	if f.Summary.Homes < groups[len(groups)-1].Homes {
		f.add("coincidence.drawn", f.main, numbers{"homes": float64(f.Summary.Homes)})
	}
}

// band says how uncertain the headline is, and what matters most to it.
func (f *finder) band() {
	first := f.ContractIn(f.Summary.Potential.Year)
	cases := slices.Clone(f.Cases)
	slices.SortStableFunc(cases, func(a, b *Case) int {
		switch {
		case a.Contract != b.Contract && a.Contract == first:
			return -1
		case a.Contract != b.Contract && b.Contract == first:
			return 1
		}
		return 0
	})
	// In the unit of the headline, which suits the largest evening that it tells.
	most := 0.0
	for i := range f.Summary.Potential.Seasons {
		if s := &f.Summary.Potential.Seasons[i]; s.Mode == dispatch.V2G.String() && s.Season != WholeYear {
			most = max(most, s.EveningGW)
		}
	}
	for _, c := range cases {
		x := f.Summary.Potential.Season(c.Contract, dispatch.V2G.String(), Winter)
		if c.Mode != dispatch.V2G || x == nil || x.EveningGWP95 == nil || x.EveningMeanKW > -leastKW || len(x.EveningMatters) < 3 {
			continue
		}
		largest := most
		if x.EveningGW < most/50 {
			largest = x.EveningGW
		}
		key, per := "band.gw", 1.0
		switch size := twoDigits(1000 * largest); {
		case size < 1:
			key, per = "band.kw", 1e6
		case size < 1000:
			key, per = "band.mw", 1000
		}
		n := numbers{"figure": per * x.EveningGW, "p5": per * *x.EveningGWP5, "p95": per * *x.EveningGWP95}
		var names []string
		for i, m := range x.EveningMatters[:3] {
			n[fmt.Sprint("low", i+1)], n[fmt.Sprint("high", i+1)] = per*min(m.GWLow, m.GWHigh), per*max(m.GWLow, m.GWHigh)
			names = append(names, m.Key)
		}
		f.add(key, c, n, names...)
	}
}

// fit says how far drawn homes lie from the data, beside what chance alone does.
func (f *finder) fit() {
	c := f.SessionsFit
	if c == nil {
		return
	}
	worst := slices.MaxFunc(c.Measures, func(a, b session.Measure) int { return cmp.Compare(a.Distance, b.Distance) })
	f.add("fit", nil, numbers{"users": float64(c.Users), "distance": worst.Distance}, strings.ToLower(worst.Name))
	var held, halves []float64
	for _, m := range c.Measures {
		held, halves = append(held, m.HeldOut), append(halves, m.Halves)
	}
	if !math.IsNaN(worst.HeldOut) {
		f.add("fit.held_out", nil, numbers{"held_out": mean(held), "halves": mean(halves)})
	}
}
