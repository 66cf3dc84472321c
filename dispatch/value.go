package dispatch

import (
	"slices"
	"sort"
)

// value is a convex, piecewise linear function of stored energy, as the pieces that
// it is made of: those whose slope has a rank in the Year, and all others.
type value struct {
	ranked ranked
	list   list
}

// reset makes it a function on a single point.
func (v *value) reset(w *window) {
	if w == nil {
		v.ranked.reset(nil)
	} else {
		v.ranked.reset(w.slope)
	}
	v.list.reset()
}

// insert adds the nth piece of a run in its place: the infimal convolution of
// the function with that piece.
func (v *value) insert(q piece, n int) {
	if q.rank != noRank {
		v.ranked.add(int(q.rank), q.width)
	} else {
		v.list.insert(q, n)
	}
}

// cutLow removes kWh from the low end and returns the slope at the cut. The last
// piece stays, if without width: rounding may cut all of it, and its slope is
// still that of the point that is left.
func (v *value) cutLow(kWh float64) (slope float64) {
	r, l := &v.ranked, &v.list
	for !r.empty() && !l.empty() {
		rank := r.lowest()
		w, slope := &r.width[rank], r.slope[rank]
		listed := l.lowest() < slope
		if listed {
			w, slope = l.lowestWidth(), l.lowest()
		}
		if *w > kWh {
			*w -= kWh
			return slope
		}
		kWh -= *w
		if listed {
			l.dropLowest()
		} else {
			r.drop(rank)
		}
	}
	if r.empty() {
		return l.cutLow(kWh)
	}
	return r.cutLow(kWh)
}

// cutHigh does so at the high end.
func (v *value) cutHigh(kWh float64) (slope float64) {
	r, l := &v.ranked, &v.list
	for !r.empty() && !l.empty() {
		rank := r.highest()
		w, slope := &r.width[rank], r.slope[rank]
		listed := l.highest() > slope
		if listed {
			w, slope = l.highestWidth(), l.highest()
		}
		if *w > kWh {
			*w -= kWh
			return slope
		}
		kWh -= *w
		if listed {
			l.dropHighest()
		} else {
			r.drop(rank)
		}
	}
	if r.empty() {
		return l.cutHigh(kWh)
	}
	return r.cutHigh(kWh)
}

// slopeAt is the slope kWh above the low end, from below where it jumps; 0 for
// a function on a single point. It takes the pieces below out.
func (v *value) slopeAt(kWh float64) (slope float64) {
	r, l := &v.ranked, &v.list
	for !r.empty() || !l.empty() {
		var width float64
		if l.empty() || !r.empty() && r.slope[r.lowest()] <= l.lowest() {
			rank := r.lowest()
			slope, width = r.slope[rank], r.width[rank]
			r.drop(rank)
		} else {
			slope, width = l.lowest(), *l.lowestWidth()
			l.dropLowest()
		}
		if kWh -= width; kWh <= 0 {
			break
		}
	}
	return slope
}

// list holds pieces by rising slope, in blocks, so that adding one moves few others
// however many there are. Nearly always one block holds them all.
type list struct {
	blocks []*block // by rising slope; at least one, and none empty beside others
	free   []*block
	place  [8]int // in its block, of the piece added last as first, second, ... of a run
}

const blockPieces = 512

// block holds pieces in a window [head, tail) that can grow and shrink at both
// ends. Slopes and widths are separate because the search reads slopes alone.
type block struct {
	slope, width [blockPieces]float64
	head, tail   int
}

func (v *list) reset() {
	if len(v.blocks) == 0 {
		v.blocks = append(v.blocks, new(block))
	}
	v.free = append(v.free, v.blocks[1:]...)
	v.blocks = v.blocks[:1]
	b := v.blocks[0]
	b.head, b.tail = blockPieces/2, blockPieces/2
}

// insert adds the nth piece of a run in its place.
func (v *list) insert(q piece, n int) {
	k := 0
	if len(v.blocks) > 1 {
		k = v.blockOf(q.slope)
	}
	b, last := v.blocks[k], &v.place[uint(n)%uint(len(v.place))]
	// Prices often stay the same for some steps: then the place is known.
	if i := *last; i >= b.head && i < b.tail && b.slope[i] == q.slope {
		b.width[i] += q.width
		return
	}
	i, j := b.head, b.tail
	for i < j { // first index whose slope is not below q's
		m := int(uint(i+j) >> 1)
		if b.slope[m] < q.slope {
			i = m + 1
		} else {
			j = m
		}
	}
	if i < b.tail && b.slope[i] == q.slope {
		b.width[i] += q.width
		*last = i
		return
	}
	if b.head == 0 || b.tail == blockPieces {
		b, i = v.makeRoom(k, i)
	}
	if i-b.head < b.tail-i {
		copy(b.slope[b.head-1:i-1], b.slope[b.head:i])
		copy(b.width[b.head-1:i-1], b.width[b.head:i])
		b.head--
		i--
	} else {
		copy(b.slope[i+1:b.tail+1], b.slope[i:b.tail])
		copy(b.width[i+1:b.tail+1], b.width[i:b.tail])
		b.tail++
	}
	b.slope[i], b.width[i] = q.slope, q.width
	*last = i
}

