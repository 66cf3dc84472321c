package session_test

import (
	"math"
	"slices"
	"testing"

	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/session"
)

var axis = series.NewYear(2024)

// driving is what the report's car takes at home: 18,142 km of 0.19 kWh, 89 % of it
// from a charger of 11 kW; 63 kWh from empty to the charge at departure.
var driving = session.Driving{YearKWh: 3336, MostKWh: 68.33, ChargeKW: 11}

func sampler(t *testing.T, plugIn session.PlugIn, perWeek float64) *session.Sampler {
	t.Helper()
	s, err := session.NewSampler(reference.Sessions(), plugIn, perWeek, driving)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func homes(t *testing.T, plugIn session.PlugIn, n int) [][]session.Session {
	t.Helper()
	s := sampler(t, plugIn, 3.5)
	out := make([][]session.Session, n)
	for i := range out {
		out[i] = s.Home(axis, 1, i)
		if err := inOrder(out[i], axis); err != nil {
			t.Fatalf("home %d: %v", i, err)
		}
	}
	return out
}

func TestSessionsPerWeekAreAsAskedAndDifferBetweenHomes(t *testing.T) {
	var rates []float64
	for _, h := range homes(t, session.WhenNeeded, 1000) {
		rates = append(rates, float64(len(h))/(366.0/7))
	}
	mean, sd := meanSD(rates)
	if math.Abs(mean-3.5) > 0.1 {
		t.Errorf("%.2f sessions a week on average, asked 3.5", mean)
	}
	if sd/mean < 0.4 || sd/mean > 0.65 {
		t.Errorf("spread between homes %.2f of the mean", sd/mean)
	}
}

func meanSD(v []float64) (mean, sd float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		sd += (x - mean) * (x - mean) / float64(len(v))
	}
	return mean, math.Sqrt(sd)
}

// The sampled sessions follow the published tables: arrivals, mean connection by
// arrival and the exceedance of connection times; and, relative to their mean, the
// energies. These are of one car: the published ones, of many, reach 100 kWh, so
// hours with long sessions keep a little less of the whole and others a little more.
func TestSampledSessionsFollowTheTables(t *testing.T) {
	tables := reference.Sessions()
	var n, arrivalsWanted [96]float64
	var energy, connection [48]float64
	var energies, hours []float64
	total, kwh := 0.0, 0.0
	for _, h := range homes(t, session.WhenNeeded, 1000) {
		for _, s := range h {
			if s.Depart == axis.Len() {
				continue // cut off by the year's end
			}
			q := axis.Clock[s.Arrive].QuarterOfDay
			n[q]++
			total++
			energy[q/2] += s.EnergyKWh
			connection[q/2] += float64(s.Steps()) / 4
			energies = append(energies, s.EnergyKWh)
			kwh += s.EnergyKWh
			hours = append(hours, float64(s.Steps())/4)
		}
	}
	sumWanted := 0.0
	for q := range 96 {
		arrivalsWanted[q] = 5*tables.ArrivalWeekday[q] + 2*tables.ArrivalWeekend[q]
		sumWanted += arrivalsWanted[q]
	}
	scale := tables.Energy.Mean() / (kwh / total)
	for i := range energies {
		energies[i] *= scale
	}
	distance := 0.0
	for q := range 96 {
		distance += math.Abs(n[q]/total-arrivalsWanted[q]/sumWanted) / 2
	}
	if distance > 0.02 {
		t.Errorf("arrivals differ from the table by %.3f (total variation)", distance)
	}
	for h := 24; h < 46; h++ { // noon to 23:00: where the sessions are
		count := n[2*h] + n[2*h+1]
		if got, want := connection[h]/count, tables.MeanConnection[h]; math.Abs(got-want) > 0.06*want {
			t.Errorf("arrivals at half hour %d stay %.1f h, the table says %.1f", h, got, want)
		}
		if got, want := scale*energy[h]/count, tables.MeanEnergyKWh[h]; math.Abs(got-want) > 0.2*want {
			t.Errorf("arrivals at half hour %d take %.1f kWh, the table says %.1f", h, got, want)
		}
	}
	if d := farthest(hours, tables.Connection); d > 0.07 {
		t.Errorf("connection times lie up to %.3f from the table's curve", d)
	}
	if d := farthest(energies, tables.Energy); d > 0.1 {
		t.Errorf("energies lie up to %.3f from the table's curve", d)
	}
}

// farthest is the largest distance between a sample's and a table's exceedance.
func farthest(sample []float64, e session.Exceedance) float64 {
	slices.Sort(sample)
	worst := 0.0
	for i, v := range e.Value {
		if v == 0 {
			continue
		}
		above := 0
		for _, x := range sample {
			if x > v {
				above++
			}
		}
		worst = max(worst, math.Abs(float64(above)/float64(len(sample))-e.Share[i]))
	}
	return worst
}

