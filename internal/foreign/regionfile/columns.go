package regionfile

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

//go:embed columns.csv
var columnsCSV string

// ColumnSpec is one line of columns.csv: a column name met in files and the
// attribute that it becomes.
type ColumnSpec struct {
	Attribute string  // our name
	Kind      string  // identity, additive, share, mean or class
	Unit      string  // "" for a count
	Column    string  // as files spell it; case, "_", "-", " " and "'" do not matter
	DivideBy  float64 // file value / DivideBy = our value
	Years     string
	Source    string
}

// Columns returns the table of known columns, for documentation. Where a file has
// several columns of one attribute, the first of the table is read.
func Columns() ([]ColumnSpec, error) {
	rows, err := csv.NewReader(strings.NewReader(columnsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("columns.csv: %w", err)
	}
	specs := make([]ColumnSpec, 0, len(rows))
	for _, r := range rows[1:] {
		s := ColumnSpec{Attribute: r[0], Kind: r[1], Unit: r[2], Column: r[3], DivideBy: 1, Years: r[5], Source: r[6]}
		if r[4] != "" {
			if s.DivideBy, err = strconv.ParseFloat(r[4], 64); err != nil {
				return nil, fmt.Errorf("columns.csv: column %s: divide_by %q: expected a number", r[3], r[4])
			}
		}
		specs = append(specs, s)
	}
	return specs, nil
}

// columnTable finds a column's specification by its name in a file.
type columnTable struct {
	specs []ColumnSpec
	byKey map[string]int // smaller is preferred
}

func newColumnTable() (*columnTable, error) {
	specs, err := Columns()
	if err != nil {
		return nil, err
	}
	t := &columnTable{specs: specs, byKey: make(map[string]int, len(specs))}
	for i, s := range specs {
		if first, ok := t.byKey[columnKey(s.Column)]; ok {
			return nil, fmt.Errorf("columns.csv: column %s is listed for %s and for %s", s.Column, specs[first].Attribute, s.Attribute)
		}
		t.byKey[columnKey(s.Column)] = i
	}
	return t, nil
}

// attributes are the names that --map takes.
func (t *columnTable) attributes() (names []string) {
	for _, s := range t.specs {
		if t.specs[t.byKey[columnKey(s.Column)]].Attribute == s.Column {
			names = append(names, s.Column)
		}
	}
	return names
}

// CBS OData numbers its columns: Woningvoorraad_35.
var numbered = regexp.MustCompile(`_[0-9]{1,3}$`)

// find returns the place of a column in the table, or -1.
func (t *columnTable) find(column string) int {
	if i, ok := t.byKey[columnKey(column)]; ok {
		return i
	}
	if bare := numbered.ReplaceAllString(column, ""); bare != column {
		if i, ok := t.byKey[columnKey(bare)]; ok {
			return i
		}
	}
	return -1
}

func columnKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_', '-', ' ', '\'', '’', '.':
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(name)))
}
