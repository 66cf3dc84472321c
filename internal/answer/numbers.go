package answer

import (
	"math"
	"strconv"
)

// Numbers are written short: four decimals. None of them is unknown.
type Numbers []float64

// NumbersOrNull are Numbers with null where unknown.
type NumbersOrNull []float64

// MarshalJSON writes the list.
func (n Numbers) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 8*len(n)+2)
	b = append(b, '[')
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, v)
	}
	return append(b, ']'), nil
}

// MarshalJSON writes the list.
func (n NumbersOrNull) MarshalJSON() ([]byte, error) { return Numbers(n).MarshalJSON() }

// Number is one of them; its field says where it can be null.
type Number float64

// MarshalJSON writes the number.
func (n Number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n)), nil }

func appendNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	if v = math.Round(v*1e4) / 1e4; v == 0 {
		v = 0 // not -0
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}
