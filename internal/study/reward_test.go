package study_test

import (
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
)

const rewards = `study: none
homes: 20
modes: [regular, v2g]
contracts: [{name: a, kind: dynamic, rules: 2027-01-01}]
variants:
  some: {behaviour.plug_in_reward_eur_per_hour: 0.02}
  most: {behaviour.plug_in_reward_eur_per_hour: 0.2}
  always: {behaviour.plug_in: always}
`

func TestARewardBuysHoursAtThePlugAndReliefOfTheEvening(t *testing.T) {
	c := compared(t, rewards)
	none, some, most, always := c.Cases[1], c.Cases[3], c.Cases[5], c.Cases[7]
	if none.Mode != dispatch.V2G || some.Variant != "some" {
		t.Fatal("the cases are in another order")
	}
	if some.PluggedInShare <= none.PluggedInShare || most.PluggedInShare != always.PluggedInShare || most.CostEUR != always.CostEUR {
		t.Errorf("at the plug %.3f without, %.3f with some, %.3f with more than enough, %.3f always", none.PluggedInShare, some.PluggedInShare, most.PluggedInShare, always.PluggedInShare)
	}
	if want := 0.02 * 8784 * some.PluggedInShare; math.Abs(some.PlugInRewardEUR-want) > 1e-9 || none.PlugInRewardEUR != 0 {
		t.Errorf("EUR %.3f is paid, expected %.3f", some.PlugInRewardEUR, want)
	}
	if some.SavingEUR != c.Cases[2].CostEUR-some.CostEUR {
		t.Errorf("the saving of EUR %.2f holds more than the cost", some.SavingEUR)
	}
	per := some.PlugInRewardEUR / (none.WinterEveningMeanKW - some.WinterEveningMeanKW)
	if got := c.RewardEURPerKW(some); math.Abs(got-per) > 1e-9 || !math.IsNaN(c.RewardEURPerKW(none)) || !math.IsNaN(c.RewardEURPerKW(always)) {
		t.Errorf("a kW of relief costs EUR %.2f, expected %.2f", got, per)
	}
	notes := strings.Join(c.Manifest.Notes, "\n")
	for _, want := range []string{"some: EUR 0.02 is paid per hour at the plug", "most: EUR 0.2 is paid per hour", "the curve of the reward has 75 %, but they are not at home more"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note says %q:\n%s", want, notes)
		}
	}
}
