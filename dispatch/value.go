package dispatch

// value is a convex, piecewise linear function of stored energy: its pieces by
// rising slope, in a window [head, tail) that can grow and shrink at both ends.
// Slopes and widths are separate because the search reads slopes alone.
type value struct {
	slope, width []float64
	head, tail   int
}

func (v *value) reset() {
	v.head = len(v.slope) / 2
	v.tail = v.head
}

// insert adds a piece in its place: the infimal convolution of the function
// with that piece.
func (v *value) insert(q piece) {
	i, j := v.head, v.tail
	for i < j { // first index whose slope is not below q's
		m := int(uint(i+j) >> 1)
		if v.slope[m] < q.slope {
			i = m + 1
		} else {
			j = m
		}
	}
	if i < v.tail && v.slope[i] == q.slope {
		v.width[i] += q.width
		return
	}
	if v.head == 0 || v.tail == len(v.slope) {
		i += v.recentre()
	}
	if i-v.head < v.tail-i {
		copy(v.slope[v.head-1:i-1], v.slope[v.head:i])
		copy(v.width[v.head-1:i-1], v.width[v.head:i])
		v.head--
		i--
	} else {
		copy(v.slope[i+1:v.tail+1], v.slope[i:v.tail])
		copy(v.width[i+1:v.tail+1], v.width[i:v.tail])
		v.tail++
	}
	v.slope[i], v.width[i] = q.slope, q.width
}

// recentre moves the window to the middle of the buffer, in a larger buffer
// where it fills more than half, and returns by how much indices move.
func (v *value) recentre() (shift int) {
	n := v.tail - v.head
	slope, width := v.slope, v.width
	if 2*n >= len(slope) {
		size := max(256, 4*n)
		slope, width = make([]float64, size), make([]float64, size)
	}
	head := (len(slope) - n) / 2
	copy(slope[head:], v.slope[v.head:v.tail])
	copy(width[head:], v.width[v.head:v.tail])
	shift = head - v.head
	v.slope, v.width, v.head, v.tail = slope, width, head, head+n
	return shift
}

// cutLow removes kWh from the low end and returns the slope at the cut.
func (v *value) cutLow(kWh float64) (slope float64) {
	for v.head < v.tail {
		slope = v.slope[v.head]
		if v.width[v.head] > kWh {
			v.width[v.head] -= kWh
			break
		}
		kWh -= v.width[v.head]
		v.head++
	}
	return slope
}

// cutHigh removes kWh from the high end and returns the slope at the cut.
func (v *value) cutHigh(kWh float64) (slope float64) {
	for v.head < v.tail {
		last := v.tail - 1
		slope = v.slope[last]
		if v.width[last] > kWh {
			v.width[last] -= kWh
			break
		}
		kWh -= v.width[last]
		v.tail--
	}
	return slope
}

// slopeAt is the slope kWh above the low end, from below where it jumps; 0 for
// a function on a single point.
func (v *value) slopeAt(kWh float64) (slope float64) {
	for i := v.head; i < v.tail; i++ {
		slope = v.slope[i]
		kWh -= v.width[i]
		if kWh <= 0 {
			break
		}
	}
	return slope
}
