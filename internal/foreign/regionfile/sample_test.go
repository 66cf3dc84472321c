package regionfile

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/witness"
)

func points(regions []region.Region) (n int) {
	for _, r := range regions {
		for _, polygon := range r.Geometry {
			for _, ring := range polygon {
				n += len(ring)
			}
		}
	}
	return n
}

func geometries(regions []region.Region) []orb.MultiPolygon {
	var g []orb.MultiPolygon
	for _, r := range regions {
		g = append(g, r.Geometry)
	}
	return g
}

func inRD(l Layer) []region.Region {
	out := slices.Clone(l.Regions)
	for i := range out {
		if l.CRS == region.WGS84 {
			out[i].Geometry = region.ToRD(out[i].Geometry)
		}
	}
	return out
}

// builtIn is the map that made files are of.
func builtIn(t testing.TB) *regions.Map {
	t.Helper()
	m, err := regions.Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGemeentenInGeoJSON(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		households, groningen := 8_270_244.0, 0.02 // as many as CBS counts; the real file is generalised
		if data.Made {
			households, groningen = 0, 1e-4
			for _, g := range builtIn(t).Gemeenten {
				households += float64(g.Counts.Households)
			}
		}
		d := read(t, data.File(t, "regions/cbs_gemeenten_2023.geojson"), Options{})
		l := d.Layers[0]
		r := d.Report.Layers[0]
		if len(d.Layers) != 1 || len(l.Regions) != 342 || l.Level != region.Gemeente || l.Vintage != 2023 || l.CRS != region.WGS84 {
			t.Fatalf("%+v", r)
		}
		if len(r.Dropped) != 1 || r.Dropped[0].Code != sample.Buitenland || r.Dropped[0].Name != "Buitenland" {
			t.Errorf("dropped %+v", r.Dropped)
		}
		var sum float64
		for _, v := range values(t, l, "households") {
			sum += v
		}
		if sum != households {
			t.Errorf("%.0f households, want %.0f", sum, households)
		}
		// Dutch land and inland water.
		inRD := inRD(l)
		var area float64
		for i, v := range values(t, l, "area_total_ha") {
			m2 := region.AreaM2(inRD[i].Geometry)
			area += m2
			if inRD[i].Code == "GM0014" && math.Abs(m2/1e4-v) > groningen*v {
				t.Errorf("Groningen has %.0f ha, the file says %.0f", m2/1e4, v)
			}
		}
		t.Logf("area %.0f km2, mends %+v", area/1e6, r.Mends)
		if area < 33e9 || area > 43e9 {
			t.Errorf("area %.0f km2", area/1e6)
		}
		set, err := region.NewSet(inRD, region.SetOptions{})
		if err != nil || set.Len() != 343 {
			t.Errorf("%v", err)
		}
	})
}

func TestWijkenInGeoPackage(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		wijken, least, most := 3340, 17e6, 18e6 // inhabitants
		extent := [4]float64{13565, 306846, 278026, 619232}
		if data.Made {
			m := builtIn(t)
			wijken, least, extent = len(m.Wijken), 0, [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
			for i := range m.Wijken {
				least += 2 * float64(sample.WijkDwellings(&m.Wijken[i]))
				b := region.ToRD(m.Wijken[i].Polygon).Bound()
				extent = [4]float64{min(extent[0], b.Min[0]), min(extent[1], b.Min[1]), max(extent[2], b.Max[0]), max(extent[3], b.Max[1])}
			}
			most = least
		}
		d := read(t, data.File(t, "regions/cbs_wijken_2022_rd.gpkg"), Options{})
		l := d.Layers[0]
		if len(l.Regions) != wijken || l.Level != region.Wijk || l.Vintage != 2022 || l.CRS != region.RDNew {
			t.Fatalf("%+v", d.Report)
		}
		r := d.Report.Layers[0]
		if *r.Extent != extent || r.NoGeometry != 0 {
			t.Errorf("%+v, want %v", r, extent)
		}
		for _, c := range r.Columns {
			if c.Attribute == "inhabitants" && c.Missing != 0 {
				t.Errorf("%+v", c)
			}
		}
		t.Logf("mends %+v, columns %+v, not used %v", r.Mends, r.Columns, r.Ignored)
		set, err := region.NewSet(l.Regions, region.SetOptions{ProvincieOf: d.ProvincieOf})
		if err != nil {
			t.Fatal(err)
		}
		if p := set.OfLevel(region.Provincie); len(p) != 12 {
			t.Errorf("%d provincies", len(p))
		}
		var whole []int64
		for _, v := range inOrder(set, l, "inhabitants") {
			whole = append(whole, int64(v)) // of a leaf; made regions have none
		}
		sums, err := set.SumInt(whole)
		if err != nil {
			t.Fatal(err)
		}
		if land := float64(sums[0]); land < least || land > most {
			t.Errorf("%.0f inhabitants, want %.0f to %.0f", land, least, most)
		}
		for _, level := range set.Levels() {
			var total int64
			for _, i := range set.OfLevel(level) {
				total += sums[i]
			}
			if total != sums[0] {
				t.Errorf("%s adds to %v, the land to %v", level, total, sums[0])
			}
		}
	})
}

