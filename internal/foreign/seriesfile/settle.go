package seriesfile

import (
	"math"
	"slices"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
)

// settle turns the times of rows into instants: those that naive marks are wall
// clock. Rows that run backwards are turned round first; rows in the hour that
// the clock skips in spring are dropped and counted.
func (p *rows) settle(r *reading, z clock.Zone) {
	p.own()
	naive := p.naive
	if p.backwards() {
		p.moved = true
		slices.Reverse(p.at)
		slices.Reverse(p.line)
		slices.Reverse(p.step)
		slices.Reverse(naive)
		for _, c := range p.values {
			slices.Reverse(c)
		}
		r.note("the rows of %s run backwards in time: read from the end", p.file)
	}
	z = z.Settled(p.at)
	c, n, said, inSkipped := clock.New(z), 0, false, false
	for i, at := range p.at {
		if naive[i] {
			said = true
			wall := at
			var ok bool
			if at, ok = c.Instant(wall); !ok {
				p.skipped = append(p.skipped, wall)
				if p.has(i) {
					inSkipped = true
					r.rep.Mend("row dropped in the hour that the clock skips", r.where(p, i, time.Unix(wall, 0).UTC().Format("2006-01-02 15:04")))
				}
				continue
			}
		} else {
			c.Saw(at)
		}
		p.at[n], p.line[n] = at, p.line[i]
		if p.step != nil {
			p.step[n] = p.step[i]
		}
		for _, v := range p.values {
			v[n] = v[i]
		}
		n++
	}
	p.cut(n)
	p.naive = nil
	if said {
		r.note("times of %s without an offset are read as %s", p.file, z)
	}
	if inSkipped && len(c.Once()) > 0 && z == clock.Local && r.zone == clock.Unsaid {
		r.note("%s has values in the hour that the Dutch clock skips in spring, and holds the doubled hour of autumn once: are its times those of winter all year (--zone utc+1), or UTC (--zone utc)? Read as wall clock, its summer may be an hour off", p.file)
	}
	for _, day := range c.Once() {
		r.note("the clock goes back on %s, but %s holds the doubled hour once: it is taken as the first of the two", day, p.file)
	}
}

func (p *rows) has(i int) bool {
	return slices.ContainsFunc(p.values, func(c []float64) bool { return !math.IsNaN(c[i]) })
}

// backwards tells that all rows go back in time, but for those of the hour that a clock
// shows twice in autumn.
func (p *rows) backwards() bool {
	for i := 1; i < len(p.at); i++ {
		if d := p.at[i] - p.at[i-1]; d > 0 && !(d < 3600 && p.naive != nil && p.naive[i] && isDoubled(p.at[i])) {
			return false
		}
	}
	return len(p.at) > 1 && p.at[0] > p.at[len(p.at)-1]
}

func isDoubled(wall int64) bool {
	first, second, _ := clock.Local.Instants(wall)
	return first != second
}
