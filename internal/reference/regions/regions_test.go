package regions

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func loaded(t testing.TB) *Map {
	t.Helper()
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestThereAre342GemeentenIn12Provinces(t *testing.T) {
	m := loaded(t)
	if len(m.Gemeenten) != 342 || len(m.Provinces) != 12 {
		t.Fatalf("%d gemeenten, %d provinces", len(m.Gemeenten), len(m.Provinces))
	}
	members := map[string]int{}
	for _, g := range m.Gemeenten {
		members[g.ProvinceCode]++
	}
	for _, p := range m.Provinces {
		if members[p.Code] == 0 || len(p.Polygon) == 0 {
			t.Errorf("%s %s: %d gemeenten, %d polygons", p.Code, p.Name, members[p.Code], len(p.Polygon))
		}
	}
}

func TestThereAreAbout14000Buurten(t *testing.T) {
	if n := len(loaded(t).Buurten); n < 13_500 || n > 14_500 {
		t.Errorf("%d buurten", n)
	}
}

func TestEveryLevelSumsExactlyToTheCountry(t *testing.T) {
	m := loaded(t)
	want := Counts{
		Households: 8_270_244, Detached: 1_029_291, SemiDetached: 1_725_414, Terraced: 2_376_981,
		Apartment: 2_800_254, Cars: 8_932_655, Vans: 989_734,
	}
	var provinces, gemeenten, wijken, buurten Counts
	for _, p := range m.Provinces {
		provinces = provinces.Add(p.Counts)
	}
	for _, g := range m.Gemeenten {
		gemeenten = gemeenten.Add(g.Counts)
	}
	for _, w := range m.Wijken {
		wijken = wijken.Add(w.Counts)
	}
	for _, b := range m.Buurten {
		buurten = buurten.Add(b.Counts)
	}
	for level, got := range map[string]Counts{
		"provinces": provinces, "gemeenten": gemeenten, "wijken": wijken, "buurten": buurten,
	} {
		if got != want {
			t.Errorf("%s: %+v, want %+v", level, got, want)
		}
	}
}

func TestBuurtenSumExactlyToTheirGemeenteInEveryColumn(t *testing.T) {
	m := loaded(t)
	sums := map[string]Counts{}
	for _, b := range m.Buurten {
		c := b.Counts
		if min(c.Households, c.Detached, c.SemiDetached, c.Terraced, c.Apartment, c.Cars, c.Vans) < 0 {
			t.Errorf("%s: %+v", b.Code, c)
		}
		sums[b.Gemeente] = sums[b.Gemeente].Add(c)
	}
	for _, g := range m.Gemeenten {
		if sums[g.Code] != g.Counts {
			t.Errorf("%s: %+v, want %+v", g.Name, sums[g.Code], g.Counts)
		}
	}
}

func TestCodesNestAndAreUnique(t *testing.T) {
	m := loaded(t)
	parent := map[string]string{}
	add := func(code, of, prefix string, length int) {
		if _, twice := parent[code]; twice || len(code) != length || !strings.HasPrefix(code, prefix) {
			t.Errorf("code %s of %s", code, of)
		}
		parent[code] = of
	}
	for _, g := range m.Gemeenten {
		add(g.Code, g.ProvinceCode, "GM", 6)
	}
	for _, w := range m.Wijken {
		add(w.Code, w.Gemeente, "XW"+w.Gemeente[2:], 8)
	}
	for _, b := range m.Buurten {
		add(b.Code, b.Wijk, "XB"+b.Wijk[2:], 10)
		if parent[b.Wijk] != b.Gemeente {
			t.Errorf("%s lies in %s, which is of %s, not %s", b.Code, b.Wijk, parent[b.Wijk], b.Gemeente)
		}
	}
}

func TestInventedNamesSaySo(t *testing.T) {
	m := loaded(t)
	for _, b := range m.Buurten {
		if !strings.Contains(b.Name, ", invented buurt ") {
			t.Fatal(b.Name)
		}
	}
	i := slices.IndexFunc(m.Buurten, func(b Buurt) bool { return b.Code == "XB03440305" })
	if got, want := m.Buurten[i].Name, "Utrecht, invented buurt 03-05"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// outlines lists every polygon of the map by its code.
func outlines(m *Map) map[string]orb.MultiPolygon {
	all := map[string]orb.MultiPolygon{}
	for _, p := range m.Provinces {
		all[p.Code] = p.Polygon
	}
	for _, g := range m.Gemeenten {
		all[g.Code] = g.Polygon
	}
	for _, w := range m.Wijken {
		all[w.Code] = w.Polygon
	}
	for _, b := range m.Buurten {
		all[b.Code] = b.Polygon
	}
	return all
}

func TestRingsAreClosedAndOuterOnesRunCounterClockwise(t *testing.T) {
	for code, polygons := range outlines(loaded(t)) {
		if len(polygons) == 0 {
			t.Errorf("%s is empty", code)
		}
		for _, polygon := range polygons {
			for k, r := range polygon {
				want := orb.CW
				if k == 0 {
					want = orb.CCW
				}
				if len(r) < 4 || !r.Closed() || r.Orientation() != want {
					t.Errorf("%s: ring %d of %d points, closed %t, turns %d", code, k, len(r), r.Closed(), r.Orientation())
				}
			}
		}
	}
}

func TestRingsDoNotTouchThemselves(t *testing.T) {
	for code, polygons := range outlines(loaded(t)) {
		for _, polygon := range polygons {
			for _, r := range polygon {
				seen := map[orb.Point]bool{}
				for _, p := range r[1:] {
					if seen[p] {
						t.Errorf("%s passes %v twice", code, p)
					}
					seen[p] = true
				}
			}
		}
	}
}

func TestAreasAddUpFromBuurtToCountry(t *testing.T) {
	m := loaded(t)
	all := outlines(m)
	sums := map[string]float64{}
	for _, b := range m.Buurten {
		sums[b.Wijk] += planar.Area(b.Polygon)
		sums[b.Gemeente] += planar.Area(b.Polygon)
	}
	for _, g := range m.Gemeenten {
		sums[g.ProvinceCode] += planar.Area(g.Polygon)
	}
	for code, sum := range sums {
		if area := planar.Area(all[code]); math.Abs(area-sum) > 1e-9*area {
			t.Errorf("%s: %.12f, its parts %.12f", code, area, sum)
		}
	}
}

// TestBordersAreSharedVertexByVertex: an edge is walked once in each sense, by
// two buurten, or once, at the coast; the coast is no longer than a coast is.
func TestBordersAreSharedVertexByVertex(t *testing.T) {
	walked := map[[2]orb.Point]string{}
	for _, b := range loaded(t).Buurten {
		for _, polygon := range b.Polygon {
			for _, r := range polygon {
				for i := range r[1:] {
					e := [2]orb.Point{r[i], r[i+1]}
					if other, twice := walked[e]; twice {
						t.Errorf("%s and %s overlap at %v", other, b.Code, e)
					}
					walked[e] = b.Code
				}
			}
		}
	}
	coast := 0
	for e := range walked {
		if _, shared := walked[[2]orb.Point{e[1], e[0]}]; !shared {
			coast++
		}
	}
	if coast > len(walked)/40 {
		t.Errorf("%d of %d edges have one side only", coast, len(walked))
	}
}

func TestEveryLandPointFallsInOneGemeenteAndOneBuurtOfIt(t *testing.T) {
	m := loaded(t)
	var buurtBounds []orb.Bound
	for _, b := range m.Buurten {
		buurtBounds = append(buurtBounds, b.Polygon.Bound())
	}
	draw := rand.New(rand.NewPCG(1, 2))
	land := 0
	draws := 10_000
	if testing.Short() {
		draws = 1000
	}
	for range draws {
		p := orb.Point{3.3 + 4*draw.Float64(), 50.7 + 2.9*draw.Float64()}
		var gemeenten, provinces, owners []string
		for _, g := range m.Gemeenten {
			if planar.MultiPolygonContains(g.Polygon, p) {
				gemeenten = append(gemeenten, g.Code)
				provinces = append(provinces, g.ProvinceCode)
			}
		}
		for i, b := range m.Buurten {
			if buurtBounds[i].Contains(p) && planar.MultiPolygonContains(b.Polygon, p) {
				owners = append(owners, b.Gemeente)
			}
		}
		if len(gemeenten) > 1 || !slices.Equal(gemeenten, owners) {
			t.Errorf("%v: gemeenten %v, buurten of %v", p, gemeenten, owners)
		}
		for _, province := range m.Provinces {
			if planar.MultiPolygonContains(province.Polygon, p) != slices.Contains(provinces, province.Code) {
				t.Errorf("%v: province %s against gemeenten of %v", p, province.Code, provinces)
			}
		}
		land += len(gemeenten)
	}
	if 10*land < 3*draws {
		t.Errorf("only %d points on land", land)
	}
}

func TestKnownPlacesLieWhereTheyShould(t *testing.T) {
	for _, c := range []struct {
		place string
		at    orb.Point
		want  string // "" is water
	}{
		{"Utrecht", orb.Point{5.12, 52.09}, "Utrecht"},
		{"Lelystad, on Flevoland", orb.Point{5.50, 52.52}, "Lelystad"},
		{"De Cocksdorp", orb.Point{4.86, 53.13}, "Texel"},
		{"Hollum", orb.Point{5.66, 53.44}, "Ameland"},
		{"Maastricht", orb.Point{5.69, 50.85}, "Maastricht"},
		{"IJsselmeer", orb.Point{5.35, 52.80}, ""},
		{"Markermeer", orb.Point{5.20, 52.52}, ""},
		{"Wadden Sea", orb.Point{5.20, 53.20}, ""},
		{"Western Scheldt", orb.Point{3.75, 51.39}, ""},
	} {
		got := ""
		for _, g := range loaded(t).Gemeenten {
			if planar.MultiPolygonContains(g.Polygon, c.at) {
				got = g.Name
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.place, got, c.want)
		}
	}
}

func TestDecodingTwiceGivesTheSame(t *testing.T) {
	again, err := build(gemeentenCSV, mapFile)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(loaded(t), again) {
		t.Error("two decodings differ")
	}
}

func TestFlatsGatherInTheCentreAndDetachedHousesAtTheEdge(t *testing.T) {
	var centre, edge Counts
	for _, b := range loaded(t).Buurten {
		switch {
		case b.Urban > 0.75:
			centre = centre.Add(b.Counts)
		case b.Urban < 0.25:
			edge = edge.Add(b.Counts)
		}
	}
	if centre.Apartment < 3*edge.Apartment || edge.Detached < 2*centre.Detached {
		t.Errorf("centre %+v, edge %+v", centre, edge)
	}
}

func TestApportionSharesLargestRemaindersFirst(t *testing.T) {
	for _, c := range []struct {
		total   int
		weights []float64
		want    []int
	}{
		{10, []float64{1, 1, 1}, []int{4, 3, 3}},
		{7, []float64{4, 2, 1}, []int{4, 2, 1}},
		{5, []float64{0, 0}, []int{3, 2}},
		{0, []float64{1, 2}, []int{0, 0}},
		{3, []float64{0, 1}, []int{0, 3}},
	} {
		if got := apportion(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%d by %v: %v, want %v", c.total, c.weights, got, c.want)
		}
	}
}

func TestAnEmptyCellOrADamagedFileIsAnErrorNotAGuess(t *testing.T) {
	header, _, _ := strings.Cut(string(gemeentenCSV), "\n")
	table := header + "\nGM0344,Utrecht,Utrecht,5.1,52.1,99.2,361699,180000.0,1,2,3,4,,6\n"
	if _, err := readTable([]byte(table)); err == nil || !strings.Contains(fmt.Sprint(err), "cars") {
		t.Errorf("an empty cell gives %v", err)
	}
	if _, err := decode(mapFile[:len(mapFile)/2], 342); err == nil {
		t.Error("half a file is read")
	}
	if _, err := decode(bytes.Repeat([]byte{7}, 100), 342); err == nil {
		t.Error("noise is read")
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		if _, err := build(gemeentenCSV, mapFile); err != nil {
			b.Fatal(err)
		}
	}
}
