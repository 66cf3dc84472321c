package seriesfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
)

var (
	madeWords = regexp.MustCompile(`produc|opwek|opgewekt|generat|yield|opbrengst|solar|zonne|(^|[^a-z])pv([^a-z]|$)`)
	ownUse    = regexp.MustCompile(`self|zelf|eigen|consum|export|import|feed|terug`)
	notMade   = regexp.MustCompile(`consum|verbruik|import|export|afname|levering|terug|feed|self|battery|accu|temp|wind|humid|instraling|irradi|radiation|straling|^[gd][hn]i([^a-z]|$)|w ?/ ?m(2|²|\^2)|^h_sun$`)
	// notActual is output that was expected, not seen.
	notActual = regexp.MustCompile(`verwacht|expect|forecast|prognose|predict|voorspel|theor`)
	wholeMade = regexp.MustCompile(`total|totaal|gesamt|(^|[^a-z])(som|sum)([^a-z]|$)`)
)

// madeOnly says which rows count where a column tells what each is of, and adds the
// unit of a column of units to the name of the values.
func (r *reading) madeOnly(s *table.File, name string, keep func(*table.Table, []string) (bool, error)) (string, func(*table.Table, []string) (bool, error)) {
	header := s.Header()
	find := func(re *regexp.Regexp) int {
		return slices.IndexFunc(header, func(h string) bool { return re.MatchString(plainWords(h)) })
	}
	if unit := find(unitNamed); unit >= 0 && energyUnitIn(name) == "" && energyUnitIn(s.First(unit)) != "" {
		name += " (" + s.First(unit) + ")"
	}
	kind := find(kindNames)
	is := func(cell string) bool {
		cell = plainWords(cell)
		return madeWords.MatchString(cell) && !ownUse.MatchString(cell)
	}
	if kind < 0 || keep != nil || !slices.ContainsFunc(s.Below(), func(rec []string) bool { return kind < len(rec) && is(rec[kind]) }) {
		return name, keep
	}
	left := map[string]bool{}
	return name, func(t *table.Table, rec []string) (bool, error) {
		if is(rec[kind]) {
			return true, nil
		}
		if what := table.Redact(rec[kind]); !left[what] && len(left) < 20 {
			left[what] = true
			r.note("rows of %s are left out of %s", what, t.Name)
		}
		return false, nil
	}
}

// partOf is what tells columns of parts apart: the inverters, strings or panels of a roof.
var partOf = regexp.MustCompile(`[0-9]+|(^|[^a-z])[a-d]([^a-z]|$)`)

// madeColumn is the column of solar output: a share of capacity where there is one, else
// one that is named for output, else the first that may be; -1 where none may. A whole
// goes before its parts, and parts without a whole are asked about.
func madeColumn(file string, header []string, numeric []int) (int, error) {
	for _, wanted := range []func(string) bool{
		func(h string) bool { return shareWords.MatchString(h) },
		func(h string) bool { return madeWords.MatchString(h) && !ownUse.MatchString(h) },
		func(h string) bool { return energyUnitIn(h) != "" && !notMade.MatchString(h) },
		func(h string) bool { return !notMade.MatchString(h) },
	} {
		var some []int
		for _, c := range numeric {
			if h := plainWords(header[c]); wanted(h) && !notActual.MatchString(h) {
				some = append(some, c)
			}
		}
		if len(some) == 0 {
			continue
		}
		bare := func(c int) string { return partOf.ReplaceAllString(plainWords(header[c]), "#") }
		var parts []string
		for _, c := range some {
			if bare(c) == bare(some[0]) && strings.Contains(bare(c), "#") {
				parts = append(parts, header[c])
			}
		}
		if len(parts) < 2 {
			return some[0], nil
		}
		if i := slices.IndexFunc(some, func(c int) bool { return wholeMade.MatchString(plainWords(header[c])) }); i >= 0 {
			return some[i], nil
		}
		return -1, fmt.Errorf("%s has output in several columns (%s), and none for their sum: add them up in a column of their own, or say which to read with --column", file, table.List(parts))
	}
	return -1, nil
}
