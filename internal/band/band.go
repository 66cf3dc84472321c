// Package band says how far a study's megawatts move over the plausible ranges of its
// assumptions, all drawn at once.
//
// What enters: a study, its forecast of charge points, and what its homes do under other
// assumptions ([Input]). What leaves: the 5th and 95th percentile of every figure, in GW
// or relative to it, and which assumptions matter most. The ranges and their sources are
// those of the table of assumptions.
package band

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// Input is what a band is computed from.
type Input struct {
	Study    *assume.Study
	Forecast *outlook.Forecast
	Outlook  *outlook.Assumptions
	// Run computes homes, always the same ones, with the car, charger and behaviour of
	// a study. nil where the study has no V2G.
	Run func(context.Context, *assume.Study) (Tables, error)
	// Base is what they do under the study's own, where that is known.
	Base     Tables
	Progress func(stage string, done, total int)
}

// Tables are V2G's mean power in kW by month and quarter-hour, by contract.
type Tables map[string]*series.MonthTable

// Uncertainty is how far a study's figures move.
//
// The home charge points follow from each draw by the outlook itself. The kW per point
// would take a run of the cohort per draw; instead some homes are computed at both ends
// of each assumption's range, and the kW of a draw are those of the study plus what
// each assumption adds, in a straight line to the ends.
type Uncertainty struct {
	Spread []float64 // of each region against the country

	Input
	factors  []potential.Factor
	channels []channel
	base     Tables                         // of the same homes under the study's own assumptions
	rows     map[string][][]float64         // draws of the factors, by scenario
	main     func(values []float64) float64 // the power that the regions' figures count with, relative to the study's
	kw       []float64                      // main, by draw
}

// channel is an assumption, or several that act as one, that moves the kW per point.
type channel struct {
	place func(values []float64) float64 // -1 at the low end, 0 at the study's own value, 1 at the high end
	ends  [2]Tables                      // low and high; nil where the study stands at that end
}

// scenarioAt is the place of a scenario between low and high.
var scenarioAt = map[string]float64{"low": -1, "mid": 0, "high": 1}

const (
	keyScenario = "outlook.scenario"
	keyPlugIn   = "behaviour.plug_in"
	keyKW       = "potential.kw_per_charge_point"
	keyHome     = "outlook.home_charging_share"
)

// driven are the assumptions of which only the product counts: the energy driven.
var driven = []string{"car.km_per_year", "car.kwh_per_km", keyHome}

// factorsOf are the study's assumptions that have a range and a meaning in it. A value
// of the study's own outside the range widens it.
func factorsOf(s *assume.Study) []potential.Factor {
	// Household use moves peaks, not the power that the band is of.
	not := []string{"home.use_detached", "home.use_semi_detached", "home.use_terraced", "home.use_apartment"}
	if s.Data.Sessions != assume.Reference {
		not = append(not, "car.km_per_year", "car.kwh_per_km", "behaviour.sessions_per_week", keyPlugIn)
	}
	if s.Behaviour.PlugIn == session.Always {
		not = append(not, "behaviour.sessions_per_week")
	}
	var out []potential.Factor
	for _, u := range s.Used() {
		kw := s.Potential.KWPerChargePoint
		if u.Low == "" || slices.Contains(not, u.Key) || u.Key == keyKW && kw.Rule != potential.Fixed && kw.Rule != potential.Report {
			continue
		}
		f := potential.Factor{Key: u.Key}
		switch u.Key {
		case keyScenario:
			f.Low, f.Value, f.High = -1, scenarioAt[u.Value], 1
		case keyPlugIn:
			f.High = 1
			if s.Behaviour.PlugIn == session.Always {
				f.Value = 1
			}
		default:
			v := potential.ReportKW
			if u.Key != keyKW || kw.Rule == potential.Fixed {
				v = number(u.Value)
			}
			f.Low, f.Value, f.High = min(v, number(u.Low)), v, max(v, number(u.High))
		}
		if u.Key == "car.min_soc" { // no higher than a car leaves with
			f.High = min(f.High, s.Car.DepartureSoC)
		}
		if s.Outlook.ChargePoints != assume.Model && (u.Key == keyScenario || outlookField(u.Key) != nil && u.Key != keyHome) {
			continue // the user's own charge points
		}
		out = append(out, f)
	}
	return out
}

func number(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err) // the table's, or checked
	}
	return v
}

