package result

import (
	"math"
	"slices"
)

// Rewarded says whether cars are paid for being plugged in, in any of the studies.
func (c *Comparison) Rewarded() bool {
	return slices.ContainsFunc(c.Cases, func(v *VariantCase) bool { return v.PlugInRewardEUR > 0 })
}

// LeavesOpen says whether a cost is above its proven bound by more than rounding.
func (c *Comparison) LeavesOpen() bool {
	return slices.ContainsFunc(c.Cases, func(v *VariantCase) bool { return v.GapEUR > 0.005 })
}

// RewardEURPerKW is what a kW of relief of the mean winter evening costs in a year: what is
// paid more for being plugged in than in the first study, under the same contract and way
// to charge, over how much lower the evening is. NaN where no more is paid or nothing is
// relieved.
func (c *Comparison) RewardEURPerKW(v *VariantCase) float64 {
	i := slices.IndexFunc(c.Cases, func(o *VariantCase) bool {
		return o.Variant == c.Studies[0].Name && o.Contract == v.Contract && o.Mode == v.Mode
	})
	if i < 0 {
		return math.NaN()
	}
	paid, relief := v.PlugInRewardEUR-c.Cases[i].PlugInRewardEUR, c.Cases[i].WinterEveningMeanKW-v.WinterEveningMeanKW
	if paid <= 0 || relief <= 0 {
		return math.NaN()
	}
	return paid / relief
}
