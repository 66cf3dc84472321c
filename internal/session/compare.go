package session

import (
	"math"
	"slices"
	"sort"

	"github.com/getij/getij/internal/series"
)

// Comparison shows a fitted sampler against the users it was fitted to.
type Comparison struct {
	Users, Left int // users that homes take after; users of whom too little is known
	Sessions    int // of those users
	Homes       int // drawn
	Measures    []Measure
	// Rank correlation (Spearman) of energy and connection time, over sessions.
	DataCorrelation, DrawnCorrelation float64
}

// Measure is one property of sessions or users, in the data and as drawn.
type Measure struct {
	Name, Unit string
	PerUser    bool // a value per user and home, else per session
	Clock      bool // of the day, 0 to 24 h
	DataMean   float64
	DrawnMean  float64
	// Distance is the two-sample Kolmogorov-Smirnov distance, the largest gap
	// between the two cumulative shares: 0 for the same distribution, 1 at most.
	Distance float64
	// HeldOut is the distance of a sampler fitted to every other user from the
	// users it has not seen, Halves that between the two halves of the users
	// themselves: what chance alone does. NaN with fewer than 10 users.
	HeldOut, Halves float64
	// The cumulative shares at values of X, for drawing.
	X, Data, Drawn []float64
}

// Measures are the measures of every comparison, without their values.
func Measures() []Measure { return slices.Clone(measures) }

// sample is a set of weighted values.
type sample struct{ value, weight []float64 }

func (s *sample) add(value, weight float64) {
	s.value, s.weight = append(s.value, value), append(s.weight, weight)
}

func (s *sample) Len() int           { return len(s.value) }
func (s *sample) Less(i, j int) bool { return s.value[i] < s.value[j] }
func (s *sample) Swap(i, j int) {
	s.value[i], s.value[j] = s.value[j], s.value[i]
	s.weight[i], s.weight[j] = s.weight[j], s.weight[i]
}

func (s *sample) mean() float64 {
	sum, weights := 0.0, 0.0
	for i, v := range s.value {
		sum += v * s.weight[i]
		weights += s.weight[i]
	}
	return sum / weights
}

// share is the part of the weight at or below each of some rising values. The
// sample must be sorted.
func (s *sample) share(at []float64) []float64 {
	total := 0.0
	for _, w := range s.weight {
		total += w
	}
	out := make([]float64, len(at))
	sum, i := 0.0, 0
	for k, x := range at {
		for i < len(s.value) && s.value[i] <= x {
			sum += s.weight[i]
			i++
		}
		out[k] = sum / total
	}
	return out
}

// distance is the largest gap between two samples' cumulative shares. Both must be
// sorted.
func distance(a, b *sample) float64 {
	at := append(append([]float64(nil), a.value...), b.value...)
	sort.Float64s(at)
	x, y := a.share(at), b.share(at)
	worst := 0.0
	for i := range x {
		worst = max(worst, math.Abs(x[i]-y[i]))
	}
	return worst
}

// The measures, in the order of their samples.
var measures = []Measure{
	{Name: "Time of arrival", Unit: "local time (h)", Clock: true},
	{Name: "Connection time", Unit: "h"},
	{Name: "Energy of a session", Unit: "kWh"},
	{Name: "Sessions a week of a user", Unit: "a week", PerUser: true},
	{Name: "Energy a week of a user", Unit: "kWh a week", PerUser: true},
	{Name: "Mean connection time of a user", Unit: "h", PerUser: true},
}

// properties are the samples of the measures. Every user counts for the sessions
// of a week, however long he was observed.
type properties struct {
	of            [6]sample
	hours, energy []float64
	weight        []float64
}

// visit is a session of a user: clock quarter of arrival, hours and kWh.
type visit struct{ clock, hours, kWh float64 }

func (p *properties) addUser(visits []visit, perWeek float64) {
	if len(visits) == 0 {
		return
	}
	each := perWeek / float64(len(visits))
	kWh, hours := 0.0, 0.0
	for _, v := range visits {
		p.of[0].add(v.clock, each)
		p.of[1].add(v.hours, each)
		p.of[2].add(v.kWh, each)
		p.hours, p.energy, p.weight = append(p.hours, v.hours), append(p.energy, v.kWh), append(p.weight, each)
		kWh += v.kWh
		hours += v.hours
	}
	p.of[3].add(perWeek, 1)
	p.of[4].add(kWh*each, 1)
	p.of[5].add(hours/float64(len(visits)), 1)
}

func (p *properties) sort() {
	for i := range p.of {
		sort.Sort(&p.of[i])
	}
}

// observedProperties are those of users of whom enough is known.
func observedProperties(lists [][]Record) *properties {
	p := &properties{}
	for _, list := range lists {
		perWeek, ok := PerWeek(len(list), list[0].Arrive, list[len(list)-1].Arrive)
		if !ok {
			continue
		}
		var visits []visit
		for _, o := range observe(list) {
			visits = append(visits, visit{float64(o.quarter%series.QuartersPerDay) / 4, float64(o.steps) / 4, o.kWh})
		}
		p.addUser(visits, perWeek)
	}
	p.sort()
	return p
}

