// Package potential turns home charge points into megawatts: what V2G could give
// in every region and year, and what regular, smart and V2G charging make of the
// region's evening peak.
//
// What enters: charge points per region and year (package outlook), dwellings,
// and what a study found for one home: its load and the mean power of its car per
// month and quarter of the day, in kW. What leaves: MW of flexible power and kW
// of peaks, per region.
//
//	MW = home charge points x adoption x kW per charge point / 1000
//
// A region's exchange with the grid in a cell (month, quarter of the day) is
//
//	equivalents x load - dwellings x solar + points x (adoption x mode + (1 - adoption) x regular)
//
// and a peak of the mean days is its largest cell: of 17:00-21:00 for the evening, of 21:00-07:00
// for the night. The load is that of the study's home, which its dwellings use more
// or less of by their type: counted by their use they are home equivalents (package
// outlook). Solar panels do not follow the use. A charge point that does not take
// part charges as regular. A cell is a mean over the days of a month; the highest
// quarter-hour of the year is of the same sum, by quarter-hour.
//
// The band from p5 to p95 says how uncertain the country's figure is over the plausible
// ranges of the assumptions. In a region two things more are uncertain, each for itself:
// which dwellings have driveways, and which homes it happens to have. n homes drawn from
// the study's differ in their sum by the normal distribution with standard deviation
// sd sqrt(n), where sd is that of the homes' mean power in the cell of the largest
// discharge.
package potential

import (
	"fmt"
	"math"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/series"
)

// Z95 is the 95th percentile of the standard normal distribution.
const Z95 = 1.6448536269514722

// Profile is what a study found for one home, under one contract: kW per cell.
type Profile struct {
	Year                int                // that the cells are means of
	Load                *series.MonthTable // the mean dwelling's, without a car
	Solar               *series.MonthTable // the mean dwelling's, 0 or more
	Regular, Smart, V2G *series.MonthTable // a charge point's mean power; nil when not computed
	// Steps are the quarter-hours of the year that may be a region's highest, by way to
	// charge (without, regular, smart, v2g); nil where only tables are known.
	Steps map[string]*Steps
	// AtPeakKW is each home's mean discharge, positive, in the cell of the
	// largest mean discharge; its spread makes the band.
	AtPeakKW []float64
	// Coincidence is the yearly discharge peak per home of groups of homes, by
	// rising size.
	Coincidence []Group
}

// Group is the peak per home of groups of a size.
type Group struct {
	Homes              float64
	P5KW, P50KW, P95KW float64 // kW per home, positive
}

// Rule says which power a charge point counts for.
type Rule int

// The rules.
const (
	Fixed       Rule = iota // a given number
	Computed                // the mean discharge of 17:00-21:00 in a season
	Coincidence             // the median yearly peak per home of groups as large as the region
	Report                  // ReportKW, whatever the contract and the season
)

// rules are the rules by the names that a study and the API give them.
var rules = map[string]Rule{"fixed": Fixed, "computed": Computed, "coincidence": Coincidence, "report": Report}

// RuleNamed finds a rule.
func RuleNamed(name string) (Rule, bool) {
	r, ok := rules[name]
	return r, ok
}

// String is the rule's name.
func (r Rule) String() string {
	for name, rule := range rules {
		if rule == r {
			return name
		}
	}
	return fmt.Sprintf("rule %d", int(r))
}

// ReportKW is what the report of ElaadNL counts a charge point for: it makes its
// figure 5 of its figure 4.
const ReportKW = 2.0

// Settings are what a study can change.
type Settings struct {
	Rule     Rule
	KW       float64 // for Fixed
	Season   Season  // for Computed; without months the whole year
	Adoption float64 // share of charge points that take part, 0 to 1
}

// Model is a profile and settings, made ready for many regions and years.
type Model struct {
	settings Settings
	profile  *Profile
	kw       float64 // per charge point, for Fixed and Computed
	sdKW     float64 // of one charge point, NaN when unknown

	evening            map[string]*envelope // by mode
	nightV2G           *envelope
	importV2G, feedV2G *envelope
}

// WithoutEV names what holds without electric cars among the ways to charge.
const WithoutEV = "without"

