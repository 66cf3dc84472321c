package server_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
)

type outlookAnswer struct {
	Points  []float64 `json:"home_charge_points"`
	Regions []struct {
		Code         string  `json:"code"`
		WithDriveway float64 `json:"dwellings_with_driveway"`
		Points       float64 `json:"home_charge_points"`
	} `json:"regions"`
	Changed []struct{ Key, Value, Study string } `json:"changed"`
}

func outlookOf(t *testing.T, body string) (a outlookAnswer) {
	t.Helper()
	res := do(shared(t), http.MethodPost, "/api/v1/outlook", strings.NewReader(body), "Content-Type", "application/json")
	if res.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", body, res.Code, res.Body)
	}
	if err := json.Unmarshal(res.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheOutlookIsMadeAgainUnderOtherAssumptions(t *testing.T) {
	// Under the study's own it is the study's.
	own := outlookOf(t, `{"settings": {}, "regions": ["NL00", "GM0344"], "year": 2050, "scenario": "mid"}`)
	var chain struct {
		Chain map[string]struct {
			Points []float64 `json:"home_charge_points"`
		}
	}
	for i, code := range []string{"NL00", "GM0344"} {
		if err := json.Unmarshal(get(t, shared(t), "/api/v1/regions/"+code).Body.Bytes(), &chain); err != nil {
			t.Fatal(err)
		}
		if want := chain.Chain["mid"].Points[25]; math.Abs(own.Regions[i].Points-want) > 0.01 {
			t.Errorf("%s has %g points by the study's assumptions, the study %g", code, own.Regions[i].Points, want)
		}
	}
	// More demand met at home: points of cars in proportion.
	more := outlookOf(t, `{"settings": {"outlook.home_share_cars": 0.2}, "regions": ["NL00"], "year": 2050, "scenario": "mid", "down_to": "land"}`)
	if len(more.Points) != 1 || math.Abs(more.Points[0]-more.Regions[0].Points) > 1e-3 {
		t.Errorf("down to the country: %v, and %g", more.Points, more.Regions[0].Points)
	}
	if cars := own.Regions[0].Points - 121_025; math.Abs(more.Regions[0].Points-own.Regions[0].Points-cars*0.01/0.19) > 0.002*cars {
		t.Errorf("points go from %g to %g", own.Regions[0].Points, more.Regions[0].Points)
	}
	if len(more.Changed) != 1 || more.Changed[0].Key != "outlook.home_share_cars" || more.Changed[0].Study != "0.19" {
		t.Errorf("changed: %v", more.Changed)
	}
	// Fewer driveways at flats: Utrecht, which has many, has fewer driveways and a smaller part
	// of the same points.
	flats := outlookOf(t, `{"settings": {"outlook.driveway_share_apartment": 0}, "regions": ["NL00", "GM0344"], "year": 2050, "scenario": "mid"}`)
	if flats.Regions[1].WithDriveway >= own.Regions[1].WithDriveway || flats.Regions[1].Points >= own.Regions[1].Points || math.Abs(flats.Regions[0].Points-own.Regions[0].Points) > 1 {
		t.Errorf("no driveways at flats: %v, by the study %v", flats.Regions, own.Regions)
	}
	for body, want := range map[string]string{
		`{"settings": {"car.battery_kwh": 80}}`:                     "an assumption of the outlook was expected",
		`{"settings": {"outlook.charge_points": "/etc/passwd"}}`:    "an assumption of the outlook was expected",
		`{"settings": {"outlook.home_share_cars": 2}}`:              "outlook.home_share_cars",
		`{"settings": {"outlook.home_share_cars": 0.99}}`:           "have room for",
		`{"settings": {}, "year": 1900}`:                            "a year from 2025 to 2050",
		`{"settings": {}, "scenario": "none"}`:                      "low, mid or high",
		`{"settings": {}, "regions": ["GM9999"]}`:                   "no region has the code GM9999",
		`{"settings": {}, "down_to": "straat"}`:                     "straat",
		`{"settings": {"outlook.driveway_share_detached": "none"}}`: "outlook.driveway_share_detached",
	} {
		if res := do(shared(t), http.MethodPost, "/api/v1/outlook", strings.NewReader(body), "Content-Type", "application/json"); res.Code < 400 || res.Code >= 500 || !strings.Contains(res.Body.String(), want) {
			t.Errorf("%s: %d %s, want %q", body, res.Code, res.Body, want)
		}
	}
}

func TestARegionIsToldWhatMovesItsChargePoints(t *testing.T) {
	var a struct {
		Points  float64 `json:"home_charge_points"`
		Effects []struct {
			Key    string
			AtLow  *float64 `json:"points_at_low"`
			AtHigh *float64 `json:"points_at_high"`
		}
	}
	start := time.Now()
	res := get(t, shared(t), "/api/v1/outlook/effects?region=GM0344&year=2050&scenario=mid")
	t.Log("took", time.Since(start))
	if err := json.Unmarshal(res.Body.Bytes(), &a); err != nil || len(a.Effects) == 0 {
		t.Fatalf("%v: %s", err, res.Body)
	}
	first := a.Effects[0]
	if first.AtLow == nil || first.AtHigh == nil || !(*first.AtLow < a.Points && a.Points < *first.AtHigh) {
		t.Errorf("%s: from %v to %v, by the study %g", first.Key, first.AtLow, first.AtHigh, a.Points)
	}
	for k := 1; k < len(a.Effects); k++ {
		x, y := a.Effects[k-1], a.Effects[k]
		if x.AtLow == nil || x.AtHigh == nil || y.AtLow == nil || y.AtHigh == nil {
			continue
		}
		if math.Abs(*x.AtHigh-*x.AtLow) < math.Abs(*y.AtHigh-*y.AtLow) {
			t.Errorf("%s stands before %s, which moves more", x.Key, y.Key)
		}
	}
}
