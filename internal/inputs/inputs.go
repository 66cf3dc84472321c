// Package inputs reads what a study's homes are made of: prices, load, solar power, and
// the sessions of each home's car, from files or what is built in.
//
// What enters: assumptions (package assume). What leaves: a [Workbench] with the series
// and what was read, the homes, and the cases that they are to be computed under.
package inputs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/household"
	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// Workbench is a result in the making.
type Workbench struct {
	result.Result
	Drawn func(home int) []session.Session // each home's sessions, before they are fitted
	// Solar says which homes of their own load have solar panels; nil: all.
	Solar func(home int) bool
	// HeatPump says which homes have a heat pump; nil: by the study's share.
	HeatPump func(home int) bool
	// Own is the study of a home whose charger and car are its own; nil: all are the study's.
	Own      func(home int) *assume.Study
	heat     *household.Heat // by heatOnce: homes are made by several workers
	heatOnce sync.Once
	heatNote string
	AskedKWh float64 // what all cars need of them; 0 where a file gives them
	files    Files
}

// Files reads the files that a study names.
type Files interface {
	Series(ctx context.Context, path string, kind dataset.Kind) (*series.Series, *dataset.Report, error)
	Meters(ctx context.Context, path string) ([]dataset.Meter, *dataset.Report, error)
	Sessions(ctx context.Context, path string) ([]session.Record, *dataset.Report, error)
}

// New is a workbench with nothing read yet. Without files, as in a browser, a study that
// names one is an error.
func New(s *assume.Study, files Files) *Workbench {
	if files == nil {
		files = noFiles{}
	}
	r := &Workbench{files: files, Result: result.Result{
		Study: s, Axis: series.NewYear(s.Year), Manifest: &result.Manifest{},
		Summary: &result.Summary{Study: s.Name, Year: s.Year, Homes: s.Homes, Seed: s.Seed},
	}}
	r.Summary.Steps = r.Axis.Len()
	return r
}

// ReadPrices returns day-ahead prices in EUR/MWh per step.
func (r *Workbench) ReadPrices(ctx context.Context, year *reference.Year) ([]float64, error) {
	prices, err := r.readSeries(ctx, dataset.Prices, r.Study.Data.Prices, year.DayAheadEURPerMWh, r.Axis.OnAxis)
	p := r.Study.Prices
	return series.Spread(prices, p.SpreadFactor, p.MeanAddEURPerMWh), err
}

// ReadHousehold reads load and solar.
func (r *Workbench) ReadHousehold(ctx context.Context, year *reference.Year) error {
	s := r.Study
	load, err := r.readSeries(ctx, dataset.Load, s.Data.Load, reference.Load(r.Axis), r.Axis.ByWeekday)
	if err != nil {
		return err
	}
	solar, err := r.readSeries(ctx, dataset.Solar, s.Data.Solar, year.SolarFraction, r.Axis.ByDate)
	if err != nil {
		return err
	}
	if r.LoadKW, err = series.ToKW(load, s.Home.LoadKWhPerYear); err != nil {
		return fmt.Errorf("data.load: %w", err)
	}
	if r.SolarKW, err = series.ToKW(solar, s.Home.SolarKWhPerYear); err != nil {
		return fmt.Errorf("data.solar: %w", err)
	}
	return nil
}

// readSeries reads a file, or takes what is built in, and places it on the year.
func (r *Workbench) readSeries(ctx context.Context, kind dataset.Kind, file string, builtIn []float64, place func(*series.Series) ([]float64, error)) ([]float64, error) {
	if file == assume.Reference {
		if m := r.Study.Data.Meters; kind != dataset.Load || m == assume.None || m == assume.Drawn { // meters take its place
			r.Manifest.Inputs = append(r.Manifest.Inputs, referenceInput(string(kind), r.Axis))
		}
		return builtIn, nil
	}
	raw, rep, err := r.files.Series(ctx, r.Study.Path(file), kind)
	if err != nil {
		return nil, fmt.Errorf("data.%s: %w", kind, err)
	}
	values, err := place(raw)
	if err != nil {
		return nil, fmt.Errorf("data.%s: %s: %w", kind, file, err)
	}
	rep.File = file
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Report: *rep, Source: "file of the study"})
	return values, nil
}

