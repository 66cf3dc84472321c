package server_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
)

type regionsAnswer struct {
	Code      []string   `json:"code"`
	Name      []string   `json:"name"`
	Level     []int      `json:"level"`
	Levels    []string   `json:"levels"`
	Parent    []int      `json:"parent"`
	Lon       []*float64 `json:"lon"`
	Dwellings []float64  `json:"dwellings"`
}

func TestRegionsFormATreeThatAddsUp(t *testing.T) {
	a := getJSON[regionsAnswer](t, shared(t), "/api/v1/regions")
	want := 355
	if buurten() {
		want = 16048
	}
	if len(a.Code) != want || a.Code[0] != "NL00" || a.Parent[0] != -1 {
		t.Fatalf("%d regions, the first is %s in %d", len(a.Code), a.Code[0], a.Parent[0])
	}
	sums := make([]float64, len(a.Code))
	for i := len(a.Code) - 1; i > 0; i-- {
		if p := a.Parent[i]; p < 0 || p >= i || a.Level[p] >= a.Level[i] {
			t.Fatalf("%s (%s) lies in number %d", a.Code[i], a.Levels[a.Level[i]], p)
		}
		if sums[i] == 0 {
			sums[i] = a.Dwellings[i]
		}
		if math.Abs(sums[i]-a.Dwellings[i]) > 1e-3 {
			t.Fatalf("%s has %.3f dwellings, its parts %.3f", a.Code[i], a.Dwellings[i], sums[i])
		}
		sums[a.Parent[i]] += sums[i]
		if a.Lon[i] == nil {
			t.Errorf("%s has no place", a.Code[i])
		}
	}
}

func TestPointsAreThoseOfTheRegions(t *testing.T) {
	s := shared(t)
	a := getJSON[struct {
		Number  int    `json:"number"`
		Name    string `json:"name"`
		Parents []struct{ Code string }
		Near    []struct{ Code, Level string }
		Years   []int `json:"years"`
		Chain   map[string]struct {
			Points []float64 `json:"home_charge_points"`
			Cars   []float64 `json:"home_charge_points_cars"`
			Vans   []float64 `json:"home_charge_points_vans"`
		} `json:"chain"`
	}](t, s, "/api/v1/regions/GM0344")
	if a.Name != "Utrecht" || len(a.Years) != 26 || a.Years[0] != 2025 || len(a.Near) != 5 || a.Near[0].Level != "gemeente" {
		t.Fatalf("%+v", a)
	}
	if len(a.Parents) != 2 || a.Parents[0].Code != "PV26" || a.Parents[1].Code != "NL00" {
		t.Errorf("Utrecht lies in %v", a.Parents)
	}
	n := len(getJSON[regionsAnswer](t, s, "/api/v1/regions").Code)
	for scenario, chain := range a.Chain {
		w := get(t, s, "/api/v1/points/"+scenario+".bin")
		if w.Code != 200 || w.Body.Len() != 4*26*n {
			t.Fatalf("%s: %d, %d bytes, want %d", scenario, w.Code, w.Body.Len(), 4*26*n)
		}
		for y := range a.Years {
			bits := binary.LittleEndian.Uint32(w.Body.Bytes()[4*(y*n+a.Number):])
			if got := float64(math.Float32frombits(bits)); math.Abs(got-chain.Points[y]) > 1e-3*chain.Points[y] {
				t.Errorf("%s %d: %g points, the chain has %g", scenario, a.Years[y], got, chain.Points[y])
			}
			if own := get(t, s, fmt.Sprintf("/api/v1/points/%s/%d.bin", scenario, a.Years[y])); !bytes.Equal(own.Body.Bytes(), w.Body.Bytes()[4*y*n:4*(y+1)*n]) {
				t.Errorf("%s %d: %d bytes, which are not those of the year", scenario, a.Years[y], own.Body.Len())
			}
			if math.Abs(chain.Cars[y]+chain.Vans[y]-chain.Points[y]) > 1e-3 {
				t.Errorf("%s %d: %g for cars and %g for vans are not %g", scenario, a.Years[y], chain.Cars[y], chain.Vans[y], chain.Points[y])
			}
		}
	}
	// The coarse levels alone, by the same numbers.
	all, coarse := getJSON[regionsAnswer](t, s, "/api/v1/regions"), getJSON[regionsAnswer](t, s, "/api/v1/regions?downTo=gemeente")
	few := len(coarse.Code)
	if few == 0 || few > len(all.Code) || !slices.Equal(coarse.Code, all.Code[:few]) {
		t.Errorf("%d regions down to gemeenten are not the first of all %d", few, len(all.Code))
	}
	whole, part := get(t, s, "/api/v1/points/mid/2050.bin").Body.Bytes(), get(t, s, "/api/v1/points/mid/2050/gemeente.bin").Body.Bytes()
	if len(part) != 4*few || !bytes.Equal(part, whole[:4*few]) {
		t.Errorf("%d bytes of points down to gemeenten are not the first of %d", len(part), len(whole))
	}
	unknown := "no regions are of the level straat: " + strings.Join(all.Levels, ", ") + " were expected"
	refused(t, get(t, s, "/api/v1/regions?downTo=straat"), 400, unknown)
	refused(t, get(t, s, "/api/v1/points/mid/2050/straat.bin"), 404, unknown)
	refused(t, get(t, s, "/api/v1/points/wild.bin"), 404, "scenario wild is unknown: use low, mid or high")
	refused(t, get(t, s, "/api/v1/points/mid/2024.bin"), 404, "the outlook has no year 2024: use 2025 to 2050")
	refused(t, get(t, s, "/api/v1/regions/GM9999"), 404, "no region has the code GM9999: /api/v1/regions lists them")
}

