package home_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
	"github.com/getij/getij/internal/witness"
)

// smallYear is a home's year in small: 12 months of 24 quarter-hours, in which sessions
// go over the turn of months as they do in a year, with whatever ties sessions together.
type smallYear struct {
	axis   *series.Axis
	home   *home.Home
	prices *tariff.Prices
}

const stepsPerMonth = 24

func randomSmallYear(r *rand.Rand) *smallYear {
	between := func(low, high float64) float64 { return low + (high-low)*r.Float64() }
	y := &smallYear{
		axis: &series.Axis{Year: 2024},
		home: &home.Home{
			ConnectionKW: between(3, 18),
			Car:          home.Car{BatteryKWh: between(20, 80), MinSoC: between(0, 0.3), DepartureSoC: between(0.5, 1)},
			Charger:      home.Charger{ChargeKW: between(2, 12), DischargeKW: between(1, 12), RoundTripEfficiency: between(0.7, 1)},
		},
		prices: &tariff.Prices{},
	}
	n := 12 * stepsPerMonth
	load, solar, lowest := between(0, 2), between(0, 4)*float64(r.IntN(2)), between(-0.15, 0.1)
	kind := max(0, r.IntN(4)-1) // net metering, bare export, refund on storage
	driven := 20.0
	if kind == 0 && r.IntN(2) == 0 { // about as much solar power as load, and little driving
		load, solar, driven = between(0.9, 1), between(1.9, 2.1), between(0, 2)
	}
	tax := between(0.05, 0.2)
	imp, p := 0.0, y.prices
	for t := range n {
		y.axis.Clock = append(y.axis.Clock, series.Clock{Month: uint8(1 + t/stepsPerMonth), QuarterOfDay: uint8(t % 96)})
		if t%4 == 0 {
			imp = between(lowest, 0.4) + tax
		}
		y.home.NetKW = append(y.home.NetKW, load*between(0, 2)-solar*between(0, 1))
		exp := imp - tax
		if kind == 0 {
			exp = imp - 0.01*float64(r.IntN(2))
		}
		p.ImportEURPerKWh = append(p.ImportEURPerKWh, imp)
		p.ExportEURPerKWh = append(p.ExportEURPerKWh, exp)
	}
	p.StorageExportEURPerKWh = p.ExportEURPerKWh
	switch kind {
	case 0:
		p.NettedEURPerKWh = tax
	case 2:
		p.StorageExportEURPerKWh = nil
		for t := range n {
			p.StorageExportEURPerKWh = append(p.StorageExportEURPerKWh, min(p.ImportEURPerKWh[t], p.ExportEURPerKWh[t]+tax))
		}
	}
	if r.IntN(2) > 0 {
		p.PowerEURPerKWMonth = between(0.05, 2)
	}
	y.home.Car.WearEURPerKWh = between(0, 0.05) * float64(r.IntN(2))
	if p.PowerEURPerKWMonth == 0 && r.IntN(4) > 0 { // a subscription, of which the last band carries all
		highest := max(y.home.ConnectionKW, slices.Max(y.home.NetKW))
		p.Bands = []tariff.Band{{KW: highest * between(0.2, 0.5), EURPerYear: between(0, 1)}, {KW: highest * between(0.5, 0.8)}, {KW: highest}}
		p.Bands[1].EURPerYear = p.Bands[0].EURPerYear + between(0, 1)
		p.Bands[2].EURPerYear = p.Bands[1].EURPerYear + between(0, 2)
	}
	if r.IntN(3) > 0 { // tiers of feed-in, by kWh, by year or both
		kWh, year := between(0, 0.3)*float64(r.IntN(3)), between(0, 3)*float64(r.IntN(3))
		p.FeedInTiers = []tariff.FeedInTier{{EURPerKWh: kWh * r.Float64(), EURPerYear: year * r.Float64()}, {FromKWh: between(0, 30)}, {FromKWh: between(30, 120)}}
		for k := 1; k < 3; k++ {
			before := p.FeedInTiers[k-1]
			p.FeedInTiers[k].EURPerKWh, p.FeedInTiers[k].EURPerYear = before.EURPerKWh+kWh*r.Float64(), before.EURPerYear+year*r.Float64()
		}
	}
	for at := r.IntN(20); ; {
		steps := 1 + r.IntN(40)
		if r.IntN(8) == 0 {
			steps = 1 + r.IntN(4*stepsPerMonth)
		}
		if at+steps > n {
			break
		}
		y.home.Sessions = append(y.home.Sessions, session.Session{Arrive: at, Depart: at + steps, EnergyKWh: driven * r.Float64() * r.Float64()})
		at += steps + r.IntN(20)*r.IntN(2)
	}
	y.home.Fit()
	return y
}