// The names of the peaks by mode.
const (
	regular = "regular"
	smart   = "smart"
	v2g     = "v2g"
)

// New makes a model.
func New(p *Profile, s Settings) (*Model, error) {
	if !(s.Adoption >= 0 && s.Adoption <= 1) {
		return nil, fmt.Errorf("adoption is %g: a share from 0 to 1 was expected", s.Adoption)
	}
	m := &Model{settings: s, profile: p, sdKW: math.NaN(), evening: map[string]*envelope{}}
	mean, sd := meanAndSD(p.AtPeakKW)
	switch s.Rule {
	case Report:
		m.kw = ReportKW
	case Fixed:
		if !(s.KW >= 0) {
			return nil, fmt.Errorf("the power per charge point is %g kW: 0 or more was expected", s.KW)
		}
		m.kw = s.KW
	case Computed:
		if p.V2G != nil { // without V2G nothing is fed in
			m.kw = max(0, -s.Season.eveningMean(p.Year, p.V2G))
		}
	case Coincidence:
		if len(p.Coincidence) == 0 {
			return nil, fmt.Errorf("the power per charge point is to be taken from the coincidence curve, which needs the mode v2g: add it to the study's modes, or give a number of kW")
		}
		m.kw = math.NaN()
	default:
		return nil, fmt.Errorf("%s for the power per charge point is unknown", s.Rule)
	}
	if mean > 0 {
		m.sdKW = sd * m.kw / mean
	}
	year := Season{}
	evening, night, anytime := year.within(InEvening), year.within(InNight), year.within(func(int) bool { return true })
	m.evening[WithoutEV] = newEnvelope(p, new(series.MonthTable), evening, 1)
	for name, table := range map[string]*series.MonthTable{regular: p.Regular, smart: p.Smart, v2g: p.V2G} {
		if mixed := mix(table, p.Regular, s.Adoption); mixed != nil {
			m.evening[name] = newEnvelope(p, mixed, evening, 1)
		}
	}
	if mixed := mix(p.V2G, p.Regular, s.Adoption); mixed != nil {
		m.nightV2G = newEnvelope(p, mixed, night, 1)
		m.importV2G = newEnvelope(p, mixed, anytime, 1)
		m.feedV2G = newEnvelope(p, mixed, anytime, -1)
	}
	return m, nil
}

// nightTo ends the night at 07:00, as a quarter of the day.
const nightTo = 7 * 4

// InEvening says whether a quarter of the day is in the evening peak, 17:00-21:00.
func InEvening(q int) bool { return q >= series.EveningFrom && q < series.EveningTo }

// InNight says whether it is in the night, 21:00-07:00.
func InNight(q int) bool { return q >= series.EveningTo || q < nightTo }

// mix is the mean power of a charge point when a share of them follows a mode
// and the rest charges as regular; nil when it cannot be known.
func mix(mode, regular *series.MonthTable, adoption float64) *series.MonthTable {
	if mode == nil || regular == nil && adoption < 1 {
		return nil
	}
	out := new(series.MonthTable)
	for month := range out {
		for q := range out[month] {
			out[month][q] = adoption * mode[month][q]
			if adoption < 1 {
				out[month][q] += (1 - adoption) * regular[month][q]
			}
		}
	}
	return out
}

func meanAndSD(values []float64) (mean, sd float64) {
	n := float64(len(values))
	if n < 2 {
		return 0, 0
	}
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		sd += (v - mean) * (v - mean) / (n - 1)
	}
	return mean, math.Sqrt(sd)
}

// SpreadKW is the standard deviation of one charge point's power, NaN when
// unknown.
func (m *Model) SpreadKW() float64 { return m.sdKW }

// Settings are those that the model was made with.
func (m *Model) Settings() Settings { return m.settings }