// drawnProperties are those of homes of a sampler.
func (f *Fitted) drawnProperties(axis *series.Axis, homes int) *properties {
	p := &properties{}
	weeks := float64(axis.Len()) / series.QuartersPerWeek
	for i := range homes {
		sessions := f.Home(axis, 1, i)
		var visits []visit
		for _, s := range sessions {
			if s.Depart < axis.Len() { // else cut off by the year's end
				visits = append(visits, visit{float64(axis.Clock[s.Arrive].QuarterOfDay) / 4, float64(s.Steps()) / 4, s.EnergyKWh})
			}
		}
		p.addUser(visits, float64(len(sessions))/weeks)
	}
	p.sort()
	return p
}

// enoughHomes make chance small beside that of the data, in bearable time; each
// user leads as many as another where there are fewer users than homes.
func (f *Fitted) enoughHomes() int {
	const fewest, most = 500, 2000
	n := len(f.users)
	homes := min(max(fewest, 5*n), most)
	if n < homes {
		homes -= homes % n
	}
	return homes
}

// fewestHeldOut is the number of users from which halves are compared.
const fewestHeldOut = 10

// Compare shows what a sampler draws against the records that it was fitted to.
func (f *Fitted) Compare(records []Record, axis *series.Axis) (*Comparison, error) {
	lists := byUser(records)
	var halves [2][][]Record
	n := 0
	for _, list := range lists {
		if _, ok := PerWeek(len(list), list[0].Arrive, list[len(list)-1].Arrive); ok {
			halves[n%2] = append(halves[n%2], list)
			n++
		}
	}
	homes := f.enoughHomes()
	data, drawn := observedProperties(lists), f.drawnProperties(axis, homes)
	c := &Comparison{
		Users: len(f.users), Left: f.left, Sessions: f.kept, Homes: homes,
		DataCorrelation:  spearman(data.hours, data.energy, data.weight),
		DrawnCorrelation: spearman(drawn.hours, drawn.energy, drawn.weight),
	}
	var seen, unseen, other *properties
	if n >= fewestHeldOut {
		half, err := Fit(flat(halves[0]))
		if err != nil {
			return nil, err
		}
		other = observedProperties(halves[0])
		unseen = observedProperties(halves[1])
		seen = half.drawnProperties(axis, half.enoughHomes())
	}
	for i, m := range measures {
		a, b := &data.of[i], &drawn.of[i]
		m.DataMean, m.DrawnMean, m.Distance = a.mean(), b.mean(), distance(a, b)
		m.HeldOut, m.Halves = math.NaN(), math.NaN()
		if seen != nil {
			m.HeldOut, m.Halves = distance(&seen.of[i], &unseen.of[i]), distance(&other.of[i], &unseen.of[i])
		}
		m.X = curveAt(a, b, m.Clock)
		m.Data, m.Drawn = a.share(m.X), b.share(m.X)
		c.Measures = append(c.Measures, m)
	}
	return c, nil
}

func flat(lists [][]Record) (out []Record) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// curvePoints is how finely cumulative shares are drawn.
const curvePoints = 192

// curveAt are even values from 0 to where hardly anything lies above.
func curveAt(a, b *sample, clock bool) []float64 {
	top := 0.0
	if clock {
		top = 24
	}
	for _, s := range []*sample{a, b} {
		top = max(top, s.value[(len(s.value)-1)*99/100])
	}
	if top == 0 {
		top = 1
	}
	x := make([]float64, curvePoints+1)
	for i := range x {
		x[i] = top * float64(i) / curvePoints
	}
	return x
}

// spearman is the rank correlation of weighted pairs.
func spearman(a, b, weight []float64) float64 {
	x, y := ranks(a, weight), ranks(b, weight)
	var sw, sx, sy, sxx, syy, sxy float64
	for i, w := range weight {
		sw += w
		sx += w * x[i]
		sy += w * y[i]
	}
	for i, w := range weight {
		dx, dy := x[i]-sx/sw, y[i]-sy/sw
		sxx += w * dx * dx
		syy += w * dy * dy
		sxy += w * dx * dy
	}
	return sxy / math.Sqrt(sxx*syy)
}

// ranks are the middles of the weight below and at each value.
func ranks(v, weight []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool { return v[order[i]] < v[order[j]] })
	out := make([]float64, len(v))
	below := 0.0
	for i := 0; i < len(order); {
		j, w := i, 0.0
		for ; j < len(order) && v[order[j]] == v[order[i]]; j++ {
			w += weight[order[j]]
		}
		for ; i < j; i++ {
			out[order[i]] = below + w/2
		}
		below += w
	}
	return out
}
