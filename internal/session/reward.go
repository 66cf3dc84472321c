package session

import (
	"math"
	"math/rand/v2"

	"github.com/getij/getij/internal/series"
)

// PluggedShare is the mean share of the year that cars are plugged in: homes that plug in
// when needed, and homes that do so always.
func (s *Sampler) PluggedShare() (whenNeeded, always float64) {
	steps := 0.0
	for k, share := range s.arrivals {
		stays := 1.0
		for d := 0; d < maxQuarters; d++ {
			steps += share * stays
			stays = 1 - s.duration[k][d]
		}
	}
	away := 0.0
	for day := range 7 {
		for leaves := range series.QuartersPerDay {
			chance := s.morningShare(day, leaves)
			if chance == 0 {
				continue
			}
			sum, mean := 0.0, 0.0
			for q := leaves + leastAway; q <= latestBack; q++ {
				share := s.share(day, q%series.QuartersPerDay)
				sum += share
				mean += share * float64(q-leaves)
			}
			away += chance * mean / sum / 7
		}
	}
	return s.sessionsPerWeek * steps / series.QuartersPerWeek, 1 - away/series.QuartersPerDay
}

// Rewarded draws homes of which some plug in whenever their car is at home: as many as it
// takes until cars are at the plug for a share of the year, all of them at most. The others
// go on as they were, and every home drives as much as before.
func (s *Sampler) Rewarded(share float64) *Sampler {
	out := *s
	if s.plugIn == WhenNeeded {
		needed, always := s.PluggedShare()
		out.moved = min(max((share-needed)/(always-needed), 0), 1)
	}
	return &out
}

// Moved is the share of the homes that plug in always, for a reward.
func (s *Sampler) Moved() float64 { return s.moved }

// plugsAlways says how a home plugs in. Its place in a sequence that fills 0 to 1 evenly
// decides, so a higher reward adds homes and takes none away, and a few homes have about
// the share of many.
func (s *Sampler) plugsAlways(seed uint64, home int) bool {
	if s.moved == 0 {
		return s.plugIn == Always
	}
	first := rand.New(rand.NewPCG(seed, 0x9e3a4d)).Float64()
	_, place := math.Modf(first + float64(home)/math.Phi)
	return place < s.moved
}

// RewardCurve is the share of the year at the plug by the reward per hour: from what it is
// without one, in a straight line, to FullShare at FullEURPerHour, and no further.
type RewardCurve struct {
	FullEURPerHour float64
	FullShare      float64
}

// At is the share at a reward, of homes that have another without.
func (c RewardCurve) At(eurPerHour, without float64) float64 {
	if c.FullShare <= without {
		return without
	}
	return without + (c.FullShare-without)*min(1, eurPerHour/c.FullEURPerHour)
}

// backAt draws when a car that left comes back, by the arrival table: at least an hour
// later, at the latest before the next morning.
func (s *Sampler) backAt(weekday, leaves int, r *rand.Rand) int {
	first, sum := leaves+leastAway, 0.0
	for q := first; q <= latestBack; q++ {
		sum += s.share(weekday, q%series.QuartersPerDay)
	}
	u := r.Float64() * sum
	back := first
	for ; back < latestBack; back++ {
		if u -= s.share(weekday, back%series.QuartersPerDay); u < 0 {
			break
		}
	}
	return back
}

// Quarters of an outing of a car that is always plugged in at home.
const (
	leastAway  = 4
	latestBack = series.QuartersPerDay + nightEndsHour*4 - 1
)
