package region

// SumInt adds values, given per region in the set's order, from the leaves up.
// Only the values of leaves are read: what the input states for coarser regions
// is replaced by the sum of their parts, so that all levels agree exactly.
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
