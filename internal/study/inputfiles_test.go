package study_test

import (
	"context"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/seriesfile"
	"github.com/getij/getij/internal/foreign/sessionfile"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/sample"
	"github.com/getij/getij/internal/study"
)

// dynamicOnly is one contract, for what is not about the others.
const dynamicOnly = "contracts=[{kind: dynamic}]"

// settings set the prices of a year, solar output and a load profile.
func settings(t *testing.T, data sample.Data) []string {
	t.Helper()
	return []string{
		"data.prices=" + data.File(t, "prices/nl_day_ahead_2024_hourly.csv"),
		"data.load=" + data.File(t, "load/edsn_e1a_2015_quarter_hour.csv"),
		"data.solar=" + data.File(t, "solar/ned_solar_nl_2024_hourly.csv"),
	}
}

func runProfiles(settings ...string) (*result.Result, error) {
	s, err := assume.Load("", settings)
	if err != nil {
		return nil, err
	}
	return study.RunProfiles(context.Background(), s, nil)
}

// years are the studies of 100 homes, run once for all tests.
var years = map[sample.Data]*result.Result{}

// yearOn is the study of 100 homes on files.
func yearOn(t *testing.T, data sample.Data) *result.Result {
	t.Helper()
	if years[data] == nil {
		r, err := runProfiles(settings(t, data)...)
		if err != nil {
			t.Fatal(err)
		}
		years[data] = r
	}
	return years[data]
}

var referenceYear = sync.OnceValues(func() (*result.Result, error) { return runProfiles(dynamicOnly) })

func referenceResult(t *testing.T) *result.Result {
	t.Helper()
	r, err := referenceYear()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func summary(t *testing.T, r *result.Result, contract string, mode dispatch.Mode) *result.CaseSummary {
	t.Helper()
	c := r.Case(contract, mode)
	if c == nil {
		t.Fatalf("there is no case %s, %s", contract, mode)
	}
	return &c.Summary
}

func between(t *testing.T, what string, got, least, most float64) {
	t.Helper()
	if !(got >= least && got <= most) {
		t.Errorf("%s: %.3f, want %g to %g", what, got, least, most)
	}
}

// dynamicFigures holds a study to what a right model gives.
func dynamicFigures(t *testing.T, r *result.Result) {
	regular, smart, v2g := summary(t, r, "dynamic", dispatch.Regular), summary(t, r, "dynamic", dispatch.Smart), summary(t, r, "dynamic", dispatch.V2G)
	between(t, "regular, evening mean, kW", regular.EveningMeanKW, 0.60, 0.95)
	between(t, "smart, evening mean, kW", smart.EveningMeanKW, 0.05, 0.35)
	between(t, "V2G, evening mean, kW", v2g.EveningMeanKW, -1.40, -0.75)
	between(t, "V2G, largest discharge, kW", v2g.PeakDischargeKW, 2.0, 3.0)
	if v2g.PeakChargeKW <= smart.PeakChargeKW {
		t.Errorf("the largest charge of V2G is %.2f kW, of smart %.2f: what is fed in must be charged again", v2g.PeakChargeKW, smart.PeakChargeKW)
	}
}

func TestInputFilesGiveTheFindingsOfTheReport(t *testing.T) {
	long(t)
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		r := yearOn(t, data)
		dynamicFigures(t, r)
		for _, contract := range []string{"single", "dual"} {
			between(t, contract+", V2G, kWh discharged", summary(t, r, contract, dispatch.V2G).DischargedKWh, 0, 100)
		}
		if r.Manifest.SyntheticNote() != "synthetic reference data: sessions" {
			t.Errorf("only the sessions are sampled, the results say %q", r.Manifest.SyntheticNote())
		}
		for _, in := range r.Manifest.Inputs {
			if len(in.Mends) > 0 {
				t.Errorf("%s was mended, the file is clean: %+v", in.File, in.Mends)
			}
		}
	})
}

func TestTheReferenceStudyGivesTheFindingsOfTheReport(t *testing.T) {
	long(t)
	dynamicFigures(t, referenceResult(t))
}

// onAll runs a test on the built-in year and on files.
func onAll(t *testing.T, check func(t *testing.T, inputs []string)) {
	t.Run("reference", func(t *testing.T) { check(t, nil) })
	sample.OnBoth(t, func(t *testing.T, data sample.Data) { check(t, settings(t, data)) })
}

func TestWithoutNetMeteringTheEveningIsNotFedIn(t *testing.T) {
	long(t)
	onAll(t, func(t *testing.T, inputs []string) {
		r, err := runProfiles(slices.Concat(inputs, []string{"modes=[v2g]", dynamicOnly, "contracts.dynamic.net_metering=false"})...)
		if err != nil {
			t.Fatal(err)
		}
		between(t, "V2G, evening mean, kW", summary(t, r, "dynamic", dispatch.V2G).EveningMeanKW, -0.3, 0.3)
	})
}

