package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// wholeRegister is a register with all that a home takes, beside those of tariffs.
var (
	wholeRegister = regexp.MustCompile(`[12]\.8\.0|totaal|total|enkel|single`)
	tariffCode    = regexp.MustCompile(`^(t?[12]|18[12]|[hld]|ht|lt|nt|dt|tr[12]|dag|nacht|day|night|afname (dag|nacht))$`)
)

// oneHome joins the parts of a tall table that are of one home: rows of consumption go
// before those of what is bought, and registers of tariffs are added up. totals are the
// energies of what was joined, in the order of the file, empty when nothing was.
func (r *reading) oneHome(parts []*rows, registers bool) (homes []*rows, told string, err error) {
	byHome := map[string][]*rows{}
	var order []string
	for _, p := range parts {
		key := strings.Join(p.ids, "")
		if byHome[key] == nil {
			order = append(order, key)
		}
		byHome[key] = append(byHome[key], p)
	}
	for _, key := range order {
		take, err := chosen(byHome[key])
		if err != nil {
			return nil, "", err
		}
		home := take[0]
		if len(take) > 1 {
			if home, err = r.sumOf(take, registers); err != nil {
				return nil, "", err
			}
			if len(order) == 1 {
				told = totalsOf(take)
			}
		}
		homes = append(homes, home)
	}
	return homes, told, nil
}

func totalsOf(parts []*rows) string {
	var said []string
	for _, p := range parts {
		total := 0.0
		for _, v := range p.values[0] {
			if !math.IsNaN(v) {
				total += v
			}
		}
		said = append(said, fmt.Sprintf("%s (total %.6g)", table.Redact(p.subName()), total))
	}
	return strings.Join(said, " + ")
}

// subName is what tells a part of a home from the others.
func (p *rows) subName() string { return strings.TrimSpace(strings.Join(p.sub, " ")) }

// chosen are the parts of one home that make up what it takes.
func chosen(parts []*rows) ([]*rows, error) {
	if len(parts) == 1 {
		return parts, nil
	}
	is := func(re *regexp.Regexp) func(*rows) bool {
		return func(p *rows) bool { return re.MatchString(plainWords(p.subName())) }
	}
	for _, first := range []*regexp.Regexp{consumedWords, wholeRegister} {
		if some := filter(parts, is(first)); len(some) > 0 && len(some) < len(parts) {
			parts = some
		}
	}
	if len(parts) == 1 {
		return parts, nil
	}
	tariff := func(p *rows) bool {
		return is(tariffWords)(p) || slices.ContainsFunc(p.sub, func(s string) bool { return tariffCode.MatchString(strings.ToLower(strings.TrimSpace(s))) })
	}
	if len(filter(parts, tariff)) < len(parts) || len(parts) > 4 {
		var names []string
		for _, p := range parts {
			names = append(names, p.subName())
		}
		return nil, fmt.Errorf("%s has rows of %s for the same home: rows of one kind, or of tariffs that add up, were expected: leave the others out, or, where each is a home, name their column (--map home=...)", parts[0].file, table.List(names))
	}
	return parts, nil
}

func filter(parts []*rows, is func(*rows) bool) (some []*rows) {
	for _, p := range parts {
		if is(p) {
			some = append(some, p)
		}
	}
	return some
}

// sumOf adds up the tariffs of a home by time. Energy of a tariff without a row is
// none; of readings it is not known.
func (r *reading) sumOf(parts []*rows, registers bool) (*rows, error) {
	var order []ref
	for i, p := range parts {
		if err := p.inOrder(r); err != nil {
			return nil, err
		}
		for k := range p.at {
			order = append(order, ref{int32(i), int32(k)})
		}
	}
	at := func(x ref) int64 { return parts[x.part].at[x.row] }
	slices.SortStableFunc(order, func(a, b ref) int { return cmp.Compare(at(a), at(b)) })
	first := parts[0]
	out := newRows(first.file, 1)
	out.ids, out.home, out.firstText, out.lastText, out.dayEnds = first.ids, first.home, first.firstText, first.lastText, first.dayEnds
	for i := 0; i < len(order); {
		j, sum, n := i, 0.0, 0
		last := ref{-1, -1}
		for ; j < len(order) && at(order[j]) == at(order[i]); j++ {
			x := order[j]
			v := parts[x.part].values[0][x.row]
			if x.part == last.part {
				was := parts[last.part].values[0][last.row]
				if v != was && !math.IsNaN(v) {
					p := parts[x.part]
					return nil, fmt.Errorf("%s, row %d repeats the time %s of row %d with another value (%g, not %g): keep one of the two", p.file, p.lineOf(int(x.row)), clock.Stamp(at(x)), p.lineOf(int(last.row)), v, was)
				}
				r.rep.Mend("repeated row dropped", r.where(parts[x.part], int(x.row), clock.Stamp(at(x))))
				continue
			}
			last = x
			if !math.IsNaN(v) {
				sum += v
				n++
			}
		}
		if n == 0 || registers && n < len(parts) {
			sum = math.NaN()
		}
		if err := out.add(at(order[i]), parts[order[i].part].lineOf(int(order[i].row)), math.Round(sum*1e6)/1e6); err != nil {
			return nil, err
		}
		if first.step != nil {
			out.step = append(out.step, first.step[0])
		}
		i = j
	}
	return out, nil
}
