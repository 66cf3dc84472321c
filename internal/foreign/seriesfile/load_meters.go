package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/dataset"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

var (
	meterWords    = regexp.MustCompile(`consum|kwh|(^|[^a-z])wh|kw$|verbruik|afname|levering|import|export|consumption|usage|meter|stand|[12]\.8\.[012]|load|huis|home`)
	feedInWords   = regexp.MustCompile(`export|terug|invoed|inject|feed.?in|fed.?in|return|2\.8\.[012]`)
	tariffWords   = regexp.MustCompile(`(^|[^a-z0-9])t(arief|ariff)?[ _]?[12]([^0-9]|$)|[12]\.8\.[12]|electricity[ _]?[12]([^0-9]|$)|(^|[^a-z])(laag|hoog|normaal|dal|piek|low|normal|high|peak)(tarief|[^a-z]|$)`)
	phaseWords    = regexp.MustCompile(`(^|[^a-z0-9])(l|phase|fase)[ _-]?[123]([^a-z0-9]|$)`)
	consumedWords = regexp.MustCompile(`consum|verbruik|gebruik|usage|used|load`)
	producedWords = regexp.MustCompile(`produc|opwek|opbrengst|generat|yield|zonne|(^|[^a-z])(pv|solar|zon)([^a-z]|$)`)
	registerWords = regexp.MustCompile(`stand|reading|register|[12]\.8\.[012]|cumul`)
	otherWords    = regexp.MustCompile(`(^|[^a-z])(gas|max w|volt|voltage|ampere|current|price|prijs|eur|euro|temp|temperature|temperatuur|water|saldo|netto|kosten|cost|quality|status|row|rij|index)([^a-z]|$)|(^|[^a-z])m(3[)\]]?$|³)`)
	homeIDWords   = regexp.MustCompile(`^(ean(code|_code)?|ean.?code.*|meter(_?id|nummer|number| id)?|home(_?id)?|house(hold)?(_?id)?|huis(_?id)?|aansluiting(_?id)?|klant(nummer)?|id|lclid|user_?id)$`)
	digits        = regexp.MustCompile(`[0-9]+`)
)

// meterColumns are the columns of a meter table that are read.
type meterColumns struct {
	cols []int
	sum  bool // the columns are tariffs or phases of one home, to be added up
	id   int  // column with the home of a row, -1 for none
}

