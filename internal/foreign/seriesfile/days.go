package seriesfile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
)

const (
	// mostDaysFilled is the longest run of days without a value that is filled.
	mostDaysFilled = 7
	// leastMonth is the shortest step of values that are not of days.
	leastMonth = 20 * 24 * 3600
)

// stepOfRows is the smallest step between rows, in seconds; 0 for fewer than two.
func (p *rows) stepOfRows() int64 {
	at := p.at
	if !slices.IsSorted(at) {
		at = slices.Sorted(slices.Values(at))
	}
	fine := int64(0)
	for i := 1; i < len(at); i++ {
		if d := at[i] - at[i-1]; d > 0 && (fine == 0 || d < fine) {
			fine = d
		}
	}
	return fine
}

// ofDays tells that all homes have a value per day, or per longer period.
func ofDays(parts []*rows) bool {
	for _, p := range parts {
		if p.stepOfRows() < dayLong {
			return false
		}
	}
	return true
}

// spreadDays makes quarter-hours of days where a person asks for it, and otherwise says
// what can be done with days and what cannot.
func (r *reading) spreadDays(parts []*rows, registers bool, name string) error {
	days := make([]*days, 0, len(parts))
	for _, p := range parts {
		if p.stepOfRows() >= leastMonth {
			return fmt.Errorf("%s has a value per month or longer (from row %d on): when in a day a home takes it is what V2G depends on. Take the year from it (home.load_kwh_per_year), and ask the supplier for hours or quarter-hours", p.file, p.lineOf(0))
		}
		d, err := r.daysOf(p, registers)
		if err != nil {
			return err
		}
		days = append(days, d)
	}
	switch unit := cmp.Or(r.opt.Unit, energyUnitIn(name)); {
	case unit == "kw" || unit == "w" || unit == "mw":
		return fmt.Errorf("%s has a mean power per day (%q): energy per day was expected (--unit kwh)", parts[0].file, table.Redact(name))
	case !r.opt.SpreadDays:
		return r.onlyDays(parts, days)
	case r.opt.FeedIn:
		return fmt.Errorf("%s has feed-in per day: it follows the sun, and cannot be spread over a profile of households", parts[0].file)
	}
	for i, p := range parts {
		if err := p.fromDays(r, days[i]); err != nil {
			return err
		}
	}
	r.spread = true
	r.note("%s has a value per day, spread over the standard profile E1A (EDSN, built in) as asked: how much a day takes is the homes' own, when in the day is the profile's", parts[0].file)
	return nil
}

// onlyDays is the error about a file of days.
func (r *reading) onlyDays(parts []*rows, all []*days) error {
	n, total := 0, 0.0
	for _, d := range all {
		n = max(n, len(d.value))
		for _, v := range d.value {
			for _, x := range v {
				if !math.IsNaN(x) {
					total += x
				}
			}
		}
	}
	year := total / float64(max(len(all), 1)) / float64(max(n, 1)) * 365
	return fmt.Errorf("%s has a value per day (%d days, about %.4g a year in its unit): when in a day a home takes it is what V2G depends on, and days do not tell. Ask the supplier for hours or quarter-hours; or take the year from it (home.load_kwh_per_year) and keep the built-in profile; or have each day spread over the standard profile E1A with --spread-days", parts[0].file, n, year)
}

// days are the values of local days that follow each other.
type days struct {
	first time.Time // local midnight
	value [][]float64
	line  []int32
}

