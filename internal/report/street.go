package report

import (
	"context"
	"html/template"
	"path/filepath"

	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/result"
)

// WriteStreet draws street.html and figures/ from a folder of `getij street` into it, and
// lists them in its manifest.
func WriteStreet(ctx context.Context, dir string) error {
	s, err := result.OpenStreet(dir)
	if err != nil {
		return err
	}
	list, coordination := chart.Streets(s, chart.Choice{}), chart.StreetCoordination(s, chart.Choice{})
	growth := len(list)
	list = append(list, coordination...)
	figures, err := drawAll(ctx, filepath.Join(dir, "figures"), list)
	if err != nil {
		return err
	}
	css, err := files.ReadFile("style.css")
	if err != nil {
		return err
	}
	page := &streetPage{Street: s, CSS: template.CSS(css)}
	for i, c := range list {
		if f := figures[c.Name]; i < growth {
			page.Figures = append(page.Figures, f)
		} else {
			page.Coordinated = append(page.Coordinated, f)
		}
	}
	return writePage(dir, StreetPage, page, "street.html", list)
}

// streetPage is what its page shows.
type streetPage struct {
	*result.Street
	CSS         template.CSS
	Figures     []*drawn
	Coordinated []*drawn // figures
}

// streetRow is a row of the page's table.
type streetRow struct {
	*result.StreetCase
	*result.StreetRow
	Fits string
}

// Rows are the cases with the charge points that were asked for.
func (p *streetPage) Rows() (out []streetRow) {
	for _, c := range p.Cases {
		out = append(out, streetRow{c, c.At(p.Study.Street.ChargePoints()), c.Fits()})
	}
	return out
}

// yearsRow is a row of the page's table of years.
type yearsRow struct {
	*result.StreetCase
	Hours []float64
	Fails string
	Half  string
}

// YearRows are the cases over the years.
func (p *streetPage) YearRows() (out []yearsRow) {
	for _, c := range p.Cases {
		row := yearsRow{StreetCase: c, Fails: p.Fails(c), Half: p.HalfFail(c)}
		for _, year := range p.Milestones() {
			y := c.In(year)
			row.Hours = append(row.Hours, y.HoursBeyond.P50+y.HoursBeyondFeedIn.P50)
		}
		out = append(out, row)
	}
	return out
}

// YearPoints are the charge points of each year.
func (p *streetPage) YearPoints() (out []int) {
	for _, year := range p.Milestones() {
		out = append(out, p.Cases[0].In(year).ChargePoints)
	}
	return out
}

// What is what may not hold: a street, or the connection of a fleet.
func (p *streetPage) What() string {
	if p.Study.Fleet() {
		return "connection"
	}
	return "street"
}

// Words are those of a street, or of a fleet behind one connection.
func (p *streetPage) Words() map[string]string {
	if p.Study.Fleet() {
		return map[string]string{"drawn": "drawn fleets", "point": "vehicle", "points": "vehicles", "each": "a vehicle", "middle": "middle fleet", "hold": "Fleets that hold", "fit": "Vehicles that fit"}
	}
	return map[string]string{"drawn": "drawn streets", "point": "charge point", "points": "charge points", "each": "a home", "middle": "middle street", "hold": "Streets that hold", "fit": "Charge points that fit"}
}
