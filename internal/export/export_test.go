package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/export"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/study"
	"github.com/getij/getij/internal/table"
)

const square = `{"type": "Polygon", "coordinates": [[[5.1, 52.3], [5.3, 52.3], [5.3, 52.4], [5.1, 52.4], [5.1, 52.3]]]}`

// folder runs a study of two buurten of Almere, one without a border, and writes it.
func folder(t *testing.T) (string, *result.Result) {
	t.Helper()
	dir := t.TempDir()
	regions := filepath.Join(dir, "regions.geojson")
	text := `{"type": "FeatureCollection", "features": [
{"type": "Feature", "geometry": ` + square + `, "properties": {"code": "BU00340101", "name": "Stad \"Oost\", noord", "dwellings": 900, "cars": 800, "capacity_kw": 630}},
{"type": "Feature", "geometry": null, "properties": {"code": "BU00340102", "name": "Haven", "dwellings": 500, "cars": 700}}]}`
	if err := os.WriteFile(regions, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := assume.Load("", []string{"study=stations", "homes=2", "modes=[regular, v2g]", "contracts=[{kind: dynamic}]", "data.regions=" + regions})
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "results")
	if err := errors.Join(os.Mkdir(out, 0o755), r.Write(t.Context(), out, result.Version{Version: "test"})); err != nil {
		t.Fatal(err)
	}
	return out, r
}

