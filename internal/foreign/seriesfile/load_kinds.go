package seriesfile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
)

var (
	kindNames = regexp.MustCompile(`^(type|soort|product|medium|commodity|energie|energie ?(type|soort)|energy ?type)$`)
	unitNamed = regexp.MustCompile(`^(units?|eenheid|uom)$`)
	// notPower are other things that a supplier measures, and their units.
	notPower = regexp.MustCompile(`(^|[^a-z])(aardgas|gas|water|warmte|stadswarmte|heat|koude|m3|m\^3|gj|mj|liter|l)([^a-z0-9]|$)|m³`)
)

// rowKinds are columns that say what each row is of.
type rowKinds struct {
	keep func(*table.Table, []string) (bool, error) // nil when there are none
	unit string                                     // of the rows that are read, when a column says it
	left map[string]int                             // rows left out, by what they are of
}

// rowKinds finds the columns that say what a row is of, or in what unit: rows of gas,
// water or heat, and of what homes feed in, are left out.
func (r *reading) rowKinds(s *table.File, l layout) (*rowKinds, error) {
	k := &rowKinds{left: map[string]int{}}
	kind := slices.IndexFunc(l.header, func(h string) bool { return kindNames.MatchString(strings.ToLower(h)) })
	unit := slices.IndexFunc(l.header, func(h string) bool { return unitNamed.MatchString(strings.ToLower(h)) })
	if kind < 0 && unit < 0 {
		return k, nil
	}
	const mostKinds = 20
	k.keep = func(t *table.Table, rec []string) (bool, error) {
		for _, c := range []int{kind, unit} {
			if c < 0 {
				continue
			}
			word := strings.ToLower(rec[c])
			if notPower.MatchString(word) || c == kind && feedInWords.MatchString(word) != r.opt.FeedIn && feedInWords.MatchString(word) {
				if len(k.left) < mostKinds || k.left[word] > 0 {
					k.left[strings.Clone(word)]++
				}
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
	return k, nil
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
