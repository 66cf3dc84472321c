package dispatch

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However many blocks it takes, a value is what a plain sorted list is.
func TestValueIsASortedList(t *testing.T) {
	split := false
	rapid.Check(t, func(t *rapid.T) {
		var v value
		v.reset(nil)
		var list []piece
		for range rapid.IntRange(1, 40).Draw(t, "rounds") {
			low, high := rapid.IntRange(-1000, 1000).Draw(t, "low"), rapid.IntRange(1, 100).Draw(t, "step")
			for i := range rapid.IntRange(0, 400).Draw(t, "inserts") {
				q := piece{slope: float64((low + i*high) % 997), width: float64(1 + i%3), rank: noRank}
				v.insert(q, i)
				k, found := slices.BinarySearchFunc(list, q, func(a, b piece) int {
					return int(a.slope - b.slope)
				})
				if found {
					list[k].width += q.width
				} else {
					list = slices.Insert(list, k, q)
				}
			}
			split = split || len(v.list.blocks) > 1
			cut := float64(rapid.IntRange(0, 600).Draw(t, "cut")) + 0.5
			if rapid.Bool().Draw(t, "low end") {
				slope := v.cutLow(cut)
				for len(list) > 1 && list[0].width <= cut {
					cut -= list[0].width
					list = list[1:]
				}
				checkCut(t, slope, cut, list, 0)
			} else {
				slope := v.cutHigh(cut)
				for len(list) > 1 && list[len(list)-1].width <= cut {
					cut -= list[len(list)-1].width
					list = list[:len(list)-1]
				}
				checkCut(t, slope, cut, list, len(list)-1)
			}
			var got []piece
			for _, b := range v.list.blocks {
				for i := b.head; i < b.tail; i++ {
					got = append(got, piece{slope: b.slope[i], width: b.width[i], rank: noRank})
				}
			}
			if !slices.Equal(got, list) {
				t.Fatalf("%d pieces %v\nwant %d pieces %v", len(got), got, len(list), list)
			}
			total := 0.0
			for _, q := range list {
				w := v.copied()
				if at := w.slopeAt(total + q.width/2); q.width > 0 && at != q.slope {
					t.Fatalf("slope %g in the middle of %v", at, q)
				}
				total += q.width
			}
		}
	})
	if !t.Failed() && !split {
		t.Error("no value needed a second block: the test lost its strength")
	}
}

// checkCut checks the slope of a cut and makes the last of it in the list.
func checkCut(t *rapid.T, slope, cut float64, list []piece, at int) {
	if len(list) == 0 {
		return
	}
	if slope != list[at].slope {
		t.Fatalf("cut at slope %g, want %g", slope, list[at].slope)
	}
	list[at].width = math.Max(0, list[at].width-cut)
}

// copied is a value that can be taken apart.
func (v *value) copied() *value {
	out := &value{ranked: v.ranked}
	for _, b := range v.list.blocks {
		c := *b
		out.list.blocks = append(out.list.blocks, &c)
	}
	return out
}
