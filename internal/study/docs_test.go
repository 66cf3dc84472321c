package study_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/docs"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/study"
)

// least and most of some values.
type least2most struct{ least, most float64 }

func (r *least2most) add(v float64) {
	if r.least == 0 && r.most == 0 {
		r.least, r.most = v, v
	}
	r.least, r.most = min(r.least, v), max(r.most, v)
}

func (r least2most) text(decimals int) string {
	a, b := fmt.Sprintf("%+.*f", decimals, r.least), fmt.Sprintf("%+.*f", decimals, r.most)
	if a == b {
		return a
	}
	return a + " to " + b
}

// What a year on real input gives, whatever homes are drawn: prices and solar of 2024,
// E1A, 100 homes, seeds 1 to 10.
func TestDocsTellTheYearOnRealInput(t *testing.T) {
	long(t)
	type row struct{ winter, summer, largest, discharged, saving least2most }
	rows := map[string]*row{}
	var order []string
	for seed := 1; seed <= 10; seed++ {
		r, err := runProfiles(append(settings(t, sample.Data{}), fmt.Sprint("seed=", seed), "modes=[regular, smart, v2g]",
			"contracts=[{name: dynamic, kind: dynamic}, {name: dynamic_2027, kind: dynamic, rules: 2027-01-01}]")...)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Cases {
			name := c.Contract + ", " + c.Mode.String()
			if c.Mode == dispatch.Regular && c.Contract != "dynamic" {
				continue
			}
			if rows[name] == nil {
				rows[name], order = &row{}, append(order, name)
			}
			x := rows[name]
			for _, s := range potential.Seasons()[1:] {
				kw, _ := s.Power(r.Study.Year, c.ByMonth)
				map[string]*least2most{potential.Winter: &x.winter, potential.Summer: &x.summer}[s.Name].add(kw)
			}
			x.largest.add(c.Summary.PeakDischargeKW)
			x.discharged.add(c.Summary.DischargedKWh)
			x.saving.add(*c.Summary.SavingVsRegularEUR)
		}
	}
	var b strings.Builder
	b.WriteString("| contract, way to charge | 17-21 h in winter, kW | 17-21 h in summer, kW | largest cell of discharging, kW | discharged, kWh a year | saving, EUR a year |\n|---|---|---|---|---|---|\n")
	for _, name := range order {
		x := rows[name]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", name, x.winter.text(2), x.summer.text(2), strings.ReplaceAll(x.largest.text(2), "+", ""), strings.ReplaceAll(x.discharged.text(0), "+", ""), strings.ReplaceAll(x.saving.text(0), "+", ""))
	}
	v2g, later := rows["dynamic, v2g"], rows["dynamic_2027, v2g"]
	between(t, "V2G with net metering in winter, kW, least", -v2g.winter.most, 0.7, 1.4)
	between(t, "its largest cell, kW", v2g.largest.most, 1, 3.5)
	between(t, "V2G by the rules of 2027 in winter, kW", later.winter.most, -0.3, 0.1)
	if later.saving.most >= v2g.saving.least {
		t.Errorf("V2G saves EUR %.0f at most by the rules of 2027, %.0f at least with net metering", later.saving.most, v2g.saving.least)
	}
	docs.Hold(t, "method.md", "real input", b.String())
}

