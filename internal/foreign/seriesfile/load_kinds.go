package seriesfile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/table"
)

var (
	kindNames = regexp.MustCompile(`^((meter)?type|soort|product|medium|commodity|energie|energie ?(type|soort)|energy ?type|richting|direction)$`)
	unitNamed = regexp.MustCompile(`^((energy|consumption|verbruiks?)[_. ]?)?(units?|eenheid|uom)$`)
	// notPower are other things that a supplier measures, and their units.
	notPower = regexp.MustCompile(`(^|[^a-z])(aardgas|gas|water|warmte|stadswarmte|heat|koude|m3|m\^3|gj|mj|liter|l)([^a-z0-9]|$)|m³`)
	// registerNames are columns that say which register of a meter a row is of; an entity of
	// Home Assistant is one.
	registerNames = regexp.MustCompile(`^(register|telwerk|tarief|tariff|tarief ?(code|type|periode|zone)|rate|tou|obis( ?code)?|entity_id|statistic_id)$`)
	// meterNumbers are columns of the numbers of meters: Dutch gas meters begin with G,
	// then digits, those of electricity with E.
	meterNumbers = regexp.MustCompile(`^meter ?(nummer|nr|number|id)?$`)
	gasMeter     = regexp.MustCompile(`^G[0-9]{4,}`)
	// madeRows are rows of what panels make, or of which part of it is used at once.
	madeRows = regexp.MustCompile(`produc|opwek|opgewekt|generat|self.?consum|zelf.?verbruik|eigen.?verbruik|solar|zonne|(^|[^a-z])pv([^a-z]|$)`)
)

var (
	camel     = regexp.MustCompile(`([a-z]{2})([A-Z][a-z]{2}|[TL][123]\b)`)
	fileOfGas = regexp.MustCompile(`(^|[^a-z])(gas|water|warmte)([^a-z]|$)`)
)

// plainWords is a name in small letters, with a space within names such as GasUsage.
func plainWords(name string) string {
	for range 2 { // words may share letters
		name = camel.ReplaceAllString(name, "$1 $2")
	}
	return strings.ToLower(name)
}

// notPowerName is an error about load whose file or sheet is named for gas, water or
// heat.
func notPowerName(kind dataset.Kind, name string) error {
	if kind == dataset.Load && fileOfGas.MatchString(strings.ReplaceAll(strings.ToLower(name), "_", " ")) {
		return fmt.Errorf("%s is named for gas, water or heat, and no column says that it holds electricity: load is electricity; when it is, name the column with --column", table.Redact(name))
	}
	return nil
}

// rowKinds are columns that say what each row is of.
type rowKinds struct {
	keep func(*table.Table, []string) (bool, error) // nil when there are none
	unit string                                     // of the rows that are read, when a column says it
	left map[string]int                             // rows left out, by what they are of
	also []int                                      // the columns that say kind and register
}

// rowKinds finds the columns that say what a row is of, or in what unit: rows of gas,
// water or heat, and of what homes feed in, are left out.
func (r *reading) rowKinds(s *table.File, l layout) (*rowKinds, error) {
	k := &rowKinds{left: map[string]int{}}
	kind := slices.IndexFunc(l.header, func(h string) bool { return kindNames.MatchString(plainWords(h)) })
	unit := slices.IndexFunc(l.header, func(h string) bool { return unitNamed.MatchString(plainWords(h)) })
	register := slices.IndexFunc(l.header, func(h string) bool { return registerNames.MatchString(plainWords(h)) })
	meter := slices.IndexFunc(l.header, func(h string) bool { return meterNumbers.MatchString(plainWords(h)) })
	if kind < 0 && unit < 0 && register < 0 && meter < 0 {
		return k, nil
	}
	for _, c := range []int{kind, register} {
		if c >= 0 {
			k.also = append(k.also, c)
		}
	}
	fedRow := func(rec []string) bool {
		return slices.ContainsFunc(k.also, func(c int) bool { return c < len(rec) && feedInWords.MatchString(plainWords(rec[c])) })
	}
	fedOnly := r.opt.FeedIn && slices.ContainsFunc(s.Below(), fedRow)
	r.feedIn = r.feedIn || fedOnly
	last := "" // what the last row that was kept said of itself
	said := func(rec []string) string {
		text := ""
		for _, c := range []int{kind, register, meter, unit} {
			if c >= 0 {
				text += rec[c] + "\x00"
			}
		}
		return text
	}
	keep := func(t *table.Table, rec []string) (bool, error) {
		if fed := fedRow(rec); fed != r.opt.FeedIn && (fed || fedOnly) {
			k.leave(k.word(rec))
			return false, nil
		}
		if meter >= 0 && gasMeter.MatchString(rec[meter]) {
			k.leave("a gas meter (its number begins with G)")
			return false, nil
		}
		for _, c := range []int{kind, register, unit} {
			if c < 0 {
				continue
			}
			if word := plainWords(rec[c]); notPower.MatchString(word) || c != unit && madeRows.MatchString(word) {
				k.leave(word)
				return false, nil
			}
		}
		if unit < 0 || rec[unit] == "" {
			return true, nil
		}
		switch is := energyUnitIn(rec[unit]); {
		case is == "":
			return false, t.RowError(l.header[unit], rec[unit], "kWh, Wh, kW or W was expected")
		case k.unit != "" && energyUnitIn(k.unit) != is:
			return false, t.RowError(l.header[unit], rec[unit], fmt.Sprintf("the rows above are in %s: one unit was expected", k.unit))
		default:
			k.unit = strings.Clone(rec[unit])
		}
		return true, nil
	}
	k.keep = func(t *table.Table, rec []string) (bool, error) {
		now := said(rec)
		if now == last {
			return true, nil
		}
		ok, err := keep(t, rec)
		if ok {
			last = now
		}
		return ok, err
	}
	return k, nil
}

// word is what a row is of.
func (k *rowKinds) word(rec []string) string {
	var words []string
	for _, c := range k.also {
		words = append(words, plainWords(rec[c]))
	}
	return strings.Join(words, " ")
}

// leave counts a row that is left out.
func (k *rowKinds) leave(word string) {
	const mostKinds = 20
	if len(k.left) < mostKinds || k.left[word] > 0 {
		k.left[strings.Clone(word)]++
	}
}

func (k *rowKinds) said() string {
	var told []string
	for _, word := range slices.Sorted(maps.Keys(k.left)) {
		told = append(told, fmt.Sprintf("%d rows of %s", k.left[word], table.Redact(word)))
	}
	return strings.Join(told, ", ")
}

func (k *rowKinds) note(r *reading, s *table.File) {
	if len(k.left) > 0 {
		r.note("rows of %s that are not of electricity that homes take are left out: %s", s.Name, k.said())
	}
}

// explain says why a file has no rows, where that is so as all were left out.
func (k *rowKinds) explain(s *table.File, err error) error {
	if len(k.left) > 0 && strings.Contains(err.Error(), "no rows of values") {
		return fmt.Errorf("%s has only rows that are not of electricity that homes take: %s", s.Name, k.said())
	}
	return err
}
