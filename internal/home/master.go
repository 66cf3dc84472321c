package home

import (
	"errors"
	"math"
)

// master is the linear programme
//
//	minimise   price * sum_m P_m + sum_b v_b
//	with       least_m <= P_m <= most_m,  v_b >= each of the cuts of block b
//
// where a cut is a line in the powers P of some months in a row. It is solved from its
// dual: a weight for every cut, those of a block adding up to 1, and a multiplier for
// each bound. There a new cut is a new column, so the simplex method goes on from where
// it was; the multipliers of the dual's rows are v and P. With two dozen blocks and 12
// months the inverse of the basis is kept as it is.
type master struct {
	least, most [months]float64
	blocks      int
	columns     []column
	basis       []int // column in the basis, by row
	in          []bool
	inverse     [][]float64
	weights     []float64 // of the columns in the basis
	values      []float64 // v of the blocks, then P of the months
	entering    []float64
}

const months = 12

// column is a cut, or a bound of a month's power.
type column struct {
	block  int // -1: a bound
	from   int // first month
	slopes []float64
	value  float64 // of the cut at P = 0
}

// reset starts with a flat cut for each block.
func (m *master) reset(price float64, least, most *[months]float64, flat []float64) {
	m.least, m.most, m.blocks = *least, *most, len(flat)
	n := len(flat) + months
	m.columns, m.basis, m.weights = m.columns[:0], m.basis[:0], m.weights[:0]
	for b, v := range flat {
		m.columns = append(m.columns, column{block: b, value: v})
		m.weights = append(m.weights, 1)
	}
	for k := range months {
		m.columns = append(m.columns, column{block: -1, from: k, slopes: []float64{-1}, value: least[k]})
		m.weights = append(m.weights, price)
	}
	for k := range months {
		m.columns = append(m.columns, column{block: -1, from: k, slopes: []float64{1}, value: -most[k]})
	}
	m.in = make([]bool, len(m.columns))
	m.inverse = make([][]float64, n)
	for i := range n {
		m.inverse[i] = make([]float64, n)
		m.inverse[i][i] = 1
		m.basis, m.in[i] = append(m.basis, i), true
	}
	m.values, m.entering = make([]float64, n), make([]float64, n)
}

// add adds a cut of a block: value at P, slopes from month from on.
func (m *master) add(block int, value float64, from int, slopes []float64, p *[months]float64) {
	for k, g := range slopes {
		value -= g * p[from+k]
	}
	m.columns = append(m.columns, column{block, from, append([]float64(nil), slopes...), value})
	m.in = append(m.in, false)
}

// violated is by how much the solution breaks a column's cut or bound.
func (m *master) violated(c *column) float64 {
	by := c.value
	if c.block >= 0 {
		by -= m.values[c.block]
	}
	for k, g := range c.slopes {
		by += g * m.values[m.blocks+c.from+k]
	}
	return by
}

// solve finds the lowest cost over the cuts so far, and the powers that have it.
func (m *master) solve() (bound float64, p [months]float64, err error) {
	n := m.blocks + months
	for pivots := 0; ; pivots++ {
		for j := range m.values {
			m.values[j] = 0
		}
		bound = 0
		for i, k := range m.basis {
			v := m.columns[k].value
			bound += v * m.weights[i]
			for j, x := range m.inverse[i] {
				m.values[j] += v * x
			}
		}
		// The most violated; later the first, which cannot cycle, and what rounding has
		// added up to over the pivots does not count. The bound holds all the same.
		enter, most, share := -1, 0.0, 1e-12
		if pivots > 50*n {
			share = 1e-10
		}
		for k := range m.columns {
			c := &m.columns[k]
			if m.in[k] {
				continue
			}
			if by := m.violated(c); by > most && by > share*math.Max(1, math.Abs(c.value)) {
				enter, most = k, by
				if pivots > 50*n {
					break
				}
			}
		}
		if enter < 0 {
			for k := range p {
				p[k] = min(max(m.values[m.blocks+k], m.least[k]), m.most[k]) // but for rounding it is
			}
			return bound, p, nil
		}
		if pivots > 500*n {
			return 0, p, errUnsettled
		}
		if !m.pivot(enter) {
			return 0, p, errUnsettled
		}
	}
}

// errUnsettled is of rounding beyond what the search bears.
var errUnsettled = errors.New("the months' highest powers were not settled: this is a mistake of the solver, please report it with the study")

// pivot brings a column into the basis. The weights of cuts are bounded, so some column
// leaves it; false where rounding hides that.
func (m *master) pivot(enter int) bool {
	c := &m.columns[enter]
	leave, least := -1, math.Inf(1)
	for i, row := range m.inverse {
		w := 0.0
		if c.block >= 0 {
			w = row[c.block]
		}
		for k, g := range c.slopes {
			w -= g * row[m.blocks+c.from+k]
		}
		m.entering[i] = w
		if w > 1e-10 {
			if ratio := max(0, m.weights[i]) / w; ratio < least || ratio == least && w > m.entering[leave] {
				leave, least = i, ratio
			}
		}
	}
	if leave < 0 {
		return false
	}
	by := m.entering[leave]
	row := m.inverse[leave]
	for j := range row {
		row[j] /= by
	}
	for i, w := range m.entering {
		if i == leave || w == 0 {
			continue
		}
		other := m.inverse[i]
		for j, x := range row {
			other[j] -= w * x
		}
		m.weights[i] -= w * least
	}
	m.weights[leave] = least
	m.in[m.basis[leave]], m.in[enter] = false, true
	m.basis[leave] = enter
	return true
}