// The report's figures and numbers, beside those of the same study on real input.
func TestDocsTellTheReportAndUs(t *testing.T) {
	long(t)
	r, err := study.Run(t.Context(), loadStudy(t, "", settings(t, sample.Data{})...), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := r.Summary.Potential
	at := func(c string, m dispatch.Mode) *result.Case { return r.Case(c, m) }
	regular, smart, v2g := at("dynamic", dispatch.Regular), at("dynamic", dispatch.Smart), at("dynamic", dispatch.V2G)
	hours := func(month, from, to int) float64 { // mean of hours in a month, 0 for January
		sum := 0.0
		for _, kw := range v2g.ByMonth[month][4*from : 4*to] {
			sum += kw / float64(4*(to-from))
		}
		return sum
	}
	least, most := math.Inf(1), math.Inf(-1)
	for h := 17; h < 21; h++ {
		kw := -(v2g.ByDay[4*h] + v2g.ByDay[4*h+1] + v2g.ByDay[4*h+2] + v2g.ByDay[4*h+3]) / 4
		least, most = min(least, kw), max(most, kw)
	}
	between(t, "discharged in the hour of the evening with most, kW: the report has 1 to 2", most, 1, 2)
	extra := func(contract string) float64 {
		return at(contract, dispatch.Smart).Summary.EnergyCostEUR - at(contract, dispatch.V2G).Summary.EnergyCostEUR
	}
	group := func(homes int) float64 {
		for _, g := range v2g.Coincidence {
			if g.Homes == homes {
				return g.PeakDischargeKW.P50
			}
		}
		return math.NaN()
	}
	gw := func(contract, season string) float64 { return p.Season(contract, "v2g", season).EveningGW }
	points := func(year int) float64 {
		y, err := r.Regions.Year(year, "mid")
		if err != nil {
			t.Fatal(err)
		}
		return y.Column("home_charge_points")[0] / 1e6
	}
	winter := p.Season("dynamic", "v2g", result.Winter)
	var b strings.Builder
	b.WriteString("| what | the report | here | why they differ |\n|---|---|---|---|\n")
	row := func(what, theirs, ours, why string) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", what, theirs, ours, why)
	}
	row("cars and vans in 2050, all electric (4.1)", "10 million, 1.2 million", "the same", "input")
	row("demand at own home charge points (4.1)", "19 % and 9 %", "the same", "input")
	row("home charge points, figure 4", "no count in the text", fmt.Sprintf("%.2f million in 2025, %.2f in 2035, %.2f in 2050", points(2025), points(2035), points(2050)), "2050 is solved back from 4.5 GW at 2 kW; the course before it is ours")
	row("flexible power in 2050 (4.2), 2 kW each", "4.5 GW", fmt.Sprintf("%.2f GW", p.HomeChargePoints*potential.ReportKW/1e6), "the same rule: potential.kw_per_charge_point: report")
	row("the same, on the mean winter evening", "-", fmt.Sprintf("%.2f GW with net metering, %.2f GW by the rules from 2027", gw("dynamic", result.Winter), gw("dynamic_2027", result.Winter)), "2 kW is one cell of figure 1, not an evening; net metering ends in 2027")
	row("its band, p5 to p95", "-", fmt.Sprintf("%.1f to %.1f GW", *winter.EveningGWP5, *winter.EveningGWP95), "the report gives none")
	row("discharged per home in the peak hours (3.4)", "1 to 2 kW", fmt.Sprintf("%.2f to %.2f kW by hour from 17:00 to 21:00, mean %.2f", least, most, -v2g.Summary.EveningMeanKW), "a mean over the year; the report does not say over which hours or months")
	row("largest value of figure 1", "2 kW", fmt.Sprintf("%.2f kW", v2g.Summary.PeakDischargeKW), "sessions: the report's generator is not public; here published tables of 2020 and 3.5 sessions a week")
	row("one home at most (3.4)", "11 kW", fmt.Sprintf("%.1f kW, the median over homes", group(1)), "")
	row("figure 2: charging by day, 10-16 h", "July far above January", fmt.Sprintf("%.2f kW in July, %.2f in January", hours(6, 10, 16), hours(0, 10, 16)), "")
	row("figure 2: discharging in the evening", "July above January", fmt.Sprintf("17-21 h: %.2f kW in July, %.2f in January; 17-23 h: %.2f and %.2f", -hours(6, 17, 21), -hours(0, 17, 21), -hours(6, 17, 23), -hours(0, 17, 23)), "true of the later evening and of the largest cell: prices peak later in July")
	row("figure 3: regular, 17-21 h", "no number", fmt.Sprintf("%.2f kW taken", regular.Summary.EveningMeanKW), "")
	row("figure 3: smart, 17-21 h", "next to nothing: prices gave no reason to charge (5.3)", fmt.Sprintf("%.2f kW taken", smart.Summary.EveningMeanKW), "cars that stay for a few hours must charge")
	row("figure 3: night peak of the mean day", "V2G above smart", fmt.Sprintf("%.2f kW, smart %.2f", nightPeak(v2g.ByDay[:]), nightPeak(smart.ByDay[:])), "")
	row("V2G on a single and a dual tariff (3.4)", "not interesting", fmt.Sprintf("EUR %.0f and %.0f a year more than smart", extra("single"), extra("dual")), "what is left is own use of solar power")
	row("V2G on a dynamic contract", "no amount", fmt.Sprintf("EUR %.0f a year more than smart; by the rules from 2027 EUR %.0f", extra("dynamic"), extra("dynamic_2027")), "prices known in advance")
	row("always plugged in (3.4)", "far higher", fmt.Sprintf("%.1f GW on the mean winter evening, with net metering", winter.EveningMatters[0].GWHigh), "all homes always; the rest as it is")
	netted, later := gw("dynamic", result.Winter), gw("dynamic_2027", result.Winter)
	row("against the daily peak of the country (4.2)", "22 GW now, 46.9 to 61.7 in 2050",
		fmt.Sprintf("on the mean winter evening of 2050, with net metering and by the rules from 2027: %.0f and %.1f %% of 22 GW, %.1f to %.1f and %.1f to %.1f %% of 46.9 to 61.7", 100*netted/22, 100*later/22, 100*netted/61.7, 100*netted/46.9, 100*later/61.7, 100*later/46.9),
		"the report sets its 4.5 GW of 2050 against the 22 GW of now, which is 20 %; of 2050's it is 7 to 10 %")
	row("50 cars at once (4.2: Utrecht)", "almost 200 kW, over 30 % of 630 kVA", fmt.Sprintf("%.0f kW, %.0f %%", 50*group(50), 50*group(50)/6.3), "private cars that plug in when needed; the highest quarter-hour of a year, median of groups of 50")
	if winter.EveningMatters[0].Key != "behaviour.plug_in" {
		t.Errorf("what matters most is %s: the row on cars that are always plugged in was of behaviour.plug_in", winter.EveningMatters[0].Key)
	}
	docs.Hold(t, "report.md", "report", b.String())
}