// inOrder gives a layer's values in the order of a set, NaN for made regions.
func inOrder(set *region.Set, l Layer, attribute string) []float64 {
	out := make([]float64, set.Len())
	for i := range out {
		out[i] = math.NaN()
	}
	v, _ := l.Values(attribute)
	for i, r := range l.Regions {
		at, _ := set.Index(r.Code)
		out[at] = v[i]
	}
	return out
}

// Borders without figures, and a buurt of water, which is left out.
func TestBuurtenWithoutFigures(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		buurten, first := 16, "Ermelo"
		if data.Made {
			buurten, first = 0, ""
			for _, b := range builtIn(t).Buurten {
				if b.Gemeente == sample.Ermelo {
					if buurten++; first == "" {
						first = b.Name
					}
				}
			}
		}
		d := read(t, data.File(t, "regions/ermelo_cbs_buurten.gpkg"), Options{})
		l := d.Layers[0]
		r := d.Report.Layers[0]
		if len(l.Regions) != buurten || r.Rows != buurten+1 || r.Dropped[0].Code != "BU02339997" || l.Level != region.Buurt || l.Vintage != 2021 || l.Regions[0].Name != first {
			t.Fatalf("%+v", r)
		}
		empty := 0
		for _, c := range r.Columns {
			if c.Missing == buurten {
				empty++
			}
		}
		if empty < 6 {
			t.Errorf("counts are empty in this file, yet the report says %+v", r.Columns)
		}
		if v := values(t, l, "inhabitants"); !math.IsNaN(v[0]) {
			t.Errorf("inhabitants %v", v)
		}
		set, err := region.NewSet(l.Regions, region.SetOptions{})
		if err != nil || set.Made() != 1+1+len(set.OfLevel(region.Wijk)) {
			t.Errorf("made %d, %v", set.Made(), err)
		}
	})
}

func TestDwellingsByTypeInCSV(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		buurten, gemeenten, terraced := 3386, 131, 0.366706876
		if data.Made {
			m := builtIn(t)
			in := map[string]bool{}
			buurten, gemeenten, terraced = 0, 0, math.NaN()
			for i := range m.Gemeenten {
				if in[m.Gemeenten[i].Code] = sample.InDwellings(i); sample.InDwellings(i) {
					gemeenten++
				}
			}
			for i := range m.Buurten {
				if in[m.Buurten[i].Gemeente] {
					if buurten++; buurten == 1 {
						terraced = math.Round(1e9*sample.DwellingShares(m.Buurten[i].Counts)[1]) / 1e9
					}
				}
			}
		}
		d := read(t, data.File(t, "regions/buurt_2016_stedin_dwellings_cars.csv"), Options{})
		l := d.Layers[0]
		if len(d.Layers) != 1 || len(l.Regions) != buurten || l.Level != region.Buurt || l.Vintage != 2016 || l.CRS != 0 {
			t.Fatalf("%+v", d.Report)
		}
		if v := values(t, l, "terraced_share"); v[0] != terraced {
			t.Errorf("%v, want %v", v[0], terraced)
		}
		set, err := region.NewSet(l.Regions, region.SetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(set.OfLevel(region.Gemeente)); n != gemeenten {
			t.Errorf("%d gemeenten, want %d", n, gemeenten)
		}
	})
}

// Reading leaves the file and its folder as they were, also where SQLite would
// write beside it (WAL mode).
func TestAFileThatIsReadIsNotTouched(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		content, err := os.ReadFile(data.File(t, "regions/ermelo_cbs_buurten.gpkg"))
		if err != nil {
			t.Fatal(err)
		}
		if content[18] != 2 || content[19] != 2 {
			t.Fatal("the file is not in WAL mode: the test shows nothing")
		}
		folder := t.TempDir()
		path := filepath.Join(folder, "copy.gpkg")
		if err := os.WriteFile(path, content, 0o400); err != nil {
			t.Fatal(err)
		}
		read(t, path, Options{})
		after, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(after, content) {
			t.Error("the file was changed", err)
		}
		if entries, _ := os.ReadDir(folder); len(entries) != 1 {
			t.Errorf("beside the file: %v", entries)
		}
	})
}

// CBS borders match point by point: dissolving leaves no slivers. Then they can be
// simplified together.
func TestBordersAreShared(t *testing.T) {
	sample.OnBoth(t, bordersAreShared)
}