// Every gemeente is in the tiles of a low zoom, under its number, within the
// country.
func TestTilesHoldEveryRegion(t *testing.T) {
	s := shared(t)
	index := getJSON[regionsAnswer](t, s, "/api/v1/regions")
	zooms := map[string]maptile.Zoom{"gemeente": 6, "buurt": 8}
	if !buurten() {
		delete(zooms, "buurt")
	}
	for level, zoom := range zooms {
		seen := map[int]bool{}
		from, to := maptile.At(orb.Point{3.2, 53.7}, zoom), maptile.At(orb.Point{7.3, 50.7}, zoom)
		for x := from.X; x <= to.X; x++ {
			for y := from.Y; y <= to.Y; y++ {
				w := get(t, s, fmt.Sprintf("/api/v1/tiles/%s/%d/%d/%d.mvt", level, zoom, x, y))
				if w.Code == http.StatusNoContent {
					continue
				}
				if w.Code != 200 || w.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
					t.Fatalf("tile %d/%d/%d: %d %s", zoom, x, y, w.Code, w.Body)
				}
				layers, err := mvt.Unmarshal(w.Body.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range layers {
					if l.Version != 2 {
						t.Errorf("layer %s has version %d", l.Name, l.Version)
					}
					for _, f := range l.Features {
						number := int(f.ID.(float64))
						if l.Name == level && f.Properties["code"] != index.Code[number] {
							t.Fatalf("number %d is %v in the tile and %s in the list", number, f.Properties["code"], index.Code[number])
						}
						seen[number] = true
						if b := f.Geometry.Bound(); min(b.Min[0], b.Min[1]) < -100 || max(b.Max[0], b.Max[1]) > mvt.DefaultExtent+100 {
							t.Errorf("region %d reaches from %v to %v in tile %d/%d/%d: it is not cut off beyond its edge", number, b.Min, b.Max, zoom, x, y)
						}
					}
				}
			}
		}
		want := 0
		for i := range index.Code {
			if index.Levels[index.Level[i]] == level {
				want++
				if !seen[i] {
					t.Errorf("%s %s is in no tile", index.Code[i], index.Name[i])
				}
			}
		}
		if len(seen) != want {
			t.Errorf("%d regions in the tiles, there are %d of level %s", len(seen), want, level)
		}
	}
}

func TestTilesThatAreNone(t *testing.T) {
	s := shared(t)
	if w := get(t, s, "/api/v1/tiles/gemeente/6/0/0.mvt"); w.Code != http.StatusNoContent {
		t.Errorf("a tile at sea: %d", w.Code)
	}
	for path, detail := range map[string]string{
		"gemeente/99/0/0.mvt":                      `z is "99": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/64/0.mvt":                      `x is "64": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/0/-1.mvt":                      `y is "-1": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/99999999999999999999999/0.mvt": `x is "99999999999999999999999": a tile between zoom 3 and 12 was expected`,
		"gemeente/6/+33/21.mvt":                    `x is "+33": a tile between zoom 3 and 12 was expected`,
		"gemeente/06/33/21.mvt":                    `z is "06": a tile between zoom 3 and 12 was expected`,
		"straat/6/32/20.mvt":                       "there are no outlines of level straat: /api/v1/study lists the levels",
	} {
		refused(t, get(t, s, "/api/v1/tiles/"+path), 404, detail)
	}
}
