package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func scene(t *testing.T, c chart) *Scene {
	t.Helper()
	s, err := c.Scene()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// of picks the items with a class.
func of[T Item](s *Scene, class string) []T {
	var out []T
	for _, it := range s.Items {
		if found, ok := it.(T); ok && slices.Contains(strings.Fields(it.look().Class), class) {
			out = append(out, found)
		}
	}
	return out
}

func TestHeatmapPaintsValuesOnASymmetricScale(t *testing.T) {
	var p HeatPanel
	p.KW[0][69], p.KW[6][12] = -0.93, 1
	s := scene(t, Heatmap{Panels: []HeatPanel{p}, Tooltips: true})
	cells := of[Rect](s, "fig-cell")
	if len(cells) != 12*96 {
		t.Fatalf("%d cells", len(cells))
	}
	for i, want := range map[int]struct {
		fill Color
		tip  string
	}{
		0:         {"#f7f7f7", "Jan 00:00: 0.00 kW"},
		69:        {Diverging(-60.0 / 64), "Jan 17:15: −0.93 kW"},
		6*96 + 12: {"#67001f", "Jul 03:00: 1.00 kW"},
	} {
		if got := cells[i]; got.Fill != want.fill || got.Tip != want.tip {
			t.Errorf("cell %d is %s %q, want %s %q", i, got.Fill, got.Tip, want.fill, want.tip)
		}
	}
	var marked []string
	for _, text := range of[Text](s, "fig-extreme") {
		marked = append(marked, text.S)
	}
	if got := fmt.Sprint(marked); got != "[+1.00 −0.93]" {
		t.Errorf("marked %s", got)
	}
	window := of[Rect](s, "fig-mark")[0]
	if from, to := cells[17*4].X, cells[21*4].X; window.X != from || window.X+window.W != to {
		t.Errorf("the evening window runs from %g to %g, the cells of 17:00 and 21:00 start at %g and %g", window.X, window.X+window.W, from, to)
	}
}

func TestHeatmapsShareOneScale(t *testing.T) {
	s := scene(t, Heatmap{Panels: []HeatPanel{table(0.1), table(2)}})
	weak, strong := 0, 0
	for _, p := range of[Path](s, "fig-cell") {
		if luminance(t, p.Fill) < luminance(t, Diverging(0.5)) {
			for _, sub := range p.Subs {
				if sub[0].Y < s.H/2 {
					weak++
				} else {
					strong++
				}
			}
		}
	}
	if weak > 0 || strong == 0 {
		t.Errorf("%d dark runs in the weak table, %d in the strong", weak, strong)
	}
}

func TestMissingCellsAreHatchedNotPainted(t *testing.T) {
	p := table(1)
	p.KW[3][40] = nan
	s := scene(t, Heatmap{Panels: []HeatPanel{p}, Tooltips: true})
	if n := len(of[Rect](s, "fig-cell")); n != 12*96-1 {
		t.Errorf("%d cells painted", n)
	}
	if len(of[Path](s, "fig-hatch")) != 1 {
		t.Error("no hatching")
	}
}

func TestAMissingQuarterBreaksTheLine(t *testing.T) {
	kw := wave(96, 1)
	kw[40], kw[41] = nan, nan
	s := scene(t, DayProfiles{Panels: []DayPanel{{Series: []Series{{KW: kw, Fill: true}}}}})
	lines := of[Path](s, "fig-line")
	if len(lines) != 1 || len(lines[0].Subs) != 2 {
		t.Fatalf("want one line of two pieces, got %d lines", len(lines))
	}
	left, right := lines[0].Subs[0], lines[0].Subs[1]
	if gap := right[0].X - left[len(left)-1].X; gap < 10 {
		t.Errorf("the gap is %.1f px", gap)
	}
}

func TestAValueBetweenTwoGapsStillShows(t *testing.T) {
	kw := make([]float64, 96)
	for i := range kw {
		kw[i] = nan
	}
	kw[30] = 1
	s := scene(t, DayProfiles{Panels: []DayPanel{{Series: []Series{{KW: kw}}}}})
	if x0, _, x1, _ := of[Path](s, "fig-line")[0].extent(); math.Abs(x1-x0-2) > 1e-9 {
		t.Errorf("it is %.1f px long", x1-x0)
	}
}

func TestChargingIsUpAndRedFeedingInDownAndBlue(t *testing.T) {
	s := scene(t, DayProfiles{Panels: []DayPanel{{Series: []Series{{KW: wave(96, 1), Fill: true}}}}})
	zero := of[Line](s, "fig-zero")[0].Y1
	areas := of[Path](s, "fig-area")
	if len(areas) != 2 {
		t.Fatalf("%d areas", len(areas))
	}
	for i, name := range []string{"fig-charging", "fig-feeding-in"} {
		_, top, _, bottom := areas[i].extent()
		if (i == 0) != (top < zero-1) || (i == 1) != (bottom > zero+1) {
			t.Errorf("%s runs from %.1f to %.1f, zero is at %.1f", name, top, bottom, zero)
		}
		if word := of[Text](s, name)[0]; (word.Y < zero) != (i == 0) {
			t.Errorf("the word %q is on the wrong side", word.S)
		}
	}
}

// A car discharges, into its home and the grid; homes with their cars feed in.
func TestSignsAreSaidEvenWhereThereIsNoRoomAlongTheAxis(t *testing.T) {
	for taking, words := range map[bool][]string{false: {"charging", "discharging"}, true: {"taking", "feeding in"}} {
		s := scene(t, DayProfiles{Taking: taking, Panels: []DayPanel{{Series: []Series{{KW: append([]float64{-0.01, 3.9}, make([]float64, 94)...)}}}}})
		var all []string
		for _, it := range s.Items {
			if text, ok := it.(Text); ok {
				all = append(all, text.S)
			}
		}
		for _, word := range words {
			if !strings.Contains(strings.Join(all, " "), word) {
				t.Errorf("%q is said nowhere", word)
			}
		}
		if s.Table[1].Homes != taking {
			t.Errorf("power of homes (%v) is read as of homes (%v)", taking, s.Table[1].Homes)
		}
	}
}

func TestEverySeriesIsNamedAtItsEnd(t *testing.T) {
	for _, name := range []string{"days", "week"} {
		for size, f := range map[string]Frame{"wide": {}, "phone": {Bare: true, Width: 300}} {
			named := map[string]bool{}
			for _, text := range of[Text](scene(t, samples(f)[name]), "fig-label") {
				named[text.S] = true
			}
			for _, s := range modes(96) {
				if first, _, _ := strings.Cut(s.Label, " "); !named[s.Label] && !named[first] {
					t.Errorf("%s, %s: no line is called %q", name, size, s.Label)
				}
			}
		}
	}
}

func TestEndLabelsStayInOrderAndApart(t *testing.T) {
	want, height := []float64{10, 11, 12, 50, 99}, []float64{16, 16, 30, 16, 16}
	got := apart(want, height, 0, 100)
	for i := range got {
		if got[i]-height[i]/2 < -1e-9 || got[i]+height[i]/2 > 100+1e-9 {
			t.Errorf("label %d at %.1f leaves the panel", i, got[i])
		}
		if i > 0 && got[i]-got[i-1] < (height[i]+height[i-1])/2-1e-9 {
			t.Errorf("labels %d and %d overlap: %v", i-1, i, got)
		}
	}
	if free := apart([]float64{20, 60}, []float64{16, 16}, 0, 100); free[0] != 20 || free[1] != 60 {
		t.Errorf("labels with room moved to %v", free)
	}
	if len(apart(nil, nil, 0, 1)) != 0 {
		t.Error("labels out of nothing")
	}
}

func TestNothingAllTheTimeIsDrawnToo(t *testing.T) {
	s := scene(t, Growth{Years: []int{2025, 2026}, Areas: []GrowthArea{{Label: "none", Count: []float64{0, 0}}}, Mark: 2026})
	d := scene(t, DayProfiles{Panels: []DayPanel{{Series: []Series{{Label: "none", KW: make([]float64, 96)}}}}, Limit: 5, Unit: "kW"})
	if s.Table[1].Values[1] != 0 || d.Table[1].Values[95] != 0 || strings.Contains(svg(t, s)+svg(t, d), "NaN") {
		t.Error("a count of 0 is not 0")
	}
}

func TestATornadoPointsWhereAChangeLeads(t *testing.T) {
	s := scene(t, samples(Frame{})["tornado"])
	bars := of[Rect](s, "fig-bar")
	now := of[Line](s, "fig-zero")
	x := now[len(now)-1].X1
	for i, down := range []bool{true, false, true, true, true} {
		b := bars[i]
		if towards := b.X+b.W/2 < x; towards != down || strings.Contains(b.Class, "fig-down") != down {
			t.Errorf("bar %d (%s) runs from %g to %g, now is at %g", i, b.Class, b.X, b.X+b.W, x)
		}
	}
	var said []string
	for _, text := range of[Text](s, "fig-over") {
		said = append(said, text.S)
	}
	// Both changes of the battery lead the same way: the weaker one's value has no place.
	if got := strings.Join(said, " | "); got != "altijd | 3,7 kW | 22 kW | 100 kWh" {
		t.Errorf("values %s", got)
	}
}

// Twelve variants near each other: each has its number at its V2G mark, once in every
// panel, alone or with those at the same place.
func TestEveryVariantHasItsNumberInEveryPanel(t *testing.T) {
	for size, f := range map[string]Frame{"wide": {}, "narrow": {Width: NarrowWidth}} {
		s := scene(t, samples(f)["tradeoff"])
		said := map[string]int{}
		for _, text := range of[Text](s, "fig-over") {
			for n := range strings.SplitSeq(text.S, ", ") {
				said[n]++
			}
		}
		for n := range 12 {
			if got := said[fmt.Sprint(n+1)]; got != 2*3 {
				t.Errorf("%s: variant %d has its number in %d of 6 panels", size, n+1, got)
			}
		}
	}
}

func TestCheaperIsLeftAndAHigherPeakIsUp(t *testing.T) {
	s := scene(t, Tradeoff{Peaks: []string{"a", "b"}, Groups: []TradeoffGroup{{Variants: []TradeoffVariant{
		{"x", []TradeoffCase{{"r", Regular, 1000, []float64{2, 5}}, {"v", V2G, 700, []float64{4, 3}}}},
	}}}})
	at := func(column int) map[int]Point {
		out := map[int]Point{}
		for _, m := range s.Marks {
			if m.Readings[1].Column == column {
				out[m.Row] = Point{m.X, m.Y}
			}
		}
		return out
	}
	if a := at(4); !(a[1].X < a[0].X && a[1].Y < a[0].Y) {
		t.Errorf("V2G, cheaper with a higher peak, is at %v and regular at %v", a[1], a[0])
	}
	if b := at(5); !(b[1].X < b[0].X && b[1].Y > b[0].Y) {
		t.Errorf("V2G, cheaper with a lower peak, is at %v and regular at %v", b[1], b[0])
	}
	if v := s.Table[4].Values; v[0] != 2 || v[1] != 4 {
		t.Errorf("the first peaks read %v", v)
	}
}

func TestRowsUseAllTheRoomTheirTextsLeave(t *testing.T) {
	marks := []rowMark{{v: 0}, {v: -1, left: 40}, {v: 3, right: 20}, {v: nan, right: 1000}}
	p, ok := fitRows(marks, 100, 300)
	if !ok || math.Abs(p.px(-1)-140) > 1e-9 || math.Abs(p.px(3)-280) > 1e-9 {
		t.Errorf("-1 at %g, 3 at %g", p.px(-1), p.px(3))
	}
}

func TestMapClasses(t *testing.T) {
	if got := fmt.Sprint(prettyBreaks([]float64{1, 2, 3, 4, 11, 19, 52, 98, nan}, 4)); got != "[2.5 7 25]" {
		t.Errorf("breaks %s", got)
	}
	if prettyBreaks([]float64{3, 3, nan}, 4) != nil {
		t.Error("breaks between equal values")
	}
	s := scene(t, Map{Legend: "MW", Unit: "MW", Regions: []Region{
		{"a", [][]Point{square(0, 0, 1)}, 9.99, 0},
		{"b", [][]Point{square(1, 0, 1)}, 10, 0},
		{"c", [][]Point{square(0, 1, 1)}, 20, 0},
		{"d", [][]Point{square(1, 1, 1), square(1.2, 1.2, 0.5)}, nan, 0},
	}})
	fills := map[string]Color{}
	for _, r := range of[Path](s, "fig-region") {
		fills[r.Tip] = r.Fill
	}
	for tip, want := range map[string]Color{
		"a: 10.0 MW": Sequential(0), "b: 10.0 MW": Sequential(1.0 / 3), "c: 20.0 MW": Sequential(1), "d: no data": "#f3f4f6",
	} {
		if fills[tip] != want {
			t.Errorf("%s is %q, want %s", tip, fills[tip], want)
		}
	}
	// y runs up on a map: c stands above a.
	regions := of[Path](s, "fig-region")
	d := regions[0]
	outer, _ := area(d.Subs[0])
	hole, _ := area(d.Subs[1])
	if outer*hole >= 0 {
		t.Error("the hole runs the same way round as its outside")
	}
	for _, line := range of[Path](s, "fig-hatch")[0].Subs {
		middle := Point{(line[0].X + line[1].X) / 2, (line[0].Y + line[1].Y) / 2}
		if !inside(middle, d.Subs[0]) || inside(middle, d.Subs[1]) {
			t.Fatalf("hatching at %v, outside the region", middle)
		}
	}
}

func TestNumbersReadWell(t *testing.T) {
	en, err := English.words()
	if err != nil {
		t.Fatal(err)
	}
	nl, err := Dutch.words()
	if err != nil {
		t.Fatal(err)
	}
	for want, got := range map[string]string{
		"1,234,567": en.number(1234567, 0), "−0.93": en.number(-0.93, 2), "0.00": en.number(-0.001, 2),
		"1.234,5": nl.number(1234.5, 1), "+0,2": nl.signed(0.2, 1), "0": en.signed(0, 0),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	at, decimals := ticks(-2.72, 3.12, 6)
	if fmt.Sprint(at, decimals) != "[-3 -2 -1 0 1 2 3 4] 0" {
		t.Errorf("ticks %v with %d decimals", at, decimals)
	}
}

func TestMalformedInputNamesTheField(t *testing.T) {
	day, long := Series{KW: wave(96, 1)}, Series{KW: make([]float64, 97)}
	infinite := table(1)
	infinite.KW[2][5] = math.Inf(-1)
	missing := make([]float64, 96)
	for i := range missing {
		missing[i] = nan
	}
	one := []Percentile{{1, 2, 3}}
	for want, c := range map[string]chart{
		"Heatmap.Panels":                    Heatmap{},
		"Heatmap.Panels[0].KW[2][5]":        Heatmap{Panels: []HeatPanel{infinite}},
		"Heatmap.Width":                     Heatmap{Frame: Frame{Width: 12}, Panels: []HeatPanel{table(1)}},
		"DayProfiles.Panels":                DayProfiles{},
		"DayProfiles.Panels[1].Series":      DayProfiles{Panels: []DayPanel{{Series: []Series{day}}, {}}},
		"DayProfiles.Panels[0].Series[1]":   DayProfiles{Panels: []DayPanel{{Series: []Series{day, long}}}},
		"no value":                          DayProfiles{Panels: []DayPanel{{Series: []Series{{KW: missing}}}}},
		"WeekProfiles.Series[0].KW":         WeekProfiles{Series: []Series{day}},
		"Contracts.Contracts[0].Modes":      Contracts{Contracts: []Contract{{}}},
		"Contracts[0].Modes[0].EveningKW":   Contracts{Contracts: []Contract{{"", []ContractMode{{"", LineStyle{}, 1, math.Inf(1)}}}}},
		"Spread.Cases":                      Spread{},
		"Spread.Panels[0].Values":           Spread{Cases: make([]SpreadCase, 2), Panels: []SpreadPanel{{Values: one}}},
		"Spread.Panels[0].Values[0]":        Spread{Cases: make([]SpreadCase, 1), Panels: []SpreadPanel{{Values: []Percentile{{3, 2, 1}}}}},
		"Coincidence.Homes":                 Coincidence{},
		"Coincidence.Homes[1]":              Coincidence{Homes: []int{2, 1}},
		"Coincidence.Modes[0].FeedIn[0]":    Coincidence{Homes: []int{1, 2}, Modes: []CoincidenceMode{{FeedIn: append(one, one...)}}},
		"Coincidence.Modes[0].Charge: 1 va": Coincidence{Homes: []int{1, 2}, Modes: []CoincidenceMode{{Charge: one}}},
		"Growth.Years":                      Growth{},
		"Growth.Areas[0].Count":             Growth{Years: []int{1, 2}, Areas: []GrowthArea{{Count: []float64{1, -1}}}},
		"Growth.Areas: no value":            Growth{Years: []int{1, 2}, Areas: []GrowthArea{{Count: []float64{nan, nan}}}},
		"Growth.Lines[0].Count":             Growth{Years: []int{1, 2}, Areas: []GrowthArea{{Count: []float64{1, 1}}}, Lines: []GrowthLine{{Count: []float64{1}}}},
		"language \"de\"":                   WeekProfiles{Frame: Frame{Language: "de"}, Series: modes(672)},
		"Map.Regions":                       Map{},
		"Tornado.Rows[0].Ends":              Tornado{Rows: make([]TornadoRow, 1)},
		"Tornado: a power":                  Tornado{KW: math.Inf(1)},
		"Map.Regions[0].Rings[0]":           Map{Regions: []Region{{Rings: [][]Point{{{0, 0}, {1, 1}}}}}},
	} {
		if _, err := c.Scene(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that names %s, got %v", want, err)
		}
	}
}
