package figure

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// readable are the charts that a page shows.
var readable = []string{"heatmap", "heatmaps", "days", "unnamed", "week", "contracts", "spread", "coincidence", "growth", "tornado", "tradeoff"}

func TestEveryMarkIsOnTheSheetAndStandsForARowOfTheTable(t *testing.T) {
	eachSample(t, func(t *testing.T, s *Scene) {
		for i, m := range s.Marks {
			if m.X < -0.01 || m.Y < -0.01 || m.X+m.W > s.W+0.01 || m.Y+m.H > s.H+0.01 || m.W < 1 || m.H < 1 || m.N < 1 {
				t.Errorf("mark %d at %g, %g, %g x %g, of %d", i, m.X, m.Y, m.W, m.H, m.N)
			}
			if len(m.Readings) == 0 || m.Title == "" && !m.Named {
				t.Errorf("mark %d says nothing", i)
			}
			for _, r := range m.Readings {
				first, last := m.Row+r.Row, m.Row+m.N-1+r.Row
				if r.Column >= len(s.Table) || first < 0 || last >= len(s.Table[r.Column].Values) {
					t.Errorf("mark %d reads rows %d to %d of column %d", i, first, last, r.Column)
				}
			}
		}
	})
}

func TestTablesAreAsLongInEveryColumn(t *testing.T) {
	for _, name := range readable {
		s := scene(t, samples(Frame{})[name])
		if len(s.Marks) == 0 || s.Cursor == "" {
			t.Errorf("%s cannot be read", name)
		}
		rows := len(s.Table[0].Text) + len(s.Table[0].Values)
		for _, c := range s.Table {
			if n := len(c.Text) + len(c.Values); n != rows || c.Label == "" && name != "unnamed" && name != "heatmaps" {
				t.Errorf("%s: column %q has %d rows, the first has %d", name, c.Label, n, rows)
			}
		}
	}
}

// box finds the mark and the box at a place.
func (s *Scene) box(x, y float64) (m Mark, row int) {
	for _, m := range s.Marks {
		if x >= m.X && x < m.X+m.W && y >= m.Y && y < m.Y+m.H {
			return m, m.Row + int((x-m.X)/m.W*float64(m.N))
		}
	}
	return Mark{}, -1
}

func TestWhatIsReadInACellIsWhatItIsPaintedAfter(t *testing.T) {
	p := table(2)
	p.KW[6][82] = -2.71
	s := scene(t, Heatmap{Of: "Contract", Panels: []HeatPanel{{Label: "a", KW: table(1).KW}, {Label: "b", KW: p.KW}}})
	cell := of[Rect](s, "fig-mark")
	deepest := cell[len(cell)-1] // the frame round the extreme of the second table
	m, row := s.box(deepest.X+deepest.W/2, deepest.Y+deepest.H/2)
	if m.Title != "July" || s.Table[1].Text[row] != "20:30–20:45" {
		t.Fatalf("the box is %q %q", m.Title, s.Table[1].Text[row])
	}
	own := m.Readings[1]
	if v := s.Table[own.Column].Values[row+own.Row]; own.Label != "b" || v != -2.71 {
		t.Errorf("it reads %s %g", own.Label, v)
	}
	if other := m.Readings[0]; s.Table[other.Column].Values[row+other.Row] != table(1).KW[6][82] {
		t.Error("the same moment of the other table is another one")
	}
}

func TestWhatIsReadOnALineIsWhereTheLineIs(t *testing.T) {
	for _, name := range []string{"days", "week", "coincidence"} {
		s := scene(t, samples(Frame{})[name])
		lines := of[Path](s, "fig-line")
		m := s.Marks[0]
		r := m.Readings[0]
		v := s.Table[r.Column].Values[m.Row]
		y := m.Y + m.H*(m.Top-v)/(m.Top-m.Bottom)
		found := false
		for _, l := range lines {
			for _, sub := range l.Subs {
				found = found || math.Abs(sub[0].Y-y) < 0.01
			}
		}
		if !found {
			t.Errorf("%s: no line starts at %.2f px, where %g is", name, y, v)
		}
	}
}

func TestTheHourThatComesTwiceIsToldApart(t *testing.T) {
	var times []string
	for q := range 100 {
		at := q
		if q >= 12 {
			at -= 4
		}
		times = append(times, clock(at))
	}
	s := scene(t, DayProfiles{Panels: []DayPanel{{Times: times, Series: []Series{{KW: make([]float64, 100)}}}}})
	if got := strings.Join([]string{s.Table[0].Text[8], s.Table[0].Text[12], s.Table[0].Text[99]}, " "); got != "02:00–02:15 02:00–02:15 (2) 23:45–24:00" {
		t.Errorf("quarters are named %s", got)
	}
	evening := of[Rect](s, "fig-evening")[0]
	m := s.Marks[0]
	if from := m.X + m.W*(17*4+4)/100; math.Abs(evening.X-from) > 0.01 {
		t.Errorf("17:00 is at %g, its quarter at %g", evening.X, from)
	}
}

func TestNumbersOfATableAreShortAndNullWhereUnknown(t *testing.T) {
	b, err := json.Marshal(Numbers{0.1 + 0.2, math.NaN(), -1e-17, 1234567.891, math.Inf(1), -0.93})
	if got := string(b); err != nil || got != "[0.3,null,0,1234568,null,-0.93]" {
		t.Errorf("%s %v", got, err)
	}
}

// Names come from files of others and end up in a page.
func TestAHostileNameStaysAName(t *testing.T) {
	const name = `</svg><script>alert(1)</script><a href="javascript:x" onload='y'>&lt;`
	for size, f := range map[string]Frame{"file": {Title: name, Note: name, ID: name}, "bare": {Bare: true}} {
		for _, c := range []chart{
			WeekProfiles{Frame: f, Series: []Series{{Label: name, KW: wave(672, 1), Style: LineStyle{Class: name}}}},
			Heatmap{Frame: f, Of: name, Panels: []HeatPanel{{Label: name, KW: table(1).KW}}},
			Contracts{Frame: f, Contracts: []Contract{{name, []ContractMode{{name, LineStyle{}, 1, 1}}}}},
		} {
			text := svg(t, scene(t, c))
			for _, bad := range []string{"<script", "<a ", `"javascript`, "onload='", "</svg><"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s, %T: %s", size, c, bad)
				}
			}
			if strings.Count(text, "</svg>") != 1 {
				t.Errorf("%s, %T: more than one end", size, c)
			}
		}
	}
}
