package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// chart is one figure of the report: its file name and how to draw it, wide or
// narrow.
type chart struct {
	name string
	draw func(figure.Frame) (*figure.Scene, error)
	// frame has title, subtitle, note and description.
	frame figure.Frame
}

// mainContract is the contract that the story is told with: the first dynamic
// one, else the one whose V2G feeds in most in the evening.
func mainContract(r *result.Result) string {
	for _, c := range r.Study.Contracts {
		if c.Kind == tariff.Dynamic {
			return c.Name
		}
	}
	best := r.Cases[0]
	for _, c := range r.Cases {
		if c.Summary.EveningMeanKW < best.Summary.EveningMeanKW {
			best = c
		}
	}
	return best.Contract
}

// freest is the case of a contract with the most freedom that the study has.
func freest(r *result.Result, contract string) *result.Case {
	for _, m := range slices.Backward(dispatch.Modes()) {
		if c := r.Case(contract, m); c != nil {
			return c
		}
	}
	return nil
}

var modeLabels = map[dispatch.Mode]string{
	dispatch.Regular: "Regular", dispatch.Smart: "Smart", dispatch.V2H: "V2H", dispatch.V2G: "V2G",
}

func line(c *result.Case, kw []float64) figure.Series {
	return figure.Series{Label: modeLabels[c.Mode], KW: kw, Style: figure.ModeStyle(c.Mode.String())}
}

func filled(c *result.Case, kw []float64) []figure.Series {
	s := line(c, kw)
	s.Fill = true
	return []figure.Series{s}
}

// charts lists the figures that a study's cases allow.
func charts(r *result.Result) []chart {
	contract := mainContract(r)
	main := freest(r, contract)
	label := modeLabels[main.Mode]
	note := fmt.Sprintf("%s, %d: mean of %d homes, local time.", r.Study.Name, r.Study.Year, r.Study.Homes)
	if s := r.Manifest.SyntheticNote(); s != "" {
		note += " S" + s[1:] + "."
	}
	frame := func(id, title, subtitle, desc string) figure.Frame {
		return figure.Frame{ID: id, Title: title, Subtitle: subtitle, Note: note, Desc: desc}
	}
	list := []chart{
		{
			name: "heatmap",
			draw: func(f figure.Frame) (*figure.Scene, error) {
				return figure.Heatmap{Frame: f, Panels: []figure.HeatPanel{{KW: *main.ByMonth}}, Tooltips: f.Width == 0}.Scene()
			},
			frame: frame("heatmap", label+" power by month and time of day", "kW per home, "+contract+" contract", ""),
		},
		{
			name: "january-july",
			draw: func(f figure.Frame) (*figure.Scene, error) {
				return figure.DayProfiles{Frame: f, Panels: []figure.DayPanel{
					{Title: "January", Series: filled(main, main.ByMonth[0][:])},
					{Title: "July", Series: filled(main, main.ByMonth[6][:])},
				}}.Scene()
			},
			frame: frame("january-july", "The mean day in winter and in summer", label+", "+contract+" contract, kW per home", ""),
		},
	}
	if ways := waysToCharge(r, contract); len(ways) > 1 {
		list = append(list,
			chart{
				name: "ways-to-charge",
				draw: func(f figure.Frame) (*figure.Scene, error) {
					panel := figure.DayPanel{}
					for _, c := range ways {
						panel.Series = append(panel.Series, line(c, c.ByDay[:]))
					}
					return figure.DayProfiles{Frame: f, Panels: []figure.DayPanel{panel}}.Scene()
				},
				frame: frame("ways-to-charge", "Ways to charge: the mean day of the year", "kW per home, "+contract+" contract", ""),
			},
			chart{
				name: "week",
				draw: func(f figure.Frame) (*figure.Scene, error) {
					w := figure.WeekProfiles{Frame: f}
					for _, c := range ways {
						w.Series = append(w.Series, line(c, c.ByWeek[:]))
					}
					return w.Scene()
				},
				frame: frame("week", "The mean week", "kW per home, "+contract+" contract", ""),
			})
	}
	if len(r.Study.Contracts) > 1 {
		list = append(list,
			chart{
				name:  "contracts",
				draw:  func(f figure.Frame) (*figure.Scene, error) { return contracts(r, f).Scene() },
				frame: frame("contracts", "Contracts side by side: money and the evening", "EUR per home and year for all electricity; kW per home, 17:00 to 21:00", ""),
			},
			chart{
				name: "heatmap-contracts",
				draw: func(f figure.Frame) (*figure.Scene, error) {
					h := figure.Heatmap{Frame: f, Unmarked: true, Of: "Contract"}
					for _, c := range r.Study.Contracts {
						h.Panels = append(h.Panels, figure.HeatPanel{Label: c.Name, KW: *freest(r, c.Name).ByMonth})
					}
					return h.Scene()
				},
				frame: frame("heatmap-contracts", label+" power under each contract", "kW per home, one scale", ""),
			})
	}
	list = append(list,
		chart{
			name:  "spread",
			draw:  func(f figure.Frame) (*figure.Scene, error) { return spread(r, contract, f).Scene() },
			frame: frame("spread", "Homes differ", "5 % of the homes lie below the line's start, half below the dot, 95 % below its end; "+contract+" contract", ""),
		},
		chart{
			name:  "coincidence",
			draw:  func(f figure.Frame) (*figure.Scene, error) { return coincidence(r, contract, f).Scene() },
			frame: frame("coincidence", "The peak per home falls with the size of the group", "highest quarter-hour of the year, kW per home; "+contract+" contract", ""),
		})
	if c := r.SessionsFit; c != nil {
		list = append(list, chart{
			name:  "sessions-fit",
			draw:  func(f figure.Frame) (*figure.Scene, error) { return SessionsFit(c, f).Scene() },
			frame: SessionsFitFrame(c),
		})
	}
	return list
}