func TestAlwaysPluggedInFeedsInTwiceAsMuch(t *testing.T) {
	long(t)
	onAll(t, func(t *testing.T, inputs []string) {
		r, err := runProfiles(slices.Concat(inputs, []string{"modes=[v2g]", dynamicOnly, "behaviour.plug_in=always"})...)
		if err != nil {
			t.Fatal(err)
		}
		between(t, "V2G, evening mean, kW", summary(t, r, "dynamic", dispatch.V2G).EveningMeanKW, -11, -1.8)
	})
}

// The built-in year is synthetic: what it says of the dynamic contract must lie
// within 15 % of what 2024 says. An evening mean near zero, as that of V2H, is
// held to 20 W.
func TestTheReferenceYearIsLikeTheRealOne(t *testing.T) {
	long(t)
	actual := yearOn(t, sample.Data{}) // of 2024: no made year can stand in for it
	reference := referenceResult(t)
	for _, mode := range dispatch.Modes() {
		want, got := summary(t, actual, "dynamic", mode), summary(t, reference, "dynamic", mode)
		for _, f := range []struct {
			what      string
			got, want float64
			least     float64 // tolerance near zero
		}{
			{"evening mean, kW", got.EveningMeanKW, want.EveningMeanKW, 0},
			{"largest charge, kW", got.PeakChargeKW, want.PeakChargeKW, 0},
			{"largest discharge, kW", got.PeakDischargeKW, want.PeakDischargeKW, 0},
			{"charged, kWh", got.ChargedKWh, want.ChargedKWh, 0},
			{"discharged, kWh", got.DischargedKWh, want.DischargedKWh, 0},
			{"fed in, kWh", got.FedInKWh, want.FedInKWh, 1e-6},
			{"cost, EUR", got.EnergyCostEUR, want.EnergyCostEUR, 0},
			{"saving, EUR", *got.SavingVsRegularEUR, *want.SavingVsRegularEUR, 0},
		} {
			tolerance := max(0.15*math.Abs(f.want), f.least)
			if mode == dispatch.V2H && f.what == "evening mean, kW" {
				tolerance = 0.02
			}
			near(t, mode.String()+", "+f.what, f.got, f.want, tolerance)
		}
	}
}

// What was charged, less losses and what was given back, is what the car drove:
// the same for every home under every contract and way to charge.
func TestEveryHomeDrivesAsMuchInEveryCase(t *testing.T) {
	long(t)
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		r := yearOn(t, data)
		eta := math.Sqrt(r.Study.Charger.RoundTripEfficiency)
		for _, c := range r.Cases {
			for i, h := range c.Homes {
				driven := r.Cases[0].Homes[i].ChargedKWh * eta // regular
				if kWh := h.ChargedKWh*eta - h.DischargedKWh/eta; math.Abs(kWh-driven) > 1e-6 {
					t.Errorf("%s, home %d: %.9f kWh for driving, regular charging gives %.9f", c.Name(), i+1, kWh, driven)
				}
			}
		}
	})
}

// More freedom never costs more, for any home.
func TestMoreFreedomNeverCostsAHomeMore(t *testing.T) {
	long(t)
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		r := yearOn(t, data)
		for k, c := range r.Cases {
			if c.Mode == dispatch.Regular {
				continue
			}
			for i, h := range c.Homes {
				if before := r.Cases[k-1].Homes[i].CostEUR; h.CostEUR > before+1e-6 {
					t.Errorf("%s, home %d: %.6f EUR, with less freedom %.6f", c.Name(), i+1, h.CostEUR, before)
				}
			}
		}
	})
}

