// Package population computes every region with homes of its own: as many as it has
// home charge points that take part, or a share of them, each with its own dwelling,
// sessions and schedule.
//
// What enters: a study's inputs, regions and forecast ([Input]). What leaves: a folder
// ([Folder]) of tables by region, way to charge, month and quarter of the day, of which
// each part is there whole or not at all. Power in kW of a whole region, positive taken
// from the grid; energy in kWh and money in EUR, a year, of a whole region or of a home
// where the name says so.
//
// A home is known by its region and its number alone: the same in every year, under any
// share, and whoever computes it. Homes of earlier years are the first of those of later
// ones. What a region's n homes do counts for its p points as p/n times as much. Powers
// are added in whole watts, energies and money in whole thousandths, which is exact: so
// regions add up, and no order of adding can change a bit.
package population

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/household"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// Input is what a population is made of.
type Input struct {
	Axis      *series.Axis
	Seed      uint64
	Set       *region.Set
	Base      *outlook.Base
	UseByType [4]float64      // household use by type of dwelling, against the mean
	Years     []*outlook.Year // of one scenario
	Adoption  float64         // share of the charge points that take part
	Share     float64         // of those, the share that is computed
	InDegrees bool            // the borders of Set are longitude and latitude, not RD New
	Cases     []cohort.Case   // each contract's regular charging before its other ways

	LoadKW, SolarKW []float64 // of the mean household, and of the solar panels of one
	Drawn           bool      // each home's load is drawn around the mean one
	// SolarShare is the share of the homes with a charge point that have panels;
	// DwellingsWithSolar that of all dwellings, in a region's exchange.
	SolarShare, DwellingsWithSolar float64

	// Sessions, Knowledge and Home make homes by the seed of their region and number.
	Sessions  func(seed uint64, number int) []session.Session
	Knowledge func(seed uint64, number int) *foresight.Knowledge
	Home      func(netKW []float64, sessions []session.Session, know *foresight.Knowledge) *home.Home
}

// mostHomes bounds the homes of a year: the Netherlands has 8 million dwellings.
const mostHomes = 50_000_000

// Check finds what cannot be computed.
func (in *Input) Check() error {
	if !(in.Share > 0 && in.Share <= 1) {
		return fmt.Errorf("the share of the homes is %g %%: above 0 and at most 100 was expected", 100*in.Share)
	}
	if !(in.Adoption > 0) {
		return fmt.Errorf("potential.adoption is %g: no charge point takes part, and there are no homes to compute", in.Adoption)
	}
	if len(in.Cases) == 0 || in.Cases[0].Mode != dispatch.Regular {
		return fmt.Errorf("regular charging was expected first among the ways to charge")
	}
	total := 0.0
	for _, y := range in.Years {
		total = max(total, y.PointsByRegion[0]*in.Adoption*in.Share)
	}
	if !(total > 0) {
		return fmt.Errorf("the regions have no home charge points in the years asked for")
	}
	if total > mostHomes {
		return fmt.Errorf("%.0f homes: at most %d are computed", total, mostHomes)
	}
	return nil
}

// homes is how many homes of a region are computed for a year: one at least where it has
// charge points, so that no region is left out of a small share.
func (in *Input) homes(region, year int) int {
	points := in.Years[year].PointsByRegion[region] * in.Adoption
	if points <= 0 {
		return 0
	}
	return max(1, int(math.Round(points*in.Share)))
}

// most is the number of homes of a region in the year with most of them.
func (in *Input) most(region int) (n int) {
	for y := range in.Years {
		n = max(n, in.homes(region, y))
	}
	return n
}

// Dwelling is the type of a home.
type Dwelling int

// The types, in the order of the outlook's; Unknown where a region's driveways are known
// but not at which dwellings.
const (
	Detached Dwelling = iota
	SemiDetached
	Terraced
	Apartment
	Unknown
)

// String is the type as tables have it.
func (d Dwelling) String() string {
	return [...]string{"detached", "semi_detached", "terraced", "apartment", "unknown"}[d]
}

// seedOf is the seed of a region's homes.
func (in *Input) seedOf(code string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(code))
	return in.Seed ^ h.Sum64()
}

// maker makes the homes of one region after the other. One per goroutine.
type maker struct {
	*Input
	shared [Unknown][2][]float64 // net load by type, without and with panels; only read

	seed  uint64
	types [4]float64 // cumulative share of the driveways
	use   float64    // of a home of unknown type
	mixed [2][]float64
}

func newMaker(in *Input) *maker {
	m := &maker{Input: in}
	for d := range m.shared {
		m.shared[d] = in.net(in.UseByType[d])
	}
	return m
}

// net is the net load of a home by its use, without and with panels.
func (in *Input) net(use float64) (out [2][]float64) {
	out[0], out[1] = make([]float64, len(in.LoadKW)), make([]float64, len(in.LoadKW))
	for t, kW := range in.LoadKW {
		out[0][t] = use * kW
		out[1][t] = use*kW - in.SolarKW[t]
	}
	return out
}

// begin turns to a region.
func (m *maker) begin(region int) {
	h := &m.Base.Homes[region]
	m.seed, m.mixed, m.use, m.types = m.seedOf(m.Set.At(region).Code), [2][]float64{}, 1, [4]float64{}
	if h.Dwellings > 0 {
		m.use = h.Equivalents / h.Dwellings
	}
	sum := 0.0
	for k, v := range h.DrivewaysByType {
		sum += v
		m.types[k] = sum
	}
	for k := range m.types {
		if sum > 0 {
			m.types[k] /= sum
		}
	}
}

// Home is a home as it was drawn.
type Home struct {
	*home.Home
	Dwelling Dwelling
	Solar    bool
}

// home draws a home of the region by its number: where it lives, by the driveways of the
// region, and whether it has panels; then its sessions, which are fitted to its car.
func (m *maker) home(number int) Home {
	rng := rand.New(rand.NewPCG(m.seed^0xd3e111, uint64(number)))
	h := Home{Dwelling: Unknown}
	at, panels := rng.Float64(), rng.Float64()
	if m.types[3] > 0 {
		h.Dwelling = Dwelling(min(slices.IndexFunc(m.types[:], func(upTo float64) bool { return at <= upTo }), 3))
	}
	h.Solar = panels < m.SolarShare
	h.Home = m.Input.Home(m.netOf(&h, number), m.Sessions(m.seed, number), m.Knowledge(m.seed, number))
	h.Fit()
	return h
}

// netOf is a home's net load, shared with others of its kind unless it is drawn.
func (m *maker) netOf(h *Home, number int) []float64 {
	solar := 0
	if h.Solar {
		solar = 1
	}
	if m.Drawn {
		use := m.use
		if h.Dwelling != Unknown {
			use = m.UseByType[h.Dwelling]
		}
		own := household.Draw(m.Axis, m.LoadKW, m.seed, number)
		for t := range own {
			own[t] = use*own[t] - float64(solar)*m.SolarKW[t]
		}
		return own
	}
	if h.Dwelling != Unknown {
		return m.shared[h.Dwelling][solar]
	}
	if m.mixed[0] == nil {
		m.mixed = m.net(m.use)
	}
	return m.mixed[solar]
}
