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

func (r *ranked) cutLow(kWh float64) (slope float64) { return r.slope[r.rankAtLowCut(kWh)] }

func (r *ranked) cutHigh(kWh float64) (slope float64) { return r.slope[r.rankAtHighCut(kWh)] }

// rankAtLowCut cuts and returns the rank of the slope there. There must be a piece; the last
// stays.
func (r *ranked) rankAtLowCut(kWh float64) int16 {
	for {
		word := bits.TrailingZeros64(r.words) & (len(r.held) - 1)
		held := r.held[word]
		for {
			rank := (word<<6 | bits.TrailingZeros64(held)) & (mostRanks - 1)
			width := r.width[rank]
			if width > kWh {
				r.width[rank] = width - kWh
				r.held[word] = held
				return int16(rank)
			}
			rest := held & (held - 1) // without its lowest bit
			if rest == 0 && r.words&(r.words-1) == 0 {
				r.width[rank], r.held[word] = 0, held
				return int16(rank)
			}
			kWh -= width
			r.width[rank] = 0
			if held = rest; held == 0 {
				break
			}
		}
		r.held[word] = 0
		r.words &= r.words - 1
	}
}

// rankAtHighCut does so at the high end.
func (r *ranked) rankAtHighCut(kWh float64) int16 {
	for {
		word := (bits.Len64(r.words) - 1) & (len(r.held) - 1)
		held := r.held[word]
		for {
			bit := (bits.Len64(held) - 1) & 63
			rank := (word<<6 | bit) & (mostRanks - 1)
			width := r.width[rank]
			if width > kWh {
				r.width[rank] = width - kWh
				r.held[word] = held
				return int16(rank)
			}
			rest := held &^ (1 << bit)
			if rest == 0 && r.words&(r.words-1) == 0 {
				r.width[rank], r.held[word] = 0, held
				return int16(rank)
			}
			kWh -= width
			r.width[rank] = 0
			if held = rest; held == 0 {
				break
			}
		}
		r.held[word] = 0
		r.words &^= 1 << word
	}
}

// rankAt is the rank of the slope kWh above the low end, from below where it jumps; noRank
// for a function on a single point. It takes the pieces below out.
func (r *ranked) rankAt(kWh float64) int16 {
	rank := noRank
	for !r.empty() {
		rank = r.lowest()
		kWh -= r.width[rank]
		r.drop(rank)
		if kWh <= 0 {
			break
		}
	}
	return int16(rank)
}