// The users that have sessions in the year are as many homes, with the file's
// energies but for the cuts that are counted.
func TestRecordedSessionsRunAsHomes(t *testing.T) {
	long(t)
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		path := data.File(t, "sessions/trondheim_home_sessions.csv")
		homes, weeks := 88, 261 // of the real file
		if data.Made {
			homes, weeks = sample.SessionUsers, 261
		}
		r, err := runProfiles(slices.Concat(settings(t, data), []string{"data.sessions=" + path, "homes=" + strconv.Itoa(homes), "modes=[regular, v2g]", dynamicOnly})...)
		if err != nil {
			t.Fatal(err)
		}
		c := r.Manifest.Changes
		if c.Users != homes || c.HomesSharingUser != 0 || c.SessionsMovedWeeks != weeks {
			t.Errorf("got %+v, want each of %d users once, moved by %d weeks", c, homes, weeks)
		}
		sessions, kWh := inYear(t, path, c.SessionsMovedWeeks, r)
		if got := c.SessionsTotal + c.SessionsMerged; got != sessions {
			t.Errorf("%d sessions in the study, %d of the file's fall in %d", got, sessions, r.Study.Year)
		}
		near(t, "energy of the sessions, kWh", c.SessionsTotalKWh, kWh, 1e-6)
		if share := (c.SessionsCutBatteryKWh + c.SessionsCutTimeKWh) / kWh; share > 0.01 {
			t.Errorf("%.1f %% of the energy was cut: these sessions fit a 70 kWh car", 100*share)
		}
		charged := 0.0
		for _, h := range r.Case("dynamic", dispatch.Regular).Homes {
			charged += h.ChargedKWh
		}
		near(t, "charged, kWh", charged, kWh-c.SessionsCutBatteryKWh-c.SessionsCutTimeKWh, 1e-6)
		if r.Manifest.SyntheticNote() != "" {
			t.Errorf("nothing is synthetic, the results say %q", r.Manifest.SyntheticNote())
		}
		// These cars take little: they have less to give, but they give.
		if v2g := summary(t, r, "dynamic", dispatch.V2G); !(v2g.EveningMeanKW < -0.2) || !(*v2g.SavingVsRegularEUR > 0) {
			t.Errorf("with V2G the evening mean is %.2f kW and the saving %.0f EUR", v2g.EveningMeanKW, *v2g.SavingVsRegularEUR)
		}
	})
}

// inYear counts the file's sessions that lie in the study's year when moved, to
// the quarter-hour, and their energy.
func inYear(t *testing.T, path string, weeks int, r *result.Result) (sessions int, kWh float64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for k, name := range rows[0] {
		at[strings.TrimSpace(name)] = k
	}
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		moved := func(column string) time.Time {
			local, err := time.ParseInLocation("2006-01-02T15:04:05", row[at[column]], amsterdam)
			if err != nil {
				t.Fatal(err)
			}
			return local.AddDate(0, 0, 7*weeks).Add(7*time.Minute + 30*time.Second).Truncate(15 * time.Minute)
		}
		if moved("arrival_local").Before(r.Axis.Start) || moved("departure_local").After(r.Axis.End()) {
			continue
		}
		energy, err := strconv.ParseFloat(row[at["energy_kwh"]], 64)
		if err != nil {
			t.Fatal(err)
		}
		sessions, kWh = sessions+1, kWh+energy
	}
	return sessions, kWh
}

// Ten homes, each with its own meter, and homes drawn after the private users of a
// file: imported, and run from end to end.
func TestAStudyOnMetersAndASamplerFittedToSessions(t *testing.T) {
	long(t)
	sample.OnBoth(t, metersAndFittedSampler)
}

// aWeek is the made private users' mean number of sessions and kWh a week: of n
// arrivals, n-1 lie in the time between the first and the last.
func aWeek() (sessions, kWh float64) {
	type user struct {
		first, last   time.Time
		sessions, kWh float64
	}
	users := map[string]*user{}
	for _, s := range sample.Sessions() {
		if s.Type != "Private" {
			continue
		}
		u := users[s.User]
		if u == nil {
			u = &user{first: s.Arrive}
			users[s.User] = u
		}
		u.last, u.sessions, u.kWh = s.Arrive, u.sessions+1, u.kWh+s.EnergyKWh
	}
	for _, u := range users {
		weeks := u.last.Sub(u.first).Hours() / 24 / 7
		rate := (u.sessions - 1) / weeks
		sessions += rate / float64(len(users))
		kWh += rate * u.kWh / u.sessions / float64(len(users))
	}
	return sessions, kWh
}

