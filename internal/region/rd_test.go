package region

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/getij/getij/internal/witness"
)

// apartM is the distance between two WGS84 points in metres, flat.
func apartM(a, b orb.Point) float64 {
	const perDegree = 111_320
	return math.Hypot((a[0]-b[0])*perDegree*math.Cos(a[1]*degree), (a[1]-b[1])*perDegree)
}

func rdReference(t *testing.T) (rd, lonLat []orb.Point) {
	t.Helper()
	text, err := os.ReadFile("testdata/rd_wgs84_reference.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		var v [4]float64
		for i := range v {
			if v[i], err = strconv.ParseFloat(row[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		rd = append(rd, orb.Point{v[0], v[1]})
		lonLat = append(lonLat, orb.Point{v[2], v[3]})
	}
	return rd, lonLat
}

// The same parameters as PROJ, so millimetres: what is left is the height, which
// PROJ takes as zero on the side it starts from.
func TestRDMatchesReferenceTable(t *testing.T) {
	rd, lonLat := rdReference(t)
	if len(rd) < 20 {
		t.Fatalf("%d reference points", len(rd))
	}
	for i := range rd {
		if d := apartM(RDToWGS84(rd[i]), lonLat[i]); d > 0.001 {
			t.Errorf("%v to WGS84: %.4f m from PROJ", rd[i], d)
		}
		back := WGS84ToRD(lonLat[i])
		if d := math.Hypot(back[0]-rd[i][0], back[1]-rd[i][1]); d > 0.001 {
			t.Errorf("%v to RD: %.4f m from PROJ", lonLat[i], d)
		}
	}
}

// The validation points of RDNAPTRANS2008 (Kadaster): its correction grid, which
// we leave out, moves points in the country by less than 0.3 m.
func TestRDIsCloseToRDNAPTRANS(t *testing.T) {
	for name, p := range map[string][2]orb.Point{
		"Texel":             {{117380.12, 575040.34}, {4.824761912, 53.160753042}},
		"Noord-Groningen":   {{247380.56, 604580.78}, {6.776726674, 53.419482050}},
		"Amersfoort":        {{155000, 463000}, {5.387203657, 52.155172897}},
		"Zeeuws-Vlaanderen": {{16460.91, 377380.23}, {3.397588595, 51.368607152}},
		"Zuid-Limburg":      {{182260.45, 311480.67}, {5.773795548, 50.792584916}},
		"Maasvlakte":        {{64640.89, 440700.01}, {4.072887101, 51.947393898}},
	} {
		d := apartM(RDToWGS84(p[0]), p[1])
		t.Logf("%s: %.3f m", name, d)
		if d > 0.3 {
			t.Errorf("%s: %.3f m from RDNAPTRANS", name, d)
		}
	}
}

func TestRDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{
			rapid.Float64Range(-7000, 300000).Draw(t, "x_m"),
			rapid.Float64Range(289000, 629000).Draw(t, "y_m"),
		}
		back := WGS84ToRD(RDToWGS84(p))
		if d := math.Hypot(back[0]-p[0], back[1]-p[1]); d > 1e-6 {
			t.Fatalf("%v came back %g m away", p, d)
		}
	})
}

func TestRDMatchesInstalledPROJ(t *testing.T) {
	cs2cs := witness.Program(t, "cs2cs", "proj-bin")
	var grid []orb.Point
	var in strings.Builder
	for x := 10000.0; x <= 280000; x += 9000 {
		for y := 300000.0; y <= 620000; y += 10000 {
			grid = append(grid, orb.Point{x, y})
			fmt.Fprintf(&in, "%.0f %.0f\n", x, y)
		}
	}
	run := func(input string, args ...string) []orb.Point {
		cmd := exec.CommandContext(t.Context(), cs2cs, append([]string{"-f", "%.11f"}, args...)...)
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var points []orb.Point
		for line := range strings.Lines(string(out)) {
			var p orb.Point
			if _, err := fmt.Sscan(line, &p[0], &p[1]); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			points = append(points, p)
		}
		return points
	}
	helmert := strings.Fields("+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 " +
		"+ellps=bessel +towgs84=565.4171,50.3319,465.5524,-0.398957388243134,0.343987817378283,-1.87740163998045,4.0725 " +
		"+to +proj=longlat +datum=WGS84")
	same := run(in.String(), helmert...)
	byDefault := run(in.String(), "EPSG:28992", "EPSG:4326") // latitude first
	var worst, worstDefault, worstBack float64
	var back strings.Builder
	for i, p := range grid {
		got := RDToWGS84(p)
		worst = math.Max(worst, apartM(got, same[i]))
		worstDefault = math.Max(worstDefault, apartM(got, orb.Point{byDefault[i][1], byDefault[i][0]}))
		fmt.Fprintf(&back, "%.12f %.12f\n", got[0], got[1])
	}
	for i, p := range run(back.String(), append(strings.Fields("+proj=longlat +datum=WGS84 +to"), helmert[:len(helmert)-3]...)...) {
		worstBack = math.Max(worstBack, math.Hypot(p[0]-grid[i][0], p[1]-grid[i][1]))
	}
	t.Logf("%d points: %.6f m from PROJ with the same parameters, %.6f m on the way back, %.4f m from PROJ's default",
		len(grid), worst, worstBack, worstDefault)
	if worst > 0.001 || worstBack > 0.002 {
		t.Errorf("%.4f m and %.4f m from PROJ with the same parameters", worst, worstBack)
	}
	if worstDefault > 0.3 {
		t.Errorf("%.3f m from PROJ's default", worstDefault)
	}
}

func BenchmarkRDToWGS84(b *testing.B) {
	for b.Loop() {
		RDToWGS84(orb.Point{121000, 487000})
	}
}

func BenchmarkWGS84ToRD(b *testing.B) {
	for b.Loop() {
		WGS84ToRD(orb.Point{4.9, 52.4})
	}
}
