package answer

import (
	"slices"
	"testing"

	"github.com/getij/getij/internal/outlook"
)

// A page takes up the buurt that a reader looks at, without what lies between it and the
// gemeente: the country is the country all the same.
func TestARegionThatIsTakenUpIsNotCountedTwice(t *testing.T) {
	points := map[string][]float64{"mid": slices.Repeat([]float64{900}, outlook.LastYear-outlook.FirstYear+1)}
	f := &Few{Listed: "gemeente", Places: []Place{
		{Code: "NL00", Name: "Nederland", Level: "land", Dwellings: 8000, Equivalents: 8000, Points: points},
		{Code: "GM0344", Name: "Utrecht", Level: "gemeente", Parent: "NL00", Dwellings: 8000, Equivalents: 8000, Points: points},
	}}
	if err := f.Add([]byte(`{"code": "BU03440101", "name": "Domplein", "level": "buurt", "dwellings": 500, "home_equivalents": 400, "parents": [{"code": "WK034401"}, {"code": "GM0344"}], "chain": {"mid": {"home_charge_points": [7]}}}`)); err != nil {
		t.Fatal(err)
	}
	name, all, err := f.Area("", "mid", outlook.FirstYear)
	if err != nil || name != "Nederland" || all.Dwellings != 8000 || all.Points != 900 || len(all.Parts) != 1 {
		t.Errorf("all regions are %q with %g dwellings and %g points in %d parts, %v", name, all.Dwellings, all.Points, len(all.Parts), err)
	}
	name, one, err := f.Area("BU03440101", "mid", outlook.FirstYear)
	if err != nil || name != "Domplein" || one.Dwellings != 500 || one.Points != 7 || len(one.Parts) != 0 {
		t.Errorf("the buurt is %q with %g dwellings and %g points in %d parts, %v", name, one.Dwellings, one.Points, len(one.Parts), err)
	}
}
