package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/internal/dataset"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// meterColumns are the columns of a meter table that are read.
type meterColumns struct {
	cols []int
	sum  bool // the columns are tariffs or phases of one home, to be added up
	// tariffs: of the two columns one may be empty, as it is the other's hour.
	tariffs   bool
	registers bool // the columns are readings, whatever their names
	id        int  // column with the home of a row, -1 for none
}

// readMeters reads series of meters: energy per interval or register readings, of
// one home, of homes in columns of the same name but for their number, or of
// homes below each other with a column that tells them apart.
func readMeters(r *reading, s *table.File) ([]*rows, error) {
	l, err := r.layoutOf(s)
	if err != nil {
		return nil, err
	}
	kinds, err := r.rowKinds(s, l)
	if err != nil {
		return nil, err
	}
	m, err := r.meterColumns(s, l)
	if err != nil {
		return nil, err
	}
	if h := l.header; len(m.cols) == 1 && l.time >= 0 && strings.EqualFold(h[l.time], "horodate") && strings.EqualFold(h[m.cols[0]], "valeur") {
		l.header = slices.Clone(h) // Enedis says the unit in the rows above, or not at all
		l.header[m.cols[0]] += " (W)"
	}
	r.sayPower(s, &l, m)
	r.cellUnit = ""
	registers := risingColumns(s, m.cols) != ""
	if r.opt.Format != "" {
		registers = r.opt.Format == "registers"
	}
	if r.opt.Column == "" && kinds.keep == nil && energyUnitIn(l.header[m.cols[0]]) == "" && !powerNamed.MatchString(plainWords(l.header[m.cols[0]])) {
		if err := notPowerName(r.kind, s.Name); err != nil {
			return nil, err
		}
	}
	if len(m.cols) == 1 || m.sum {
		l.also = kinds.also
	}
	parts, err := r.rowsOf(s, l, m.cols, m.id, kinds.keep)
	if err != nil {
		return nil, kinds.explain(s, err)
	}
	kinds.note(r, s)
	if !registers && r.opt.Format == "" && (m.registers || allReadings(parts)) {
		registers = true
		r.note("the values of %s rise like meter readings: what was used is taken from their differences (--format meter when they are energy per interval)", s.Name)
	}
	if registers && r.opt.Format == "" {
		if err := risesOnly(parts, s.Name); err != nil {
			return nil, err
		}
	}
	totals := make([]float64, len(m.cols))
	days := ofDays(parts)
	if days {
		if err := r.spreadDays(parts, registers, l.header[m.cols[0]]); err != nil {
			return nil, err
		}
	}
	if !days {
		for _, p := range parts {
			if err := p.quarters(r, l, registers, isPower(cmp.Or(r.opt.Unit, energyUnitIn(cmp.Or(kinds.unit, l.header[m.cols[0]]))))); err != nil {
				return nil, err
			}
		}
	}
	for i, p := range parts {
		switch {
		case days:
		case registers:
			err = p.differences(r)
		default:
			err = p.endsOfDays(r, l)
		}
		if err != nil {
			return nil, err
		}
		if i > 0 {
			p.shareWith(parts[i-1])
		}
		if m.sum {
			p.addUp(r, totals, m.tariffs && !registers)
		}
		switch {
		case p.ids != nil:
		case len(m.cols) > 1 && !m.sum:
			for _, c := range m.cols {
				p.ids = append(p.ids, strings.Clone(l.header[c]))
			}
		default:
			p.home = true
		}
	}
	told := ""
	if l.also != nil {
		if parts, told, err = r.oneHome(parts, registers); err != nil {
			return nil, err
		}
	}
	homes := len(parts)
	if !m.sum && m.id < 0 {
		homes = len(m.cols)
	}
	name := l.header[m.cols[0]]
	switch {
	case told != "":
		r.columns.Add("%s: %s", table.Redact(name), told)
	case homes > 1:
		r.columns.Add("%d homes, numbered in the order of the file", homes)
	case m.sum:
		var told []string
		for i, c := range m.cols {
			told = append(told, fmt.Sprintf("%s (total %.6g)", table.Redact(l.header[c]), totals[i]))
		}
		r.columns.Add("%s", strings.Join(told, " + "))
	default:
		r.columns.Add("%s", table.Redact(name))
	}
	return parts, r.energies(parts, cmp.Or(kinds.unit, r.cellUnit, name))
}

// sayPower puts the unit behind the name of a column that is named for power and has none:
// power is averaged and held against hours, energy is not. Which it is, size tells: a home
// takes less than 5 kW on average, and more than 5 W.
func (r *reading) sayPower(s *table.File, l *layout, m meterColumns) {
	name := plainWords(l.header[m.cols[0]])
	if r.opt.Unit != "" || energyUnitIn(name) != "" || !powerOnly.MatchString(name) || consumedWords.MatchString(name) || looksRegisters(s) != "" {
		return
	}
	sum, n := 0.0, 0
	for _, rec := range s.Below() {
		if c := m.cols[0]; c < len(rec) {
			cell, unit := table.CutUnit(rec[c])
			if v, err := table.Number(cell, s.MayComma()); err == nil && unit == "" && !math.IsNaN(v) {
				sum, n = sum+math.Abs(v), n+1
			}
		}
	}
	if n == 0 {
		return
	}
	unit := "kW"
	if sum/float64(n) > leastWh {
		unit = "W"
	}
	r.note("%q of %s is power by its name, and %s by its size: --unit says another", table.Redact(l.header[m.cols[0]]), s.Name, unit)
	l.header = slices.Clone(l.header)
	for _, c := range m.cols {
		l.header[c] += " (" + unit + ")"
	}
}

