package seriesfile

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

func looksJSON(s *table.File) string {
	if s.IsJSON() {
		return "rows in JSON"
	}
	return ""
}

// readPriceJSON reads lists of times and prices in JSON, as the APIs of suppliers and
// exchanges answer: EnergyZero's Prices (readingDate, price), Frank Energie's
// marketPricesElectricity, Tibber's today and tomorrow, aWATTar's data with
// milliseconds, Elering's data by area, SMARD's pairs.
func readPriceJSON(r *reading, s *table.File) ([]*rows, error) {
	if err := r.recordsOf(s); err != nil {
		return nil, err
	}
	return readPriceTable(r, s)
}

// readMetersJSON reads lists of times and load in JSON, as apps and APIs give them:
// SolarEdge's energyDetails, P1 monitor, Tibber's consumption, Eneco's usage.
func readMetersJSON(r *reading, s *table.File) ([]*rows, error) {
	if err := r.recordsOf(s); err != nil {
		return nil, err
	}
	return readMeters(r, s)
}

// readSolarJSON reads lists of times and solar output in JSON.
func readSolarJSON(r *reading, s *table.File) ([]*rows, error) {
	if err := r.recordsOf(s); err != nil {
		return nil, err
	}
	if c := s.Column("time"); c >= 0 && pvgisTime.MatchString(s.First(c)) && r.zone == clock.Unsaid {
		r.zone = clock.UTC // PVGIS has no other
		defer func() { r.zone = clock.Unsaid }()
	}
	return readSolarTable(r, s)
}

// recordsOf makes a table of a file of JSON.
func (r *reading) recordsOf(s *table.File) error {
	var gas []*regexp.Regexp
	if r.kind == dataset.Prices {
		gas = append(gas, gasWord)
	}
	ok, err := s.FlattenJSON(gas...)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%s is JSON without a list of times and values: %s", s.Name, describe(s, r.kind))
	}
	if _, err := r.layoutOf(s); err != nil {
		return err
	}
	return nil
}

var gasWord = regexp.MustCompile(`(?i)gas`)

// kindRows says which rows count where the lists of a file of JSON have names, as the
// column type has them: where they are areas, those of the one that is wanted.
func (r *reading) kindRows(s *table.File, keep func(*table.Table, []string) (bool, error)) func(*table.Table, []string) (bool, error) {
	kind := slices.Index(s.Header(), "type")
	if kind < 0 {
		return keep
	}
	left := map[string]bool{}
	return func(t *table.Table, rec []string) (bool, error) {
		name := rec[kind]
		if isArea.MatchString(name) && !sameArea(name, r.opt.Area) {
			if !left[name] && len(left) < 20 {
				left[name] = true
				r.note("%s of %s is left out", name, t.Name)
			}
			return false, nil
		}
		if keep == nil {
			return true, nil
		}
		return keep(t, rec)
	}
}

// isArea tells a bidding zone such as nl, NO1 or DE_LU.
var isArea = regexp.MustCompile(`^(?i)[a-z]{2}([0-9]|[-_][a-z]{2})?$`)
