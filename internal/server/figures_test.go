package server_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/getij/getij/internal/server"
)

type drawnFigure struct {
	Title, Subtitle, Description, SVG, Cursor string
	Width, Height                             float64
	Table                                     []struct {
		Label  string
		Text   []string
		Values []*float64
	}
	Marks []struct{ X, Y, W, H float64 }
}

func figureOf(t *testing.T, path string) drawnFigure {
	t.Helper()
	res := get(t, shared(t), "/api/v1/figures/"+path)
	if res.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, res.Code, res.Body)
	}
	var f drawnFigure
	if err := json.Unmarshal(res.Body.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(strings.NewReader(f.SVG)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	return f
}

func TestFiguresAreDrawnForTheWidthAndTheLanguage(t *testing.T) {
	for _, name := range []string{"heatmap", "months?months=1,7", "ways-to-charge?months=3,11", "week", "day?date=2024-03-31", "contracts", "heatmap-contracts", "spread", "coincidence"} {
		join := "?"
		if strings.Contains(name, "?") {
			join = "&"
		}
		wide, phone := figureOf(t, name+join+"width=1100"), figureOf(t, name+join+"width=340&lang=nl")
		if wide.Width != 1100 || phone.Width != 340 || phone.Height <= 0 || wide.Title == phone.Title && name != "spread" {
			t.Errorf("%s: %g and %g px wide, %q and %q", name, wide.Width, phone.Width, wide.Title, phone.Title)
		}
		if len(phone.Marks) == 0 || len(phone.Table) < 2 || phone.Description == "" || phone.Cursor == "" {
			t.Errorf("%s cannot be read", name)
		}
		if strings.Contains(wide.SVG, "<title") || strings.Contains(wide.SVG, wide.Title+"</text>") {
			t.Errorf("%s has words that the page has already", name)
		}
		if framed := figureOf(t, name+join+"framed=true"); !strings.Contains(framed.SVG, `role="img"`) || framed.Width != 960 {
			t.Errorf("%s does not stand alone", name)
		}
	}
}

func TestTheTableOfAFigureHasTheNumbersOfTheStudy(t *testing.T) {
	f := figureOf(t, "heatmap?contract=dynamic&mode=v2g")
	var profiles server.ProfilesAnswer
	res := get(t, shared(t), "/api/v1/profiles")
	if err := json.Unmarshal(res.Body.Bytes(), &profiles); err != nil {
		t.Fatal(err)
	}
	for _, c := range profiles.Cases {
		if c.Contract != "dynamic" || c.Mode != "v2g" {
			continue
		}
		for m := range 12 {
			for q, want := range c.ByMonth[m] {
				if got := *f.Table[1+m].Values[q]; got-want > 1e-4 || want-got > 1e-4 {
					t.Fatalf("month %d, quarter %d: %g in the figure, %g in the profiles", m, q, got, want)
				}
			}
		}
		return
	}
	t.Fatal("the study has no such case")
}

func TestAFigureThatThereIsNotIsSaid(t *testing.T) {
	for path, want := range map[string]int{
		"pie":                      http.StatusNotFound,
		"week?contract=none":       http.StatusBadRequest,
		"week?mode=fast":           http.StatusBadRequest,
		"week?width=1":             http.StatusBadRequest,
		"week?width=1e9":           http.StatusBadRequest,
		"week?lang=de":             http.StatusBadRequest,
		"months":                   http.StatusBadRequest,
		"months?months=0,1":        http.StatusBadRequest,
		"months?months=1,2,3":      http.StatusBadRequest,
		"day?date=2025-01-01":      http.StatusBadRequest,
		"day?date=%3Cscript%3E":    http.StatusBadRequest,
		"week?contract=%3Cscript":  http.StatusBadRequest,
		"heatmap-contracts?mode=x": http.StatusBadRequest,
	} {
		res := get(t, shared(t), "/api/v1/figures/"+path)
		if res.Code != want || res.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s", path, res.Code, res.Header().Get("Content-Type"), res.Body)
		}
	}
}

func TestAFigureOfTheDashboardIsThatOfTheReport(t *testing.T) {
	for file, path := range map[string]string{
		"heatmap": "heatmap", "january-july": "months?months=1,7", "ways-to-charge": "ways-to-charge", "week": "week", "contracts": "contracts",
		"heatmap-contracts": "heatmap-contracts", "spread": "spread", "coincidence": "coincidence",
	} {
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		want := get(t, shared(t), "/api/v1/files/figures/"+file+".svg").Body.String()
		if got := figureOf(t, path+join+"framed=true&contract=dynamic").SVG; got != want {
			t.Errorf("%s: %d bytes in the dashboard, %d in the report", file, len(got), len(want))
		}
	}
}