func readCSV(t *testing.T, path string) (header []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

// cell reads a number of a text file, NaN for an empty cell.
func cell(t *testing.T, text string) float64 {
	t.Helper()
	if text == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// All formats say the same of a year and scenario that no file of the folder but the
// Parquet tables has.
func TestFormatsAgree(t *testing.T) {
	dir, r := folder(t)
	out := t.TempDir()
	files, err := export.Write(dir, export.Options{Formats: export.Formats(), Year: 2033, Scenario: "high", Out: out})
	if err != nil {
		t.Fatal(err)
	}
	path := func(ending string) string { return filepath.Join(out, "potential_2033_high."+ending) }
	if want := []string{path("csv"), path("xlsx"), path("parquet"), path("gpkg"), path("geo.parquet")}; !slices.Equal(files, want) {
		t.Errorf("written are %v, want %v", files, want)
	}
	header, rows := readCSV(t, path("csv"))
	if !strings.HasPrefix(strings.Join(header, ","), "code,name,level,parent,year,scenario,dwellings,") || !slices.Contains(header, "potential_mw") || len(rows) != 6 {
		t.Fatalf("%d rows of %v", len(rows), header)
	}
	last := rows[4]
	if last[0] != "BU00340101" || last[1] != `Stad "Oost", noord` || last[3] != "WK003401" || last[4] != "2033" || last[5] != "high" {
		t.Errorf("the first buurt is %v", last)
	}
	// As the run computes it.
	y, err := r.Regions.Year(2033, "high")
	if err != nil {
		t.Fatal(err)
	}
	for k, name := range header[6:] {
		for i := range rows {
			got, want := cell(t, rows[i][6+k]), y.Column(name)[i]
			if !(math.Abs(got-want) <= 5e-4+1.2e-7*math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s of %s is %v in CSV, the run has %v", name, rows[i][0], got, want)
			}
		}
	}
	same := func(format string, row int, column string, got float64) {
		t.Helper()
		if want := cell(t, rows[row][slices.Index(header, column)]); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s: %s of %s is %v, in CSV %v", format, column, rows[row][0], got, want)
		}
	}
	t.Run("Parquet", func(t *testing.T) {
		by := result.ByRegion()
		for k := range by.Columns {
			if by.Columns[k].Storage == table.Single {
				by.Columns[k].Storage = table.Exact // a file for others has one kind of number
			}
		}
		in, err := by.ReadParquet(path("parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for k, c := range by.Columns {
			for i := range rows {
				switch c.Type {
				case table.Text:
					if in[k].Text[i] != rows[i][k] {
						t.Errorf("%s is %q, in CSV %q", c.Name, in[k].Text[i], rows[i][k])
					}
				case table.Integer:
					if strconv.Itoa(in[k].Integer[i]) != rows[i][k] {
						t.Errorf("%s is %d, in CSV %s", c.Name, in[k].Integer[i], rows[i][k])
					}
				default:
					same("Parquet", i, c.Name, in[k].Real[i])
				}
			}
		}
	})
	t.Run("XLSX", func(t *testing.T) {
		x, err := excelize.OpenFile(path("xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		if got := strings.Join(x.GetSheetList(), " "); got != "land provincie gemeente wijk buurt" {
			t.Errorf("the sheets are %s", got)
		}
		sheet, err := x.GetRows("buurt", excelize.Options{RawCellValue: true})
		if err != nil || len(sheet) != 4 || sheet[0][0] != "V2G potential per buurt in 2033, scenario high, study stations; columns as in docs/results.md" {
			t.Fatalf("%v, %v", sheet, err)
		}
		for k, name := range sheet[1] {
			for i, row := range sheet[2:] {
				text := ""
				if k < len(row) {
					text = row[k]
				}
				switch name {
				case "code", "name", "parent":
					if text != rows[4+i][slices.Index(header, name)] {
						t.Errorf("%s is %q", name, text)
					}
				default:
					same("XLSX", 4+i, name, cell(t, text))
				}
			}
		}
	})
	t.Run("GeoParquet", func(t *testing.T) {
		type row struct {
			Code      string  `parquet:"code"`
			Dwellings float64 `parquet:"dwellings"`
			Geometry  []byte  `parquet:"geometry"`
		}
		read, err := parquet.ReadFile[row](path("geo.parquet"))
		if err != nil || len(read) != len(rows) {
			t.Fatalf("%d rows, %v", len(read), err)
		}
		for i, r := range read {
			same("GeoParquet", i, "dwellings", r.Dwellings)
			g, err := wkb.Unmarshal(r.Geometry)
			if err != nil {
				t.Fatal(err)
			}
			border := g.(orb.MultiPolygon)
			switch r.Code {
			case "BU00340101":
				if at := border[0][0][0]; math.Hypot(at.X()-5.1, at.Y()-52.3) > 1e-6 {
					t.Errorf("its border begins at %v", at)
				}
			case "BU00340102":
				if len(border) > 0 {
					t.Errorf("a buurt without a border has %v", border)
				}
			}
		}
	})
	t.Run("GeoPackage", func(t *testing.T) {
		data, err := regionfile.Read(t.Context(), path("gpkg"), regionfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		layer := data.Layers[len(data.Layers)-1]
		if len(data.Layers) != 5 || layer.Name != "potential_buurt" || len(layer.Regions) != 2 {
			t.Fatalf("%d layers, the last is %s", len(data.Layers), layer.Name)
		}
		if layer.Regions[0].Geometry == nil || layer.Regions[1].Geometry != nil {
			t.Errorf("borders: %v and %v", layer.Regions[0].Geometry, layer.Regions[1].Geometry)
		}
		for _, name := range []string{"dwellings", "cars", "capacity_kw"} {
			values, ok := layer.Values(name)
			if !ok {
				t.Fatalf("the layer has no %s", name)
			}
			for i, v := range values {
				same("GeoPackage", 4+i, name, v)
			}
		}
	})
}

func TestOneLevelOfTheStudysOwnYear(t *testing.T) {
	dir, _ := folder(t)
	out := t.TempDir()
	files, err := export.Write(dir, export.Options{Formats: []string{"csv"}, Level: "gemeente", Out: out})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(out, "potential_2050_mid_gemeente.csv"); len(files) != 1 || files[0] != want {
		t.Fatalf("written are %v, want %s", files, want)
	}
	if _, rows := readCSV(t, files[0]); len(rows) != 1 || rows[0][0] != "GM0034" || rows[0][2] != "gemeente" {
		t.Errorf("the rows are %v", rows)
	}
}

func TestWhatCannotBeExportedIsRefused(t *testing.T) {
	dir, _ := folder(t)
	for want, o := range map[string]export.Options{
		`format "docx" is unknown: use csv, xlsx, parquet, gpkg, geo.parquet`:                          {Formats: []string{"docx"}},
		`scenario "wild" is unknown: use low, mid, high`:                                               {Scenario: "wild"},
		"year 2051 is outside the forecast, 2025 to 2050":                                              {Year: 2051},
		"level straat does not occur in " + dir + ": there are land, provincie, gemeente, wijk, buurt": {Level: "straat"},
	} {
		_, err := export.Write(dir, o)
		if err == nil || err.Error() != want || !errors.As(err, new(*assume.InputError)) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

// A disk or a copy may turn a bit and leave the size.
func TestAChangedByteIsFoundBeforeItsNumberIsUsed(t *testing.T) {
	dir, _ := folder(t)
	out := t.TempDir()
	for _, name := range []string{
		"summary.json", "findings.json", "study.yaml", "profiles.parquet", "prices.parquet", "homes.csv", "coincidence.csv",
		"charge_points.parquet", "potential.parquet",
	} {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// A digit of the text, or a byte in the middle of the numbers.
		at := len(text) / 2
		if !strings.HasSuffix(name, ".parquet") {
			at = bytes.LastIndexAny(text[:len(text)-1], "0123456789")
		}
		changed := bytes.Clone(text)
		changed[at] ^= 1
		if err := os.WriteFile(path, changed, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err = export.Write(dir, export.Options{Formats: []string{"csv"}, Out: out})
		if err == nil || !strings.HasPrefix(err.Error(), path+" is not the file that the manifest lists: its SHA-256 is ") {
			t.Errorf("a byte of %s was changed: %v", name, err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := export.Write(dir, export.Options{Formats: []string{"csv"}, Out: out}); err != nil {
		t.Errorf("the files are as they were: %v", err)
	}
}

// All formats say the same of every contract, way to charge and season, of any year.
func TestSeasonsAreExportedInEveryFormatButBorders(t *testing.T) {
	dir, r := folder(t)
	out := t.TempDir()
	o := export.Options{Formats: []string{"csv", "xlsx", "parquet"}, Year: 2033, Scenario: "high", Seasons: true, Out: out}
	files, err := export.Write(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	header, rows := readCSV(t, files[0])
	if name := filepath.Base(files[0]); name != "potential_seasons_2033_high.csv" || len(header) != len(result.BySeason().Columns) {
		t.Errorf("%s has %d columns", name, len(header))
	}
	y, err := r.Regions.Year(2033, "high")
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 * len(r.Regions.DownToListed()); len(rows) != want { // V2G alone: regular is a column
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	points := slices.Index(header, "home_charge_points")
	if got, want := cell(t, rows[0][points]), y.Column("home_charge_points")[0]; math.Abs(got-want) > 1e-3 {
		t.Errorf("%g charge points, want %g", got, want)
	}
	book, err := excelize.OpenFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet, err := book.GetRows("seasons")
	if err != nil {
		t.Fatal(err)
	}
	if len(sheet) < len(rows)+2 || !slices.Contains(sheet[len(sheet)-1], rows[len(rows)-1][0]) {
		t.Errorf("the workbook has %d rows, the last %q", len(sheet), sheet[len(sheet)-1])
	}
	if info, err := os.Stat(files[2]); err != nil || info.Size() < 1000 {
		t.Errorf("the Parquet file: %v", err)
	}
	for _, format := range []string{"gpkg", "geo.parquet"} {
		o.Formats = []string{format}
		if _, err := export.Write(dir, o); err == nil || !strings.Contains(err.Error(), "join them by code") {
			t.Errorf("seasons as %s: %v", format, err)
		}
	}
}
