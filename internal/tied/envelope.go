package tied

import "math"

// envelope is a symmetric matrix of which each row has values from its first column to
// the diagonal. What lies before the first column stays 0 in its Cholesky factor too.
type envelope struct {
	first []int
	rows  [][]float64
}

// newEnvelope makes one from the first column of each row.
func newEnvelope(first []int) *envelope {
	m := &envelope{first: first, rows: make([][]float64, len(first))}
	for i, k := range first {
		m.rows[i] = make([]float64, i-k+1)
	}
	return m
}

// line is a row to add to.
type line struct {
	first  int
	values []float64
}

func (m *envelope) row(i int) line { return line{m.first[i], m.rows[i]} }

func (l line) add(column int, x float64) { l.values[column-l.first] += x }

func (m *envelope) add(row, column int, x float64) { m.row(row).add(column, x) }

func (m *envelope) clear() {
	for _, r := range m.rows {
		clear(r)
	}
}

// factor replaces the matrix by its Cholesky factor. A pivot that rounding took is one
// whose row has nothing to say.
func (m *envelope) factor() {
	for i, r := range m.rows {
		f := m.first[i]
		diagonal := r[i-f]
		for j := f; j < i; j++ {
			o, from := m.rows[j], m.first[j]
			low := max(f, from)
			r[j-f] = (r[j-f] - dot(r[low-f:j-f], o[low-from:j-from])) / o[j-from]
		}
		left := diagonal - dot(r[:i-f], r[:i-f])
		if !(left > 1e-14*diagonal) {
			left = max(diagonal, 1e-300) * 1e30
		}
		r[i-f] = math.Sqrt(left)
	}
}

// solve replaces the right-hand side by the solution.
func (m *envelope) solve(x []float64) {
	for i, r := range m.rows {
		f := m.first[i]
		x[i] = (x[i] - dot(r[:i-f], x[f:i])) / r[i-f]
	}
	for i := len(m.rows) - 1; i >= 0; i-- {
		r, f := m.rows[i], m.first[i]
		x[i] /= r[i-f]
		for k, v := range r[:i-f] {
			x[f+k] -= v * x[i]
		}
	}
}

func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64 // four sums do not wait for each other
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + s2 + s3
}
