package result

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
)

// IsStreet says whether a folder of results is one of `getij street`.
func IsStreet(dir string) (bool, error) {
	if err := durable.Settle(dir); err != nil {
		return false, err
	}
	var m StreetManifest
	if err := readJSON(dir, ManifestFile, &m); err != nil {
		return false, &assume.InputError{Err: err}
	}
	return m.Street != "", nil
}

func readStreetManifest(dir string) (*StreetManifest, error) {
	m := new(StreetManifest)
	if err := readJSON(dir, ManifestFile, m); err != nil {
		return nil, err
	}
	if m.Program != "getij" || m.Street == "" {
		return nil, fmt.Errorf("%s: %s is not of a street of getij", dir, ManifestFile)
	}
	return m, m.Check(dir)
}

// OpenStreet reads the cases of a folder of `getij street`, without the middle street.
func OpenStreet(dir string) (*Street, error) {
	s, err := openStreet(dir)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	return s, nil
}

func openStreet(dir string) (*Street, error) {
	if err := durable.Settle(dir); err != nil {
		return nil, err
	}
	m, err := readStreetManifest(dir)
	if err != nil {
		return nil, err
	}
	t := StreetTable()
	if err := m.hold(dir, "study.yaml", t.Name+".csv"); err != nil {
		return nil, err
	}
	study, err := assume.Load(filepath.Join(dir, "study.yaml"), nil)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, t.Name+".csv")
	rows, err := t.ReadCSV(path)
	if err != nil {
		return nil, err
	}
	s := &Street{Result: &street.Result{}, Study: study, Axis: series.NewYear(study.Year), Manifest: *m}
	for i, contract := range rows[0].Text {
		mode, err := dispatch.ParseMode(rows[1].Text[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		k := slices.IndexFunc(s.Cases, func(c *street.Case) bool { return c.Contract == contract && c.Mode == mode })
		if k < 0 {
			k = len(s.Cases)
			s.Cases = append(s.Cases, &street.Case{Contract: contract, Mode: mode})
		}
		r := street.Row{ChargePoints: int(rows[2].Integer[i])}
		column := 3
		for _, x := range spreads(&r) {
			*x = street.Spread{P5: rows[column].Real[i], P50: rows[column+1].Real[i], P95: rows[column+2].Real[i]}
			column += 3
		}
		s.Cases[k].Fit = int(rows[column].Integer[i])
		r.Holding = rows[column+1].Real[i]
		s.Cases[k].Growth = append(s.Cases[k].Growth, r)
	}
	if len(s.Cases) == 0 || s.Cases[0].At(study.Street.ChargePoints()) == nil {
		return nil, fmt.Errorf("%s has no row with the %d charge points of its study", path, study.Street.ChargePoints())
	}
	if err := s.readYears(dir); err != nil {
		return nil, err
	}
	return s, s.readCoordination(dir)
}