// asked is a year as bench/homeyear.py takes it.
func (y *smallYear) asked(mode dispatch.Mode) []byte {
	h, p := y.home, y.prices
	export, month := []float64{}, []int{}
	for t, net := range h.NetKW {
		month = append(month, int(y.axis.Clock[t].Month))
		if net >= 0 {
			export = append(export, p.StorageExportEURPerKWh[t])
		} else {
			export = append(export, p.ExportEURPerKWh[t])
		}
	}
	eta, end := h.Charger.OneWayEfficiency(), h.Car.DepartureSoC*h.Car.BatteryKWh
	sessions := []map[string]any{}
	for _, s := range h.Sessions {
		start := max(0, end-eta*s.EnergyKWh)
		sessions = append(sessions, map[string]any{"arrive": s.Arrive, "depart": s.Depart, "start_kwh": start, "least_kwh": min(start, h.Car.MinSoC*h.Car.BatteryKWh)})
	}
	bands, tiers := [][]float64{}, [][]float64{}
	for _, b := range p.Bands {
		bands = append(bands, []float64{b.KW, b.EURPerYear})
	}
	for _, tier := range p.FeedInTiers {
		tiers = append(tiers, []float64{tier.FromKWh, tier.EURPerKWh, tier.EURPerYear})
	}
	line, err := json.Marshal(map[string]any{
		"bands": bands, "feed_in_tiers": tiers,
		"import_eur_per_kwh": p.ImportEURPerKWh, "export_eur_per_kwh": export, "net_kw": h.NetKW, "month": month, "sessions": sessions,
		"netted_eur_per_kwh": p.NettedEURPerKWh, "power_eur_per_kw_month": p.PowerEURPerKWMonth,
		"wear_eur_per_kwh": h.Car.WearEURPerKWh, "most_discharged_kwh": h.Car.MostDischargedKWh,
		"battery_kwh": h.Car.BatteryKWh, "end_kwh": end, "one_way_efficiency": eta,
		"charge_kw": h.Charger.ChargeKW, "discharge_kw": h.Charger.DischargeKW, "connection_kw": h.ConnectionKW, "mode": mode.String(),
	})
	if err != nil {
		panic(err)
	}
	return append(line, '\n')
}

// smallYears is how many years are computed: GETIJ_SMALL_YEARS asks for more.
func smallYears(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("GETIJ_SMALL_YEARS")); err == nil {
		return n
	}
	if testing.Short() {
		return 10
	}
	return 60
}

