package potential_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
)

var update = flag.Bool("update", false, "write web/tests/fixtures/potential.json anew")

// months is a table as the API sends it.
type months [12][96]float64

func (t *months) table() *series.MonthTable {
	return cells(func(m, q int) float64 { return t[m][q] })
}

// The fixture is a study and what follows from it for some regions.
type (
	fixture struct {
		Comment string       `json:"comment"`
		Load    months       `json:"home_load_kw_by_month"`
		Solar   months       `json:"home_solar_kw_by_month"`
		Modes   modes        `json:"kw_by_month"`
		Groups  []group      `json:"coincidence"`
		Year    int          `json:"year"`
		Studies []*fixtureOf `json:"studies"`
		Ways    []*wayOf     `json:"ways"`
		// Steps are the answers of the API for a short year, and Years its highest steps.
		Steps map[string]*steps `json:"highest_steps"`
		Years []*yearOf         `json:"years"`
	}
	steps struct {
		UTC     []string  `json:"utc_start"`
		Load    []float64 `json:"home_load_kw"`
		Solar   []float64 `json:"dwelling_solar_kw"`
		KW      []float64 `json:"kw"`
		Regular []float64 `json:"regular_kw"`
	}
	yearOf struct {
		Mode        string  `json:"mode"`
		Adoption    float64 `json:"adoption"`
		Dwellings   float64 `json:"dwellings"`
		Equivalents float64 `json:"home_equivalents"`
		Points      float64 `json:"points"`
		KW          number  `json:"kw"`
		UTC         string  `json:"utc"`
	}
	modes struct {
		Regular *months `json:"regular"`
		Smart   *months `json:"smart"`
		V2G     *months `json:"v2g"`
	}
	group struct {
		Homes float64 `json:"homes"`
		P5    float64 `json:"p5"`
		P50   float64 `json:"p50"`
		P95   float64 `json:"p95"`
	}
	fixtureOf struct {
		Rule     string     `json:"rule"`
		Adoption float64    `json:"adoption"`
		Season   string     `json:"season"`
		KW       number     `json:"kw_per_charge_point"`
		SDKW     number     `json:"sd_kw_per_charge_point"`
		Band     band       `json:"band"`
		Regions  []*answers `json:"regions"`
	}
	wayOf struct {
		Mode     string      `json:"mode"`
		Season   string      `json:"season"`
		Adoption float64     `json:"adoption"`
		KW       number      `json:"evening_kw"`
		Largest  number      `json:"largest_kw"`
		Regions  []*seasonal `json:"regions"`
	}
	seasonal struct {
		Dwellings float64 `json:"dwellings"`
		Homes     float64 `json:"home_equivalents"`
		Points    float64 `json:"points"`
		MW        number  `json:"mw"`
		Largest   number  `json:"largest_mw"`
		AtOnce    number  `json:"at_once_mw"`
		P5        number  `json:"at_once_mw_p5"`
		P95       number  `json:"at_once_mw_p95"`
		Without   number  `json:"without_mw"`
		Regular   number  `json:"regular_mw"`
		Evening   number  `json:"evening_mw"`
		Night     number  `json:"night_mw"`
	}
	band struct {
		P5     float64 `json:"p5"`
		P95    float64 `json:"p95"`
		Spread float64 `json:"spread"`
	}
	answers struct {
		Dwellings float64 `json:"dwellings"`
		Homes     float64 `json:"home_equivalents"`
		Points    float64 `json:"points"`
		Capacity  number  `json:"capacity_kw"`
		KW        number  `json:"kw"`
		MW        number  `json:"mw"`
		P5        number  `json:"mw_p5"`
		P95       number  `json:"mw_p95"`
		Without   number  `json:"without"`
		Regular   number  `json:"regular"`
		Smart     number  `json:"smart"`
		V2G       number  `json:"v2g"`
		Night     number  `json:"night"`
		Highest   number  `json:"highest"`
		FeedIn    number  `json:"feed_in"`
		Import    number  `json:"import_share"`
		Export    number  `json:"feed_in_share"`
	}
)

// number is null in JSON where it is unknown. Nine digits are written, so that
// every processor's last bits give the same file.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%.9g", float64(n)), nil
}

func drawn(r *rand.Rand, value func(q int) float64) *months {
	t := new(months)
	for m := range t {
		for q := range t[m] {
			t[m][q] = math.Round(1000*(value(q)+0.3*r.Float64())) / 1000
		}
	}
	return t
}

// sizes are dwellings, home equivalents, charge points and capacity of regions.
var sizes = [][4]float64{{12000, 8900, 0, 15000}, {12000, 15800, 800, 15000}, {12000, 12000, 9000, 15000}, {3, 4.6, 2, math.NaN()}, {0, 0, 40, 400}, {40, 28, 4000, math.NaN()}, {8e6, 8e6, 2.25e6, math.NaN()}}