// readMeters reads series of meters: energy per interval or register readings, of
// one home, of homes in columns of the same name but for their number, or of
// homes below each other with a column that tells them apart.
func readMeters(r *reading, s *table.File) ([]*rows, error) {
	l, err := r.layoutOf(s)
	if err != nil {
		return nil, err
	}
	m, err := r.meterColumns(s, l)
	if err != nil {
		return nil, err
	}
	registers := looksRegisters(s) != ""
	if r.opt.Format != "" {
		registers = r.opt.Format == "registers"
	}
	kinds, err := r.rowKinds(s, l)
	if err != nil {
		return nil, err
	}
	parts, err := r.rowsOf(s, l, m.cols, m.id, kinds.keep)
	if err != nil {
		return nil, kinds.explain(s, err)
	}
	kinds.note(r, s)
	if !registers && r.opt.Format == "" && allReadings(parts) {
		registers = true
		r.note("the values of %s rise like meter readings: what was used is taken from their differences (--format meter when they are energy per interval)", s.Name)
	}
	totals := make([]float64, len(m.cols))
	for _, p := range parts {
		if registers {
			err = p.differences(r)
		} else {
			err = p.endsOfDays(r, l)
		}
		if err != nil {
			return nil, err
		}
		if m.sum {
			p.addUp(totals)
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
	homes := len(parts)
	if !m.sum && m.id < 0 {
		homes = len(m.cols)
	}
	name := l.header[m.cols[0]]
	switch {
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
	return parts, r.energies(parts, cmp.Or(kinds.unit, name))
}

// meterColumns finds what to read: the column asked for; else the tariffs of the
// direction asked for; else homes; else the first column of that direction.
func (r *reading) meterColumns(s *table.File, l layout) (meterColumns, error) {
	m := meterColumns{id: -1}
	for c, h := range l.header {
		if homeIDWords.MatchString(strings.ToLower(h)) && !l.isTime(s, c) {
			m.id = c
			break
		}
	}
	if r.opt.Column != "" {
		c, err := r.column(s)
		m.cols, r.feedIn = []int{c}, r.opt.FeedIn
		return m, err
	}
	var taken, fed []int
	var other, made []string
	for _, c := range l.numeric(s) {
		switch h := strings.ToLower(l.header[c]); {
		case c == m.id:
		case otherWords.MatchString(h):
			other = append(other, l.header[c])
		case feedInWords.MatchString(h):
			fed = append(fed, c)
		case producedWords.MatchString(h):
			made = append(made, l.header[c])
		default:
			taken = append(taken, c)
		}
	}
	if len(other) > 0 {
		r.note("columns of other things than energy are left out: %s", table.List(other))
	}
	if len(made) > 0 {
		r.note("columns of what homes produce are left out, load is what they take: %s", table.List(made))
	}
	from := taken
	if r.opt.FeedIn {
		from, r.feedIn = fed, true
	}
	if len(from) == 0 {
		what := "what homes take"
		if r.opt.FeedIn {
			what = "what homes feed in"
		}
		return m, fmt.Errorf("%s has no column of %s among %s: say which column to read", s.Name, what, table.List(l.header))
	}
	tariffs, rest := split(l.header, from, tariffWords)
	if _, used := split(l.header, tariffs, registerWords); len(used) > 0 {
		tariffs = used // a file with use and readings: use is enough
	}
	phases, whole := split(l.header, rest, phaseWords)
	switch {
	case len(tariffs) == 2:
		m.cols, m.sum = tariffs, true
	case len(tariffs) > 2:
		return m, fmt.Errorf("%s has %d columns of tariffs among %s, two were expected: leave the others out, or say which column to read", s.Name, len(tariffs), table.List(l.header))
	case len(phases) == 3 && sameButNumber(l.header, phases) && !slices.ContainsFunc(whole, func(c int) bool { return meterWords.MatchString(strings.ToLower(l.header[c])) }):
		m.cols, m.sum = phases, true
	case len(from) > 1 && m.id < 0 && sameButNumber(l.header, from):
		m.cols = from
	default:
		if len(tariffs) == 1 && len(rest) > 0 {
			from = rest
		}
		if len(phases) == 3 && len(whole) > 0 {
			from = whole
		}
		// A column that names consumption goes before one that names energy, and that
		// before one that does not.
		i := -1
		for _, words := range []*regexp.Regexp{consumedWords, meterWords} {
			if i < 0 {
				i = slices.IndexFunc(from, func(c int) bool { return words.MatchString(strings.ToLower(l.header[c])) })
			}
		}
		i = max(i, 0)
		m.cols = from[i : i+1]
		if len(from) > 1 {
			r.note("%s has several columns of numbers: %q is read", s.Name, table.Redact(l.header[m.cols[0]]))
		}
	}
	if len(fed) > 0 && !r.opt.FeedIn {
		r.note("%s also holds what is fed in: it is left out, ask for feed-in to read it", s.Name)
	}
	return m, nil
}

// split parts columns into those whose names match and the others.
func split(header []string, cols []int, words *regexp.Regexp) (matching, others []int) {
	for _, c := range cols {
		if words.MatchString(strings.ToLower(header[c])) {
			matching = append(matching, c)
		} else {
			others = append(others, c)
		}
	}
	return matching, others
}

// sameButNumber tells whether names differ in a number only, as those of homes do.
func sameButNumber(header []string, cols []int) bool {
	name := func(c int) string { return digits.ReplaceAllString(strings.ToLower(header[c]), "#") }
	for _, c := range cols {
		if name(c) != name(cols[0]) || !digits.MatchString(header[c]) {
			return false
		}
	}
	return true
}

// looksRegisters tells readings, that never go down, from energy per interval: by
// the name of a column with at least 3 rows, or by 20 rows of content.
func looksRegisters(s *table.File) string {
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
		w := strings.ToLower(h)
		if !meterWords.MatchString(w) || otherWords.MatchString(w) || homeIDWords.MatchString(w) {
			continue
		}
		last, n, up, down := math.NaN(), 0, 0, 0
		for _, rec := range s.Below() {
			if c >= len(rec) {
				break
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
			} else if v < last {
				down++
			}
			last = v
		}
		if most := map[bool]int{true: 3, false: 20}[named != ""]; most*down > n {
			return ""
		}
		if n >= need && up > 0 && !rising {
			rising = true
		}
	}
	if !rising {
		return ""
	}
	return "values that never fall"
}

// differences turns readings into the energy of the intervals between them. A
// reading that goes back is a reset or another meter: its interval is left empty.
// Within a gap of up to 2 hours what was used is spread evenly.
func (p *rows) differences(r *reading) error {
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
	p.mendReadings(r)
	step := int64(p.step[0])
	out := newRows(p.file, len(p.values))
	out.ids, out.skipped = p.ids, p.skipped
	values := make([]float64, len(p.values))
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
			return fmt.Errorf("%s has no readings from %s to %s (between rows %d and %d): gaps of up to 2 hours are spread evenly, fill longer ones", p.file, clock.Stamp(p.at[i-1]+step), clock.Stamp(p.at[i]), p.line[i-1], p.line[i])
		}
		if n > 1 {
			r.rep.Mend("missing readings, what was used spread evenly", fmt.Sprintf("%s to %s", clock.Stamp(p.at[i-1]+step), clock.Stamp(p.at[i])))
		}
		for k := range n {
			if err := out.add(p.at[i-1]+k*step, int(p.line[i-1]), values...); err != nil {
				return err
			}
		}
	}
	for range out.at {
		out.step = append(out.step, int32(step))
	}
	*p = *out
	return nil
}

// addUp makes one column of all, which is empty where one of them is, and adds the
// sum of each to totals.
func (p *rows) addUp(totals []float64) {
	for i, c := range p.values {
		for _, v := range c {
			if !math.IsNaN(v) {
				totals[i] += v
			}
		}
	}
	for _, c := range p.values[1:] {
		for i, v := range c {
			p.values[0][i] += v
		}
	}
	for i, v := range p.values[0] {
		p.values[0][i] = math.Round(v*1e6) / 1e6
	}
	p.values = p.values[:1]
}