// outlookField is where the outlook has an assumption.
func outlookField(key string) func(*outlook.Assumptions) *float64 {
	return map[string]func(*outlook.Assumptions) *float64{
		"outlook.driveway_share_detached":       func(a *outlook.Assumptions) *float64 { return &a.DrivewayDetached },
		"outlook.driveway_share_semi_detached":  func(a *outlook.Assumptions) *float64 { return &a.DrivewaySemiDetached },
		"outlook.driveway_share_terraced":       func(a *outlook.Assumptions) *float64 { return &a.DrivewayTerraced },
		"outlook.driveway_share_apartment":      func(a *outlook.Assumptions) *float64 { return &a.DrivewayApartment },
		"outlook.home_share_cars":               func(a *outlook.Assumptions) *float64 { return &a.HomeShareCars },
		"outlook.home_share_vans":               func(a *outlook.Assumptions) *float64 { return &a.HomeShareVans },
		keyHome:                                 func(a *outlook.Assumptions) *float64 { return &a.HomeChargingShare },
		"outlook.drivers_charging_at_home_2024": func(a *outlook.Assumptions) *float64 { return &a.DriversAtHome2024 },
		"outlook.hybrids_per_electric_car":      func(a *outlook.Assumptions) *float64 { return &a.HybridsPerElectricCar },
		"outlook.second_point_share":            func(a *outlook.Assumptions) *float64 { return &a.SecondPointShare },
	}[key]
}

// homeField is where a study has an assumption that moves what the homes do.
func homeField(s *assume.Study, key string) *float64 {
	return map[string]*float64{
		"car.battery_kwh": &s.Car.BatteryKWh, "car.min_soc": &s.Car.MinSoC,
		"car.km_per_year": &s.Car.KMPerYear, "car.kwh_per_km": &s.Car.KWhPerKM, keyHome: &s.Outlook.HomeChargingShare,
		"charger.charge_kw": &s.Charger.ChargeKW, "charger.discharge_kw": &s.Charger.DischargeKW,
		"charger.round_trip_efficiency": &s.Charger.RoundTripEfficiency, "behaviour.sessions_per_week": &s.Behaviour.SessionsPerWeek,
	}[key]
}

// New computes the homes at the ends of the ranges, and draws.
func New(ctx context.Context, in Input) (*Uncertainty, error) {
	u := &Uncertainty{Input: in, factors: factorsOf(in.Study)}
	var off [4]float64
	for k, key := range []string{"detached", "semi_detached", "terraced", "apartment"} {
		if i := u.index("outlook.driveway_share_" + key); i >= 0 && u.factors[i].Value > 0 {
			off[k] = potential.Z95 * u.factors[i].SD() / u.factors[i].Value
		}
	}
	u.Spread = u.Forecast.DrivewaySpread(off)
	u.draw()
	if u.Run != nil {
		if err := u.addChannels(ctx); err != nil {
			return nil, fmt.Errorf("band over assumptions: %w", err)
		}
	}
	return u, nil
}

func (u *Uncertainty) draw() {
	u.rows = map[string][][]float64{}
	for name, at := range scenarioAt {
		u.rows[name] = potential.Draws(u.inScenario(at))
	}
}

func (u *Uncertainty) index(key string) int {
	return slices.IndexFunc(u.factors, func(f potential.Factor) bool { return f.Key == key })
}

// inScenario are the factors around a scenario.
func (u *Uncertainty) inScenario(at float64) []potential.Factor {
	out := slices.Clone(u.factors)
	if i := u.index(keyScenario); i >= 0 {
		out[i].Value = at
	}
	return out
}