// referenceInput describes a built-in input.
func referenceInput(kind string, axis *series.Axis) result.Input {
	in := result.Input{Report: dataset.Report{
		Kind: kind, File: assume.Reference, Mends: []dataset.Mend{},
		From: axis.Start.Format("2006-01-02T15:04Z"), To: axis.End().Format("2006-01-02T15:04Z"),
	}}
	for _, s := range reference.Sources() {
		if s.Kind == kind {
			in.Source, in.Synthetic = s.Text, s.Synthetic
		}
	}
	sum := sha256.New()
	for _, f := range reference.Files(kind) {
		b, err := reference.Bytes(f)
		if err != nil {
			panic(err) // embedded
		}
		sum.Write(b)
	}
	in.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return in
}

// MakeHomes makes the cohort: sessions sampled or real, fitted to car and charger.
func (r *Workbench) MakeHomes(ctx context.Context, whole bool) ([]*home.Home, error) {
	s := r.Study
	net := make([]float64, r.Axis.Len())
	for t := range net {
		net[t] = r.LoadKW[t] - r.SolarKW[t]
	}
	drawn, err := r.DrawSessions(ctx, whole)
	if err != nil {
		return nil, err
	}
	r.Drawn = func(i int) []session.Session { return drawn(s.Seed, i) }
	homes := make([]*home.Home, s.Homes)
	own, err := r.meters(ctx)
	if err != nil {
		return nil, err
	}
	know, err := r.Knowledge(s)
	if err != nil {
		return nil, &assume.SettingError{Key: "behaviour", Err: fmt.Errorf("behaviour: %w", err)}
	}
	var cuts home.Cuts
	pumps := 0
	for i := range homes {
		h := NewHome(r.Of(i), net, r.Drawn(i), know(s.Seed, i))
		if own != nil {
			h.NetKW = own[i]
		}
		if r.hasHeatPump(i) {
			h.NetKW = Plus(h.NetKW, r.HeatPumpKW(i), 1)
			pumps++
		}
		for _, x := range h.Sessions {
			r.Manifest.Changes.SessionsTotal++
			r.Manifest.Changes.SessionsTotalKWh += x.EnergyKWh
		}
		cuts.Add(h.Fit())
		homes[i], r.Sessions = h, append(r.Sessions, h.Sessions)
	}
	r.addHeatPumps(pumps)
	r.Manifest.Changes.SessionsCutBattery, r.Manifest.Changes.SessionsCutBatteryKWh = cuts.Battery, cuts.BatteryKWh
	r.Manifest.Changes.SessionsCutTime, r.Manifest.Changes.SessionsCutTimeKWh = cuts.Time, cuts.TimeKWh
	return homes, nil
}

// Of is the study with a home's charger and car.
func (r *Workbench) Of(home int) *assume.Study {
	if r.Own == nil {
		return r.Study
	}
	return r.Own(home)
}

// NewHome is a home with the study's car and charger.
func NewHome(s *assume.Study, netKW []float64, sessions []session.Session, know *foresight.Knowledge) *home.Home {
	h := &home.Home{
		NetKW: netKW, ConnectionKW: s.Home.ConnectionKW,
		Car:      home.Car{BatteryKWh: s.Car.BatteryKWh, MinSoC: s.Car.MinSoC, DepartureSoC: s.Car.DepartureSoC, WearEURPerKWh: s.Car.WearEURPerKWh},
		Charger:  home.Charger(s.Charger),
		Sessions: sessions, Knowledge: know,
	}
	if s.Home.BatteryKWh > 0 {
		h.Battery = &home.Battery{KWh: s.Home.BatteryKWh, KW: s.Home.BatteryKW, RoundTripEfficiency: s.Home.BatteryEfficiency}
	}
	if most := s.Car.DischargeCapKWh; most > 0 {
		h.Car.MostDischargedKWh = &most
	}
	if most := s.Car.DischargeCapHours; most > 0 {
		h.Car.MostDischargedHours = &most
	}
	return h
}