// SessionsFitFrame are the words around [SessionsFit].
func SessionsFitFrame(c *session.Comparison) figure.Frame {
	return figure.Frame{
		ID: "sessions-fit", Title: "Drawn homes against the sessions they are drawn after",
		Subtitle: "share of sessions, or of users, at or below a value",
		Note: fmt.Sprintf("%d sessions of %d users, %d homes drawn. Distance: the largest gap between the two curves (Kolmogorov-Smirnov); unseen: of a sampler fitted to half of the users from the other half; halves: between those halves themselves.",
			c.Sessions, c.Users, c.Homes),
	}
}

// SessionsFit draws a fitted sampler against its data.
func SessionsFit(c *session.Comparison, f figure.Frame) figure.Distributions {
	d := figure.Distributions{
		Frame: f, First: "data", Second: "drawn",
		FirstLook: figure.LineStyle{Color: "#9ca3af", Text: "#6b7280", Width: 5}, LastLook: figure.ModeStyle(figure.V2G),
	}
	d.LastLook.Width = 1.6
	for _, m := range c.Measures {
		remark := fmt.Sprintf("distance %.2f", m.Distance)
		if !math.IsNaN(m.HeldOut) {
			remark += fmt.Sprintf("; unseen %.2f, halves %.2f", m.HeldOut, m.Halves)
		}
		p := figure.Distribution{Title: m.Name, Unit: m.Unit, Remark: remark, X: m.X, First: m.Data, Second: m.Drawn}
		if m.Clock {
			p.Every = 6
		}
		d.Panels = append(d.Panels, p)
	}
	return d
}

// waysToCharge are the cases of the report's figure 3: regular, smart and V2G,
// or what the study has.
func waysToCharge(r *result.Result, contract string) (out []*result.Case) {
	for _, m := range dispatch.Modes() {
		c := r.Case(contract, m)
		if c == nil || m == dispatch.V2H && r.Case(contract, dispatch.V2G) != nil {
			continue
		}
		out = append(out, c)
	}
	return out
}

