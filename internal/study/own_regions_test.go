package study

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
)

// A file may have borders but no figures.
func TestRegionsWithoutFiguresAreRefused(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		buurten := 16
		if data.Made {
			buurten = 21
		}
		path := data.File(t, "regions/ermelo_cbs_buurten.gpkg")
		_, err := tryRegional("data.regions=" + path)
		want := fmt.Sprintf("data.regions: %s: none of the %d regions has a number of dwellings or of households: a column with one of them was expected (dwellings, or CBS's woningvoorraad or aantal_huishoudens)", path, buurten)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, ok := errors.AsType[*assume.InputError](err); !ok {
			t.Errorf("%T is not wrong input", err)
		}
	})
}

// Areas of substations: a user's own codes, level and capacities.
func TestOwnRegionsWithCapacities(t *testing.T) {
	r := runRegional(t, "data.regions=testdata/substations.csv", "study=stations", "potential.kw_per_charge_point=computed")
	dir := t.TempDir()
	if err := r.Write(t.Context(), dir, result.Version{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	mw, chain := readRegionalCSV(t, filepath.Join(dir, "potential.csv")), readRegionalCSV(t, filepath.Join(dir, "charge_points.csv"))
	if got := chain.find(t, "OS-01", "2030"); got["name"] != "Station Noord, weide" || got["level"] != "onderstation" || got["parent"] != "NL00" || got["dwellings"] != "4200" || len(chain.rows) != 6*4 {
		t.Errorf("%v", got)
	}
	// 0.90 of 900, 0.55 of 1,400, 0.10 of 1,500 and 0.03 of 400.
	if got := chain.find(t, "OS-01", "2050")["dwellings_with_driveway"]; got != "1742" {
		t.Errorf("%s dwellings with a driveway, want 1742", got)
	}
	for _, year := range []string{"2025", "2030", "2035", "2040", "2045", "2050"} {
		var points, power int64
		for _, code := range []string{"OS-01", "OS-02", "OS-03"} {
			row := mw.find(t, code, year)
			points += millionths(t, row["home_charge_points"])
			power += millionths(t, row["potential_mw"])
			capacity, share, feedIn := numberIn(t, row["capacity_kw"]), numberIn(t, row["capacity_share_import"]), numberIn(t, row["capacity_share_feed_in"])
			if code == "OS-02" {
				if row["capacity_kw"] != "" || row["capacity_share_import"] != "" || row["capacity_share_feed_in"] != "" {
					t.Errorf("%s in %s has no known capacity, yet %v", code, year, row)
				}
				continue
			}
			if math.Abs(share-numberIn(t, row["highest_kw_v2g"])/capacity) > 2e-6 || math.Abs(feedIn-numberIn(t, row["feed_in_peak_kw_v2g"])/capacity) > 2e-6 || share <= 0 {
				t.Errorf("%s in %s: shares %g and %g of %g kW, with %s and %s kW", code, year, share, feedIn, capacity, row["highest_kw_v2g"], row["feed_in_peak_kw_v2g"])
			}
		}
		land := mw.find(t, "NL00", year)
		if points != millionths(t, land["home_charge_points"]) {
			t.Errorf("%s: %d millionths of a point, the land has %s", year, points, land["home_charge_points"])
		}
		// kW of a computed power have no end of decimals: half a watt a row.
		if d := power - millionths(t, land["potential_mw"]); d < -2 || d > 2 {
			t.Errorf("%s: the stations add up to %d W, the land has %s MW", year, power, land["potential_mw"])
		}
	}
	// Nothing to draw, and the file opens all the same.
	if level, _, err := r.Regions.MapLevel(); err != nil || level != "" {
		t.Errorf("a map of %s without borders, %v", level, err)
	}
	data, err := regionfile.Read(t.Context(), filepath.Join(dir, "potential.gpkg"), regionfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := data.Layers[len(data.Layers)-1]
	capacity, _ := last.Values("capacity_kw")
	if last.Level != "onderstation" || len(last.Regions) != 3 || capacity[0] != 12000 || !math.IsNaN(capacity[1]) || capacity[2] != 630 {
		t.Errorf("layer %s: %d regions, capacities %v", last.Name, len(last.Regions), capacity)
	}
	// The summary's largest regions are the user's.
	s := r.Summary.Potential
	if len(s.TopGemeenten) != 3 || s.TopGemeenten[0].Code != "OS-01" || s.TopGemeenten[2].Code != "OS-03" {
		t.Errorf("%+v", s.TopGemeenten)
	}
}

// A driveway analysis in the regions file replaces the shares by dwelling type.
func TestADrivewayAnalysisInTheRegionsFileIsUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "regions.csv")
	text := "code,dwellings,dwellings_detached,dwellings_with_driveway\nBU03440101,1000,1000,40\nBU03440102,1000,1000,\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	g := of(runRegional(t, "data.regions="+file))
	for code, want := range map[string]float64{"BU03440101": 40, "BU03440102": 900} {
		i, _ := g.Set.Index(code)
		if got := g.forecast.Base.Homes[i].WithDriveway; got != want {
			t.Errorf("%s: %g dwellings with a driveway, want %g", code, got, want)
		}
	}
}

// runOwnForecast writes a file of charge points and runs a study of three stations
// with it.
func runOwnForecast(t *testing.T, text string) (*result.Result, error) {
	t.Helper()
	stations, err := os.ReadFile("testdata/substations.csv")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"stations.csv": string(stations), "points.csv": text,
		"study.yaml": "study: own\nhomes: 1\nmodes: [v2g]\ncontracts: [{name: single, kind: single}]\ndata: {regions: stations.csv}\noutlook: {charge_points: points.csv}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := assume.Load(filepath.Join(dir, "study.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return Run(t.Context(), s, nil)
}

func TestAnOwnForecastFileReplacesTheModel(t *testing.T) {
	r, err := runOwnForecast(t, "\ufeffyear, code ,remark,home_charge_points\n2030,OS-01,\"a, b\",500\n2040, OS-01 ,,1500.5\n2050,OS-03,,40\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code string
		year int
		want float64
	}{{"OS-01", 2030, 500}, {"OS-01", 2035, 1000.25}, {"OS-01", 2040, 1500.5}, {"OS-03", 2050, 40}} {
		for _, scenario := range outlook.Scenarios() {
			y := regionalYear(t, r, c.year, scenario)
			i, _ := of(r).Set.Index(c.code)
			if got := y.PointsByRegion[i]; got != c.want || y.Potential[i].Points != c.want {
				t.Errorf("%s in %d, %s: %.3f points, want %.3f", c.code, c.year, scenario, got, c.want)
			}
		}
	}
	in := r.Manifest.Inputs[len(r.Manifest.Inputs)-1]
	if in.Kind != "charge points" || in.File != "points.csv" || in.Rows != 3 || len(in.SHA256) != 64 {
		t.Errorf("the input is listed as %+v", in)
	}
}

func TestAnOwnForecastFileWithAFaultIsRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "points.csv is empty: a file with values was expected"},
		{"code,year\nOS-01,2030\n", "points.csv has no column home_charge_points (its columns are code, year): the columns code, year, home_charge_points were expected"},
		{"code;year;home_charge_points\nOS-01;2030;1\n", `points.csv has no comma in its header "code;year;home_charge_points": columns separated by commas, with a decimal point, were expected`},
		{"code,year,home_charge_points\n", "points.csv has a header but no rows"},
		{"code,year,home_charge_points\nOS-01,2030,1\nOS-01,next,2\n", `points.csv, row 3, year is "next": a year such as 2035 was expected`},
		{"code,year,home_charge_points\nOS-01,20300,2\n", `points.csv, row 2, year is "20300": a year such as 2035 was expected`},
		{"code,year,home_charge_points\nOS-01,2030,-2\n", `points.csv, row 2, home_charge_points is "-2": a number of charge points, 0 or more, was expected`},
		{"code,year,home_charge_points\nOS-01,2030,\n", `points.csv, row 2, home_charge_points is "": a number of charge points, 0 or more, was expected`},
		{"code,year,home_charge_points\nOS-01,2030,NaN\n", `points.csv, row 2, home_charge_points is "NaN": a number of charge points, 0 or more, was expected`},
		{"code,year,home_charge_points\nOS-01,2030,1\nOS-02,2030,1\nOS-01,2030,2\n", "points.csv, row 4 gives OS-01 in 2030 again: one row per region and year was expected"},
		{"code,year,home_charge_points\nOS-01,2030\n", "points.csv, row 2 has 2 of the header's 3 columns (is the file cut off?): complete or remove the row"},
		{"code,year,home_charge_points\nOS-09,2030,1\n", "points.csv: the own forecast has region OS-09, which is not among the study's regions"},
		{"code,year,home_charge_points\nOS-01,2030,1\nNL00,2030,1\n", "points.csv: the own forecast has both OS-01 and NL00, which holds it: give one level per area"},
	} {
		_, err := runOwnForecast(t, c.text)
		if want := "outlook.charge_points: " + c.want; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if _, ok := errors.AsType[*assume.InputError](err); !ok {
			t.Errorf("%T is not wrong input", err)
		}
	}
}

func TestAnOwnForecastFileThatIsAbsentIsRefused(t *testing.T) {
	_, err := tryRegional("data.regions=testdata/substations.csv", "outlook.charge_points=testdata/absent.csv")
	if err == nil || err.Error() != "outlook.charge_points: open testdata/absent.csv: no such file or directory" {
		t.Errorf("got %v", err)
	}
}
