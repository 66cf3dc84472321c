package regions

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"
)

// The provinces with CBS's codes; inTable is the table's spelling.
var provinces = []struct{ code, name, inTable string }{
	{"PV20", "Groningen", "Groningen"},
	{"PV21", "Fryslân", "Fryslan"},
	{"PV22", "Drenthe", "Drenthe"},
	{"PV23", "Overijssel", "Overijssel"},
	{"PV24", "Flevoland", "Flevoland"},
	{"PV25", "Gelderland", "Gelderland"},
	{"PV26", "Utrecht", "Utrecht"},
	{"PV27", "Noord-Holland", "Noord-Holland"},
	{"PV28", "Zuid-Holland", "Zuid-Holland"},
	{"PV29", "Zeeland", "Zeeland"},
	{"PV30", "Noord-Brabant", "Noord-Brabant"},
	{"PV31", "Limburg", "Limburg"},
}

// readTable reads the municipalities. Every cell must be there: the table has
// no empty ones, and a guess would spoil the totals.
func readTable(table []byte) ([]Gemeente, error) {
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no header")
	}
	var gemeenten []Gemeente
	for i, cells := range rows[1:] {
		r := row{cells: map[string]string{}}
		for k, name := range rows[0] {
			r.cells[name] = cells[k]
		}
		g := r.gemeente()
		if r.err != nil {
			return nil, fmt.Errorf("line %d (%s): %w", i+2, g.Name, r.err)
		}
		gemeenten = append(gemeenten, g)
	}
	return gemeenten, nil
}

// row keeps the first fault of a line of the table.
type row struct {
	cells map[string]string
	err   error
}

func (r *row) gemeente() Gemeente {
	g := Gemeente{
		Code:        r.text("code"),
		Name:        r.text("name"),
		Point:       orb.Point{r.number("lon"), r.number("lat")},
		AreaKm2:     r.number("area_km2"),
		Inhabitants: r.count("inhabitants"),
		Counts: Counts{
			Households:   r.count("households"),
			Detached:     r.count("detached"),
			SemiDetached: r.count("semi_detached"),
			Terraced:     r.count("terraced"),
			Apartment:    r.count("apartment"),
			Cars:         r.count("cars"),
			Vans:         r.count("vans"),
		},
	}
	if r.err == nil && (len(g.Code) != 6 || g.Code[:2] != "GM") {
		r.fail("code", g.Code, "is not GM and four digits")
	}
	for _, p := range provinces {
		if p.inTable == r.text("province") {
			g.ProvinceCode, g.Province = p.code, p.name
			return g
		}
	}
	r.fail("province", r.text("province"), "is not known")
	return g
}

func (r *row) text(column string) string {
	value := r.cells[column]
	if value == "" {
		r.fail(column, value, "is missing")
	}
	return value
}

func (r *row) number(column string) float64 {
	text := r.text(column)
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		r.fail(column, text, "is not a number")
	}
	return value
}

// count reads a whole number, which the table may write as 140359.0.
func (r *row) count(column string) int {
	value := r.number(column)
	if value < 0 || value != float64(int(value)) {
		r.fail(column, r.cells[column], "is not a count")
	}
	return int(value)
}

func (r *row) fail(column, value, fault string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s %q %s", column, value, fault)
	}
}
