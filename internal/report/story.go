package report

import (
	"html/template"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// story is what the page shows.
type story struct {
	*result.Result
	CSS      template.CSS
	Figures  map[string]*drawn
	Contract string // that the story is told with
	// ContractName names it and its rules.
	ContractName string
	Main         *result.Case
	MainLabel    string
	// Later is the same by the rules that follow net metering; nil where the study has
	// none or the story is of them.
	Later     *result.Case
	LaterName string
	LaterYear int
	Ways      []*result.Case
	Spread    []spreadRow
	Rows      []assumptionRow
	Months    [12]string
	Hours     []int
	Potential *regional // nil where only profiles were computed
	OwnHomes  *ownHomes // nil where the result has no population
}

// assumptionRow is an assumption as used, with what the table says of it.
type assumptionRow struct {
	assume.Used
	Changed bool
}

func newStory(r *result.Result, figures map[string]*drawn, regions *regional, own *ownHomes, css template.CSS) *story {
	contract := r.Findings.Contract
	s := &story{
		Result: r, CSS: css, Figures: figures,
		Contract: contract, ContractName: r.ContractName(contract), Main: freest(r, contract),
		Ways: waysToCharge(r, contract), Spread: spreadRows(r, contract), Potential: regions, OwnHomes: own,
		Months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	for h := range 24 {
		s.Hours = append(s.Hours, h)
	}
	s.MainLabel = modeLabels[s.Main.Mode]
	if later, err := r.Study.ContractIn(assume.NetMeteringUntil()); err == nil && later != contract {
		if s.Later = r.Case(later, s.Main.Mode); s.Later != nil {
			s.LaterName, s.LaterYear = r.ContractName(later), assume.NetMeteringUntil()
		}
	}
	for _, u := range r.Used() {
		s.Rows = append(s.Rows, assumptionRow{u, u.Value != u.Default})
	}
	return s
}

// Tell are the sentences about something; of the story's case, where each case has
// its own.
func (s *story) Tell(about string) string {
	if about == "when" {
		return s.Findings.Tell(about, s.Contract, s.Main.Mode.String(), false)
	}
	return s.Findings.Tell(about, "", "", false)
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