// daysOf are the days of rows: a reading is that of the midnight where its day begins,
// or where it ends when it is of noon or later.
func (r *reading) daysOf(p *rows, registers bool) (*days, error) {
	p.dropEmpty()
	type row struct {
		day int64
		i   int
	}
	var order []row
	loc := series.Amsterdam()
	for i, at := range p.at {
		t := time.Unix(at, 0).In(loc)
		if registers && t.Hour() >= 12 {
			t = t.AddDate(0, 0, 1)
		}
		order = append(order, row{time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400, i})
	}
	slices.SortStableFunc(order, func(a, b row) int { return cmp.Compare(a.day, b.day) })
	if len(order) < 2 {
		return nil, fmt.Errorf("%s has %d days: a year of days was expected", p.file, len(order))
	}
	day := func(n int64) time.Time {
		u := time.Unix(n*86400, 0).UTC()
		return time.Date(u.Year(), u.Month(), u.Day(), 0, 0, 0, 0, loc)
	}
	d := &days{first: day(order[0].day)}
	var gaps []string
	at := func(c, k int) float64 { return p.values[c][order[k].i] }
	for k := range order {
		n, line := int64(1), p.lineOf(order[k].i)
		if k+1 < len(order) {
			n = order[k+1].day - order[k].day
		} else if registers {
			break // nothing follows the last reading
		}
		if n == 0 {
			for c := range p.values {
				if a, b := at(c, k), at(c, k+1); a != b && !math.IsNaN(a) {
					return nil, fmt.Errorf("%s, rows %d and %d are of the same day with other values (%g and %g): keep one of the two", p.file, line, p.lineOf(order[k+1].i), a, b)
				}
			}
			r.rep.Mend("repeated row dropped", r.where(p, order[k].i, day(order[k].day).Format(time.DateOnly)))
			continue
		}
		if n > mostDaysFilled+1 {
			gaps = append(gaps, fmt.Sprintf("from %s to %s (between rows %d and %d)", day(order[k].day+1).Format(time.DateOnly), day(order[k+1].day).Format(time.DateOnly), line, p.lineOf(order[k+1].i)))
			continue
		}
		values := make([]float64, len(p.values))
		for c := range p.values {
			if values[c] = at(c, k); registers {
				values[c] = (at(c, k+1) - at(c, k)) / float64(n)
			}
			if registers && values[c] < 0 {
				values[c] = math.NaN()
				r.rep.Mend("register goes back (a reset or another meter), its day left empty", r.where(p, order[k+1].i, day(order[k+1].day).Format(time.DateOnly)))
			}
		}
		for m := range n {
			v := slices.Clone(values)
			if m > 0 && !registers {
				for c := range v {
					v[c] = math.NaN()
				}
			}
			d.value = append(d.value, v)
			d.line = append(d.line, int32(line))
		}
		if n > 1 && registers {
			r.rep.Mend("missing days between readings, what was used spread evenly", fmt.Sprintf("%s to %s", day(order[k].day).Format(time.DateOnly), day(order[k+1].day).Format(time.DateOnly)))
		}
	}
	if len(gaps) > 0 {
		return nil, gapsError(p.file, "days", gaps, fmt.Sprintf("gaps of up to %d days are filled, fill longer ones", mostDaysFilled))
	}
	return d, d.fill(r, p.file)
}

// fill gives days without a value the mean of the days beside them.
func (d *days) fill(r *reading, file string) error {
	for c := range d.value[0] {
		for i := 0; i < len(d.value); i++ {
			if !math.IsNaN(d.value[i][c]) {
				continue
			}
			j := i
			for j < len(d.value) && math.IsNaN(d.value[j][c]) {
				j++
			}
			if j-i > mostDaysFilled || i == 0 && j == len(d.value) {
				return fmt.Errorf("%s has no values on %d days from %s on: gaps of up to %d days are filled, fill longer ones", file, j-i, d.first.AddDate(0, 0, i).Format(time.DateOnly), mostDaysFilled)
			}
			sum, n := 0.0, 0.0
			if i > 0 {
				sum, n = sum+d.value[i-1][c], n+1
			}
			if j < len(d.value) {
				sum, n = sum+d.value[j][c], n+1
			}
			for k := i; k < j; k++ {
				d.value[k][c] = sum / n
			}
			r.rep.Mend("days without a value, given the mean of the days beside them", fmt.Sprintf("%d from %s on", j-i, d.first.AddDate(0, 0, i).Format(time.DateOnly)))
			i = j
		}
	}
	return nil
}

// fromDays puts quarter-hours in the place of rows of days: each day as the standard
// profile of its date goes.
func (p *rows) fromDays(r *reading, d *days) error {
	out := newRows(p.file, len(p.values))
	out.ids, out.sub, out.home = p.ids, p.sub, p.home
	var axis *series.Axis
	var profile []float64
	values := make([]float64, len(p.values))
	for i, v := range d.value {
		from, to := d.first.AddDate(0, 0, i), d.first.AddDate(0, 0, i+1)
		if err := clock.Known(from.Unix()); err != nil {
			return fmt.Errorf("%s, row %d: %w", p.file, d.line[i], err)
		}
		if axis == nil || axis.Index(from) < 0 || axis.Index(from) >= axis.Len() {
			axis = series.NewYear(from.Year())
			profile = reference.Load(axis)
		}
		first := axis.Index(from)
		n := int(to.Sub(from) / series.Step)
		sum := 0.0
		for _, kw := range profile[first : first+n] {
			sum += kw
		}
		for q, kw := range profile[first : first+n] {
			for c := range values {
				values[c] = v[c] * kw / sum
			}
			if err := out.add(from.Add(time.Duration(q)*series.Step).Unix(), int(d.line[i]), values...); err != nil {
				return err
			}
			out.step = append(out.step, int32(series.Step/time.Second))
		}
	}
	*p = *out
	return nil
}

// spreadName is the name of a column whose days were spread.
func (r *reading) spreadName(name string) string {
	if r.spread {
		return name + dataset.SpreadColumn
	}
	return name
}