// addChannels computes the homes at the ends of what moves the kW per point.
func (u *Uncertainty) addChannels(ctx context.Context) error {
	var studies [][2]*assume.Study
	add := func(place func([]float64) float64, change func(s *assume.Study, end int) bool) {
		var ends [2]*assume.Study
		for end := range ends {
			if s := *u.Study; change(&s, end) {
				ends[end] = &s
			}
		}
		u.channels, studies = append(u.channels, channel{place: place}), append(studies, ends)
	}
	own := func(k int) func([]float64) float64 {
		f := u.factors[k]
		return func(values []float64) float64 { return between(f.Low, f.Value, f.High, values[k]) }
	}
	var energy [3]float64 // driven: low, the study's, high
	for k, f := range u.factors {
		ends := [2]float64{f.Low, f.High}
		switch {
		case f.Key == keyPlugIn:
			add(own(k), func(s *assume.Study, end int) bool {
				s.Behaviour.PlugIn = []session.PlugIn{session.WhenNeeded, session.Always}[end]
				return s.Behaviour.PlugIn != u.Study.Behaviour.PlugIn
			})
		case !slices.Contains(driven, f.Key) && homeField(u.Study, f.Key) != nil:
			add(own(k), func(s *assume.Study, end int) bool {
				*homeField(s, f.Key) = ends[end]
				return ends[end] != f.Value
			})
		}
	}
	if u.Study.Data.Sessions == assume.Reference {
		product := func(of func(f potential.Factor) float64) float64 {
			out := 1.0
			for _, key := range driven {
				out *= of(u.factors[u.index(key)])
			}
			return out
		}
		energy[0] = product(func(f potential.Factor) float64 { return f.Low })
		energy[1] = product(func(f potential.Factor) float64 { return f.Value })
		energy[2] = product(func(f potential.Factor) float64 { return f.High })
		km, perKM, share := u.index(driven[0]), u.index(driven[1]), u.index(driven[2])
		add(func(values []float64) float64 {
			return between(energy[0], energy[1], energy[2], values[km]*values[perKM]*values[share])
		}, func(s *assume.Study, end int) bool {
			for _, key := range driven {
				f := u.factors[u.index(key)]
				*homeField(s, key) = []float64{f.Low, f.High}[end]
			}
			return energy[2*end] != energy[1]
		})
	}
	type run struct {
		of *assume.Study
		to *Tables
	}
	var runs []run
	if u.base = u.Base; u.base == nil {
		runs = append(runs, run{u.Study, &u.base})
	}
	for c, ends := range studies {
		for end, s := range ends {
			if s != nil {
				runs = append(runs, run{s, &u.channels[c].ends[end]})
			}
		}
	}
	for i, r := range runs {
		u.Progress("varying assumptions", i, len(runs))
		var err error
		if *r.to, err = u.Run(ctx, r.of); err != nil {
			return err
		}
	}
	return nil
}

// between is the place of v: -1 at low, 0 at value, 1 at high.
func between(low, value, high, v float64) float64 {
	switch {
	case v < value:
		return (v - value) / (value - low)
	case v > value:
		return (v - value) / (high - value)
	}
	return 0
}

// measure is a power per charge point that a table says, positive when discharging.
type measure func(*series.MonthTable) float64

// power is the power per charge point in a draw: own is that of the whole study, to
// which the assumptions add.
func (u *Uncertainty) power(contract string, own float64, of measure) func(values []float64) float64 {
	adds := make([][2]float64, len(u.channels))
	for c, ch := range u.channels {
		for end, t := range ch.ends {
			if t != nil {
				adds[c][end] = of(t[contract]) - of(u.base[contract])
			}
		}
	}
	return func(values []float64) float64 {
		kw := own
		for c := range u.channels {
			if x := u.channels[c].place(values); x < 0 {
				kw -= x * adds[c][0]
			} else {
				kw += x * adds[c][1]
			}
		}
		return max(0, kw)
	}
}

// points are the country's home charge points in a draw, relative to the study's with
// its own scenario.
func (u *Uncertainty) points(year int, scenario string) func(values []float64) float64 {
	mix := u.index(keyScenario)
	if mix < 0 {
		return func([]float64) float64 { return 1 } // the user's own
	}
	country, a := u.Forecast.Country(year), *u.Outlook
	type set struct {
		k  int
		to *float64
	}
	var sets []set
	for k, f := range u.factors {
		if field := outlookField(f.Key); field != nil {
			sets = append(sets, set{k, field(&a)})
		}
	}
	own := country.Points(scenarioAt[scenario], &a)
	return func(values []float64) float64 {
		for _, s := range sets {
			*s.to = values[s.k]
		}
		return country.Points(values[mix], &a) / own
	}
}

// band are the percentiles of a figure over the draws.
func (u *Uncertainty) band(scenario string, figure func(i int, values []float64) float64) potential.Band {
	all := make([]float64, potential.DrawCount)
	for i, values := range u.rows[scenario] {
		all[i] = figure(i, values)
	}
	p5, p95 := potential.Percentiles(all)
	return potential.Band{P5: p5, P95: p95}
}

// largest and evening are the measures of a season.
func largest(year int, s potential.Season) measure {
	return func(t *series.MonthTable) float64 { _, kw := s.Power(year, t); return kw }
}

func evening(year int, s potential.Season) measure {
	return func(t *series.MonthTable) float64 { kw, _ := s.Power(year, t); return -kw }
}

