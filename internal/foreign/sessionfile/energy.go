package sessionfile

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
)

func (t *sessionTable) setEnergy(rec *record, row []string) error {
	at := t.at["energy"]
	if t.meter >= 0 {
		v, err := t.metered(row)
		if err == nil {
			rec.kwh = rounded(v / map[bool]float64{true: 1000, false: 1}[t.wh])
		}
		if rec.problem == none && math.IsNaN(v) {
			rec.problem = noEnergy
		}
		return err
	}
	text, unit := table.CutUnit(row[at])
	if of, ok := t.at["unit"]; ok && unit == "" {
		if unit = strings.ToLower(strings.TrimSpace(row[of])); unit != "kwh" && unit != "wh" && !table.Missing(text) {
			return t.RowError(t.Header()[of], row[of], "kWh or Wh was expected")
		}
	}
	wh := unit == "wh" || unit == "" && t.wh
	if wh && !t.points { // no meter counts thousandths of one
		var cut bool
		if text, cut = t.CutThousands(text); cut {
			t.thousands++
		}
	}
	v, err := t.Number(t.Header()[at], text)
	if err != nil {
		return err
	}
	if math.IsNaN(v) {
		if rec.problem == none {
			rec.problem = noEnergy
		}
		return nil
	}
	if wh {
		if t.sized && v > 0 && v < mostFewWh {
			t.small++
			if len(t.few) < worstTold {
				t.few = append(t.few, strconv.Itoa(int(rec.row)))
			}
		}
		v /= 1000
	}
	rec.kwh = rounded(v)
	return nil
}

// mostFewWh is hardly any energy in Wh, and an energy as homes have it in kWh.
const mostFewWh = 150

// isMixed refuses energies some of which are of the size of Wh and others of kWh, where
// nothing says which are which.
func (t *sessionTable) isMixed(sessions int) error {
	if t.small < 2 || float64(t.small) < mostImpossible*float64(sessions) {
		return nil
	}
	return fmt.Errorf("%s: the energies in the column %s look like Wh, but %d of %d are under %d (rows %s): are some in kWh? If all are in Wh say --unit wh; if not, a column with the unit of each row, or a unit in each cell, was expected", t.Name, table.Redact(t.Header()[t.at["energy"]]), t.small, sessions, mostFewWh, strings.Join(t.few, ", "))
}

// metered is the difference of the readings of a session; NaN where one is missing.
func (t *sessionTable) metered(row []string) (float64, error) {
	from, err := t.Number(t.Header()[t.meter], row[t.meter])
	if err != nil {
		return 0, err
	}
	at := t.at["energy"]
	to, err := t.Number(t.Header()[at], row[at])
	return to - from, err
}

// settleUnit tells Wh from kWh: by what was said, by the header, or by size.
func (r *reading) settleUnit(t *sessionTable) error {
	at := t.at["energy"]
	name := strings.ToLower(t.Header()[at])
	switch {
	case r.opt.Unit != "":
		t.wh = r.opt.Unit == "wh"
		r.units.Add("%s", map[bool]string{true: "Wh", false: "kWh"}[t.wh]+" (as said)")
		return nil
	case has(t.at, "unit"):
		r.units.Add("kWh or Wh, as the column %s says", table.Redact(t.Header()[t.at["unit"]]))
		return nil
	case strings.Contains(name, "mwh"):
		return fmt.Errorf("%s: the column %s is in MWh: energies of sessions in kWh or Wh were expected", t.Name, table.Redact(t.Header()[at]))
	case kwhWord.MatchString(name):
		r.units.Add("kWh (%q says so)", table.Redact(t.Header()[at]))
		return nil
	case whWord.MatchString(name):
		t.wh = true
		r.units.Add("Wh (%q says so), turned into kWh", table.Redact(t.Header()[at]))
		return nil
	}
	sum, n := 0.0, 0.0
	for _, rec := range t.Below() {
		if at >= len(rec) {
			continue
		}
		if t.meter >= 0 {
			if t.meter >= len(rec) {
				continue
			}
			if v, err := t.metered(rec); err == nil && !math.IsNaN(v) {
				sum += v
				n++
			}
			continue
		}
		if _, unit := table.CutUnit(rec[at]); unit != "" {
			r.units.Add("kWh or Wh, as each cell says")
			return nil
		}
		v, err := table.Number(rec[at], t.MayComma())
		if err == nil && !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	if n == 0 {
		if len(t.Below()) > 0 && at < len(t.Below()[0]) {
			return fmt.Errorf("%s: the column %s holds no numbers in its first rows: is another column the energy? Name it with --map energy=COLUMN (the columns are %s)", t.Name, table.Redact(t.Header()[at]), table.List(t.Header()))
		}
		return nil
	}
	switch mean := sum / n; {
	case mean > 500:
		t.wh, t.sized = true, true
		r.units.Add("Wh (told from the size: the first rows have a mean of %.0f), turned into kWh", mean)
	case mean > 150:
		return fmt.Errorf("%s: the energies of the first rows are %.0f on average, too much for kWh and little for Wh: say --unit kwh or wh", t.Name, mean)
	default:
		r.units.Add("kWh (told from the size: the first rows have a mean of %.1f)", mean)
	}
	return nil
}
