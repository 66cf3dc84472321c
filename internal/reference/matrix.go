package reference

import "math"

// matrix is a square of the factors' size. Its sums are made in one order everywhere, so
// that the built-in year is the same to the last digit on a server and in a browser;
// libraries add up as their processor likes best.
type matrix [factors][factors]float64

func dot(a, b [factors]float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func (m *matrix) times(v [factors]float64) (out [factors]float64) {
	for i := range m {
		out[i] = dot(m[i], v)
	}
	return out
}

// root is the lower triangular root of a correlation or covariance matrix (Cholesky), of
// which rounding in the tables is evened out.
func (m *matrix) root() (l matrix) {
	for i := range factors {
		for j := range i + 1 {
			rest := (m[i][j]+m[j][i])/2 - dot(l[i], l[j])
			switch {
			case i != j:
				l[i][j] = rest / l[j][j]
			case rest > 0:
				l[i][i] = math.Sqrt(rest)
			default:
				panic("the correlation tables are not positive definite") // embedded
			}
		}
	}
	return l
}

// solve is x where l times its transpose times x is b.
func (l *matrix) solve(b [factors]float64) (x [factors]float64) {
	for i := range factors {
		x[i] = b[i]
		for k := range i {
			x[i] -= l[i][k] * x[k]
		}
		x[i] /= l[i][i]
	}
	for i := factors - 1; i >= 0; i-- {
		for k := i + 1; k < factors; k++ {
			x[i] -= l[k][i] * x[k]
		}
		x[i] /= l[i][i]
	}
	return x
}