// A year with everything that ties its sessions together (net metering settled over the
// year, a cap on discharging, a price of the months' highest import, wear, tiers of feed-in)
// costs what one linear programme of the whole year costs, or the cheapest of those of each
// band of power and tier where these have a price a year, and each answer has its own proof.
func TestTiedYearsEqualHiGHS(t *testing.T) {
	python := witness.Python(t, "scipy.optimize", "python3-scipy")
	r := rand.New(rand.NewPCG(12, 5))
	var solver home.Solver
	var in []byte
	var years []home.Year
	binding := map[string]int{}
	n := smallYears(t)
	for i := range n {
		y := randomSmallYear(r)
		mode := []dispatch.Mode{dispatch.V2G, dispatch.V2G, dispatch.V2G, dispatch.V2H, dispatch.Smart}[i%5]
		_, free, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.IntN(3) > 0 {
			most := free.DischargedKWh * r.Float64() * 1.2 * float64(min(1, r.IntN(8)))
			y.home.Car.MostDischargedKWh = &most
		}
		power, got, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
		if err != nil {
			t.Fatalf("year %d: %v", i, err)
		}
		where := fmt.Sprintf("year %d, %s", i, mode)
		near(t, where+": cost against the proven bound", got.GapEUR, 0, 1e-6)
		if c := y.home.Car.MostDischargedKWh; c != nil {
			if got.DischargedKWh > *c+1e-9 {
				t.Errorf("%s: %.9f kWh discharged, at most %.9f was expected", where, got.DischargedKWh, *c)
			}
			if got.CapEURPerKWh > 0 {
				binding["cap"]++
				near(t, where+": kWh discharged where the cap binds", got.DischargedKWh, *c, 1e-9)
			}
		}
		if got.PowerTariffEUR > 0 {
			binding["months' highest import"]++
		}
		if y.prices.NettedEURPerKWh > 0 && got.NettedEURPerKWh < y.prices.NettedEURPerKWh {
			binding["net metering"]++
			if got.CapEURPerKWh > 0 {
				binding["cap and net metering"]++
			}
		}
		if b := slices.IndexFunc(y.prices.Bands, func(b tariff.Band) bool { return b.EURPerYear == got.BandEUR }); b >= 0 {
			if got.HighestKW > got.BandKW+1e-6 {
				t.Errorf("%s: %.9f kW in a band of %g", where, got.HighestKW, got.BandKW)
			}
			if b < len(y.prices.Bands)-1 {
				binding["a smaller band"]++
			}
		}
		if tiers := y.prices.FeedInTiers; len(tiers) > 0 {
			if got.FeedInFeeEUR > 0 {
				binding["a feed-in fee"]++
			}
			for _, tier := range tiers[1:] {
				if math.Abs(got.HomeFedInKWh-tier.FromKWh) < 1e-6 {
					binding["feed-in at the begin of a tier"]++
				}
			}
		}
		y.keepsLimits(t, where, power)
		in = append(in, y.asked(mode)...)
		years = append(years, got)
	}
	cmd := exec.CommandContext(t.Context(), python, "../../bench/homeyear.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	worst, compared := 0.0, 0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); compared++ {
		var answer struct {
			Cost float64 `json:"cost_eur"`
		}
		if err := dec.Decode(&answer); err != nil {
			t.Fatal(err)
		}
		y := years[compared]
		worst = max(worst, math.Abs(y.TotalEUR()-answer.Cost))
		near(t, fmt.Sprintf("year %d: cost in EUR against HiGHS", compared), y.TotalEUR(), answer.Cost, 1e-6)
	}
	if compared != n {
		t.Errorf("%d of %d years were compared", compared, n)
	}
	t.Logf("%d years, largest difference EUR %.2g; binding: %v", n, worst, binding)
	if n >= 60 && (binding["cap"] < n/10 || binding["net metering"] < n/20 || binding["months' highest import"] < n/3 || binding["cap and net metering"] < n/60 ||
		binding["a smaller band"] < n/20 || binding["a feed-in fee"] < n/10 || binding["feed-in at the begin of a tier"] < n/30) {
		t.Errorf("binding in %d years: %v: the test lost its strength", n, binding)
	}
}

// keepsLimits holds the power of a year, mixed or not, to charger, connection and battery.
func (y *smallYear) keepsLimits(t *testing.T, where string, power []float64) {
	t.Helper()
	h := y.home
	for _, s := range h.Sessions {
		for k, kw := range power[:s.Steps()] {
			net := h.NetKW[s.Arrive+k]
			if kw > h.Charger.ChargeKW+1e-9 || kw < -h.Charger.DischargeKW-1e-9 || net+kw > max(h.ConnectionKW, net)+1e-9 || net+kw < min(-h.ConnectionKW, net)-1e-9 {
				t.Fatalf("%s: the car's %.6f kW beside %.6f kW of the home break a limit", where, kw, net)
			}
		}
		power = power[s.Steps():]
	}
	if len(power) > 0 {
		t.Fatalf("%s: %d powers are left over", where, len(power))
	}
}

// More freedom never costs more, and no tie is ever a gain.
func TestTiesNeverMakeAYearCheaperNorFreedomDearer(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 11))
	var solver home.Solver
	for i := range smallYears(t) {
		y := randomSmallYear(r)
		before := math.Inf(1)
		for _, mode := range []dispatch.Mode{dispatch.Smart, dispatch.V2H, dispatch.V2G} {
			last := math.Inf(-1)
			for _, most := range []float64{math.Inf(1), 20, 5, 0} {
				y.home.Car.MostDischargedKWh = &most
				_, got, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got.TotalEUR() < last-1e-7 {
					t.Errorf("year %d, %s: a cap of %g kWh makes it EUR %.9f instead of %.9f", i, mode, most, got.TotalEUR(), last)
				}
				last = got.TotalEUR()
				if most == 20 {
					if last > before+1e-7 {
						t.Errorf("year %d: %s costs EUR %.9f, with less freedom %.9f", i, mode, last, before)
					}
					before = last
				}
			}
		}
	}
}