func TestOvernightSessionsLeaveInTheMorning(t *testing.T) {
	var byHour [24]int
	nights := 0
	for _, h := range homes(t, session.WhenNeeded, 200) {
		for _, s := range h {
			if s.Depart < axis.Len() && axis.Clock[s.Arrive].YearDay != axis.Clock[s.Depart].YearDay {
				nights++
				byHour[axis.Clock[s.Depart].Hour()]++
			}
		}
	}
	morning := 0
	for hour := 6; hour < 12; hour++ {
		morning += byHour[hour]
	}
	if share := float64(morning) / float64(nights); share < 0.75 {
		t.Errorf("%.0f %% of overnight sessions leave between 06:00 and 12:00: %v", 100*share, byHour)
	}
}

func TestHomesDriveWhatIsAsked(t *testing.T) {
	for _, yearKWh := range []float64{0, 1000, 3336, 6000} {
		for _, plugIn := range []session.PlugIn{session.WhenNeeded, session.Always} {
			d := session.Driving{YearKWh: yearKWh, MostKWh: 68.33, ChargeKW: 11}
			s, err := session.NewSampler(reference.Sessions(), plugIn, 3.5, d)
			if err != nil {
				t.Fatal(err)
			}
			sum, full := 0.0, 0
			const n = 300
			for i := range n {
				for _, x := range s.Home(axis, 1, i) {
					sum += x.EnergyKWh
					most := min(d.MostKWh, d.ChargeKW*float64(x.Steps())/4)
					if x.EnergyKWh > most+1e-9 {
						t.Fatalf("a session of %d quarters takes %.3f kWh, %.3f fit", x.Steps(), x.EnergyKWh, most)
					}
					if x.EnergyKWh > 0.999*most && x.Steps() > 28 {
						full++
					}
				}
			}
			// Homes differ by half of the mean: three standard errors of 300 homes.
			if got := sum / n; math.Abs(got-yearKWh) > 0.09*yearKWh {
				t.Errorf("%s: %.0f kWh a year were driven, asked %.0f", plugIn, got, yearKWh)
			}
			if yearKWh == 3336 && full > 60 { // of 55,000
				t.Errorf("%s: %d sessions came home empty", plugIn, full)
			}
		}
	}
}

// What cannot be charged at home is missing, never more than fits.
func TestMoreDrivingThanSessionsCanBringIsHeldToWhatFits(t *testing.T) {
	d := session.Driving{YearKWh: 1e6, MostKWh: 40, ChargeKW: 3.7}
	s, err := session.NewSampler(reference.Sessions(), session.WhenNeeded, 3.5, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range s.Home(axis, 1, 0) {
		if most := min(d.MostKWh, d.ChargeKW*float64(x.Steps())/4); math.Abs(x.EnergyKWh-most) > 1e-3 {
			t.Fatalf("a session of %d quarters takes %.3f kWh, %.3f fit", x.Steps(), x.EnergyKWh, most)
		}
	}
}

func TestAlwaysPluggedInIsASessionADayWithTheSameDriving(t *testing.T) {
	kwh := func(homes [][]session.Session) (byHome []float64, sessions, plugged float64) {
		for _, h := range homes {
			sum := 0.0
			for _, s := range h {
				sum += s.EnergyKWh
				sessions++
				plugged += float64(s.Steps())
			}
			byHome = append(byHome, sum)
		}
		n := float64(len(homes))
		return byHome, sessions / n, plugged / n / float64(axis.Len())
	}
	needed, _, pluggedNeeded := kwh(homes(t, session.WhenNeeded, 300))
	always, sessions, plugged := kwh(homes(t, session.Always, 300))
	for i := range always {
		if math.Abs(always[i]-needed[i]) > 1e-6*needed[i] {
			t.Fatalf("home %d: always plugged in takes %.3f kWh a year, when needed %.3f", i, always[i], needed[i])
		}
	}
	if sessions < 360 || sessions > 367 {
		t.Errorf("%.0f sessions a year", sessions)
	}
	if plugged < 0.5 || pluggedNeeded > 0.35 {
		t.Errorf("plugged in %.0f %% of the time against %.0f %% when needed", 100*plugged, 100*pluggedNeeded)
	}
}

func TestAHomeDependsOnSeedAndNumberOnly(t *testing.T) {
	s := sampler(t, session.WhenNeeded, 3.5)
	a := s.Home(axis, 7, 3)
	s.Home(axis, 7, 4)
	if !slices.Equal(a, s.Home(axis, 7, 3)) {
		t.Error("home 3 changed after home 4 was drawn")
	}
	if slices.Equal(a, s.Home(axis, 8, 3)) || slices.Equal(a, s.Home(axis, 7, 4)) {
		t.Error("another seed or home has the same sessions")
	}
}

func TestMoreSessionsThanFitAreRefused(t *testing.T) {
	for _, perWeek := range []float64{0, -1, 20, math.NaN()} {
		if _, err := session.NewSampler(reference.Sessions(), session.WhenNeeded, perWeek, driving); err == nil {
			t.Errorf("%g sessions a week were accepted", perWeek)
		}
	}
	if _, err := session.NewSampler(reference.Sessions(), "sometimes", 3.5, driving); err == nil {
		t.Error("an unknown behaviour was accepted")
	}
}
