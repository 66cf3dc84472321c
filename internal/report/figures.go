package report

import (
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/result"
)

// freest is the case of a contract with the most freedom that the study has.
func freest(r *result.Result, contract string) *result.Case {
	for _, m := range slices.Backward(dispatch.Modes()) {
		if c := r.Case(contract, m); c != nil {
			return c
		}
	}
	return nil
}

var modeLabels = map[dispatch.Mode]string{
	dispatch.Regular: "Regular", dispatch.Smart: "Smart", dispatch.V2H: "V2H", dispatch.V2G: "V2G",
}

// waysToCharge are the cases that the story compares: regular, smart and V2G, or
// what the study has.
func waysToCharge(r *result.Result, contract string) (out []*result.Case) {
	for _, m := range dispatch.Modes() {
		c := r.Case(contract, m)
		if c == nil || m == dispatch.V2H && r.Case(contract, dispatch.V2G) != nil {
			continue
		}
		out = append(out, c)
	}
	return out
}

// spreadRow is the spread over homes of one case.
type spreadRow struct {
	*result.Case
	EveningKW, DischargedKWh, SavingEUR cohort.Spread
}

func spreadRows(r *result.Result, contract string) (out []spreadRow) {
	for _, m := range dispatch.Modes() {
		c := r.Case(contract, m)
		if c == nil {
			continue
		}
		row := spreadRow{Case: c}
		row.EveningKW = c.SpreadOverHomes(func(h *result.Home) float64 { return h.EveningKW })
		row.DischargedKWh = c.SpreadOverHomes(func(h *result.Home) float64 { return h.DischargedKWh })
		row.SavingEUR = c.SpreadOverHomes(func(h *result.Home) float64 { return h.SavingEUR })
		out = append(out, row)
	}
	return out
}