func metersAndFittedSampler(t *testing.T, data sample.Data) {
	perWeek, kWhPerWeek := 4.34, 47.2 // the real users' mean
	if data.Made {
		perWeek, kWhPerWeek = aWeek()
	}
	dir := t.TempDir()
	meters, err := seriesfile.Read(t.Context(), dataset.Load, []string{data.File(t, "load/zonnedael_2013_sample10_wh_quarter_hour.csv")}, seriesfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := seriesfile.WriteCSV(dir+"/meters.csv", meters); err != nil {
		t.Fatal(err)
	}
	sessions, err := sessionfile.Read(t.Context(), []string{data.File(t, "sessions/trondheim_home_sessions.csv")}, sessionfile.Options{Only: map[string]string{"user_type": "Private"}, TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sessions.WriteCSV(t.Context(), dir+"/sessions.csv"), sessions.Close()); err != nil {
		t.Fatal(err)
	}
	inputs := settings(t, data)
	own := []string{dynamicOnly, "homes=200", "data.meters=" + dir + "/meters.csv", "data.sessions=" + dir + "/sessions.csv", inputs[0], inputs[2]}
	fitted, err := runProfiles(append(own, "data.sessions_as=fitted")...)
	if err != nil {
		t.Fatal(err)
	}
	regular, v2g := summary(t, fitted, "dynamic", dispatch.Regular), summary(t, fitted, "dynamic", dispatch.V2G)
	between(t, "sessions a home and year", regular.Sessions, 0.96*perWeek*366/7, 1.04*perWeek*366/7)
	between(t, "kWh charged a home and year", regular.ChargedKWh, 0.93*kWhPerWeek*366/7, 1.03*kWhPerWeek*366/7)
	between(t, "regular, evening mean, kW", regular.EveningMeanKW, 0.4, 1.2)
	if v2g.EveningMeanKW > -0.75 || v2g.EnergyCostEUR >= regular.EnergyCostEUR {
		t.Errorf("V2G takes %.2f kW in the evening and costs %.0f EUR, regular costs %.0f", v2g.EveningMeanKW, v2g.EnergyCostEUR, regular.EnergyCostEUR)
	}
	// As recorded, users count for the part of the year in which they were seen.
	recorded, err := runProfiles(own...)
	if err != nil {
		t.Fatal(err)
	}
	if part := summary(t, recorded, "dynamic", dispatch.Regular).ChargedKWh / regular.ChargedKWh; part > 0.8 {
		t.Errorf("homes as recorded take %.2f of what homes drawn for whole years take; the users were seen for a part of it", part)
	}
	if note := recorded.Manifest.SyntheticNote(); strings.Contains(note, "load") {
		t.Errorf("homes have meters of their own, but: %s", note)
	}
	if notes := strings.Join(recorded.Manifest.Notes, "\n"); !strings.Contains(notes, "% of the year on average") {
		t.Errorf("no word of it in\n%s", notes)
	}
}

// sessions_fit.csv is a table: as many cells in every row, numbers where numbers
// belong.
func TestTheFitIsWrittenAsATable(t *testing.T) {
	long(t)
	sample.OnBoth(t, fitIsATable)
}

func fitIsATable(t *testing.T, data sample.Data) {
	s, err := assume.Load("", []string{dynamicOnly, "modes=[regular]", "homes=2", "data.regions=testdata/regions.csv", "data.sessions_as=fitted", "data.sessions=" + data.File(t, "sessions/trondheim_home_sessions.csv")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := r.Write(t.Context(), dir, result.Version{}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(dir + "/sessions_fit.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll() // every row as long as the header
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(r.SessionsFit.Measures) {
		t.Fatalf("%d rows for %d measures", len(rows)-1, len(r.SessionsFit.Measures))
	}
	for i, m := range r.SessionsFit.Measures {
		for k, want := range []float64{m.DataMean, m.DrawnMean, m.Distance, m.HeldOut, m.Halves} {
			if got, err := strconv.ParseFloat(rows[i+1][3+k], 64); err != nil || math.Abs(got-want) > 1e-4 {
				t.Errorf("%s, %s is %q, want %g", m.Name, rows[0][3+k], rows[i+1][3+k], want)
			}
		}
	}
	fitIsReadBack(t, r, dir)
}

// fitIsReadBack asserts that a figure of the fit can be drawn again from the folder.
func fitIsReadBack(t *testing.T, r *result.Result, dir string) {
	t.Helper()
	folder, err := result.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, want := folder.SessionsFit, r.SessionsFit
	if got.Users != want.Users || got.Left != want.Left || got.Sessions != want.Sessions || got.Homes != want.Homes ||
		got.DataCorrelation != want.DataCorrelation || got.DrawnCorrelation != want.DrawnCorrelation || len(got.Measures) != len(want.Measures) {
		t.Fatalf("read is %+v", folder.Summary.SessionsFit)
	}
	for i, m := range want.Measures {
		again := got.Measures[i]
		if again.Name != m.Name || again.Unit != m.Unit || again.PerUser != m.PerUser || again.Clock != m.Clock || len(again.X) != len(m.X) || len(m.X) < 10 {
			t.Errorf("%s is read as %s, with %d values for %d", m.Name, again.Name, len(again.X), len(m.X))
			continue
		}
		for k := range m.X {
			if math.Abs(again.X[k]-m.X[k]) > 1e-6 || math.Abs(again.Data[k]-m.Data[k]) > 1e-6 || math.Abs(again.Drawn[k]-m.Drawn[k]) > 1e-6 {
				t.Fatalf("%s, value %d: %g, %g, %g, want %g, %g, %g", m.Name, k+1, again.X[k], again.Data[k], again.Drawn[k], m.X[k], m.Data[k], m.Drawn[k])
			}
		}
	}
}
