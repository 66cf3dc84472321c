package band_test

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/band"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/study"
)

const (
	plugIn       = "behaviour.plug_in"
	kwPerPoint   = "potential.kw_per_charge_point"
	homeCharging = "outlook.home_charging_share"
)

// The kW of a draw are added up from what each assumption does alone. Homes that are
// computed with all assumptions of the draw at once say the same within
// 10 % on average, 15 % each.
func TestEffectsThatAreAddedAreThoseOfWholeRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	const draws = 12
	s, err := assume.Load("", []string{"homes=40", "modes=[v2g]", "contracts=[{name: dynamic, kind: dynamic}]"})
	if err != nil {
		t.Fatal(err)
	}
	run := func(ctx context.Context, s *assume.Study) (band.Tables, error) {
		r, err := study.RunProfiles(ctx, s, nil)
		if err != nil {
			return nil, err
		}
		return band.Tables{"dynamic": r.Case("dynamic", dispatch.V2G).ByMonth}, nil
	}
	u, err := band.WithoutRegions(t.Context(), band.Input{Study: s, Run: run, Progress: func(string, int, int) {}})
	if err != nil {
		t.Fatal(err)
	}
	of, power := u.Evening("dynamic", potential.Seasons()[1])
	rows := u.Rows("mid")
	var off, spread, mean float64
	for d := range draws {
		values := rows[d*len(rows)/draws]
		joint := 0.0
		for _, how := range []session.PlugIn{session.WhenNeeded, session.Always} {
			v := *s
			share := 0.0
			for k, f := range u.Factors() {
				switch field := band.HomeField(&v, f.Key); {
				case f.Key == plugIn:
					share = values[k]
				case field != nil:
					*field = values[k]
				}
			}
			v.Behaviour.PlugIn = how
			if how == session.WhenNeeded {
				share = 1 - share
			}
			tables, err := run(t.Context(), &v)
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
		r, err := study.Run(t.Context(), s, nil)
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
	if !(*dynamic.EveningGWP5 < *dynamic.EveningGWP95) || dynamic.EveningMatters[0].Key != plugIn {
		t.Errorf("dynamic, winter: %g to %g GW, most by %+v", *dynamic.EveningGWP5, *dynamic.EveningGWP95, dynamic.EveningMatters)
	}
	if top := dynamic.EveningMatters[0]; top.GWLow != dynamic.EveningGW || top.GWHigh < 2*top.GWLow {
		t.Errorf("always plugged in: %+v, the study has %g GW", top, dynamic.EveningGW)
	}
	if p5, p95 := *p.FlexiblePowerP5, *p.FlexiblePowerP95; math.Abs(p5-*dynamic.EveningGWP5) > 1e-5 || math.Abs(p95-*dynamic.EveningGWP95) > 1e-5 || p.Band.Matters[0].Key != plugIn {
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
	for _, f := range band.FactorsOf(s) {
		if !strings.HasPrefix(f.Key, "c") && f.Key != homeCharging {
			t.Errorf("%s is drawn", f.Key)
		}
		if f.Key == band.Driven[0] || f.Key == band.Driven[1] {
			t.Errorf("%s is drawn, and the sessions are the user's", f.Key)
		}
	}
	s = assume.Default()
	s.Potential.KWPerChargePoint = assume.KWPerChargePoint{Rule: potential.Report}
	if all := band.FactorsOf(s); all[len(all)-1] != (potential.Factor{Key: kwPerPoint, Low: 1, Value: 2, High: 2.5}) {
		t.Errorf("the report's kW are drawn as %+v", all[len(all)-1])
	}
	s = assume.Default()
	s.Car.MinSoC, s.Charger.ChargeKW = 0.4, 22
	for _, f := range band.FactorsOf(s) {
		if !(f.Low <= f.Value && f.Value <= f.High) {
			t.Errorf("%+v", f)
		}
	}
}
