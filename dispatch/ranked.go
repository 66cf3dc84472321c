package dispatch

import "math/bits"

// ranked holds pieces whose slopes have a rank in a window of a Year: a width per rank,
// a bit for each rank that is held, and a bit for each word of those that is not 0. So
// adding a piece is no search and moves none.
type ranked struct {
	slope []float64 // of the window, by rank
	width [mostRanks]float64
	held  [mostRanks / 64]uint64
	words uint64
}

// mostRanks is what one word of bits for words of bits reaches.
const mostRanks = 64 * 64

func (r *ranked) reset(slope []float64) {
	for r.words != 0 {
		r.dropLowest()
	}
	r.slope = slope
}

func (r *ranked) empty() bool { return r.words == 0 }

func (r *ranked) add(rank int, width float64) {
	word := rank >> 6 & (len(r.held) - 1)
	r.width[rank&(mostRanks-1)] += width
	r.held[word] |= 1 << (rank & 63)
	r.words |= 1 << word
}

// lowest is the lowest rank that is held.
func (r *ranked) lowest() int {
	word := bits.TrailingZeros64(r.words) & 63
	return word<<6 + bits.TrailingZeros64(r.held[word])&63
}

func (r *ranked) highest() int {
	word := (63 - bits.LeadingZeros64(r.words)) & 63
	return word<<6 + (63-bits.LeadingZeros64(r.held[word]))&63
}

func (r *ranked) dropLowest() { r.drop(r.lowest()) }

func (r *ranked) drop(rank int) {
	word := rank >> 6 & (len(r.held) - 1)
	r.width[rank&(mostRanks-1)] = 0
	if r.held[word] &^= 1 << (rank & 63); r.held[word] == 0 {
		r.words &^= 1 << word
	}
}

func (r *ranked) cutLow(kWh float64) (slope float64) {
	rank := r.lowest()
	for r.width[rank] <= kWh {
		kWh -= r.width[rank]
		r.drop(rank)
		if r.empty() { // the last piece stays
			r.add(rank, 0)
			return r.slope[rank]
		}
		rank = r.lowest()
	}
	r.width[rank] -= kWh
	return r.slope[rank]
}

func (r *ranked) cutHigh(kWh float64) (slope float64) {
	rank := r.highest()
	for r.width[rank] <= kWh {
		kWh -= r.width[rank]
		r.drop(rank)
		if r.empty() {
			r.add(rank, 0)
			return r.slope[rank]
		}
		rank = r.highest()
	}
	r.width[rank] -= kWh
	return r.slope[rank]
}
