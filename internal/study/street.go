package study

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/profiles"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
)

// StreetAsked is what is asked for besides the verdict.
type StreetAsked struct {
	// Powers gets the powers of each home of a street in a case, while it is computed; nil:
	// nobody asks for them.
	Powers     func(*result.StreetPowers) error
	PowersCase string // CONTRACT/MODE
	Draw       int    // of the drawn streets, from 1; 0: the middle one
}

// Street is [StreetWith] for what the study asks alone.
func Street(ctx context.Context, s *assume.Study, progress Progress) (*result.Street, error) {
	return StreetWith(ctx, s, StreetAsked{}, progress)
}

// StreetWith computes a street: every home has a load of its own, drawn where no meters are
// named, and some have solar panels.
func StreetWith(ctx context.Context, s *assume.Study, asked StreetAsked, progress Progress) (*result.Street, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	if err := s.RefuseBattery("a street"); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	if err := refuseFeedback(s, "a street, which is too small to move a price"); err != nil {
		return nil, err
	}
	if err := s.CheckFleet(); err != nil {
		return nil, &assume.InputError{Err: err}
	}
	k := &s.Street
	bench, now := inputs.NewPool(s, dataset.Files{})
	r := &workbench{Workbench: bench}
	start := time.Now()
	progress("reading inputs", 0, 1)
	homes, cases, err := profiles.Inputs(ctx, bench, false)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	years, err := r.streetYears(ctx)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	read := time.Now()
	chosen, err := caseOf(cases, "street.coordinate", k.Coordinate, true)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	powers, err := powersOf(cases, &asked, r.Axis, k.Draws)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	if chosen != nil {
		if err := street.CanCoordinate(*chosen, homes); err != nil {
			return nil, &assume.InputError{Err: &assume.SettingError{Key: "street", Err: err}}
		}
	}
	in := &street.Input{
		Axis: r.Axis, Pool: homes, Cases: cases, Seed: s.Seed,
		Homes: k.Homes, ChargePoints: k.ChargePoints(), Draws: k.Draws, CapacityKW: k.CapacityKW(),
		Years: years, Has: now, Home: r.HomeWith(homes, now), Powers: powers,
		Progress:     func(done, total int) { progress("optimising", done, total) },
		Coordinating: func(round int) { progress(fmt.Sprintf("coordinating, round %d", round), 0, 0) },
	}
	found, err := street.Run(ctx, in)
	if err != nil {
		return nil, profiles.OfInput(err)
	}
	out := &result.Street{Result: found, Study: s, Axis: r.Axis}
	out.Manifest.PluggedEvening = inputs.PluggedEvening(r.Axis, homes)
	out.Manifest.OutlookOf = r.outlookOf
	if chosen != nil {
		progress("coordinating", 0, 0)
		if out.Coordination, err = street.Coordinate(ctx, in, found, *chosen); err != nil {
			return nil, err
		}
	}
	out.Manifest.Inputs = r.Manifest.Inputs
	out.Manifest.Notes = append(r.Notes(), inputs.PoolNote(s, len(homes)))
	if note := s.Street.CarsNote(); note != "" {
		out.Manifest.Notes = append(out.Manifest.Notes, note)
	}
	if chosen != nil {
		out.Manifest.Notes = append(out.Manifest.Notes, out.CoordinationVerdict())
	}
	out.Manifest.Stages = []result.Stage{{Name: "inputs", Seconds: read.Sub(start).Seconds()}, {Name: "optimisation", Seconds: time.Since(read).Seconds()}}
	return out, nil
}

// caseOf is the case of a name, CONTRACT/MODE; nil where no name is given.
func caseOf(cases []cohort.Case, flag, name string, steered bool) (*cohort.Case, error) {
	if name == "" || name == assume.None {
		return nil, nil
	}
	var have []string
	for i := range cases {
		c := &cases[i]
		if of := c.Contract + "/" + c.Mode.String(); of == name {
			return c, nil
		} else if c.Mode != dispatch.Regular || !steered {
			have = append(have, of)
		}
	}
	return nil, fmt.Errorf("%s: the study has no case %s: one of %s was expected", flag, name, strings.Join(have, ", "))
}

// powersOf is whose powers are asked for, if any are.
func powersOf(cases []cohort.Case, asked *StreetAsked, axis *series.Axis, draws int) (*street.Powers, error) {
	if asked.Powers == nil {
		return nil, nil
	}
	if asked.Draw < 0 || asked.Draw > draws {
		return nil, fmt.Errorf("--draw: street %d of the %d that are drawn (street.draws): 1 to %d, or 0 for the middle one, was expected", asked.Draw, draws, draws)
	}
	c, err := caseOf(cases, "--case", asked.PowersCase, false)
	if err != nil {
		return nil, err
	}
	return &street.Powers{Contract: c.Contract, Mode: c.Mode, Draw: asked.Draw - 1, Take: func(net, car [][]float64) error {
		return asked.Powers(&result.StreetPowers{Axis: axis, NetKW: net, CarKW: car})
	}}, nil
}
