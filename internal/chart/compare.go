package chart

import (
	"fmt"

	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
)

// Compare shows what every variant of a comparison costs a home and what it does to
// the street's peaks.
func Compare(c *result.Comparison, o Choice) (*Chart, error) {
	t, contracts := o.tradeoff(c)
	subtitle := o.towards()
	if len(contracts) == 1 {
		o.Contract = contracts[0]
		subtitle = o.contractLine() + ". " + subtitle
	}
	m := c.Manifest
	source := fmt.Sprintf(o.text("Mean of %s homes, their cars included; peaks are the highest quarter-hour of the year.", "Gemiddelde van %s woningen, met hun auto's; pieken zijn het hoogste kwartier van het jaar."), o.Language.Number(float64(m.Homes), 0))
	if mark := m.SyntheticMark(o.Language == figure.Dutch); mark != "" {
		source += " " + mark
	}
	if m.Version != "" {
		source += " getij " + m.Version + "."
	}
	return o.besides("compare", t, subtitle, source), nil
}

// LabCompare shows what a reader's saved cases cost a home and do to the street's peaks.
func LabCompare(o Choice, cases []*result.VariantCase, source string) (*Chart, error) {
	t, _ := o.tradeoff(&result.Comparison{Cases: cases})
	t.Groups[0].Label = ""
	return o.besides("lab-compare", t, o.towards(), source), nil
}

func (o Choice) towards() string {
	return o.text(
		"Left is cheaper for the home, down is a lower peak for the street: a line that runs to the left and up is a conflict.",
		"Naar links is goedkoper voor de woning, naar beneden een lagere piek voor de straat: een lijn naar links en naar boven is een conflict.")
}

func (o Choice) besides(name string, t figure.Tradeoff, subtitle, source string) *Chart {
	return &Chart{
		Name: name, File: []string{name}, language: o.Language, Source: source,
		Title: o.text("What it costs the home, and what it does to the street", "Wat het de woning kost, en wat het met de straat doet"), Subtitle: subtitle,
		scene: func(f figure.Frame) (*figure.Scene, error) { t.Frame = f; return t.Scene() },
	}
}

// tradeoff is the figure of a comparison's cases, and their contracts.
func (o Choice) tradeoff(c *result.Comparison) (t figure.Tradeoff, contracts []string) {
	t.Peaks = []string{
		o.text("Evening peak, 17–21 h", "Avondpiek, 17–21 u"), o.text("Night peak, 21–7 h", "Nachtpiek, 21–7 u"), o.text("Year’s peak", "Piek van het jaar"),
	}
	saving := figure.Column{Label: o.text("Saving over regular", "Besparing op gewoon laden"), Unit: o.text("EUR a year", "EUR per jaar"), Decimals: 2}
	// Contracts that have other names in other studies are beside each other all the same.
	tracks := map[string][]*result.Track{}
	for _, track := range c.Tracks() {
		if tracks[track.Contract] == nil {
			contracts = append(contracts, track.Contract)
		}
		tracks[track.Contract] = append(tracks[track.Contract], track)
	}
	for _, contract := range contracts {
		group := figure.TradeoffGroup{Label: o.contractName(contract)}
		for _, track := range tracks[contract] {
			v := figure.TradeoffVariant{Label: track.Variant}
			for _, k := range track.Cases {
				v.Cases = append(v.Cases, figure.TradeoffCase{
					Label: o.modeName(k.Mode.String()), Mode: k.Mode.String(),
					CostEUR: k.TotalEUR(), PeakKW: []float64{k.EveningPeakKW, k.NightPeakKW, k.YearPeakKW},
				})
				saving.Values = append(saving.Values, k.SavingEUR)
			}
			group.Variants = append(group.Variants, v)
		}
		t.Groups = append(t.Groups, group)
	}
	t.More = figure.Table{saving}
	return t, contracts
}
