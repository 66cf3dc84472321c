package study

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

// The kW of a draw are added up from what each assumption does alone. Homes that are
// computed with all assumptions of the draw at once say the same within
// 10 % on average, 15 % each.
func TestEffectsThatAreAddedAreThoseOfWholeRuns(t *testing.T) {
	const draws = 12
	s, err := assume.Load("", []string{"homes=40", "modes=[v2g]", "contracts=[{name: dynamic, kind: dynamic}]"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	r := &workbench{Result: result.Result{Study: s, Axis: series.NewYear(s.Year), Manifest: &result.Manifest{}, Summary: &result.Summary{}}}
	own, cases, err := r.inputs(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	u, err := r.newUncertainty(ctx, func(string, int, int) {}, own, cases)
	if err != nil {
		t.Fatal(err)
	}
	season := potential.Seasons()[1]
	of := evening(s.Year, season)
	power := u.power("dynamic", of(u.base["dynamic"]), of)
	rows := u.rows["mid"]
	var off, spread, mean float64
	for d := range draws {
		values := rows[d*len(rows)/draws]
		joint := 0.0
		for _, plugIn := range []session.PlugIn{session.WhenNeeded, session.Always} {
			v := *s
			share := 0.0
			for k, f := range u.factors {
				switch field := homeField(&v, f.Key); {
				case f.Key == keyPlugIn:
					share = values[k]
				case field != nil:
					*field = values[k]
				}
			}
			v.Behaviour.PlugIn = plugIn
			if plugIn == session.WhenNeeded {
				share = 1 - share
			}
			tables, err := r.tables(ctx, own, &v, cases)
			if err != nil {
				t.Fatal(err)
			}
			joint += share * of(tables["dynamic"])
		}
		got := power(values)
		off += (got - joint) / draws
		spread += math.Abs(got-joint) / draws
		mean += joint / draws
	}
	if mean < 1 || math.Abs(off) > 0.1*mean || spread > 0.15*mean {
		t.Errorf("%.2f kW in whole runs, those added %.3f more and %.3f from them on average", mean, off, spread)
	}
}

// A band is of a contract, its rules and a season: where V2G feeds in nothing whatever
// the assumptions, it is nothing; and the same study has the same band again.
func TestTheBandIsThatOfItsContractAndSeason(t *testing.T) {
	s, err := assume.Load("", []string{"homes=8", "modes=[v2g]", "contracts=[{name: single, kind: single}, {name: dynamic, kind: dynamic}]"})
	if err != nil {
		t.Fatal(err)
	}
	var summaries [2]*result.PotentialSummary
	for i := range summaries {
		r, err := Run(context.Background(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		summaries[i] = r.Summary.Potential
	}
	p := summaries[0]
	if single := p.Season("single", "v2g", result.Winter); *single.EveningGWP95 != 0 || len(single.EveningMatters) != 0 {
		t.Errorf("single: up to %g GW, by %+v", *single.EveningGWP95, single.EveningMatters)
	}
	dynamic := p.Season("dynamic", "v2g", result.Winter)
	if !(*dynamic.EveningGWP5 < *dynamic.EveningGWP95) || dynamic.EveningMatters[0].Key != keyPlugIn {
		t.Errorf("dynamic, winter: %g to %g GW, most by %+v", *dynamic.EveningGWP5, *dynamic.EveningGWP95, dynamic.EveningMatters)
	}
	if top := dynamic.EveningMatters[0]; top.GWLow != dynamic.EveningGW || top.GWHigh < 2*top.GWLow {
		t.Errorf("always plugged in: %+v, the study has %g GW", top, dynamic.EveningGW)
	}
	if p5, p95 := *p.FlexiblePowerP5, *p.FlexiblePowerP95; math.Abs(p5-*dynamic.EveningGWP5) > 1e-5 || math.Abs(p95-*dynamic.EveningGWP95) > 1e-5 || p.Band.Matters[0].Key != keyPlugIn {
		t.Errorf("the regions count the winter evening: %g to %g GW, most by %+v; the season has %g to %g GW, %+v", p5, p95, p.Band.Matters[0], *dynamic.EveningGWP5, *dynamic.EveningGWP95, dynamic.EveningMatters[0])
	}
	if !reflect.DeepEqual(summaries[0], summaries[1]) {
		t.Error("the same study has another band")
	}
}

// What a file of the user's says is not drawn.
func TestWhatTheUserGivesIsNotDrawn(t *testing.T) {
	s := assume.Default()
	s.Data.Sessions, s.Outlook.ChargePoints, s.Potential.KWPerChargePoint = "sessions.csv", "points.csv", assume.KWPerChargePoint{Rule: potential.Computed}
	for _, f := range factorsOf(s) {
		if !strings.HasPrefix(f.Key, "c") && f.Key != keyHome {
			t.Errorf("%s is drawn", f.Key)
		}
		if f.Key == driven[0] || f.Key == driven[1] {
			t.Errorf("%s is drawn, and the sessions are the user's", f.Key)
		}
	}
	s = assume.Default()
	s.Potential.KWPerChargePoint = assume.KWPerChargePoint{Rule: potential.Report}
	if all := factorsOf(s); all[len(all)-1] != (potential.Factor{Key: keyKW, Low: 1, Value: 2, High: 2.5}) {
		t.Errorf("the report's kW are drawn as %+v", all[len(all)-1])
	}
	s = assume.Default()
	s.Car.MinSoC, s.Charger.ChargeKW = 0.4, 22
	for _, f := range factorsOf(s) {
		if !(f.Low <= f.Value && f.Value <= f.High) {
			t.Errorf("%+v", f)
		}
	}
}

// Not every dwelling of a region has panels: its base is the load less a share of the
// solar output, and with none it feeds in nothing by itself.
func TestTheMeanDwellingHasAShareOfTheSolarPanels(t *testing.T) {
	for share, feeds := range map[string]bool{"0": false, "1": true} {
		s, err := assume.Load("", []string{"homes=1", "modes=[v2g]", "contracts=[{name: single, kind: single}]", "potential.dwellings_with_solar=" + share})
		if err != nil {
			t.Fatal(err)
		}
		r, err := RunProfiles(context.Background(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if lowest, _ := r.Profile("single").Base.Extremes(); (lowest < 0) != feeds {
			t.Errorf("with %s of the dwellings having panels the mean dwelling takes %.3f kW at least", share, lowest)
		}
	}
}