// meters gives each home its own net load from data.meters, drawn by the seed,
// and makes LoadKW their mean; nil where all homes share one shape.
func (r *Workbench) meters(ctx context.Context) ([][]float64, error) {
	s := r.Study
	switch s.Data.Meters {
	case assume.None:
		return nil, nil
	case assume.Drawn:
		return r.drawnLoads(ctx)
	}
	meters, rep, err := r.files.Meters(ctx, s.Path(s.Data.Meters))
	if err != nil {
		return nil, fmt.Errorf("data.meters: %w", err)
	}
	rep.File = s.Data.Meters
	have := fmt.Sprintf("each home has a meter of its own out of %d", len(meters))
	if s.Homes > len(meters) {
		have = fmt.Sprintf("%d homes share %d meters (those with the same one peak together)", s.Homes, len(meters))
	}
	rep.Notes = append(rep.Notes, have+", as recorded: home.load_kwh_per_year and data.load are not used")
	loads, nets := make([][]float64, len(meters)), make([][]float64, len(meters))
	for k, m := range meters {
		if loads[k], err = r.Axis.ByWeekday(m.Series); err != nil {
			return nil, fmt.Errorf("data.meters: %s, column %s: %w", s.Data.Meters, m.Column, err)
		}
		nets[k] = make([]float64, len(loads[k]))
		for t := range loads[k] {
			loads[k][t] /= m.Series.Every.Hours()
			nets[k][t] = loads[k][t] - r.SolarKW[t]
		}
	}
	order := rand.New(rand.NewPCG(s.Seed, 0x3e7e5)).Perm(len(meters))
	out := make([][]float64, s.Homes)
	clear(r.LoadKW)
	for i := range out {
		k := order[i%len(order)]
		if out[i] = nets[k]; !r.hasSolar(i) {
			out[i] = loads[k]
		}
		for t, kw := range loads[k] {
			r.LoadKW[t] += kw / float64(s.Homes)
		}
	}
	r.Manifest.Inputs = append(r.Manifest.Inputs, result.Input{Report: *rep, Source: "file of the study"})
	return out, nil
}

func (r *Workbench) hasSolar(home int) bool { return r.Solar == nil || r.Solar(home) }

// drawnLoads gives each home a net load drawn around the mean one, and makes LoadKW
// their mean.
func (r *Workbench) drawnLoads(ctx context.Context) ([][]float64, error) {
	around := r.LoadKW
	out := make([][]float64, r.Study.Homes)
	err := cohort.Parallel(ctx, runtime.GOMAXPROCS(0), len(out), func(_, i int) error {
		out[i] = household.Draw(r.Axis, around, r.Study.Seed, i)
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.LoadKW = make([]float64, len(around))
	for i := range out {
		for t, kW := range out[i] {
			r.LoadKW[t] += kW / float64(len(out))
		}
		if r.hasSolar(i) {
			for t, kW := range r.SolarKW {
				out[i][t] -= kW
			}
		}
	}
	return out, nil
}

// MakeCases lists every contract with every mode.
func (r *Workbench) MakeCases(ctx context.Context, dayAhead []float64, homes []*home.Home) ([]cohort.Case, error) {
	modes, err := r.Study.ModeList()
	if err != nil {
		return nil, err
	}
	var cases []cohort.Case
	for i := range r.Study.Contracts {
		t := r.Study.Contracts[i].Tariff()
		var p *tariff.Prices
		if p, err = t.Prices(r.Axis, dayAhead); err != nil {
			return nil, &assume.SettingError{Key: "contracts." + t.Name, Err: err}
		}
		r.Summary.Contracts = append(r.Summary.Contracts, result.ContractSummary{Contract: t.Name, NettedEURPerKWh: p.NettedEURPerKWh})
		own := make([]cohort.Case, len(modes))
		for k, m := range modes {
			own[k] = cohort.Case{Contract: t.Name, Mode: m, Prices: p}
		}
		if r.Study.Prices.FeedbackEURPerMWhPerGW > 0 && t.Kind == tariff.Dynamic {
			if err := r.settle(ctx, homes, &t, dayAhead, own); err != nil {
				return nil, err
			}
		}
		r.Prices = append(r.Prices, &result.Prices{Contract: t.Name, Prices: own[0].Prices})
		cases = append(cases, own...)
	}
	return cases, nil
}