func TestTheFiguresOfARegionFollowItsNumbers(t *testing.T) {
	last := func(f drawnFigure, column string) float64 {
		for _, c := range f.Table {
			if c.Label == column {
				return *c.Values[len(c.Values)-1]
			}
		}
		t.Fatalf("no column %s", column)
		return 0
	}
	// MW go with the charge points that take part.
	all, half := figureOf(t, "region-growth?region=GM0344&lang=en"), figureOf(t, "region-growth?region=GM0344&adoption=0.5")
	if a, h := last(all, "Mid"), last(half, "Mid"); a <= 0 || h < 0.49*a || h > 0.51*a {
		t.Errorf("all take part: %g, half of them: %g", a, h)
	}
	// They are those of the chosen contract, season and rule.
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	p := f.Summary.Potential
	for query, kw := range map[string]float64{
		"":                                     *p.KWPerChargePoint,
		"&season=summer":                       -p.Season(p.Contract, "v2g", "summer").EveningMeanKW,
		"&season=summer&contract=dynamic_2027": max(0, -p.Season("dynamic_2027", "v2g", "summer").EveningMeanKW),
		"&kw=report&contract=single":           2,
		"&mode=smart":                          0,
	} {
		points := last(figureOf(t, "region-growth?region=NL00&kw=report&lang=en"), "Mid") / 2
		if v := last(figureOf(t, "region-growth?region=NL00&lang=en"+query), "Mid"); math.Abs(v-points*kw) > 1e-6*points && math.Abs(v-1000*points*kw) > 1e-3*points {
			t.Errorf("%s: %g of points at %g kW, want %g", query, v, kw, points*kw)
		}
	}
	if v := last(figureOf(t, "region-growth?region=GM0344&adoption=0"), "Mid"); v != 0 {
		t.Errorf("nobody takes part: %g", v)
	}
	// Where none takes part, V2G is as regular charging.
	none := figureOf(t, "region-day?region=GM0344&adoption=0&contract=dynamic")
	if v, r := last(none, "January, mean day, V2G"), last(none, "January, mean day, Regular"); v != r {
		t.Errorf("V2G gives %g, regular %g, and nobody takes part", v, r)
	}
	// Regions below each other are shown per dwelling: each of its lines in the proportion of
	// the region's own day.
	list := figureOf(t, "regions-day?regions=NL00,GM0344&contract=dynamic")
	own := figureOf(t, "region-day?region=GM0344&contract=dynamic")
	for _, f := range []drawnFigure{list, own} { // homes with their cars take and feed in, where a car charges and discharges
		if !strings.Contains(f.SVG, "feeding in") || strings.Contains(f.SVG, "discharging") {
			t.Error("the day of a region's homes is told as that of its cars")
		}
	}
	each := last(list, "Utrecht, July, V2G") / last(list, "Utrecht, July, Without cars")
	if want := last(own, "July, mean day, V2G") / last(own, "July, mean day, Without cars"); math.Abs(each-want) > 0.01*math.Abs(want) {
		t.Errorf("per dwelling V2G is %g of the dwelling, in the region's day %g", each, want)
	}
	if v := last(list, "the Netherlands, January, Without cars"); v < 0.1 || v > 2 {
		t.Errorf("a dwelling of the country takes %g kW at midnight", v)
	}
	for path, want := range map[string]int{
		"regions-day": http.StatusBadRequest, "regions-day?regions=none": http.StatusNotFound, "regions-day?regions=NL00&scenario=x": http.StatusBadRequest,
		"region-day?region=none": http.StatusNotFound, "region-day?region=GM0344&year=1900": http.StatusBadRequest,
		"region-growth?region=GM0344&scenario=x": http.StatusBadRequest, "region-growth?region=GM0344&adoption=2": http.StatusBadRequest,
		"region-growth?region=GM0344&kw=fixed": http.StatusBadRequest, "region-growth?region=GM0344&season=autumn": http.StatusBadRequest,
		"region-pie?region=GM0344": http.StatusNotFound,
	} {
		if res := get(t, shared(t), "/api/v1/figures/"+path); res.Code != want {
			t.Errorf("%s: %d %s", path, res.Code, res.Body)
		}
	}
}