// looksRegisters tells readings, that never go down, from energy per interval: by
// the name of a column with at least 3 rows, or by 20 rows of content.
func looksRegisters(s *table.File) string { return risingColumns(s, nil) }

// risingColumns is looksRegisters of some columns, those that are read, or of all: a file
// may have readings beside what was used.
func risingColumns(s *table.File, cols []int) string {
	if len(s.Below()) < 3 {
		return ""
	}
	named := s.Matching(registerWords)
	need := 20
	if named != "" {
		need = 3
	}
	rising := false
	var t clock.Reader
	for c, h := range s.Header() {
		w := plainWords(h)
		if cols != nil && !slices.Contains(cols, c) {
			continue
		}
		if !meterWords.MatchString(w) || otherWords.MatchString(w) || homeIDWords.MatchString(w) {
			continue
		}
		last, n, up, down := math.NaN(), 0, 0, 0
		level, rise := math.Inf(1), 0.0
		for _, rec := range s.Below() {
			if c >= len(rec) {
				break
			}
			if !timed(rec) {
				continue // totals, or a header once more
			}
			if _, _, err := t.Read(rec[c]); err == nil {
				break // a column of times
			}
			v, err := table.Number(rec[c], s.MayComma())
			if err != nil || math.IsNaN(v) {
				continue
			}
			n++
			if v > last {
				up++
				rise = max(rise, v-last)
			} else if v < last {
				down++
			}
			level, last = min(level, v), v
		}
		if most := map[bool]int{true: 3, false: 20}[named != ""]; most*down > n {
			return ""
		}
		if n >= need && up > risesPerFall*down && risesEnough(n, up, level, rise) && !rising {
			rising = true
		}
	}
	if !rising {
		return ""
	}
	return "values that never fall"
}

// timed tells a row that begins, in some column, with a time.
func timed(rec []string) bool { return slices.ContainsFunc(rec, startsWithTime) }

func startsWithTime(text string) bool {
	if isTime(text) {
		return true
	}
	_, _, err := (&clock.Reader{Order: clock.MonthFirst, Moments: true}).Read(text)
	return err == nil
}

// arrange puts readings in order of time, without empty ones, and finds their spacing.
func (p *rows) arrange(r *reading) error {
	p.dropEmpty()
	if err := p.inOrder(r); err != nil {
		return err
	}
	if err := p.spacing(r.kind); err != nil {
		return err
	}
	if len(p.step) < 2 {
		return fmt.Errorf("%s has %d readings: a year of readings was expected", p.file, len(p.at))
	}
	return nil
}

// differences turns readings into the energy of the intervals between them. A
// reading that goes back is a reset or another meter: its interval is left empty.
// Within a gap of up to 2 hours what was used is spread evenly.
func (p *rows) differences(r *reading) error {
	if err := p.arrange(r); err != nil {
		return err
	}
	if p.dayCounter() {
		p.runOn(r)
	}
	p.mendReadings(r)
	step := int64(p.step[0])
	out := newRows(p.file, len(p.values))
	out.ids, out.sub, out.skipped = p.ids, p.sub, p.skipped
	values := make([]float64, len(p.values))
	var gaps []string
	for i := 1; i < len(p.at); i++ {
		n := (p.at[i] - p.at[i-1]) / step
		if n == 0 {
			continue // a repeat; with another value the next difference shows it
		}
		for c, v := range p.values {
			values[c] = math.Round((v[i]-v[i-1])/float64(n)*1e6) / 1e6
			if v[i] < v[i-1] {
				values[c] = math.NaN()
				r.rep.Mend("register goes back (a reset or another meter), its interval left empty", r.where(p, i, clock.Stamp(p.at[i])))
			}
		}
		if n > 1 && (n-1)*step > int64(dataset.LongestGap.Seconds()) {
			gaps = append(gaps, fmt.Sprintf("from %s to %s (between rows %d and %d)", clock.Stamp(p.at[i-1]+step), clock.Stamp(p.at[i]), p.lineOf(i-1), p.lineOf(i)))
			continue
		}
		if n > 1 {
			r.rep.Mend("missing readings, what was used spread evenly", fmt.Sprintf("%s to %s", clock.Stamp(p.at[i-1]+step), clock.Stamp(p.at[i])))
		}
		for k := range n {
			if err := out.add(p.at[i-1]+k*step, p.lineOf(i-1), values...); err != nil {
				return err
			}
		}
	}
	if len(gaps) > 0 && !r.opt.FillGaps {
		return gapsError(p.file, "readings", gaps, "gaps of up to 2 hours are spread evenly, fill longer ones"+r.orFill())
	}
	for range out.at {
		out.step = append(out.step, int32(step))
	}
	*p = *out
	return nil
}

// addUp makes one column of all, which is empty where one of them is, and adds the
// sum of each to totals. Where emptyIsNone, one of two that is empty beside the other
// counts as nothing.
func (p *rows) addUp(r *reading, totals []float64, emptyIsNone bool) {
	for i, c := range p.values {
		for _, v := range c {
			if !math.IsNaN(v) {
				totals[i] += v
			}
		}
	}
	alone := 0
	for i := range p.at {
		sum, n := 0.0, 0
		for _, c := range p.values {
			if !math.IsNaN(c[i]) {
				sum += c[i]
				n++
			}
		}
		if n < len(p.values) && !(emptyIsNone && n > 0) {
			sum = math.NaN()
		} else if n < len(p.values) {
			alone++
		}
		p.values[0][i] = math.Round(sum*1e6) / 1e6
	}
	if alone > 0 {
		r.note("%d rows of %s have a value of one tariff only: the other counts as none", alone, p.file)
	}
	p.values = p.values[:1]
}