// blockOf finds the first block that ends at a slope or above it.
func (v *list) blockOf(slope float64) int {
	return sort.Search(len(v.blocks)-1, func(k int) bool {
		b := v.blocks[k]
		return b.slope[b.tail-1] >= slope
	})
}

// makeRoom gives block k room at both ends, splitting it where it is more than
// half full, and returns where its place i has gone.
func (v *list) makeRoom(k, i int) (*block, int) {
	b := v.blocks[k]
	if b.tail-b.head <= blockPieces/2 {
		shift := b.fill(b, b.head, b.tail)
		return b, i + shift
	}
	if len(v.free) == 0 {
		v.free = append(v.free, new(block))
	}
	last := len(v.free) - 1
	upper := v.free[last]
	v.free = v.free[:last]
	v.blocks = slices.Insert(v.blocks, k+1, upper)
	middle := (b.head + b.tail) / 2
	upperShift := upper.fill(b, middle, b.tail)
	shift := b.fill(b, b.head, middle)
	if i <= middle {
		return b, i + shift
	}
	return upper, i + upperShift
}

// fill puts the pieces [head, tail) of another block, or of this, in the middle
// of this one, and returns by how much their indices move.
func (b *block) fill(from *block, head, tail int) (shift int) {
	to := (blockPieces - (tail - head)) / 2
	copy(b.slope[to:], from.slope[head:tail])
	copy(b.width[to:], from.width[head:tail])
	b.head, b.tail = to, to+tail-head
	return to - head
}

func (v *list) cutLow(kWh float64) (slope float64) {
	b := v.blocks[0]
	i, last := b.head, b.tail-1
	if i > last {
		return 0
	}
	for b.width[i] <= kWh {
		if i == last && len(v.blocks) == 1 {
			kWh = b.width[i]
			break
		}
		kWh -= b.width[i]
		if i++; i > last {
			v.free = append(v.free, b)
			v.blocks = slices.Delete(v.blocks, 0, 1)
			b = v.blocks[0]
			i, last = b.head, b.tail-1
		}
	}
	b.head = i
	b.width[i] -= kWh
	return b.slope[i]
}

func (v *list) cutHigh(kWh float64) (slope float64) {
	k := len(v.blocks) - 1
	b := v.blocks[k]
	i := b.tail - 1
	if i < b.head {
		return 0
	}
	for b.width[i] <= kWh {
		if i == b.head && k == 0 {
			kWh = b.width[i]
			break
		}
		kWh -= b.width[i]
		if i--; i < b.head {
			v.free = append(v.free, b)
			k--
			v.blocks = v.blocks[:k+1]
			b = v.blocks[k]
			i = b.tail - 1
		}
	}
	b.tail = i + 1
	b.width[i] -= kWh
	return b.slope[i]
}

func (v *list) empty() bool {
	b := v.blocks[0]
	return b.head == b.tail
}

func (v *list) lowest() float64 {
	b := v.blocks[0]
	return b.slope[b.head]
}

func (v *list) lowestWidth() *float64 {
	b := v.blocks[0]
	return &b.width[b.head]
}

func (v *list) highest() float64 {
	b := v.blocks[len(v.blocks)-1]
	return b.slope[b.tail-1]
}

func (v *list) highestWidth() *float64 {
	b := v.blocks[len(v.blocks)-1]
	return &b.width[b.tail-1]
}

func (v *list) dropLowest() {
	b := v.blocks[0]
	if b.head++; b.head == b.tail && len(v.blocks) > 1 {
		v.free = append(v.free, b)
		v.blocks = slices.Delete(v.blocks, 0, 1)
	}
}

func (v *list) dropHighest() {
	last := len(v.blocks) - 1
	b := v.blocks[last]
	if b.tail--; b.head == b.tail && last > 0 {
		v.free = append(v.free, b)
		v.blocks = v.blocks[:last]
	}
}

// popLow takes the lowest piece out, or its lowest part where it is wider than that;
// false where there is none.
func (v *list) popLow(most float64) (q piece, ok bool) {
	if v.empty() {
		return q, false
	}
	width := v.lowestWidth()
	q = piece{slope: v.lowest(), width: min(*width, most)}
	if *width > most {
		*width -= most
	} else {
		v.dropLowest()
	}
	return q, true
}

// popHigh does so with the highest.
func (v *list) popHigh(most float64) (q piece, ok bool) {
	if v.empty() {
		return q, false
	}
	width := v.highestWidth()
	q = piece{slope: v.highest(), width: min(*width, most)}
	if *width > most {
		*width -= most
	} else {
		v.dropHighest()
	}
	return q, true
}