// Of is the band of the regions' figures in a year and scenario.
func (u *Uncertainty) Of(year int, scenario string) potential.Band {
	points := u.points(year, scenario)
	return u.band(scenario, func(i int, values []float64) float64 { return points(values) * u.kw[i] })
}

// Prepare draws the power that the regions' figures count with: kw is the study's.
func (u *Uncertainty) Prepare(contract string, kw float64) {
	u.main = func([]float64) float64 { return 1 } // nothing stays nothing
	if k := u.index(keyKW); kw > 0 && k >= 0 {
		u.main = func(values []float64) float64 { return values[k] / kw }
	} else if kw > 0 && u.base[contract] != nil {
		of := evening(u.Study.Year, u.Study.Potential.InSeason())
		if u.Study.Potential.KWPerChargePoint.Rule == potential.Coincidence { // which follows the highest of the year
			of = largest(u.Study.Year, potential.Seasons()[0])
		}
		power := u.power(contract, kw, of)
		u.main = func(values []float64) float64 { return power(values) / kw }
	}
	for _, values := range u.rows[u.Study.Outlook.Scenario] {
		u.kw = append(u.kw, u.main(values))
	}
}

// Add adds the bands to a summary, and what matters most to each figure.
func (u *Uncertainty) Add(s *result.PotentialSummary) {
	u.addMain(s)
	points := u.points(s.Year, s.Scenario)
	for i := range s.Seasons {
		x := &s.Seasons[i]
		if x.Mode != dispatch.V2G.String() {
			continue
		}
		season, _ := potential.SeasonNamed(x.Season)
		perKW := s.HomeChargePoints * s.Adoption / 1e6
		for _, m := range []struct {
			own     float64
			of      measure
			p5, p95 **float64
			matters *[]result.Effect
		}{
			{-x.EveningMeanKW, evening(u.Study.Year, season), &x.EveningGWP5, &x.EveningGWP95, &x.EveningMatters},
			{x.LargestDischargeKW, largest(u.Study.Year, season), &x.LargestGWP5, &x.LargestGWP95, &x.LargestMatters},
		} {
			power := u.power(x.Contract, m.own, m.of)
			figure := func(values []float64) float64 { return perKW * points(values) * power(values) }
			b := u.band(s.Scenario, func(_ int, values []float64) float64 { return figure(values) })
			*m.p5, *m.p95 = gw(b.P5), gw(b.P95)
			*m.matters = u.effects(s.Scenario, figure)
			*m.matters = (*m.matters)[:min(mattersMost, len(*m.matters))]
		}
	}
}

// mattersMost is how many assumptions are told beside a band of a season.
const mattersMost = 3

func gw(v float64) *float64 { v = result.GW(1000 * v); return &v }

// addMain adds the bands of the regions' figures by year and scenario.
func (u *Uncertainty) addMain(s *result.PotentialSummary) {
	points := u.points(s.Year, s.Scenario)
	s.Band = &result.Band{
		Draws: potential.DrawCount, P5: map[string][]float64{}, P95: map[string][]float64{},
		Matters: u.effects(s.Scenario, func(values []float64) float64 { return s.FlexiblePowerGW * points(values) * u.main(values) }),
	}
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		s.Band.Years = append(s.Band.Years, year)
		for _, scenario := range outlook.Scenarios() {
			b := u.Of(year, scenario)
			s.Band.P5[scenario], s.Band.P95[scenario] = append(s.Band.P5[scenario], b.P5), append(s.Band.P95[scenario], b.P95)
		}
	}
}

// effects are those of all assumptions on a figure in GW, largest first.
func (u *Uncertainty) effects(scenario string, figure func([]float64) float64) (out []result.Effect) {
	used := map[string]assume.Used{}
	for _, a := range u.Study.Used() {
		used[a.Key] = a
	}
	for _, e := range potential.Effects(u.inScenario(scenarioAt[scenario]), figure) {
		a := used[e.Key]
		if e.AtLow == e.AtHigh {
			break // the others do not move it either
		}
		x := result.Effect{Key: e.Key, Value: a.Value, Low: a.Low, High: a.High, GWLow: *gw(e.AtLow), GWHigh: *gw(e.AtHigh)}
		x.Name, x.NameNL = result.AssumptionNames(e.Key)
		if e.Key != keyScenario && e.Key != keyPlugIn {
			x.Low, x.High = fmt.Sprint(e.Low), fmt.Sprint(e.High)
		}
		out = append(out, x)
	}
	return out
}
