package study_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/foreign/sessionfile"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
)

const bothRules = "contracts=[{name: dynamic, kind: dynamic, rules: 2026-12-31}, {name: dynamic_2027, kind: dynamic, rules: 2027-01-01}]"

// What is left of the saving where prices or departures are not known: on prices, load
// and solar of 2024, for sampled homes over seeds, and for Trondheim's private users.
func TestDocsTellWhatKnowingIsWorth(t *testing.T) {
	long(t)
	data := sample.Data{}
	dir := t.TempDir()
	sessions, err := sessionfile.Read(t.Context(), []string{data.File(t, "sessions/trondheim_home_sessions.csv")}, sessionfile.Options{Only: map[string]string{"user_type": "Private"}, TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sessions.WriteCSV(t.Context(), dir+"/sessions.csv"), sessions.Close()); err != nil {
		t.Fatal(err)
	}
	inputs := append(settings(t, data), bothRules, "modes=[regular, smart, v2g]")
	known := []struct{ name, setting string }{
		{"all", "foresight=perfect"},
		{"prices a day ahead", "foresight=day_ahead"},
		{"departure as stated", "departure.knowledge=stated"},
		{"departure as learned", "departure.knowledge=learned"},
		{"both: a day ahead, as learned", "foresight=day_ahead departure.knowledge=learned"},
	}
	run := func(more ...string) *result.Result {
		r, err := runProfiles(append(slices.Clone(inputs), more...)...)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	groups := []struct {
		name  string
		draws [][]string
	}{
		{"sampled homes", [][]string{{"homes=50", "seed=1"}, {"homes=50", "seed=2"}, {"homes=50", "seed=3"}}},
		{"users in Trondheim", [][]string{{"homes=55", "data.sessions=" + dir + "/sessions.csv"}}},
	}
	if !*docs.Write {
		groups = groups[1:] // one group is enough to see that the pages are still true
	}
	var b strings.Builder
	b.WriteString("| homes | rules | known | smart: saving, EUR | of all | V2G: saving, EUR | of all | p5 to p95 of homes, EUR | sessions short by over 0.1 and 5 kWh | missing, kWh |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, g := range groups {
		for _, contract := range []string{"dynamic", "dynamic_2027"} {
			best := map[dispatch.Mode]float64{}
			for _, k := range known {
				saving := map[dispatch.Mode]*least2most{dispatch.Smart: {}, dispatch.V2G: {}}
				mean := map[dispatch.Mode]float64{}
				var short, short5, missing float64
				var spread least2most
				for _, draw := range g.draws {
					r := cached(t, run, append(slices.Clone(draw), strings.Fields(k.setting)...))
					n := float64(len(g.draws))
					for mode, s := range saving {
						v := *r.Case(contract, mode).Summary.SavingVsRegularEUR
						s.add(v)
						mean[mode] += v / n
					}
					c := r.Case(contract, dispatch.V2G)
					x := c.SpreadOverHomes(func(h *result.Home) float64 { return h.SavingEUR })
					spread.add(x.P5)
					spread.add(x.P95)
					if d := c.Summary.Departures; d != nil {
						short, short5, missing = short+d.ShortShare/n, short5+d.Short5Share/n, missing+d.MissingKWh/n
					}
				}
				share := func(mode dispatch.Mode) string {
					if k.name == "all" {
						best[mode] = mean[mode]
					}
					return fmt.Sprintf("%.0f %%", 100*mean[mode]/best[mode])
				}
				rules := map[string]string{"dynamic": "until 2026", "dynamic_2027": "from 2027"}[contract]
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %.1f and %.1f %% | %.0f |\n", g.name, rules, k.name,
					saving[dispatch.Smart].text(0), share(dispatch.Smart), saving[dispatch.V2G].text(0), share(dispatch.V2G), spread.text(0), 100*short, 100*short5, missing)
			}
		}
	}
	docs.HoldRows(t, "foresight.md", "knowing", b.String())

	b.Reset()
	b.WriteString("| homes | EUR per missing kWh | saving, EUR | short | missing, kWh |\n|---|---|---|---|---|\n")
	for _, g := range groups {
		for _, price := range []string{"0.35", "0.69", "1.5", "5"} {
			r := cached(t, run, append(slices.Clone(g.draws[0]), "departure.knowledge=learned", "departure.penalty_eur_per_kwh="+price))
			c := r.Case("dynamic", dispatch.V2G).Summary
			fmt.Fprintf(&b, "| %s | %s | %+.0f | %.1f %% | %.0f |\n", g.name, price, *c.SavingVsRegularEUR, 100*c.Departures.ShortShare, c.Departures.MissingKWh)
		}
	}
	docs.HoldRows(t, "foresight.md", "guarantee", b.String())
}

var runs = map[string]*result.Result{}

// cached runs a study once, as each run has both contracts.
func cached(t *testing.T, run func(...string) *result.Result, settings []string) *result.Result {
	t.Helper()
	key := strings.Join(settings, " ")
	if runs[key] == nil {
		runs[key] = run(settings...)
	}
	return runs[key]
}