func bordersAreShared(t *testing.T, data sample.Data) {
	for name, limits := range map[string]struct {
		toleranceM float64
		most       float64 // of the points that may be left
	}{
		"cbs_gemeenten_2023.geojson": {500, 0.6},
		"cbs_wijken_2022_rd.gpkg":    {100, 0.85},
		"ermelo_cbs_buurten.gpkg":    {50, 0.2},
	} {
		d := read(t, data.File(t, "regions/"+name), Options{})
		regions := inRD(d.Layers[0])
		start := time.Now()
		whole := region.Dissolve(geometries(regions))
		took := time.Since(start)
		rings := 0
		for _, p := range whole {
			rings += len(p)
		}
		var sum float64
		for _, r := range regions {
			sum += region.AreaM2(r.Geometry)
		}
		t.Logf("%s: dissolved in %v to %d polygons, %d rings; parts %.3f km2, whole %.3f km2",
			name, took, len(whole), rings, sum/1e6, region.AreaM2(whole)/1e6)
		if math.Abs(sum-region.AreaM2(whole)) > 1e-6*sum {
			t.Errorf("%s: parts cover %.0f m2, the whole %.0f m2", name, sum, region.AreaM2(whole))
		}
		start = time.Now()
		simple, err := region.Simplify(regions, limits.toleranceM)
		if err != nil {
			t.Fatal(err)
		}
		before, after := points(regions), points(simple)
		t.Logf("%s: %.0f m in %v: %d points became %d", name, limits.toleranceM, time.Since(start), before, after)
		if after > int(limits.most*float64(before)) {
			t.Errorf("%s: %d points became %d", name, before, after)
		}
		again := region.Dissolve(geometries(simple))
		var left float64
		for _, r := range simple {
			if err := region.Check(r.Code, r.Geometry, region.RDNew); err != nil {
				t.Error(err)
			}
			left += region.AreaM2(r.Geometry)
		}
		if math.Abs(left-region.AreaM2(again)) > 1e-6*left || math.Abs(left-sum) > 0.01*sum {
			t.Errorf("%s: simplified parts cover %.0f m2, their whole %.0f m2, before %.0f m2", name, left, region.AreaM2(again), sum)
		}
	}
}

// GEOS, by way of GDAL, finds every simplified and every dissolved region valid.
// (It finds five of the generalised gemeenten of 2023 invalid as they come.)
func TestSimplifiedRegionsAreValid(t *testing.T) {
	sample.OnBoth(t, simplifiedIsValid)
}

func simplifiedIsValid(t *testing.T, data sample.Data) {
	ogrinfo := witness.Program(t, "ogrinfo", "gdal-bin")
	d := read(t, data.File(t, "regions/cbs_wijken_2022_rd.gpkg"), Options{})
	for _, toleranceM := range []float64{30, 300, 3000} {
		simple, err := region.Simplify(d.Regions(), toleranceM)
		if err != nil {
			t.Fatal(err)
		}
		set, err := region.NewSet(simple, region.SetOptions{ProvincieOf: d.ProvincieOf, Names: d.Names})
		if err != nil {
			t.Fatal(err)
		}
		set = set.Dissolved()
		all := Layer{Name: "regions", CRS: region.RDNew}
		for i := range set.Len() {
			all.Regions = append(all.Regions, set.At(i))
		}
		path := filepath.Join(t.TempDir(), "regions.gpkg")
		if err := WriteGeoPackage(path, []Table{all.Table()}, lastChange); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), ogrinfo, "-ro", "-q", "-dialect", "sqlite", "-sql",
			"SELECT count(*) AS n, sum(ST_IsValid(geom) = 0) AS bad, group_concat(CASE WHEN ST_IsValid(geom) = 0 THEN code END) AS codes FROM regions",
			path).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("no such function")) {
			witness.MissingOracle(t, fmt.Sprintf("this ogrinfo knows no ST_IsValid, nothing is compared with GEOS: %s", out))
		}
		if !bytes.Contains(out, []byte("bad (Integer) = 0")) || !bytes.Contains(out, []byte(fmt.Sprintf("n (Integer) = %d", set.Len()))) {
			t.Errorf("%v m: %s", toleranceM, out)
		}
	}
}

// Every gemeente's label point is in it, and in no other.
func TestLabelPointsLieInTheirGemeente(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		d := read(t, data.File(t, "regions/cbs_gemeenten_2023.geojson"), Options{})
		regions := inRD(d.Layers[0])
		for i, r := range regions {
			p, ok := region.LabelPoint(r.Geometry)
			if !ok {
				t.Errorf("%s %s has no label point", r.Code, r.Name)
			}
			for k, other := range regions {
				if region.Contains(other.Geometry, p) != (i == k) {
					t.Errorf("%s %s: label point %v, and region %s", r.Code, r.Name, p, other.Code)
				}
			}
		}
	})
}

func TestALandOfWijkenIsWrittenAndReadAgain(t *testing.T) {
	sample.OnBoth(t, writtenAndReadAgain)
}

func writtenAndReadAgain(t *testing.T, data sample.Data) {
	d := read(t, data.File(t, "regions/cbs_wijken_2022_rd.gpkg"), Options{})
	path := filepath.Join(t.TempDir(), "wijken.gpkg")
	start := time.Now()
	if err := WriteGeoPackage(path, tables(d.Layers), lastChange); err != nil {
		t.Fatal(err)
	}
	wrote := time.Since(start)
	start = time.Now()
	again := read(t, path, Options{})
	t.Logf("wrote %d wijken in %v, read them in %v", len(d.Layers[0].Regions), wrote, time.Since(start))
	if !same(again.Layers, d.Layers) {
		t.Error("the layers are not the same after writing and reading")
	}
}