func browserFixture(t *testing.T) *fixture {
	r := rand.New(rand.NewPCG(2050, 1))
	hump := func(q, peak int, width float64) float64 { d := float64(q-peak) / width; return math.Exp(-d * d) }
	f := &fixture{
		Year:    2024,
		Comment: "Written by go test ./internal/potential -update: what package potential answers, which the dashboard must answer too.",
		Load:    *drawn(r, func(q int) float64 { return 0.2 + 0.7*hump(q, 76, 12) }),
		Solar:   *drawn(r, func(q int) float64 { return 1.1 * hump(q, 52, 14) }),
		Modes: modes{
			Regular: drawn(r, func(q int) float64 { return 1.2 * hump(q, 74, 10) }),
			Smart:   drawn(r, func(q int) float64 { return 1.5 * hump(q, 12, 10) }),
			V2G:     drawn(r, func(q int) float64 { return 2.6*hump(q, 12, 12) - 2.4*hump(q, 74, 9) }),
		},
		Groups: []group{{1, 9.5, 11, 11}, {10, 5, 6.2, 7.4}, {100, 3.4, 3.9, 4.5}, {1000, 3.1, 3.3, 3.6}},
	}
	p := &potential.Profile{
		Year: f.Year,
		Load: f.Load.table(), Solar: f.Solar.table(),
		Regular: f.Modes.Regular.table(), Smart: f.Modes.Smart.table(), V2G: f.Modes.V2G.table(), AtPeakKW: spreadKW,
	}
	for _, g := range f.Groups {
		p.Coincidence = append(p.Coincidence, potential.Group{Homes: g.Homes, P5KW: g.P5, P50KW: g.P50, P95KW: g.P95})
	}
	winter, _ := potential.SeasonNamed(potential.Winter)
	for rule, name := range map[potential.Rule]string{potential.Fixed: "fixed", potential.Computed: "computed", potential.Coincidence: "coincidence", potential.Report: "report"} {
		for _, adoption := range []float64{0, 0.35, 1} {
			model, err := potential.New(p, potential.Settings{Rule: rule, KW: 3, Adoption: adoption, Season: winter})
			if err != nil {
				t.Fatal(err)
			}
			study := &fixtureOf{Rule: name, Adoption: adoption, Season: winter.Name, KW: number(math.NaN()), SDKW: number(model.SpreadKW()), Band: band{0.6, 1.5, 0.1}}
			for _, a := range sizes {
				x := model.Region(potential.Homes{Dwellings: a[0], Equivalents: a[1]}, a[2], a[3], potential.Band(study.Band))
				if rule != potential.Coincidence {
					study.KW = number(x.KWPerPoint)
				}
				study.Regions = append(study.Regions, &answers{
					a[0], a[1], a[2], number(a[3]), number(x.KWPerPoint), number(x.MW), number(x.MWP5), number(x.MWP95),
					number(x.EveningPeakWithout), number(x.EveningPeakRegular), number(x.EveningPeakSmart), number(x.EveningPeakV2G),
					number(x.NightPeakV2G), number(x.HighestV2G), number(x.FeedIn), number(x.CapacityShareImport), number(x.CapacityShareFeedIn),
				})
			}
			f.Studies = append(f.Studies, study)
		}
	}
	slices.SortFunc(f.Studies, func(a, b *fixtureOf) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Adoption, b.Adoption))
	})
	for _, season := range potential.Seasons() {
		for _, mode := range []string{"smart", "v2g"} {
			for _, adoption := range []float64{0, 0.35, 1} {
				w := p.Way(season, map[string]*series.MonthTable{"smart": p.Smart, "v2g": p.V2G}[mode], p.Coincidence, adoption)
				way := &wayOf{Mode: mode, Season: season.Name, Adoption: adoption}
				for _, a := range sizes {
					x := w.Of(potential.Homes{Dwellings: a[0], Equivalents: a[1]}, a[2])
					way.KW, way.Largest = number(x.EveningMeanKW), number(x.LargestDischargeKW)
					way.Regions = append(way.Regions, &seasonal{
						a[0], a[1], a[2], number(x.EveningMW), number(x.LargestMW), number(x.AtOnceMW), number(x.AtOnceMWP5), number(x.AtOnceMWP95),
						number(x.EveningPeakWithoutMW), number(x.EveningPeakRegularMW), number(x.EveningPeakMW), number(x.NightPeakMW),
					})
				}
				f.Ways = append(f.Ways, way)
			}
		}
	}
	f.addYears(r)
	return f
}

// addYears adds the highest quarter-hours of a short year.
func (f *fixture) addYears(r *rand.Rand) {
	const n = 500
	draw := func(least float64) (out []float64) {
		for range n {
			out = append(out, math.Round(1000*(least+3*r.Float64()*r.Float64()))/1000)
		}
		return out
	}
	load, solar, regular := draw(0.2), draw(0), draw(0)
	f.Steps = map[string]*steps{}
	for _, mode := range []string{"regular", "v2g"} {
		car := regular
		if mode == "v2g" {
			car = draw(-1)
		}
		kept := potential.HighestSteps(load, solar, car, regular)
		to := &steps{}
		for _, s := range kept.List {
			to.UTC = append(to.UTC, fmt.Sprintf("step %d", s.At))
			to.Load, to.Solar, to.KW, to.Regular = append(to.Load, s.Load), append(to.Solar, s.Solar), append(to.KW, s.Car), append(to.Regular, s.Regular)
		}
		f.Steps[mode] = to
		for _, adoption := range []float64{0, 0.35, 1} {
			for _, a := range sizes {
				kw, at := kept.Highest(potential.Homes{Dwellings: a[0], Equivalents: a[1]}, a[2], adoption)
				f.Years = append(f.Years, &yearOf{mode, adoption, a[0], a[1], a[2], number(kw), fmt.Sprintf("step %d", at)})
			}
		}
	}
}

// The dashboard computes MW and peaks at a slider itself (web/src/lib/potential.ts):
// its tests compare with this file, which holds what this package answers.
func TestTheDashboardsFixtureIsWhatThisPackageAnswers(t *testing.T) {
	const path = "../../web/tests/fixtures/potential.json"
	want, err := json.Marshal(browserFixture(t))
	if err != nil {
		t.Fatal(err)
	}
	want = append(bytes.ReplaceAll(want, []byte("],["), []byte("],\n[")), '\n')
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s holds other answers: run 'go test ./internal/potential -update' and see what changed", path)
	}
}
