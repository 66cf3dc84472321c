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
// computed with all assumptions of the draw at once say the same: with net metering within
// 10 % on average and 15 % each; by the rules from 2027, where next to nothing is fed in,
// within 0.03 kW of a mean of 0.23.
func TestEffectsThatAreAddedAreThoseOfWholeRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	const draws = 12
	contracts := []string{"dynamic", "dynamic_2027"}
	s, err := assume.Load("", []string{"homes=40", "modes=[v2g]", "contracts=[{name: dynamic, kind: dynamic}, {name: dynamic_2027, kind: dynamic, rules: 2027-01-01}]"})
	if err != nil {
		t.Fatal(err)
	}
	run := func(ctx context.Context, s *assume.Study) (band.Tables, error) {
		r, err := study.RunProfiles(ctx, s, nil)
		if err != nil {
			return nil, err
		}
		out := band.Tables{}
		for _, c := range contracts {
			out[c] = r.Case(c, dispatch.V2G).ByMonth
		}
		return out, nil
	}
	u, err := band.WithoutRegions(t.Context(), band.Input{Study: s, Run: run, Progress: func(string, int, int) {}})
	if err != nil {
		t.Fatal(err)
	}
	rows := u.Rows("mid")
	var off, spread, mean [2]float64
	for d := range draws {
		values := rows[d*len(rows)/draws]
		var joint [2]float64
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
			for k, c := range contracts {
				of, _ := u.Evening(c, potential.Seasons()[1])
				joint[k] += share * of(tables[c])
			}
		}
		for k, c := range contracts {
			_, power := u.Evening(c, potential.Seasons()[1])
			got, want := power(values), max(0, joint[k])
			off[k] += (got - want) / draws
			spread[k] += math.Abs(got-want) / draws
			mean[k] += want / draws
		}
	}
	t.Logf("%.3f kW in whole runs, %.3f more and %.3f off", mean, off, spread)
	if mean[0] < 1 || math.Abs(off[0]) > 0.1*mean[0] || spread[0] > 0.15*mean[0] || spread[1] > 0.03 {
		t.Errorf("%.3f kW in whole runs, those added %.3f more and %.3f from them on average", mean, off, spread)
	}
}

// The ends of what a study's band is drawn over are those of whole runs, under every
// contract: nothing is estimated there.
func TestTheEndsOfARangeAreThoseOfWholeRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	settings := []string{"homes=6", "modes=[v2g]", "contracts=[{name: dynamic, kind: dynamic}, {name: dynamic_2027, kind: dynamic, rules: 2027-01-01}]"}
	of := func(more ...string) *result.PotentialSummary {
		s, err := assume.Load("", append(more, settings...))
		if err != nil {
			t.Fatal(err)
		}
		r, err := study.Run(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Summary.Potential
	}
	found := 0
	own, fewer := of(), of("behaviour.sessions_per_week=2.5")
	for _, contract := range []string{"dynamic", "dynamic_2027"} {
		want := fewer.Season(contract, "v2g", result.Winter).EveningGW
		for _, m := range own.Season(contract, "v2g", result.Winter).EveningMatters {
			if m.Key != "behaviour.sessions_per_week" {
				continue
			}
			if found++; m.GWLow != want {
				t.Errorf("%s at 2.5 sessions a week: %g GW, a whole run says %g", contract, m.GWLow, want)
			}
		}
	}
	if found < 2 {
		t.Errorf("sessions per week are among what matters most under %d of 2 contracts", found)
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
