package band

import (
	"context"

	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
)

// What the tests look at that a study does not.
var FactorsOf, HomeField, Driven = factorsOf, homeField, driven

// WithoutRegions varies only what moves the kW per charge point.
func WithoutRegions(ctx context.Context, in Input) (*Uncertainty, error) {
	u := &Uncertainty{Input: in, factors: factorsOf(in.Study)}
	u.draw()
	return u, u.addChannels(ctx)
}

func (u *Uncertainty) Factors() []potential.Factor      { return u.factors }
func (u *Uncertainty) Rows(scenario string) [][]float64 { return u.rows[scenario] }

// Evening is the mean evening's power per charge point of a season: of a table, and in
// a draw.
func (u *Uncertainty) Evening(contract string, s potential.Season) (of func(*series.MonthTable) float64, power func(values []float64) float64) {
	of = evening(u.Study.Year, s)
	return of, u.power(contract, of(u.base[contract]), of)
}
