package figure

import "fmt"

// Adoption shows how high a street loads its cable as more of its homes get a charge
// point, or over the years: taking up, feeding in down, the median as a line in a band, and what the cable
// can carry.
type Adoption struct {
	Frame
	ChargePoints []int             // rising, from 0; at least two
	Modes        []CoincidenceMode // in kW of the street; at least one
	CapacityKW   float64           // in both directions; 0: none
	Asked        int               // an upright line at this number of charge points; 0: none
	Below, Of    string            // under the axis, and before a number of charge points
	Calendar     bool              // numbers of charge points are calendar years
}

// Scene lays the chart out, and fails as [Coincidence.Scene] does.
func (a Adoption) Scene() (*Scene, error) {
	if !(a.CapacityKW >= 0) {
		return nil, fmt.Errorf("figure: Adoption.CapacityKW: %g", a.CapacityKW)
	}
	return Coincidence{Frame: a.Frame, Homes: a.ChargePoints, Modes: a.Modes, adoption: &a}.Scene()
}

// adoptionAxis draws the numbers of charge points, and the capacity.
func (c *canvas) adoptionAxis(p plot, k Coincidence) {
	if k.adoption.Calendar {
		c.yearAxis(p, k.Homes)
		c.drawCapacity(p, k.adoption.CapacityKW)
		return
	}
	at, _ := ticks(0, float64(k.Homes[len(k.Homes)-1]), max(2, int(p.w/70)))
	for _, v := range at {
		if v > p.xhi || v != float64(int(v)) {
			continue
		}
		c.Add(Line{p.px(v), p.y + p.h, p.px(v), p.y + p.h + 5, Style{Class: "fig-rule", Stroke: rule, Width: 1}})
		c.text(c.tick, p.px(v), p.y+p.h+8+c.tick.size, Middle, c.words.number(v, 0))
	}
	c.drawCapacity(p, k.adoption.CapacityKW)
	if n := k.adoption.Asked; n > 0 {
		x := p.px(float64(n))
		c.Add(Line{x, p.y, x, p.y + p.h, Style{Class: "fig-mark", Stroke: soft, Width: 1, Dash: []float64{2, 3}}})
	}
}
