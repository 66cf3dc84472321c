package answer

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/getij/getij/internal/chart"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
)

// Few are the regions that lists show and those around them, as a page in a browser has
// them: enough for what is said of these, and with [Few.Add] of any other.
type Few struct {
	Listed string
	Places []Place // the whole first
}

// Place is a region, with its home charge points by scenario, a value per year.
type Place struct {
	Code, Name, Level, Parent          string
	Dwellings, Equivalents, CapacityKW Number // null where unknown
	Points                             map[string][]float64
}

// MarshalPlaces writes the few regions of a result, whose numbers are written whole.
func MarshalPlaces(r *result.Result) ([]byte, error) {
	f := Few{Listed: r.Regions.Listed()}
	n := 0
	for i, level := range r.Regions.Level {
		if level == f.Listed {
			n = i + 1
		}
	}
	p := r.Summary.Potential
	y, err := r.Regions.Year(p.Year, p.Scenario)
	if err != nil {
		return nil, err
	}
	chain, err := r.Regions.Chain(0, n, "home_charge_points")
	if err != nil {
		return nil, err
	}
	column := func(name string, i int) Number { return Number(y.Column(name)[i]) }
	for i := range n {
		place := Place{
			Code: r.Regions.Code[i], Name: r.Regions.Name[i], Level: r.Regions.Level[i], Parent: r.Regions.Parent[i],
			Dwellings: column("dwellings", i), Equivalents: column("home_equivalents", i), CapacityKW: column("capacity_kw", i), Points: map[string][]float64{},
		}
		for scenario, columns := range chain {
			for at := i; at < len(columns["home_charge_points"]); at += n {
				place.Points[scenario] = append(place.Points[scenario], columns["home_charge_points"][at])
			}
		}
		f.Places = append(f.Places, place)
	}
	return json.Marshal(&f)
}

// UnmarshalJSON reads a number, or null where it is not known.
func (n *Number) UnmarshalJSON(b []byte) error {
	*n = Number(math.NaN())
	if string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

// Add takes up a region by the API's answer about it.
func (f *Few) Add(answer []byte) error {
	var a struct {
		Code, Name, Level string
		Dwellings         Number
		Equivalents       Number `json:"home_equivalents"`
		CapacityKW        Number `json:"capacity_kw"`
		Parents           []struct{ Code string }
		Chain             map[string]struct {
			Points []float64 `json:"home_charge_points"`
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return err
	}
	if f.find(a.Code) != nil {
		return nil
	}
	p := Place{Code: a.Code, Name: a.Name, Level: a.Level, Dwellings: a.Dwellings, Equivalents: a.Equivalents, CapacityKW: a.CapacityKW, Points: map[string][]float64{}}
	if len(a.Parents) > 0 {
		p.Parent = a.Parents[0].Code
	}
	for scenario, c := range a.Chain {
		p.Points[scenario] = c.Points
	}
	f.Places = append(f.Places, p)
	return nil
}

func (f *Few) find(code string) *Place {
	i := slices.IndexFunc(f.Places, func(p Place) bool { return p.Code == code })
	if i < 0 {
		return nil
	}
	return &f.Places[i]
}

func (p *Place) homes() potential.Homes {
	return potential.Homes{Dwellings: float64(p.Dwellings), Equivalents: float64(p.Equivalents)}
}

// Area is a region in a year, or all of them without a code.
func (f *Few) Area(code, scenario string, year int) (name string, a result.Area, err error) {
	at := year - outlook.FirstYear
	a = result.Area{Year: year, Scenario: scenario, PartsLevel: f.Listed}
	for i := range f.Places {
		p := &f.Places[i]
		if p.Level == f.Listed && !math.IsNaN(float64(p.Dwellings)) && f.within(p, code) {
			a.Parts = append(a.Parts, result.Part{Homes: p.homes(), Points: p.Points[scenario][at]})
		}
	}
	if code != "" {
		p := f.find(code)
		if p == nil {
			return "", a, NoRegion("query.region", code)
		}
		a.Homes, a.Points = p.homes(), p.Points[scenario][at]
		return p.Name, a, nil
	}
	roots := 0
	for i := range f.Places {
		p := &f.Places[i]
		if p.Parent != "" { // which need not be among them
			continue
		}
		if roots++; roots == 1 {
			name = p.Name
		} else {
			name = ""
		}
		if !math.IsNaN(float64(p.Dwellings)) {
			a.Dwellings += float64(p.Dwellings)
			a.Equivalents += float64(p.Equivalents)
		}
		a.Points += p.Points[scenario][at]
	}
	return name, a, nil
}

// within says whether a place lies in a region, or in all of them.
func (f *Few) within(p *Place, code string) bool {
	if code == "" {
		return true
	}
	for up := f.find(p.Parent); up != nil; up = f.find(up.Parent) {
		if up.Code == code {
			return true
		}
	}
	return false
}

// OfChart is a region as figures of it are drawn.
func (f *Few) OfChart(code, location string) (chart.Region, error) {
	p := f.find(code)
	if p == nil {
		return chart.Region{}, NoRegion(location, code)
	}
	r := chart.Region{Name: p.Name, Homes: p.homes(), CapacityKW: float64(p.CapacityKW), Points: p.Points}
	for year := outlook.FirstYear; year <= outlook.LastYear; year++ {
		r.Years = append(r.Years, year)
	}
	return r, nil
}
