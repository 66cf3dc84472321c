package figure

import (
	"strings"
	"testing"
)

// The capacity is drawn in both directions, numbers of charge points stand evenly, and
// what is read says charge points.
func TestAdoptionDrawsTheCapacityInBothDirections(t *testing.T) {
	band := []Percentile{{40, 50, 60}, {90, 100, 110}, {190, 200, 210}}
	fed := []Percentile{{-30, -20, -10}, {-90, -80, -70}, {-190, -180, -170}}
	a := Adoption{ChargePoints: []int{0, 20, 40}, CapacityKW: 60, Below: "of 40", Of: "Charge points", Modes: []CoincidenceMode{{"V2G", ModeStyle(V2G), band, fed}}}
	s := scene(t, a)
	limits := of[Line](s, "fig-limit")
	if len(limits) != 2 || limits[0].Y1 >= limits[1].Y1 {
		t.Errorf("the capacity is drawn by %d lines", len(limits))
	}
	if s.Table[0].Label != "Charge points" || len(s.Table[0].Values) != 3 || !strings.HasSuffix(s.Table[1].Label, "taking, p5") {
		t.Errorf("the table begins with %q and %q", s.Table[0].Label, s.Table[1].Label)
	}
	a.CapacityKW = -1
	if _, err := a.Scene(); err == nil {
		t.Error("a capacity below zero is drawn")
	}
}