func contracts(r *result.Result, f figure.Frame) figure.Contracts {
	out := figure.Contracts{Frame: f}
	for _, c := range r.Study.Contracts {
		group := figure.Contract{Label: c.Name}
		for _, m := range dispatch.Modes() {
			if k := r.Case(c.Name, m); k != nil {
				group.Modes = append(group.Modes, figure.ContractMode{
					Label: modeLabels[m], Style: figure.ModeStyle(m.String()),
					CostEUR: k.Summary.EnergyCostEUR, EveningKW: k.Summary.EveningMeanKW,
				})
			}
		}
		out.Contracts = append(out.Contracts, group)
	}
	return out
}

// spreadRow is the spread over homes of one case.
type spreadRow struct {
	*result.Case
	EveningKW, DischargedKWh, SavingEUR cohort.Spread
}

func spreadRows(r *result.Result, contract string) (out []spreadRow) {
	for _, m := range dispatch.Modes() {
		c := r.Case(contract, m)
		if c == nil {
			continue
		}
		row := spreadRow{Case: c}
		row.EveningKW = c.SpreadOverHomes(func(h *result.Home) float64 { return h.EveningKW })
		row.DischargedKWh = c.SpreadOverHomes(func(h *result.Home) float64 { return h.DischargedKWh })
		row.SavingEUR = c.SpreadOverHomes(func(h *result.Home) float64 { return h.SavingEUR })
		out = append(out, row)
	}
	return out
}

func spread(r *result.Result, contract string, f figure.Frame) figure.Spread {
	out := figure.Spread{Frame: f, Panels: []figure.SpreadPanel{
		{Title: "Mean power 17-21 h", Unit: "kW", Decimals: 2},
		{Title: "Discharged", Unit: "kWh a year"},
		{Title: "Saving against regular", Unit: "EUR a year"},
	}}
	hasSaving := false
	for _, row := range spreadRows(r, contract) {
		out.Cases = append(out.Cases, figure.SpreadCase{Label: modeLabels[row.Mode], Style: figure.ModeStyle(row.Mode.String())})
		for i, s := range []cohort.Spread{row.EveningKW, row.DischargedKWh, row.SavingEUR} {
			out.Panels[i].Values = append(out.Panels[i].Values, figure.Percentile(s))
		}
		hasSaving = hasSaving || !math.IsNaN(row.SavingEUR.P50)
	}
	if !hasSaving {
		out.Panels = out.Panels[:2]
	}
	return out
}

func coincidence(r *result.Result, contract string, f figure.Frame) figure.Coincidence {
	out := figure.Coincidence{Frame: f, MarkHomes: 40}
	for _, c := range waysToCharge(r, contract) {
		m := figure.CoincidenceMode{Label: modeLabels[c.Mode], Style: figure.ModeStyle(c.Mode.String())}
		discharges := false
		for _, g := range c.Coincidence {
			m.Charge = append(m.Charge, figure.Percentile(g.PeakChargeKW))
			d := g.PeakDischargeKW
			m.FeedIn = append(m.FeedIn, figure.Percentile{P5: -d.P95, P50: -d.P50, P95: -d.P5})
			discharges = discharges || d.P95 > 0
		}
		if !discharges {
			m.FeedIn = nil
		}
		out.Modes = append(out.Modes, m)
	}
	for _, g := range r.Cases[0].Coincidence {
		out.Homes = append(out.Homes, g.Homes)
	}
	return out
}

// nightPeak is the highest mean charging power between 21:00 and 07:00 and the
// quarter at which it falls.
func nightPeak(day [series.QuartersPerDay]float64) (kw float64, quarter int) {
	for q, v := range day {
		if (q >= series.EveningTo || q < 7*4) && v > kw {
			kw, quarter = v, q
		}
	}
	return kw, quarter
}