// Region is the potential of one region in one year. NaN means unknown: the
// study lacks the mode, or the region its capacity.
type Region struct {
	Points             float64 // home charge points
	KWPerPoint         float64
	MW, MWP5, MWP95    float64 // flexible power
	EveningPeakWithout float64 // kW, largest cell of 17:00-21:00
	EveningPeakRegular float64
	EveningPeakSmart   float64
	EveningPeakV2G     float64
	NightPeakV2G       float64 // kW, largest cell of 21:00-07:00
	ReliefKW           float64 // regular evening peak less that with V2G
	HighestV2G, FeedIn float64 // kW, largest cells of import and of export with V2G, whole day
	// Highest quarter-hour of the year, kW.
	YearWithout, YearRegular, YearSmart, YearV2G float64

	CapacityKW          float64
	CapacityShareImport float64 // HighestV2G / CapacityKW
	CapacityShareFeedIn float64
}

// Region computes the potential of one region: its homes, home charge points,
// if known (else NaN) the capacity of its transformer or substation in kW, and how
// uncertain the country's figure is.
func (m *Model) Region(homes Homes, points, capacityKW float64, band Band) Region {
	n := points * m.settings.Adoption
	r := Region{Points: points, CapacityKW: capacityKW}
	var down, up float64 // how far its homes may lie off
	if m.settings.Rule == Coincidence {
		var p5, p95 float64
		p5, r.KWPerPoint, p95 = GroupOf(m.profile.Coincidence, n)
		if r.KWPerPoint > 0 {
			down, up = 1-p5/r.KWPerPoint, p95/r.KWPerPoint-1
		}
	} else {
		r.KWPerPoint = m.kw
		if down = Z95 * m.sdKW / m.kw / math.Sqrt(n); n*m.kw == 0 && m.sdKW >= 0 {
			down = 0
		}
		up = down
	}
	r.MW = n * r.KWPerPoint / 1000
	p5, p95 := band.At(down, up)
	r.MWP5, r.MWP95 = p5*r.MW, p95*r.MW
	r.EveningPeakWithout = m.evening[WithoutEV].at(homes, points)
	r.EveningPeakRegular = m.evening[regular].at(homes, points)
	r.EveningPeakSmart = m.evening[smart].at(homes, points)
	r.EveningPeakV2G = m.evening[v2g].at(homes, points)
	r.NightPeakV2G = m.nightV2G.at(homes, points)
	r.ReliefKW = r.EveningPeakRegular - r.EveningPeakV2G
	r.HighestV2G, r.FeedIn = m.importV2G.at(homes, points), max(0, m.feedV2G.at(homes, points))
	for name, to := range map[string]*float64{WithoutEV: &r.YearWithout, regular: &r.YearRegular, smart: &r.YearSmart, v2g: &r.YearV2G} {
		*to, _ = m.profile.Steps[name].Highest(homes, points, m.settings.Adoption)
	}
	r.CapacityShareImport, r.CapacityShareFeedIn = r.HighestV2G/capacityKW, r.FeedIn/capacityKW
	return r
}

// GroupOf interpolates a curve in the logarithm of the group's size; beyond its
// ends it stays level.
func GroupOf(c []Group, n float64) (p5, p50, p95 float64) {
	if n <= c[0].Homes {
		return c[0].P5KW, c[0].P50KW, c[0].P95KW
	}
	for i := 1; i < len(c); i++ {
		if n > c[i].Homes {
			continue
		}
		a, b := &c[i-1], &c[i]
		x := math.Log(n/a.Homes) / math.Log(b.Homes/a.Homes)
		return a.P5KW + x*(b.P5KW-a.P5KW), a.P50KW + x*(b.P50KW-a.P50KW), a.P95KW + x*(b.P95KW-a.P95KW)
	}
	last := &c[len(c)-1]
	return last.P5KW, last.P50KW, last.P95KW
}

// Year computes all regions of a forecast year, appending to dst. homes,
// capacities and spreads (Band.Spread) are in the forecast's order; capacities and
// spreads may be nil.
func (m *Model) Year(dst []Region, y *outlook.Year, homes []Homes, capacityKW []float64, band Band, spread []float64) []Region {
	for i, points := range y.PointsByRegion {
		capacity := math.NaN()
		if capacityKW != nil {
			capacity = capacityKW[i]
		}
		if spread != nil {
			band.Spread = spread[i]
		}
		dst = append(dst, m.Region(homes[i], points, capacity, band))
	}
	return dst
}
