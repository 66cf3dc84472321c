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
	feedInWords   = regexp.MustCompile(`export|terug|redeliver|invoed|inject|feed.?in|fed.?in|return|2\.8\.[012]`)
	tariffWords   = regexp.MustCompile(`(^|[^a-z0-9])t(arief|ariff)?[ _]?[12]([^0-9]|$)|[12]\.8\.[12]|electricity[ _]?[12]([^0-9]|$)|(^|[^a-z])(laag|hoog|normaal|dal|piek|low|normal|high|peak)(tarief|[^a-z]|$)`)
	phaseWords    = regexp.MustCompile(`(^|[^a-z0-9])(l|phase|fase)[ _-]?[123]([^a-z0-9]|$)`)
	consumedWords = regexp.MustCompile(`consum|verbruik|gebruik|usage|used|load`)
	producedWords = regexp.MustCompile(`produc|opwek|opgewekt|opbrengst|generat|yield|zonne|self.?consum|zelf.?verbruik|eigen.?verbruik|(^|[^a-z])(pv|solar|zon)([^a-z]|$)`)
	allWords      = regexp.MustCompile(`(^|[^a-z])(total|totaal|totale|gesamt)([^a-z]|$)`)
	registerWords = regexp.MustCompile(`stand|reading|register|[12]\.8\.[012]|cumul`)
	otherWords    = regexp.MustCompile(`(^|[^a-z])(gas|max w|volt|voltage|ampere|current|price|prijs|eur|euro|temp|water|saldo|netto|net|bedrag|quality|status|row|rij|index)([^a-z]|$)|(^|[^a-z])(kosten|costs?|aardgas|gas(verbruik|meter|stand|levering)|waterverbruik|warmte)|temperat|€|(^|[^a-z])m(3[)\]]?$|³)`)
	// otherUnits are of other things than energy and power; extremes are of a part of an
	// interval; partWords are of one device, where a column of all stands beside.
	otherUnits  = regexp.MustCompile(`[([ _](m?j|gj|k?va|k?varh?|m?a|m?v|hz|%|°c|l)[)\]]?$|[([](l|m3)/`)
	extremes    = regexp.MustCompile(`(^|[^a-z])(min|max|minimum|maximum)([^a-z]|$)`)
	partWords   = regexp.MustCompile(`(^|[^a-z])(ev|car|auto|devices?|charger|laadpaal|laadpunt|wallbox|heat ?pump|warmtepomp|boiler|airco|battery|accu|batterij)([^a-z]|$)|charg|laad`)
	homeIDWords = regexp.MustCompile(`^(ean(code|_code)?|ean.?code.*|meter(_?id|nummer|number| id)?|home(_?id)?|house(hold)?(_?id)?|huis(_?id)?|aansluiting(_?id)?|klant(nummer)?|id|lclid|user_?id)$`)
	digits      = regexp.MustCompile(`[0-9]+`)
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
	r.cellUnit = ""
	registers := looksRegisters(s) != ""
	if r.opt.Format != "" {
		registers = r.opt.Format == "registers"
	}
	if r.opt.Column == "" && kinds.keep == nil && energyUnitIn(l.header[m.cols[0]]) == "" {
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
	for _, p := range parts {
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
	if name := r.opt.Map[mapHome]; name != "" {
		if m.id = s.Column(name); m.id < 0 {
			return m, fmt.Errorf("%s has no column %q: its columns are %s", s.Name, name, table.List(s.Header()))
		}
	}
	if r.opt.Column != "" {
		c, err := r.column(s)
		m.cols, r.feedIn = []int{c}, r.opt.FeedIn
		return m, err
	}
	if m.cols = numberedRegisters(l.header, r.opt.FeedIn); m.cols != nil {
		m.sum, m.tariffs, m.registers = true, true, true
		r.feedIn = r.feedIn || r.opt.FeedIn
		return m, nil
	}
	var taken, fed, produced []int
	var other, made []string
	for _, c := range l.numeric(s) {
		switch h := plainWords(l.header[c]); {
		case c == m.id:
		case otherWords.MatchString(h), otherUnits.MatchString(h), extremes.MatchString(h) && !wholeRegister.MatchString(h):
			other = append(other, l.header[c])
		case feedInWords.MatchString(h):
			fed = append(fed, c)
		case producedWords.MatchString(h):
			made, produced = append(made, l.header[c]), append(produced, c)
		default:
			taken = append(taken, c)
		}
	}
	if len(other) > 0 {
		r.note("columns of other things than energy are left out: %s", table.List(other))
	}
	if len(made) > 0 && !r.opt.FeedIn {
		r.note("columns of what homes produce are left out, load is what they take: %s", table.List(made))
	}
	from := taken
	switch pair, _ := split(l.header, produced, tariffWords); {
	case !r.opt.FeedIn:
	case len(fed) > 0:
		from, r.feedIn = fed, true
	case len(pair) == 2:
		r.note("no column of %s is named for feed-in: what two tariffs of production count is read, as meters at the grid have it", s.Name)
		from, r.feedIn = pair, true
	case !r.feedIn: // no rows of it either
		from, r.feedIn = nil, true
	}
	if len(from) == 0 {
		what := "what homes take"
		if r.opt.FeedIn {
			what = "what homes feed in"
		}
		return m, fmt.Errorf("%s has no column of %s among %s: say which column to read", s.Name, what, table.List(l.header))
	}
	if parts, whole := split(l.header, from, partWords); len(parts) > 0 {
		var names []string
		for _, c := range parts {
			names = append(names, l.header[c])
		}
		if len(whole) > 0 {
			r.note("columns of a part of what homes take are left out: %s", table.List(names))
			from = whole
		} else {
			r.note("%s is of a part of what a home takes: the rest of the home is not in it", table.List(names))
		}
	}
	tariffs, rest := split(l.header, from, tariffWords)
	if _, used := split(l.header, tariffs, registerWords); len(used) > 0 {
		tariffs = used // a file with use and readings: use is enough
	}
	phases, whole := split(l.header, rest, phaseWords)
	switch {
	case len(tariffs) == 2:
		m.cols, m.sum, m.tariffs = tariffs, true, true
	case len(tariffs) > 2:
		return m, fmt.Errorf("%s has %d columns of tariffs among %s, two were expected: leave the others out, or say which column to read", s.Name, len(tariffs), table.List(l.header))
	case len(phases) == 3 && sameButNumber(l.header, phases) && !slices.ContainsFunc(whole, func(c int) bool { return meterWords.MatchString(plainWords(l.header[c])) }):
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
		// A column that names all consumption goes before one that names some, that before
		// one that names energy, and that before one that does not.
		i := slices.IndexFunc(from, func(c int) bool {
			h := plainWords(l.header[c])
			return consumedWords.MatchString(h) && allWords.MatchString(h)
		})
		for _, words := range []*regexp.Regexp{consumedWords, meterWords} {
			if i < 0 {
				i = slices.IndexFunc(from, func(c int) bool { return words.MatchString(plainWords(l.header[c])) })
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

// numberedRegisters finds the four registers of a meter as grid operators number them:
// 1 and 2 are the tariffs taken, 3 and 4 those fed in.
func numberedRegisters(header []string, feedIn bool) []int {
	at := map[string]int{}
	for c, h := range header {
		at[strings.ReplaceAll(plainWords(h), " ", "")] = c
	}
	for _, stem := range []string{"reading", "meterreading", "stand", "meterstand", "register"} {
		first, ok1 := at[stem+"1"]
		second, ok2 := at[stem+"2"]
		third, ok3 := at[stem+"3"]
		fourth, ok4 := at[stem+"4"]
		switch {
		case !ok1 || !ok2 || !ok3 || !ok4:
		case feedIn:
			return []int{third, fourth}
		default:
			return []int{first, second}
		}
	}
	return nil
}

// split parts columns into those whose names match and the others.
func split(header []string, cols []int, words *regexp.Regexp) (matching, others []int) {
	for _, c := range cols {
		if words.MatchString(plainWords(header[c])) {
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
		w := plainWords(h)
		if !meterWords.MatchString(w) || otherWords.MatchString(w) || homeIDWords.MatchString(w) {
			continue
		}
		last, n, up, down := math.NaN(), 0, 0, 0
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
			} else if v < last {
				down++
			}
			last = v
		}
		if most := map[bool]int{true: 3, false: 20}[named != ""]; most*down > n {
			return ""
		}
		if n >= need && up > risesPerFall*down && !rising {
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
			gaps = append(gaps, fmt.Sprintf("from %s to %s (between rows %d and %d)", clock.Stamp(p.at[i-1]+step), clock.Stamp(p.at[i]), p.line[i-1], p.line[i]))
			continue
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
