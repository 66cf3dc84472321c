package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/table"
)

// In tables of people 1.400 may be one and a bit, or one thousand four hundred. What a
// column means is told by all its cells.

const (
	point = iota
	comma
)

var (
	markNames = [2]string{"point", "comma"}
	markIn    = [2]string{".", ","}
)

// place is a value among those of the parts of a file.
type place struct{ part, row int32 }

// marks is what the cells of a column say of points and commas.
type marks struct {
	decimals [2]bool // the mark stands before decimals
	threes   [2][]place
	first    [2]string // of the cells in threes, as written
	line     [2]int
	round    [2]bool // one of them ends in 0, as shortened decimals do not
	whole    string  // a number from 1 to 999 without a mark
	zero     bool
	long     string // one of over 999 without a mark: thousands are not set apart
}

// thousands reads the marks of the columns of a table.
type thousands struct {
	t       *table.Table
	decimal string // the name of the mark of decimals, when a person says it
	names   []string
	small   []bool // the column is of Wh or W, of which no meter counts thousandths
	cols    []marks
}

func newThousands(r *reading, t *table.Table, names, header []string) *thousands {
	th := &thousands{t: t, decimal: r.opt.Decimal, names: names, cols: make([]marks, len(names))}
	for _, h := range header {
		unit := cmp.Or(r.opt.Unit, energyUnitIn(h))
		th.small = append(th.small, r.kind != dataset.Prices && (unit == "wh" || unit == "w"))
	}
	return th
}

// see takes note of a cell that holds a number, and of the place of its value.
func (th *thousands) see(column int, cell string, at place) error {
	if th.t.FromJSON() {
		return nil // JSON has one way to write a number
	}
	cell, _ = table.CutUnit(strings.Trim(cell, "\""))
	cell = strings.TrimSuffix(strings.TrimLeft(cell, "+-"), "-")
	m := &th.cols[column]
	i := strings.LastIndexAny(cell, ".,")
	if i < 0 {
		m.seeWhole(cell)
		return nil
	}
	mark := point
	if cell[i] == ',' {
		mark = comma
	}
	before, after := cell[:i], cell[i+1:]
	switch {
	case before != "" && before[0] != '0' && len(before) <= 3 && len(after) == 3 && digits.FindString(before) == before && digits.FindString(after) == after:
		if m.decimals[mark] {
			return nil
		}
		if len(m.threes[mark]) == 0 {
			m.first[mark], m.line[mark] = strings.Clone(cell), th.t.Line
		}
		m.threes[mark] = append(m.threes[mark], at)
		m.round[mark] = m.round[mark] || strings.HasSuffix(cell, "0")
		return nil
	case strings.Contains(before, markIn[mark]): // 1.234.567
		mark = 1 - mark
	}
	if th.decimal != "" && th.decimal != markNames[mark] {
		return th.t.RowError(th.names[column], cell, fmt.Sprintf("decimals after a %s were expected, as was said", th.decimal))
	}
	m.decimals[mark], m.threes[mark] = true, nil
	return nil
}

func (m *marks) seeWhole(cell string) {
	switch number := strings.TrimLeft(cell, "0"); {
	case number == "":
		m.zero = true
	case len(number) > 3:
		if m.long == "" {
			m.long = strings.Clone(cell)
		}
	case m.whole == "":
		m.whole = strings.Clone(cell)
	}
}

// settle multiplies what is in thousands. Where it cannot be told, a person must.
func (th *thousands) settle(r *reading, parts []*rows) error {
	for c := range th.cols {
		m := &th.cols[c]
		for mark, threes := range m.threes {
			if len(threes) == 0 {
				continue
			}
			is, why, err := th.areThousands(m, mark, th.small[c])
			if err != nil {
				return fmt.Errorf("%s, row %d, %s is %q, and %w", th.t.Name, m.line[mark], th.names[c], m.first[mark], err)
			}
			if !is {
				continue
			}
			for _, at := range threes {
				v := &parts[at.part].values[c][at.row]
				*v = math.Round(*v * 1000)
			}
			r.note("a %s in %s of %s stands before thousands, %s: %d values such as %s", markNames[mark], th.names[c], th.t.Name, why, len(threes), m.first[mark])
		}
	}
	return nil
}

// areThousands tells whether numbers such as 1.400 are in thousands, and why.
func (th *thousands) areThousands(m *marks, mark int, small bool) (is bool, why string, err error) {
	const ask = "say which mark stands before decimals: --decimal point or comma"
	switch said := th.decimal; {
	case said != "":
		return said != markNames[mark], "as asked", nil
	case m.decimals[1-mark]:
		return true, fmt.Sprintf("as decimals stand after a %s", markNames[1-mark]), nil
	case len(m.threes[1-mark]) > 0:
		return false, "", fmt.Errorf("other numbers are such as %s: %s", m.first[1-mark], ask)
	case small && m.whole == "" && m.long == "":
		return false, "", fmt.Errorf("all numbers have three digits behind a %s, as thousands or as decimals: %s", markNames[mark], ask)
	case m.whole == "" && !(m.round[mark] && (m.zero || m.long != "")):
		return false, "", nil // three decimals everywhere
	case m.round[mark] && m.whole != "" && m.long == "":
		return true, fmt.Sprintf("as other numbers are whole, such as %s, and none has another number of decimals", m.whole), nil
	case m.round[mark]:
		return false, "", fmt.Errorf("other numbers are whole, such as %s: %s", cmp.Or(m.long, m.whole, "0"), ask)
	case m.long != "" || !th.t.MayComma():
		return false, "", nil
	}
	return false, "", fmt.Errorf("other numbers are whole, such as %s: %s", m.whole, ask)
}
