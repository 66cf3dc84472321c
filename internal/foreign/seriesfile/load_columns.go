package seriesfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
)

var (
	meterWords  = regexp.MustCompile(`consum|conso|verbrauch|bezug|entnahme|soutir|pr[eé]l[eè]v|f[oö]rbruk|forbrug|kwh|(^|[^a-z])wh|kw$|verbruik|afname|levering|import|export|consumption|usage|meter|stand|[12]\.8\.[012]|load|huis|home`)
	feedInWords = regexp.MustCompile(`einspeis|injec|export|terug|redeliver|invoed|inject|feed.?in|fed.?in|return|2\.8\.[012]|^28[012]$|^tlv$|^e18$`)
	tariffWords = regexp.MustCompile(`(^|[^a-z0-9])t(arief|ariff|arif)?[ _]?[12]([^0-9]|$)|[12]\.8\.[12]|^[12]8[12]$|electricity[ _]?[12]([^0-9]|$)|(^|[^a-z])(laag|hoog|normaal|dal|piek|low|normal|high|peak)(tarief|[^a-z]|$)`)
	phaseWords  = regexp.MustCompile(`(^|[^a-z0-9])(l|phase|fase)[ _-]?[123]([^a-z0-9]|$)`)
	// phaseLetter is a phase as A, B or C.
	phaseLetter   = regexp.MustCompile(`(^|[^a-z0-9])(?:(?:phase|fase)[ _-]?[abc]|\([abc]\))([^a-z0-9]|$)`)
	consumedWords = regexp.MustCompile(`consum|conso|verbruik|verbrauch|f[oö]rbruk|forbrug|gebruik|usage|used|load`)
	producedWords = regexp.MustCompile(`produc|produk|erzeug|autocons|eigen.?verbrauch|opwek|opgewekt|opbrengst|generat|yield|zonne|self.?consum|zelf.?verbruik|eigen.?verbruik|(^|[^a-z])(pv|solar|zon)([^a-z]|$)`)
	allWords      = regexp.MustCompile(`(^|[^a-z])(total|totaal|totale|gesamt|sum|som|summe|somme)([^a-z]|$)`)
	registerWords = regexp.MustCompile(`stand|reading|register|[12]\.8\.[012]|cumul`)
	otherWords    = regexp.MustCompile(`(^|[^a-z])(gas|max w|volt|voltage|ampere|current|price|prijs|eur|euro|temp|water|saldo|netto|net|bedrag|quality|status|row|rij|index)([^a-z]|$)|(^|[^a-z])(kosten|costs?|aardgas|gas(verbruik|meter|stand|levering)|waterverbruik|warmte)|temperat|€|(^|[^a-z])m(3[)\]]?$|³)`)
	// otherUnits are of other things than energy and power; extremes are of a part of an
	// interval; partWords are of one device, where a column of all stands beside.
	otherUnits  = regexp.MustCompile(`[([ _](m?j|gj|k?va|k?varh?|m?a|m?v|hz|%|°c|l)[)\]]?$|[([](l|m3)/`)
	extremes    = regexp.MustCompile(`(^|[^a-z])(min|max|minimum|maximum)([^a-z]|$)`)
	partWords   = regexp.MustCompile(`(^|[^a-z])(ev|car|auto|devices?|charger|laadpaal|laadpunt|wallbox|heat ?pump|warmtepomp|boiler|airco|battery|accu|batterij)([^a-z]|$)|charg|laad`)
	homeIDWords = regexp.MustCompile(`^(ean(code|_code)?|ean.?code.*|meter(_?id|nummer|number| id)?|home(_?id)?|house(hold)?(_?id)?|huis(_?id)?|aansluiting(_?id)?|klant(nummer)?|id|lclid|user_?id|adres|address|woning(_?id)?|dwelling|locatie|location|huishouden)$`)
	powerNamed  = regexp.MustCompile(`stroom|strom|electri|elektr|elektra|electra|(^|[^a-z])power([^a-z]|$)`)
	digits      = regexp.MustCompile(`[0-9]+`)
	// unnamedColumn is as columns are called that have no name, see headed and FlattenJSON.
	unnamedColumn = regexp.MustCompile(`^(column|value) [0-9]+$`)
	// powerOnly are names of power; where they name use too, they may mean energy.
	powerOnly = regexp.MustCompile(`(^|[^a-z])(vermogen|power|leistung|wirkleistung|puissance|potencia|potenza|watts?)([^a-z]|$)|^p$`)
)

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
	lettered := letteredPhases(l.header)
	var taken, fed, produced []int
	var other, made []string
	for _, c := range l.numeric(s) {
		h := plainWords(l.header[c])
		if lettered[c] { // (A) is not of amperes
			h = phaseLetter.ReplaceAllString(h, "$1 $2")
		}
		switch {
		case c == m.id, kindNames.MatchString(h), registerNames.MatchString(h), meterNumbers.MatchString(h):
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
	if len(tariffs) == 0 {
		tariffs, rest = dayAndNight(l.header, from)
	}
	if totals, homes := split(l.header, from, allWords); len(totals) == 1 && len(homes) > 1 && len(tariffs) == 0 && sameBut(digits, l.header, homes) && !phaseWords.MatchString(plainWords(l.header[homes[0]])) {
		r.note("%q is left out: the columns of the homes are read", table.Redact(l.header[totals[0]]))
		from, rest = homes, homes
	}
	phases, whole := split(l.header, rest, phaseWords)
	if len(phases) == 0 {
		for _, c := range whole {
			if lettered[c] {
				phases = append(phases, c)
			}
		}
		whole = slices.DeleteFunc(whole, func(c int) bool { return lettered[c] })
	}
	samePhases := sameBut(phaseLetter, l.header, phases) || sameBut(digits, l.header, phases)
	switch {
	case len(tariffs) == 2:
		m.cols, m.sum, m.tariffs = tariffs, true, true
	case len(tariffs) > 2:
		return m, fmt.Errorf("%s has %d columns of tariffs among %s, two were expected: leave the others out, or say which column to read", s.Name, len(tariffs), table.List(l.header))
	case len(phases) == 3 && samePhases && !slices.ContainsFunc(whole, func(c int) bool { return meterWords.MatchString(plainWords(l.header[c])) }):
		m.cols, m.sum = phases, true
	case len(from) > 1 && m.id < 0 && sameBut(digits, l.header, from):
		if r.opt.Meters == Anyhow && unnamedColumn.MatchString(l.header[from[0]]) {
			return m, fmt.Errorf("%s has %d columns of numbers without names (%s): say which to read with --column; where all are homes, use getij import meters", s.Name, len(from), table.List(l.header))
		}
		m.cols = from
	default:
		if len(tariffs) == 1 && len(rest) > 0 {
			from = rest
		}
		if len(phases) == 3 && len(whole) > 0 {
			from = whole
		}
		c, err := r.oneColumn(s, l, from)
		if err != nil {
			return m, err
		}
		m.cols = []int{c}
	}
	if len(fed) > 0 && !r.opt.FeedIn {
		r.note("%s also holds what is fed in: it is left out, ask for feed-in to read it", s.Name)
	}
	return m, nil
}

// oneColumn is the column of some to read: one that names all consumption goes before one
// that names some, that before one that names energy, and that before one that does not.
// Where several come first, a person must say.
func (r *reading) oneColumn(s *table.File, l layout, from []int) (int, error) {
	if len(from) == 1 {
		return from[0], nil
	}
	best := from
	for _, is := range []func(string) bool{
		func(h string) bool { return consumedWords.MatchString(h) && allWords.MatchString(h) },
		consumedWords.MatchString,
		meterWords.MatchString,
	} {
		var some []int
		for _, c := range from {
			if is(plainWords(l.header[c])) {
				some = append(some, c)
			}
		}
		if len(some) > 0 {
			best = some
			break
		}
	}
	// Energy goes before power, and use before the readings that it is the difference of.
	for _, less := range []func(string) bool{
		func(h string) bool { return isPower(energyUnitIn(h)) },
		func(h string) bool { return registerWords.MatchString(plainWords(h)) },
	} {
		some := slices.DeleteFunc(slices.Clone(best), func(c int) bool { return less(l.header[c]) })
		if len(some) > 0 {
			best = some
		}
	}
	if len(best) > 1 {
		var names []string
		for _, c := range best {
			names = append(names, l.header[c])
		}
		return 0, fmt.Errorf("%s has several columns that may be what homes take (%s): say which with --column; where each is a home, number them (home 1, home 2)", s.Name, table.List(names))
	}
	r.note("%s has several columns of numbers: %q is read", s.Name, table.Redact(l.header[best[0]]))
	return best[0], nil
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

var (
	dayWord   = regexp.MustCompile(`(^|[^a-z])(dag|day|jour|tag)([^a-z]|$)`)
	nightWord = regexp.MustCompile(`(^|[^a-z])(nacht|night|nuit)([^a-z]|$)`)
)

// dayAndNight finds two columns whose names differ in day and night only, which are
// tariffs; others are the rest.
func dayAndNight(header []string, cols []int) (pair, rest []int) {
	for _, day := range cols {
		name := plainWords(header[day])
		if !dayWord.MatchString(name) {
			continue
		}
		for _, night := range cols {
			if other := plainWords(header[night]); nightWord.MatchString(other) && dayWord.ReplaceAllString(name, "$1#$3") == nightWord.ReplaceAllString(other, "$1#$3") {
				rest = slices.DeleteFunc(slices.Clone(cols), func(c int) bool { return c == day || c == night })
				return []int{day, night}, rest
			}
		}
	}
	return nil, cols
}

// sameBut tells whether names differ in a part only, such as the number of homes.
func sameBut(part *regexp.Regexp, header []string, cols []int) bool {
	name := func(c int) string { return part.ReplaceAllString(plainWords(header[c]), "#") }
	for _, c := range cols {
		if name(c) != name(cols[0]) || !part.MatchString(plainWords(header[c])) {
			return false
		}
	}
	return true
}

// letteredPhases are the columns of phases A, B and C, where all three stand beside each
// other under the same name.
func letteredPhases(header []string) map[int]bool {
	of := map[string][]int{}
	for c := range header {
		if name := plainWords(header[c]); phaseLetter.MatchString(name) {
			stem := phaseLetter.ReplaceAllString(name, "#")
			of[stem] = append(of[stem], c)
		}
	}
	lettered := map[int]bool{}
	for _, cols := range of {
		for _, c := range cols {
			lettered[c] = len(cols) == 3
		}
	}
	return lettered
}
