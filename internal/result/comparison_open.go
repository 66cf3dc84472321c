package result

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
)

// IsComparison says whether a folder of results is one of `getij compare`.
func IsComparison(dir string) (bool, error) {
	if err := durable.Settle(dir); err != nil {
		return false, err
	}
	var m ComparisonManifest
	if err := readJSON(dir, ManifestFile, &m); err != nil {
		return false, &assume.InputError{Err: err}
	}
	return len(m.Variants) > 0, nil
}

func readComparisonManifest(dir string) (*ComparisonManifest, error) {
	m := new(ComparisonManifest)
	if err := readJSON(dir, ManifestFile, m); err != nil {
		return nil, err
	}
	if m.Program != "getij" || len(m.Variants) == 0 {
		return nil, fmt.Errorf("%s: %s is not of a comparison of getij", dir, ManifestFile)
	}
	return m, m.Check(dir)
}

// OpenComparison reads a folder of `getij compare`.
func OpenComparison(dir string) (*Comparison, error) {
	c, err := openComparison(dir)
	if err != nil {
		return nil, &assume.InputError{Err: err}
	}
	return c, nil
}

func openComparison(dir string) (*Comparison, error) {
	if err := durable.Settle(dir); err != nil {
		return nil, err
	}
	m, err := readComparisonManifest(dir)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Manifest: *m}
	for i, name := range m.Variants {
		if err := m.hold(dir, studyFile(i)); err != nil {
			return nil, err
		}
		s, err := assume.Load(filepath.Join(dir, studyFile(i)), nil)
		if err != nil {
			return nil, err
		}
		if s.Name != name {
			return nil, fmt.Errorf("%s is of the study %s, %s lists %s there", filepath.Join(dir, studyFile(i)), s.Name, ManifestFile, name)
		}
		c.Studies = append(c.Studies, s)
	}
	t := VariantsTable()
	path := filepath.Join(dir, t.Name+".csv")
	if err := m.hold(dir, t.Name+".csv"); err != nil {
		return nil, err
	}
	rows, err := t.ReadCSV(path)
	if err != nil {
		return nil, err
	}
	for i, variant := range rows[0].Text {
		mode, err := dispatch.ParseMode(rows[2].Text[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if !slices.Contains(m.Variants, variant) {
			return nil, fmt.Errorf("%s has the variant %s, which %s has not", path, variant, ManifestFile)
		}
		at := func(column int) float64 { return rows[column].Real[i] }
		c.Cases = append(c.Cases, &VariantCase{
			Variant: variant, Contract: rows[1].Text[i], Mode: mode, CostEUR: at(3), SavingEUR: at(4), WinterEveningMeanKW: at(5),
			EveningPeakKW: at(6), NightPeakKW: at(7), YearPeakKW: at(8), FeedInPeakKW: at(9), DischargedKWh: at(10),
			Departures: DeparturesSummary{ShortShare: at(11), MissingKWh: at(12), PenaltyEUR: at(13)},
			WearEUR:    at(14), PluggedInShare: at(15), PlugInRewardEUR: at(16), GapEUR: at(18),
		})
	}
	if len(c.Cases) == 0 {
		return nil, fmt.Errorf("%s has no cases", path)
	}
	return c, nil
}

// studyFile is the file of the study of a place, counted from 0.
func studyFile(i int) string { return fmt.Sprintf("study-%d.yaml", i+1) }

// Track is a variant under a contract: its ways to charge, from the least free to the
// freest.
type Track struct {
	Variant, Contract string
	Cases             []*VariantCase // at least one
}

// Tracks are the comparison's, in its order.
func (c *Comparison) Tracks() (out []*Track) {
	for _, v := range c.Cases {
		i := slices.IndexFunc(out, func(t *Track) bool { return t.Variant == v.Variant && t.Contract == v.Contract })
		if i < 0 {
			i = len(out)
			out = append(out, &Track{Variant: v.Variant, Contract: v.Contract})
		}
		out[i].Cases = append(out[i].Cases, v)
	}
	for _, t := range out {
		freedom := func(v *VariantCase) int { return slices.Index(dispatch.Modes(), v.Mode) }
		slices.SortStableFunc(t.Cases, func(a, b *VariantCase) int { return freedom(a) - freedom(b) })
	}
	return out
}

// Freest is the way to charge with the most freedom.
func (t *Track) Freest() *VariantCase { return t.Cases[len(t.Cases)-1] }

// Regular is regular charging, nil without it or without another way.
func (t *Track) Regular() *VariantCase {
	if first := t.Cases[0]; first.Mode == dispatch.Regular && len(t.Cases) > 1 {
		return first
	}
	return nil
}

// Least differences that are told: below them two ways to charge are equal.
const (
	leastTradeoffEUR = 1
	leastTradeoffKW  = 0.01
)

// Conflict says whether a way to charge is cheaper for the home than regular charging,
// and gives the street a higher peak in the year.
func (t *Track) Conflict(v *VariantCase) bool {
	from := t.Regular()
	return from != nil && from.TotalEUR()-v.TotalEUR() >= leastTradeoffEUR && v.YearPeakKW-from.YearPeakKW >= leastTradeoffKW
}

// Finding says in how many tracks owner and street want different things, and where
// that is most so; "" without regular charging.
func (c *Comparison) Finding() string {
	compared, conflicts := 0, 0
	var worst *Track
	rise := func(t *Track) float64 { return t.Freest().YearPeakKW - t.Regular().YearPeakKW }
	for _, t := range c.Tracks() {
		if t.Regular() == nil {
			continue
		}
		compared++
		if t.Conflict(t.Freest()) {
			conflicts++
			if worst == nil || rise(t) > rise(worst) {
				worst = t
			}
		}
	}
	if compared == 0 {
		return ""
	}
	text := fmt.Sprintf("In %d of %d variants and contracts the freest way to charge is cheaper for the home than regular charging and gives the street a higher peak.", conflicts, compared)
	if worst != nil {
		f, r := worst.Freest(), worst.Regular()
		text += fmt.Sprintf(" Most so under %s, %s: EUR %.0f a year cheaper, and the year's highest quarter-hour rises from %.2f to %.2f kW per home.",
			worst.Variant, worst.Contract, math.Round(r.TotalEUR())-math.Round(f.TotalEUR()), r.YearPeakKW, f.YearPeakKW)
	}
	return text
}

// Difference is an assumption that is not the same in all studies.
type Difference struct {
	assume.Used          // as the first study that has it says
	Values      []string // by study, "" where a study has no such key
}

// Differences are the assumptions in which the studies differ, but for their names.
func (c *Comparison) Differences() (out []*Difference) {
	of := map[string]*Difference{}
	var all []*Difference
	for i, s := range c.Studies {
		for _, u := range used(s, c.Manifest.Inputs) {
			if u.Key == "study" {
				continue
			}
			d := of[u.Key]
			if d == nil {
				d = &Difference{u, make([]string, len(c.Studies))}
				of[u.Key], all = d, append(all, d)
			}
			d.Values[i] = u.Value
		}
	}
	for _, d := range all {
		if slices.ContainsFunc(d.Values, func(v string) bool { return v != d.Values[0] }) {
			out = append(out, d)
		}
	}
	return out
}