// What V2G saves follows how far prices differ within a day, in any year and in hours or
// quarter-hours: the prices of 2024 with each day's differences from its mean halved, as
// they were and half as large again.
func TestDocsTellThatSavingsFollowTheDailySpread(t *testing.T) {
	long(t)
	hourly, _, err := dataset.ReadSeries(t.Context(), sample.Data{}.File(t, "prices/nl_day_ahead_2024_hourly.csv"), dataset.Prices)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| year | prices | daily spread, EUR/MWh | smart saves, EUR a year | V2G, net metering | V2G, rules from 2027 |\n|---|---|---|---|---|---|\n")
	last := 0.0
	run := func(year int, name string, file string, spread float64) float64 {
		r, err := runProfiles("homes=50", fmt.Sprint("year=", year), "data.prices="+file, "modes=[regular, smart, v2g]",
			"contracts=[{name: dynamic, kind: dynamic}, {name: later, kind: dynamic, rules: 2027-01-01}]")
		if err != nil {
			t.Fatalf("%d, %s: %v", year, name, err)
		}
		saving := func(contract string, m dispatch.Mode) float64 { return *summary(t, r, contract, m).SavingVsRegularEUR }
		fmt.Fprintf(&b, "| %d | %s | %.0f | %.0f | %.0f | %.0f |\n", year, name, spread, saving("dynamic", dispatch.Smart), saving("dynamic", dispatch.V2G), saving("later", dispatch.V2G))
		return saving("dynamic", dispatch.V2G)
	}
	for _, factor := range []float64{0.5, 1, 1.5} {
		file, spread := scaledPrices(t, hourly, factor, 1)
		saving := run(2024, fmt.Sprintf("of 2024, differences x %g", factor), file, spread)
		if saving <= last {
			t.Errorf("differences x %g save EUR %.0f, smaller ones %.0f", factor, saving, last)
		}
		last = saving
		if factor == 1 {
			quarters, _ := scaledPrices(t, hourly, 1, 4)
			if again := run(2024, "the same, in quarter-hours", quarters, spread); math.Abs(again-saving) > 1e-6 {
				t.Errorf("the same prices in quarter-hours save EUR %.4f, in hours %.4f", again, saving)
			}
		}
	}
	for year := 2019; year <= 2025; year++ {
		run(year, "built-in, synthetic", "reference", math.NaN())
	}
	docs.Hold(t, "method.md", "spread", strings.ReplaceAll(b.String(), "NaN", "-"))
}

// scaledPrices writes prices with the differences of each day from its mean times a
// factor, each so many times in its hour, and gives the mean of the days' spreads.
func scaledPrices(t *testing.T, hourly *series.Series, factor float64, parts int) (file string, spread float64) {
	t.Helper()
	var b strings.Builder
	b.WriteString("utc_start,eur_per_mwh\n")
	days := len(hourly.Values) / 24
	for d := range days {
		of := hourly.Values[24*d : 24*d+24]
		mean := 0.0
		for _, v := range of {
			mean += v / 24
		}
		spread += factor * (slices.Max(of) - slices.Min(of)) / float64(days)
		for h, v := range of {
			for k := range parts {
				at := hourly.Start.Add(time.Duration(24*d+h)*time.Hour + time.Duration(k)*time.Hour/time.Duration(parts))
				fmt.Fprintf(&b, "%s,%g\n", at.Format(time.RFC3339), mean+factor*(v-mean))
			}
		}
	}
	file = filepath.Join(t.TempDir(), "prices.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file, spread
}

// nightPeak is the highest of 21:00 to 07:00 of a day.
func nightPeak(day []float64) (kw float64) {
	for q, v := range day {
		if q >= 21*4 || q < 7*4 {
			kw = max(kw, v)
		}
	}
	return kw
}
