package home_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/home"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// A home that can choose has the cheapest band: what it pays is the least of what it would
// pay with each band alone, and a band that does not carry it is none.
func TestABandIsChosenThatIsCheapest(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 12))
	var solver home.Solver
	smaller, impossible := 0, 0
	for i := range 60 {
		y := randomSmallYear(r)
		bands := y.prices.Bands
		mode := []dispatch.Mode{dispatch.V2G, dispatch.V2H, dispatch.Smart, dispatch.Regular}[i%4]
		_, got, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
		if err != nil {
			t.Fatal(err)
		}
		least := math.Inf(1)
		for _, b := range bands {
			y.prices.Bands = []tariff.Band{b}
			_, alone, err := solver.Year(y.home, y.axis, y.prices, mode, nil)
			switch {
			case err != nil && strings.Contains(err.Error(), "power_bands_kw ends at"):
				impossible++
			case err != nil:
				t.Fatal(err)
			default:
				least = min(least, alone.TotalEUR())
			}
		}
		if len(bands) > 0 {
			near(t, fmt.Sprintf("year %d, %s: cost against the cheapest of the bands alone", i, mode), got.TotalEUR(), least, 1e-7)
			if got.BandKW < bands[len(bands)-1].KW {
				smaller++
			}
		}
	}
	if smaller < 3 || impossible < 3 {
		t.Errorf("%d years in a smaller band, %d bands that do not carry the home: several of both were expected", smaller, impossible)
	}
}

// taker is a home that takes 1 kW all year, with one session a day in which its car
// charges 10 kWh.
func taker(kW float64) *home.Home {
	var days []session.Session
	for at := 72; at+56 < axis.Len(); at += 96 {
		days = append(days, session.Session{Arrive: at, Depart: at + 56, EnergyKWh: 10})
	}
	h := reportHome(kW, 17.25, days...)
	h.Fit()
	return h
}

func TestRegularChargingPaysForTheBandThatCarriesIt(t *testing.T) {
	h := taker(1) // and 11 kW of the charger
	p := *pricesOf(t, contracts[3])
	_, plain, err := new(home.Solver).Year(h, axis, &p, dispatch.Regular, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "highest import, kW", plain.HighestKW, 12, 1e-9)
	for _, c := range []struct {
		name     string
		kW, paid float64
	}{{"a band that just carries it", 12, 300}, {"the next", 11.9, 500}} {
		p.Bands = []tariff.Band{{KW: 4, EURPerYear: 100}, {KW: c.kW, EURPerYear: 300}, {KW: 17.25, EURPerYear: 500}}
		_, y, err := new(home.Solver).Year(h, axis, &p, dispatch.Regular, nil)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name+": price, EUR", y.BandEUR, c.paid, 0)
		near(t, c.name+": cost, EUR", y.CostEUR, plain.CostEUR+c.paid, 1e-9)
	}
	p.Bands = []tariff.Band{{KW: 4, EURPerYear: 100}}
	if _, _, err = new(home.Solver).Year(h, axis, &p, dispatch.Regular, nil); err == nil ||
		!strings.Contains(err.Error(), "power_bands_kw ends at 4 kW, but this home takes 12.00 kW in a quarter-hour, as nothing holds back regular charging: add a larger band") {
		t.Errorf("a band that does not carry regular charging: %v", err)
	}
	if _, y, err := new(home.Solver).Year(h, axis, &p, dispatch.Smart, nil); err != nil || y.HighestKW > 4+1e-9 {
		t.Errorf("smart charging in the same band: %.3f kW, %v", y.HighestKW, err)
	}
	p.Bands = []tariff.Band{{KW: 0.9, EURPerYear: 100}}
	if _, _, err = new(home.Solver).Year(h, axis, &p, dispatch.V2G, nil); err == nil || !strings.Contains(err.Error(), "takes 1.00 kW in a quarter-hour, even where the car does all that it can") {
		t.Errorf("a band below the home's own load: %v", err)
	}
}

// The fee of a tier is due on the kWh within it, its sum on the year that reaches it.
func TestTiersOfFeedInAreChargedByTheYearsFeedIn(t *testing.T) {
	h := reportHome(-0.5, 17.25)
	h.Sessions = nil
	p := *pricesOf(t, contracts[3])
	_, plain, err := new(home.Solver).Year(h, axis, &p, dispatch.Regular, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "feed-in of half a kW all year, kWh", plain.HomeFedInKWh, 4392, 1e-6)
	for _, c := range []struct {
		name string
		from float64
		fee  float64
	}{
		{"beyond the last tier's begin", 4000, 20 + 0.1*3000 + 0.2*392},
		{"just at it", 4392, 10 + 0.1*3392},
		{"below it", 5000, 10 + 0.1*3392},
	} {
		p.FeedInTiers = []tariff.FeedInTier{{}, {FromKWh: 1000, EURPerKWh: 0.1, EURPerYear: 10}, {FromKWh: c.from, EURPerKWh: 0.2, EURPerYear: 20}}
		_, y, err := new(home.Solver).Year(h, axis, &p, dispatch.V2G, nil)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name+": fee, EUR", y.FeedInFeeEUR, c.fee, 1e-6)
		near(t, c.name+": cost, EUR", y.CostEUR, plain.CostEUR+c.fee, 1e-6)
	}
}

// More freedom never costs more and no fee is a gain, in whole years too; every answer has
// its own proof.
func TestBandsAndTiersInWholeYears(t *testing.T) {
	var solver home.Solver
	for i := range uint64(3) {
		h := randomHome(i)
		h.ConnectionKW = 12
		h.Fit()
		for _, c := range []tariff.Contract{contracts[2], contracts[3], contracts[4]} {
			p := pricesOf(t, c)
			plain := *p
			p.Bands = []tariff.Band{{KW: 4, EURPerYear: 100}, {KW: 8, EURPerYear: 200}, {KW: 30, EURPerYear: 400}}
			p.FeedInTiers = []tariff.FeedInTier{{}, {FromKWh: 1000, EURPerKWh: 0.02, EURPerYear: 50}, {FromKWh: 3000, EURPerKWh: 0.1, EURPerYear: 120}}
			before := math.Inf(1)
			for _, mode := range dispatch.Modes() {
				power, y, err := solver.Year(h, axis, p, mode, nil)
				if err != nil {
					t.Fatal(err)
				}
				where := fmt.Sprintf("home %d, %s, %s", i, c.Name, mode)
				near(t, where+": cost against the proven bound", y.GapEUR, 0, 1e-6)
				highest, fedIn := 0.0, 0.0
				for t, car := range carPower(h, power) {
					highest, fedIn = max(highest, h.NetKW[t]+car), fedIn+max(0, -h.NetKW[t]-car)/4
				}
				near(t, where+": highest import, kW", y.HighestKW, highest, 1e-9)
				near(t, where+": feed-in of the home, kWh", y.HomeFedInKWh, fedIn, 1e-6)
				if mode != dispatch.Regular { // free of the fees, regular charging would be the same
					_, free, err := solver.Year(h, axis, &plain, mode, nil)
					if err != nil {
						t.Fatal(err)
					}
					if y.TotalEUR() < free.TotalEUR()+100-1e-7 {
						t.Errorf("%s: EUR %.6f with fees, %.6f without", where, y.TotalEUR(), free.TotalEUR())
					}
				}
				if y.TotalEUR() > before+1e-7 {
					t.Errorf("%s: EUR %.6f, with less freedom %.6f", where, y.TotalEUR(), before)
				}
				before = y.TotalEUR()
			}
		}
	}
}
