package regionfile

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/region"
)

func TestBordersAsWellKnownText(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		crs  region.CRS
		area float64 // m2; 0: not looked at
	}{
		"RD New, quoted":            {"code,geometry,households\nGM0344,\"POLYGON ((130000 450000, 131000 450000, 131000 452000, 130000 452000, 130000 450000))\",100\n", region.RDNew, 2e6},
		"semicolons, several parts": {"naam;gemeentecode;WKT\nUtrecht;GM0344;MultiPolygon (((130000 450000,131000 450000,131000 452000,130000 452000,130000 450000)),((140000 450000,141000 450000,141000 451000,140000 451000,140000 450000)))\n", region.RDNew, 3e6},
		"with heights and SRID":     {"code,geom\nGM0344,\"SRID=28992;POLYGON Z ((130000 450000 1.5, 131000 450000 2, 131000 452000 0, 130000 452000 0, 130000 450000 1.5))\"\n", region.RDNew, 2e6},
		"degrees":                   {"code\tthe_geom\nGM0344\tPOLYGON((5.0 52.0,5.1 52.0,5.1 52.1,5.0 52.1,5.0 52.0))\n", region.WGS84, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := readText(t, c.text, Options{})
			if err != nil {
				t.Fatal(err)
			}
			l := d.Layers[0]
			if len(l.Regions) != 1 || l.CRS != c.crs || l.Regions[0].Geometry == nil {
				t.Fatalf("%+v", l)
			}
			if got := region.AreaM2(l.Regions[0].Geometry); c.area != 0 && got != c.area {
				t.Errorf("%g m2, want %g", got, c.area)
			}
		})
	}
	for text, want := range map[string]string{
		"code,geometry\nGM0344,\"POINT (5 52)\"\n":                                                "POLYGON or MULTIPOLYGON",
		"code,geometry\nGM0344,\"POLYGON ((5 52, 6 a))\"\n":                                       "row 2",
		"code,geometry\nGM0344,\"POLYGON ((5 52, 5.1 52, 5.1 52.1, 5 52))\"\nGM0345,\"circle\"\n": "well-known text",
		"code\tg\nGM0344\tSRID=3857;POLYGON ((5 52, 5.1 52, 5.1 52.1, 5 52))\n":                   "28992",
		"code,geometry\nGM0344,\"POLYGON ((130000 450000, 131000 450000, 131000 452000))\"\n":     "row 2",
	} {
		if _, err := readText(t, text, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v does not say %q", text, err, want)
		}
	}
}

func TestColumnsOfFiguresThatAPersonNames(t *testing.T) {
	text := "buurtcode,HH2023,aantal_huishoudens,Autos\nBU03440101,120,1,90\n"
	d, err := readText(t, text, Options{Map: map[string]string{"households": "HH2023", "cars": "Autos"}})
	if err != nil {
		t.Fatal(err)
	}
	if h, c := values(t, d.Layers[0], "households"), values(t, d.Layers[0], "cars"); h[0] != 120 || c[0] != 90 {
		t.Errorf("households %v, cars %v", h, c)
	}
	for wrong, want := range map[string]map[string]string{
		"is no figure of a region": {"homes": "HH2023"}, `no column "HH2024" for households`: {"households": "HH2024"},
	} {
		if _, err := readText(t, text, Options{Map: want}); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%v: %v", want, err)
		}
	}
}

func TestTheSheetOfAWorkbookWithCodesIsRead(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "Toelichting", "A2": "Aantallen per buurt", "A3": "Bron: gemeente"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Cijfers"); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]any{{"gwb_code", "regio", "a_hh", "a_woning"}, {"GM0344", "Utrecht", 180000, 150000}, {"GM0363", "Amsterdam", 480000, "."}} {
		if err := f.SetSheetRow("Cijfers", []string{"A1", "A2", "A3"}[i], &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "kwb.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	d := read(t, path, Options{})
	if h := values(t, d.Layers[0], "households"); len(h) != 2 || h[0] != 180000 || h[1] != 480000 {
		t.Errorf("households %v", h)
	}
	if !strings.Contains(d.Report.Format, "sheet Cijfers") {
		t.Errorf("format %q", d.Report.Format)
	}
}
