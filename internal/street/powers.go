package street

import (
	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
)

// Powers asks for the power of each home of one street in one case, with the charge points
// that were asked for.
type Powers struct {
	Contract string
	Mode     dispatch.Mode
	Draw     int // of the drawn streets, from 0; -1: the middle one
	// Take gets the homes' power without cars and of their cars, per step; a home without a
	// charge point has no car. They are lent: the next case overwrites them.
	Take func(netKW, carKW [][]float64) error
}

// is says whether a case is the one that is asked for.
func (p *Powers) is(c cohort.Case) bool {
	return p != nil && p.Mode == c.Mode && (p.Contract == c.Contract || c.Mode == dispatch.Regular)
}

// lend gives the powers of a solved case to who asks for them.
func (r *runner) lend(middle int) error {
	draw := r.Powers.Draw
	if draw < 0 {
		draw = middle
	}
	var net, car [][]float64
	for place, i := range r.streets[draw] {
		net = append(net, r.Pool[i].NetKW)
		if place < r.ChargePoints {
			car = append(car, r.car[i])
		} else {
			car = append(car, nil)
		}
	}
	return r.Powers.Take(net, car)
}