func TestFiguresOfTheLaboratoryAreDrawnFromItsNumbers(t *testing.T) {
	day := strings.TrimSuffix(strings.Repeat("0.5,", 96), ",")
	months := "[" + strings.TrimSuffix(strings.Repeat("["+day+"],", 12), ",") + "]"
	beside := `"beside":{"cost_eur":1000,"evening_peak_kw":3,"night_peak_kw":2,"year_peak_kw":4}`
	for body, want := range map[string]int{
		`lab-compare {"contract":"","mode":"","saved":[{"name":"<b>now</b>","cases":[{"mode":"regular",` + beside + `},{"mode":"v2g","saving_eur":7,` + beside + `}]},{"name":"later","cases":[{"mode":"v2g",` + beside + `}]}]}`: http.StatusOK,
		`lab-compare {"contract":"","mode":"","saved":[{"name":"a","cases":[{"mode":"v2g",` + beside + `}]},{"name":"a","cases":[{"mode":"v2g",` + beside + `}]}]}`:                                                               http.StatusBadRequest,
		`lab-compare {"contract":"","mode":"","saved":[{"name":"a","cases":[{"mode":"fast",` + beside + `}]}]}`:                                                                                                                   http.StatusBadRequest,
		`lab-compare {"contract":"","mode":""}`:                                                                                            http.StatusBadRequest,
		`lab-heatmap {"contract":"dynamic","mode":"v2g","kw_by_month":` + months + `}`:                                                     http.StatusOK,
		`lab-heatmap {"contract":"dynamic","mode":"v2g"}`:                                                                                  http.StatusOK,
		`lab-heatmap {"contract":"dynamic","mode":"v2g","kw_by_month":[[1]]}`:                                                              http.StatusBadRequest,
		`lab-days {"contract":"dynamic","mode":"v2g","month":7,"days":{"v2g":[` + day + `]}}`:                                              http.StatusOK,
		`lab-days {"contract":"dynamic","mode":"v2g","days":{"v2g":[1]}}`:                                                                  http.StatusBadRequest,
		`lab-effects {"contract":"dynamic","mode":"v2g","kw":-0.5,"effects":[{"label":"</svg><script>","ends":[{"label":"1","kw":0.5}]}]}`: http.StatusOK,
		`lab-effects {"contract":"dynamic","mode":"v2g","kw":-0.5,"effects":[{"label":"a","ends":[]}]}`:                                    http.StatusBadRequest,
		`lab-days {"contract":"none","mode":"v2g"}`:                                                                                        http.StatusBadRequest,
	} {
		name, text, _ := strings.Cut(body, " ")
		res := do(shared(t), http.MethodPost, "/api/v1/figures/"+name, strings.NewReader(text), "Content-Type", "application/json")
		if res.Code != want {
			t.Errorf("%.80s: %d %s", body, res.Code, res.Body)
			continue
		}
		if want != http.StatusOK {
			continue
		}
		var f drawnFigure
		if err := json.Unmarshal(res.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(f.SVG, "<script") || len(f.Marks) == 0 || len(f.Table) < 2 {
			t.Errorf("%.80s: %d marks, %d columns", body, len(f.Marks), len(f.Table))
		}
	}
}

func TestNumbersThatNothingCanDrawAreRefused(t *testing.T) {
	list := func(v string, n int) string { return "[" + strings.TrimSuffix(strings.Repeat(v+",", n), ",") + "]" }
	huge := list(list("1e308", 96), 12)
	for body, want := range map[string]string{
		`lab-days {"contract":"dynamic","mode":"v2g","days":{"v2g":` + list("1e308", 96) + `}}`:                                                                                    "days.v2g: -1000000 to 1000000 kW or EUR was expected",
		`lab-days {"contract":"dynamic","mode":"v2g","days":{"v2g":` + list("null", 96) + `}}`:                                                                                     "validation failed",
		`lab-heatmap {"contract":"dynamic","mode":"v2g","kw_by_month":` + huge + `}`:                                                                                               "kw_by_month: -1000000 to 1000000 kW or EUR was expected",
		`lab-compare {"contract":"","mode":"","saved":[{"name":"a","cases":[{"mode":"v2g","beside":{"cost_eur":1e308,"evening_peak_kw":3,"night_peak_kw":2,"year_peak_kw":4}}]}]}`: "saved: -1000000 to 1000000 kW or EUR was expected",
		`lab-effects {"contract":"dynamic","mode":"v2g","kw":-1e308}`:                                                                                                              "kw: -1000000 to 1000000 kW or EUR was expected",
		`lab-effects {"contract":"dynamic","mode":"v2g","kw":1,"effects":[{"label":"a","ends":[{"label":"1","kw":-1e308}]}]}`:                                                      "effects: -1000000 to 1000000 kW or EUR was expected",
		`lab-effects {"contract":"dynamic","mode":"v2g","kw":1,"effects":[{"label":"a","ends":null}]}`:                                                                             "validation failed",
		`lab-days?width=NaN {"contract":"dynamic","mode":"v2g"}`:                                                                                                                   "width is NaN: a number was expected",
	} {
		name, text, _ := strings.Cut(body, " ")
		refused(t, do(shared(t), http.MethodPost, "/api/v1/figures/"+name, strings.NewReader(text), "Content-Type", "application/json"), http.StatusBadRequest, want)
	}
	for query, want := range map[string]string{
		"heatmap?width=NaN": "width is NaN", "heatmap?width=-inf": "width is -inf", "region-day?region=GM0344&adoption=Infinity": "adoption is Infinity",
	} {
		refused(t, get(t, shared(t), "/api/v1/figures/"+query), http.StatusBadRequest, want+": a number was expected")
	}
}
