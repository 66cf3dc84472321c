package seriesfile

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/internal/foreign/clock"
)

const quarterSeconds = 900

func isPower(unit string) bool { return unit == "kw" || unit == "w" || unit == "mw" }

// quarters makes quarter-hours of values that are closer together, such as every 5
// minutes: of readings those on the quarters are kept, energies are added up, powers
// averaged. A quarter of which a part is missing is left empty.
func (p *rows) quarters(r *reading, l layout, registers, power bool) error {
	fine := p.stepOfRows()
	if fine == 0 || fine >= quarterSeconds || quarterSeconds%fine != 0 {
		return nil
	}
	if err := p.inOrder(r); err != nil {
		return err
	}
	if begin := clock.TimeOfDay(p.firstText); !registers && !l.end && !l.ranges && begin == fine && clock.TimeOfDay(p.lastText) == 0 {
		p.own()
		for i := range p.at {
			p.at[i] -= fine
		}
		r.note("the times of %s are the ends of their intervals", p.file)
	}
	out := newRows(p.file, len(p.values))
	out.ids, out.sub, out.home, out.skipped = p.ids, p.sub, p.home, p.skipped
	values := make([]float64, len(p.values))
	for i := 0; i < len(p.at); {
		begin := p.at[i] - p.at[i]%quarterSeconds
		if registers {
			if p.at[i] == begin {
				for c, v := range p.values {
					values[c] = v[i]
				}
				if err := out.add(begin, p.lineOf(i), values...); err != nil {
					return err
				}
			}
			i++
			continue
		}
		j, n := i, 0
		clear(values)
		for ; j < len(p.at) && p.at[j] < begin+quarterSeconds; j++ {
			repeat := j > i && p.at[j] == p.at[j-1]
			for c, v := range p.values {
				if repeat && v[j] != v[j-1] && !(math.IsNaN(v[j]) && math.IsNaN(v[j-1])) {
					return fmt.Errorf("%s, row %d repeats the time %s of row %d with another value (%g, not %g): keep one of the two", p.file, p.lineOf(j), clock.Stamp(p.at[j]), p.lineOf(j-1), v[j], v[j-1])
				}
				if !repeat {
					values[c] += v[j]
				}
			}
			if repeat {
				r.rep.Mend("repeated row dropped", r.where(p, j, clock.Stamp(p.at[j])))
				continue
			}
			n++
		}
		for c := range values {
			if int64(n) < quarterSeconds/fine {
				values[c] = math.NaN()
			} else if power {
				values[c] /= float64(n)
			}
		}
		if err := out.add(begin, p.lineOf(i), values...); err != nil {
			return err
		}
		i = j
	}
	// A quarter of which the file has a part, at its begin or end, is none.
	empty := func(i int) bool {
		return !slices.ContainsFunc(out.values, func(v []float64) bool { return !math.IsNaN(v[i]) })
	}
	n := len(out.at)
	for n > 0 && empty(n-1) {
		n--
	}
	out.cut(n)
	what := map[bool]string{false: "added up to", true: "averaged over"}[power]
	if registers {
		what = "read at the"
	}
	r.note("the values of %s are %g min apart: %s quarter-hours", p.file, float64(fine)/60, what)
	*p = *out
	return nil
}
