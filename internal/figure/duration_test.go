package figure

import (
	"strings"
	"testing"
)

func TestADurationCurveHasItsHoursAndCapacity(t *testing.T) {
	d := Duration{
		Series: []Series{{Label: "Regular", KW: []float64{90, 40, 20, -10}}, {Label: "V2G", KW: []float64{120, 30, 0, -70}, Style: ModeStyle(V2G)}},
		Hours:  8784, CapacityKW: 60, Unit: "kW", Below: "hours of the year", Of: "Reached in",
	}
	for _, width := range []float64{320, 960} {
		d.Width = width
		s, err := d.Scene()
		if err != nil {
			t.Fatal(err)
		}
		var svg strings.Builder
		if err := s.SVG(&svg); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(svg.String(), `class="fig-limit"`); n != 2 || !strings.Contains(svg.String(), "capacity 60 kW") {
			t.Errorf("%g px: %d lines of a capacity that is passed in both directions", width, n)
		}
		if len(s.Table) != 3 || s.Table[0].Values[1] != 2928 || len(s.Marks) != 4 || s.Table[2].Values[3] != -70 {
			t.Errorf("%g px: the table does not tell the hours", width)
		}
	}
	d.CapacityKW = 630 // would flatten the curves
	if s, err := d.Scene(); err != nil || len(s.Items) == 0 || s.Marks[0].Top > 200 {
		t.Errorf("%v: a capacity far above is on the scale", err)
	}
	for name, wrong := range map[string]Duration{
		"no series":       {Hours: 8760},
		"one value":       {Hours: 8760, Series: []Series{{KW: []float64{1}}}},
		"unequal lengths": {Hours: 8760, Series: []Series{{KW: []float64{1, 2}}, {KW: []float64{1, 2, 3}}}},
		"no hours":        {Series: []Series{{KW: []float64{1, 2}}}},
	} {
		if _, err := wrong.Scene(); err == nil {
			t.Errorf("%s is drawn", name)
		}
	}
}
