package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// story is what the page shows.
type story struct {
	*result.Result
	CSS       template.CSS
	Figures   map[string]*drawn
	Contract  string // that the story is told with
	Main      *result.Case
	MainLabel string
	Ways      []*result.Case
	Spread    []spreadRow
	Findings  findings
	Rows      []assumptionRow
	Months    [12]string
	Hours     []int
	Potential *regional // nil where only profiles were computed
}

// findings are the sentences that the numbers allow.
type findings struct {
	Headline, When, Season, Ways, Week, Contracts, Spread, Coincidence, SessionsFit string
}

// assumptionRow is an assumption as used, with what the table says of it.
type assumptionRow struct {
	assume.Used
	Changed bool
}

func newStory(r *result.Result, figures map[string]*drawn, regions *regional, css template.CSS) *story {
	contract := mainContract(r)
	s := &story{
		Result: r, CSS: css, Figures: figures,
		Contract: contract, Main: freest(r, contract),
		Ways: waysToCharge(r, contract), Spread: spreadRows(r, contract), Potential: regions,
		Months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	for h := range 24 {
		s.Hours = append(s.Hours, h)
	}
	s.MainLabel = modeLabels[s.Main.Mode]
	for _, u := range r.Used() {
		s.Rows = append(s.Rows, assumptionRow{u, u.Value != u.Default})
	}
	s.Findings = findings{
		Headline: s.headline(), When: s.when(), Season: s.season(), Ways: s.ways(), Week: s.week(),
		Contracts: s.contractsFinding(), Spread: s.spreadFinding(), Coincidence: s.coincidenceFinding(), SessionsFit: sessionsFitFinding(r),
	}
	return s
}

// does says in words which way a power goes.
func does(kw float64) string {
	if kw < 0 {
		return fmt.Sprintf("feed in %.2f kW", -kw)
	}
	return fmt.Sprintf("take %.2f kW", kw)
}

func (s *story) headline() string {
	c := s.Main.Summary
	text := fmt.Sprintf("In the evening peak, 17:00 to 21:00, the cars of %d homes with a %s contract and %s %s per home on average",
		s.Study.Homes, s.Contract, s.MainLabel, does(c.EveningMeanKW))
	if c.PeakDischargeKW > 0.005 {
		text += fmt.Sprintf(", and up to %.2f kW in the mean of the best month", c.PeakDischargeKW)
	}
	if regular := s.Case(s.Contract, dispatch.Regular); regular != nil && s.Main.Mode != dispatch.Regular {
		text += fmt.Sprintf("; charged without control they %s", does(regular.Summary.EveningMeanKW))
	}
	return text + "."
}

func (s *story) when() string {
	low, high, lowAt, highAt := 0.0, 0.0, "", ""
	for m := range 12 {
		for q, v := range s.Main.ByMonth[m] {
			at := fmt.Sprintf("%s at %s", s.Months[m], series.QuarterName(q))
			if v < low {
				low, lowAt = v, at
			}
			if v > high {
				high, highAt = v, at
			}
		}
	}
	text := fmt.Sprintf("Charging is highest in %s: %.2f kW per home.", highAt, high)
	if lowAt != "" {
		text = fmt.Sprintf("Feeding in is highest in %s: %.2f kW per home. ", lowAt, -low) + text
	}
	return text
}

// midday is a month's mean power between 10:00 and 16:00.
func midday(c *result.Case, month int) float64 {
	sum := 0.0
	for _, v := range c.ByMonth[month][40:64] {
		sum += v
	}
	return sum / 24
}

func evening(c *result.Case, month int) float64 {
	sum := 0.0
	for _, v := range c.ByMonth[month][series.EveningFrom:series.EveningTo] {
		sum += v
	}
	return sum / float64(series.EveningTo-series.EveningFrom)
}

func (s *story) season() string {
	const jan, jul = 0, 6
	return fmt.Sprintf("Between 10:00 and 16:00 the cars %s per home in January and %s in July, when solar power makes the day cheap. Between 17:00 and 21:00 they %s in January and %s in July.",
		does(midday(s.Main, jan)), does(midday(s.Main, jul)), does(evening(s.Main, jan)), does(evening(s.Main, jul)))
}

func (s *story) ways() string {
	var parts []string
	for _, c := range s.Ways {
		parts = append(parts, fmt.Sprintf("%s: %s kW from 17:00 to 21:00", modeLabels[c.Mode], signed(c.Summary.EveningMeanKW, 2)))
	}
	text := strings.Join(parts, "; ") + "."
	smart, v2g := s.Case(s.Contract, dispatch.Smart), s.Case(s.Contract, dispatch.V2G)
	if smart == nil || v2g == nil {
		return text
	}
	a, at := nightPeak(v2g.ByDay)
	b, _ := nightPeak(smart.ByDay)
	word := "higher"
	if a < b {
		word = "lower"
	}
	return text + fmt.Sprintf(" What is fed in must be charged again: the night peak of V2G, %.2f kW at %s, is %s than that of smart charging, %.2f kW.",
		a, series.QuarterName(at), word, b)
}

func (s *story) week() string {
	var weekday, weekend float64
	for q, v := range s.Main.ByWeek {
		if k := q % series.QuartersPerDay; k < series.EveningFrom || k >= series.EveningTo {
			continue
		}
		if q < 5*series.QuartersPerDay {
			weekday += v / (5 * 16)
		} else {
			weekend += v / (2 * 16)
		}
	}
	return fmt.Sprintf("From 17:00 to 21:00 the cars %s per home on weekdays and %s in the weekend.", does(weekday), does(weekend))
}

// worthwhile is the least saving, in EUR a year, that counts as one: about half
// a euro a month.
const worthwhile = 6

func (s *story) contractsFinding() string {
	var pays, not []string
	for _, c := range s.Study.Contracts {
		smart, v2g := s.Case(c.Name, dispatch.Smart), s.Case(c.Name, dispatch.V2G)
		if smart == nil || v2g == nil {
			continue
		}
		gain := smart.Summary.EnergyCostEUR - v2g.Summary.EnergyCostEUR
		text := fmt.Sprintf("%s (%.0f EUR a year less than smart charging, %.0f kWh discharged)", c.Name, gain, v2g.Summary.DischargedKWh)
		if gain >= worthwhile {
			pays = append(pays, text)
		} else {
			not = append(not, text)
		}
	}
	var out []string
	if len(pays) > 0 {
		out = append(out, "V2G pays under the contract "+strings.Join(pays, ", ")+".")
	}
	if len(not) > 0 {
		out = append(out, "It does not pay under "+strings.Join(not, ", ")+": the difference between what taking and what feeding in is worth does not cover the losses.")
	}
	netted := false
	for _, c := range s.Study.Contracts {
		netted = netted || c.NetMetering && c.Kind == tariff.Dynamic
	}
	if netted {
		out = append(out, "Net metering (salderen) decides this: here energy fed in earns the full import price of its quarter-hour. Set net_metering: false to see it without.")
	}
	return strings.Join(out, " ")
}

func (s *story) spreadFinding() string {
	for _, row := range s.Spread {
		if row.Case == s.Main {
			return fmt.Sprintf("The mean hides how homes differ. From 17:00 to 21:00 the middle home's car has a mean power of %s kW; 5 %% of the homes lie below %s kW and 5 %% above %s kW.",
				signed(row.EveningKW.P50, 2), signed(row.EveningKW.P5, 2), signed(row.EveningKW.P95, 2))
		}
	}
	return ""
}

func (s *story) coincidenceFinding() string {
	var small, large string
	for _, g := range s.Main.Coincidence {
		text := fmt.Sprintf("%d homes draw %.1f kW per home at their yearly peak and feed in %.1f kW", g.Homes, g.PeakChargeKW.P50, g.PeakDischargeKW.P50)
		if g.Homes == 20 {
			small = text
		}
		large = text
	}
	if small == "" {
		small, large = large, ""
	} else {
		large = "; " + large
	}
	text := fmt.Sprintf("With %s, %s%s (medians). A transformer must be judged with its own number of homes, not with the mean.", s.MainLabel, small, large)
	if s.Study.Homes < 1000 {
		text += fmt.Sprintf(" Groups are drawn from the study's %d homes with replacement: groups near or above that number rest on the same homes again.", s.Study.Homes)
	}
	return text
}

// table is one case for the table by month and hour.
type table struct {
	*story
	Case *result.Case
}

// Table gives a template the story with one case.
func (s *story) Table(c *result.Case) table { return table{s, c} }

// Hour is a case's mean power in an hour of a month.
func (s *story) Hour(c *result.Case, month, hour int) float64 {
	v := c.ByMonth[month][4*hour : 4*hour+4]
	return (v[0] + v[1] + v[2] + v[3]) / 4
}

// DayHour is a case's mean power in an hour of the mean day.
func (s *story) DayHour(c *result.Case, hour int) float64 {
	v := c.ByDay[4*hour : 4*hour+4]
	return (v[0] + v[1] + v[2] + v[3]) / 4
}

// sessionsFitFinding says how far drawn homes lie from the data, beside what
// chance alone does.
func sessionsFitFinding(r *result.Result) string {
	c := r.SessionsFit
	if c == nil {
		return ""
	}
	worst := slices.MaxFunc(c.Measures, func(a, b session.Measure) int { return cmp.Compare(a.Distance, b.Distance) })
	text := fmt.Sprintf("The study's homes are drawn after %d users of %s. The largest distance between drawn and observed is %.2f (%s).", c.Users, r.Study.Data.Sessions, worst.Distance, strings.ToLower(worst.Name))
	if !math.IsNaN(worst.HeldOut) {
		held, halves := 0.0, 0.0
		for _, m := range c.Measures {
			held, halves = held+m.HeldOut/float64(len(c.Measures)), halves+m.Halves/float64(len(c.Measures))
		}
		text += fmt.Sprintf(" A sampler fitted to every other user lies on average %.2f from the users that it has not seen; the two halves of the users lie %.2f from each other.", held, halves)
	}
	return text
}
