package region

import "math"

// Quantum is the unit to which SumFloat rounds: 2^-20, about one millionth.
// Multiples of a power of two add without rounding in float64 as long as the
// total stays below 2^53 quanta, so a sum is the same in any order and any level
// agrees exactly with any other.
const Quantum = 1.0 / (1 << 20)

// maxExact is the largest sum that SumFloat accepts: 2^53 quanta, 8.6e9.
const maxExact = Quantum * (1 << 53)

// Sums are the totals of an additive attribute, in the set's order.
type Sums struct {
	// Value is the sum over the leaves below each region (its own value for a
	// leaf), NaN when none of them is known.
	Value []float64
	// Missing counts the leaves below each region that are NaN.
	Missing []int
}

// SumFloat adds values, given per region in the set's order, from the leaves up.
// Only the values of leaves are read: what the input states for coarser regions
// is replaced by the sum of their parts. Leaves are first rounded to multiples of
// [Quantum]; NaN means missing and is counted, not added as zero.
func (s *Set) SumFloat(values []float64) (Sums, error) {
	if err := s.checkLength(len(values)); err != nil {
		return Sums{}, err
	}
	out := Sums{Value: make([]float64, s.Len()), Missing: make([]int, s.Len())}
	known := make([]bool, s.Len())
	var size float64
	for _, i := range s.bottomUp {
		if len(s.children[i]) == 0 {
			v := values[i]
			switch {
			case math.IsNaN(v):
				out.Missing[i] = 1
			case math.IsInf(v, 0):
				return Sums{}, &SumError{Code: s.regions[i].Code, Value: v, Want: "a finite number"}
			default:
				out.Value[i] = math.Round(v/Quantum) * Quantum
				known[i] = true
				if size += math.Abs(v); size >= maxExact {
					return Sums{}, &SumError{Code: s.regions[i].Code, Value: v, Want: "a total of sizes below 8.6e9; use a larger unit"}
				}
			}
		}
		if !known[i] {
			out.Value[i] = math.NaN()
		}
		p := s.parent[i]
		if p < 0 {
			continue
		}
		out.Missing[p] += out.Missing[i]
		if known[i] {
			out.Value[p] += out.Value[i]
			known[p] = true
		}
	}
	return out, nil
}

// SumInt adds whole numbers as SumFloat does, without missing values.
func (s *Set) SumInt(values []int64) ([]int64, error) {
	if err := s.checkLength(len(values)); err != nil {
		return nil, err
	}
	out := make([]int64, s.Len())
	for _, i := range s.bottomUp {
		if len(s.children[i]) == 0 {
			out[i] = values[i]
		}
		if p := s.parent[i]; p >= 0 {
			sum := out[p] + out[i]
			if (sum > out[p]) != (out[i] > 0) {
				return nil, &SumError{Code: s.regions[p].Code, Value: float64(out[p]), Want: "a sum that fits 64 bits"}
			}
			out[p] = sum
		}
	}
	return out, nil
}

func (s *Set) checkLength(n int) error {
	if n != s.Len() {
		return &SumError{Code: LandCode, Value: float64(n), Want: "one value per region of the set, in its order"}
	}
	return nil
}
