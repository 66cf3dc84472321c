package study

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/street"
)

// poolStreets is how many streets of different homes the pool has room for at least.
const poolStreets = 3

// Street computes a street: every home has a load of its own, drawn where no meters are
// named, and some have solar panels.
func Street(ctx context.Context, s *assume.Study, progress Progress) (*result.Street, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	if err := refuseFeedback(s, "a street, which is too small to move a price"); err != nil {
		return nil, err
	}
	pool, k := *s, &s.Street
	pool.Homes = max(s.Homes, poolStreets*k.Homes)
	if pool.Data.Meters == assume.None {
		pool.Data.Meters = assume.Drawn
	}
	r := &workbench{Workbench: inputs.New(&pool)}
	r.Solar = func(home int) bool {
		return rand.New(rand.NewPCG(s.Seed^0x501a2, uint64(home))).Float64() < k.SolarShare
	}
	start := time.Now()
	progress("reading inputs", 0, 1)
	homes, cases, err := r.inputs(ctx, false)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	read := time.Now()
	found, err := street.Run(ctx, &street.Input{
		Axis: r.Axis, Pool: homes, Cases: cases, Seed: s.Seed,
		Homes: k.Homes, ChargePoints: k.ChargePoints(), Draws: k.Draws, CapacityKW: k.CapacityKW(),
		Progress: func(done, total int) { progress("optimising", done, total) },
	})
	if err != nil {
		return nil, asked(err)
	}
	out := &result.Street{Result: found, Study: s, Axis: r.Axis}
	out.Manifest.Inputs = r.Manifest.Inputs
	out.Manifest.Notes = append(r.Notes(), fmt.Sprintf("streets are drawn from a pool of %d homes; every home has one connection, and losses and voltages of the network are not computed", len(homes)))
	out.Manifest.Stages = []result.Stage{{Name: "inputs", Seconds: read.Sub(start).Seconds()}, {Name: "optimisation", Seconds: time.Since(read).Seconds()}}
	return out, nil
}
