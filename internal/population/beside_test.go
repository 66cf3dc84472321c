package population_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/population"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/study"
)

// written is a result of a study, in a folder.
func written(t *testing.T, settings ...string) *result.Result {
	t.Helper()
	s, err := assume.Load("", settings)
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := r.Write(t.Context(), dir, result.Version{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	if r, err = result.Open(dir); err != nil {
		t.Fatal(err)
	}
	return r
}

// A region's own homes stand beside the study's average times its charge points: both of the
// same points, year and share that takes part.
func TestOwnHomesStandBesideTheAverage(t *testing.T) {
	settings := []string{"homes=3", "modes=[regular, v2g]", "potential.adoption=0.8", "data.regions=" + sample.FewGemeenten(t)}
	in, plan := prepared(t, 0.001, []int{2040, 2050}, settings...)
	f := compute(t, in, plan, 0, 1)
	r := written(t, settings...)
	note, rows, err := f.Beside(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := result.AddPopulation(r.Dir, note, rows); err != nil {
		t.Fatal(err)
	}
	if r, err = result.Open(r.Dir); err != nil {
		t.Fatal(err)
	}
	totals, err := f.Totals()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.Population.Cases); n != 4 || r.Population.Homes != plan.Homes {
		t.Fatalf("%d cases of %d homes, want regular charging and V2G in two years of %d", n, r.Population.Homes, plan.Homes)
	}
	for _, want := range totals {
		c := r.Population.Case(want.Contract, want.Mode, want.Year)
		if c == nil || c.Homes[0] != want.Homes || c.Column("evening_winter_kw")[0] != want.EveningWinterKW || c.Column("highest_kw")[0] != want.HighestKW {
			t.Errorf("%+v: the result has not the land's own homes", want)
			continue
		}
		mode, _ := dispatch.ParseMode(want.Mode)
		taking := want.Points * 0.8
		season := r.Summary.Potential.Season(want.Contract, want.Mode, "winter")
		for name, average := range map[string]float64{
			"average_evening_winter_kw": taking * season.EveningMeanKW,
			"average_discharged_kwh":    taking * r.Case(want.Contract, mode).Summary.DischargedKWh,
		} {
			if got := c.Column(name)[0]; math.Abs(got-average) > 1e-3*(1+math.Abs(average)) {
				t.Errorf("%s %s %d: %s is %g, want %g", want.Contract, want.Mode, want.Year, name, got, average)
			}
		}
		if want.Year == r.Summary.Potential.Year && math.Abs(c.Column("average_highest_kw")[0]/1e6-*season.YearHighestGW) > 1e-4 {
			t.Errorf("the average's highest quarter-hour is %g kW, the summary has %g GW", c.Column("average_highest_kw")[0], *season.YearHighestGW)
		}
		if want.Mode == "v2g" && math.Abs(c.Column("saving_eur_per_home")[0]-want.SavingEUR/taking) > 1e-3 {
			t.Errorf("a home saves EUR %g, want %g", c.Column("saving_eur_per_home")[0], want.SavingEUR/taking)
		}
	}
	// Once more is the same, and the folder is still whole.
	if err := result.AddPopulation(r.Dir, note, rows); err != nil {
		t.Error(err)
	}
	if _, err := result.Claim(r.Dir); err != nil {
		t.Errorf("the result with a population is not one that a run may replace: %v", err)
	}
	if err := os.WriteFile(filepath.Join(f.Dir, "regions", plan.Hash+"-all.parquet"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = f.Beside(r)
	if _, unfit := errors.AsType[*population.UnfitError](err); !unfit || !strings.Contains(err.Error(), "was changed after the run") {
		t.Errorf("a changed table is taken: %v", err)
	}
	if err := os.Remove(filepath.Join(f.Dir, "regions", plan.Hash+"-all.parquet")); err != nil {
		t.Fatal(err)
	}
	_, _, err = f.Beside(r)
	if _, unfit := errors.AsType[*population.UnfitError](err); err == nil || unfit {
		t.Errorf("what cannot be read now is not what never fits: %v", err)
	}
}

func TestAPopulationOfAnotherStudyIsNotSetBesideAResult(t *testing.T) {
	_, plan := prepared(t, 0.0003, nil, "data.regions="+sample.FewGemeenten(t))
	f, err := population.Begin(t.TempDir(), plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &result.Result{Dir: "results", Regions: &result.Regions{}, Study: assume.Default(), Manifest: &result.Manifest{}}
	if _, _, err = f.Beside(r); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a population without its parts: %v", err)
	}
	for _, name := range []string{"regions", "profiles"} {
		if err := os.MkdirAll(filepath.Join(f.Dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(f.Dir, result.ManifestFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Study.Seed = 2
	_, _, err = f.Beside(r)
	for _, want := range []string{"is not of the study of results", "the version of getij (test and )", "the assumptions of the study", "the input of prices"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %q was expected", err, want)
		}
	}
}
