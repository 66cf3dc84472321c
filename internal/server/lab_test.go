package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/answer"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/server"
)

type labAnswer struct {
	Contract string `json:"contract"`
	Homes    int    `json:"homes"`
	Cases    []struct {
		Mode    string             `json:"mode"`
		Summary result.CaseSummary `json:"summary"`
		Beside  answer.Beside      `json:"beside"`
	} `json:"cases"`
	Changed []struct{ Key, Value, Default string } `json:"changed"`
}

func lab(t testing.TB, h http.Handler, body string) *httptest.ResponseRecorder {
	t.Helper()
	return do(h, http.MethodPost, "/api/v1/lab", strings.NewReader(body), "Content-Type", "application/json")
}

func TestTheLabWithoutChangesGivesTheStudy(t *testing.T) {
	f, err := results()
	if err != nil {
		t.Fatal(err)
	}
	w := lab(t, shared(t), `{"settings":{}}`)
	var a labAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if a.Contract != "dynamic" || a.Homes != 3 || len(a.Cases) != 3 || len(a.Changed) != 0 {
		t.Fatalf("%+v", a)
	}
	for _, c := range a.Cases {
		mode, err := dispatch.ParseMode(c.Mode)
		if err != nil {
			t.Fatal(err)
		}
		want := f.Case("dynamic", mode).Summary
		// It is compared by the same numbers as in `getij compare`.
		if p := f.PeaksOf(f.Case("dynamic", mode)); c.Beside.CostEUR != want.TotalEUR() || c.Beside.EveningKW != p.EveningKW || c.Beside.NightKW != p.NightKW || c.Beside.YearKW != p.YearKW || !(p.YearKW > 0) {
			t.Errorf("%s: beside others it is %+v; the study has EUR %v and %+v", c.Mode, c.Beside, want.TotalEUR(), p)
		}
		if c.Summary.EveningMeanKW != want.EveningMeanKW || c.Summary.EnergyCostEUR != want.EnergyCostEUR {
			t.Errorf("%s: evening %v kW, cost %v EUR; the study has %v and %v", c.Mode, c.Summary.EveningMeanKW, c.Summary.EnergyCostEUR, want.EveningMeanKW, want.EnergyCostEUR)
		}
	}
}

func TestTheLabOptimisesAgain(t *testing.T) {
	w := lab(t, shared(t), `{"settings":{"charger.charge_kw":3.7,"contracts.single.net_metering":false,"homes":5},"contract":"single"}`)
	var a labAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	changed := fmt.Sprint(a.Changed)
	if a.Contract != "single" || a.Homes != 5 || changed != "[{homes 5 3} {charger.charge_kw 3.7 11} {contracts.single.net_metering false true}]" {
		t.Errorf("%s, %d homes, changed %s", a.Contract, a.Homes, changed)
	}
}

func TestTheLabRefusesWhatItCannotTake(t *testing.T) {
	for _, c := range []struct {
		body, detail, location string
	}{
		{`{"settings":{"charger.charge_kw":-7}}`, "charger.charge_kw is -7: 0.1 to 1000 kW was expected", "body.settings.charger.charge_kw"},
		{`{"settings":{"charger.charge_kw":1e999}}`, "", ""},
		{`{"settings":{"charger.charge_kw":"fast"}}`, "charger.charge_kw is fast: a number was expected", "body.settings.charger.charge_kw"},
		{`{"settings":{"charger.charge_kv":7}}`, "key charger.charge_kv is unknown: did you mean charger.charge_kw?", "body.settings.charger.charge_kv"},
		// A key is a key, whatever it looks like in a study file.
		{`{"settings":{"contracts=[{name: free, kind: single, import_eur_per_kwh: 0}] #":1}}`, "key contracts=[{name: free, kind: single, import_eur_per_kwh: 0}] # is unknown: the keys here are study, year, homes, seed, home, car, charger, behaviour, foresight, departure, modes, contracts, data, prices, outlook, potential, street, population", "body.settings.contracts=[{name: free, kind: single, import_eur_per_kwh: 0}] #"},
		{`{"settings":{"charger":{"charge_kw":7}}}`, `charger is {"charge_kw":7}: a number, a text, true, false or a list of them was expected`, "body.settings.charger"},
		{`{"settings":{"modes":["fast"]}}`, `modes: mode "fast" is unknown: use regular, smart, v2h or v2g`, "body.settings"},
		{`{"settings":{"contracts.dynamic.grid_tariff_eur_per_kwh_by_hour":[-9,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}}`, "contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[0] is -9: 0 to 10 EUR/kWh was expected", "body.settings.contracts.dynamic.grid_tariff_eur_per_kwh_by_hour[0]"},
		// What settings do together is about the settings, not about a file.
		{`{"settings":{"contracts.dynamic.net_metering":false,"contracts.dynamic.supplier_fee_eur_per_kwh":-5}}`, "contract dynamic: at 2023-12-31T23:00Z feeding in would pay 0.0776 and taking cost -4.7833 EUR/kWh: the meter itself would be a money pump; raise the taxes or fees on import, or lower what export pays", "body.settings.contracts.dynamic"},
		// What is known once a home's year is solved is about the settings all the same.
		{`{"settings":{"contracts.dynamic.power_bands_kw":[4],"contracts.dynamic.power_bands_eur_per_year":[100]}}`, "home 1, contract dynamic, regular: power_bands_kw ends at 4 kW, but this home takes 11.81 kW in a quarter-hour, as nothing holds back regular charging: add a larger band, or give the home a smaller load or charger", "body.settings"},
		{`{"settings":{"homes":1001}}`, "homes is 1001: at most 1000 homes were expected here: run a study file for more", "body.settings.homes"},
		{`{"settings":{"data.prices":"/etc/passwd"}}`, `data.prices is "/etc/passwd": the laboratory does not take this key: run a study file instead`, "body.settings.data.prices"},
		{`{"settings":{"street.coordinate":"dynamic/v2g"}}`, `street.coordinate is "dynamic/v2g": the laboratory does not take this key: run a study file instead`, "body.settings.street.coordinate"},
		{`{"settings":{"home.battery_kwh":10}}`, `home.battery_kwh is 10: the laboratory does not take this key: run a study file instead`, "body.settings.home.battery_kwh"},
		{`{"settings":{"outlook.charge_points":"x"}}`, `outlook.charge_points is "x": the laboratory does not take this key: run a study file instead`, "body.settings.outlook.charge_points"},
		{`{"settings":{},"contract":"gas"}`, "contract gas is not in the study", "body.contract"},
	} {
		w := lab(t, shared(t), c.body)
		if c.detail == "" {
			if w.Code != 400 {
				t.Errorf("%s: %d %s", c.body, w.Code, w.Body)
			}
			continue
		}
		if p := refused(t, w, 400, c.detail); c.location != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.location) {
			t.Errorf("%s: %+v, want it to name %s", c.body, p.Errors, c.location)
		}
	}
}

// What goes wrong in computing is no fault of who asks, and what goes wrong with a
// file is told apart; neither says where the server keeps it.
func TestALabRunThatFailsIsNotTheReadersFault(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		detail string
	}{
		{errors.New("home 3: no solution in /srv/results"), 500, "the server could not answer: its log says why"},
		{&assume.InputError{Err: errors.New("open /srv/data/prices.csv: no such file")}, 409, "an input file of this study cannot be read on this server any more, so it cannot be computed again"},
		{&assume.InputError{Err: &assume.SettingError{Key: "behaviour", Err: errors.New("behaviour: 0 sessions a week")}}, 400, "behaviour: 0 sessions a week"},
	} {
		var log bytes.Buffer
		s := smallServer(t, server.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		s.FailLab(c.err)
		w := lab(t, s, `{"settings":{"homes":2}}`)
		refused(t, w, c.status, c.detail)
		if c.status != 400 && !strings.Contains(log.String(), "/srv/") || strings.Contains(w.Body.String(), "/srv/") {
			t.Errorf("answer %s, log %s", w.Body, &log)
		}
	}
}

// Cases of one file beside cases of another would be compared as if they were alike.
func TestALabRunOnAnotherFileThanTheStudysIsNotAnswered(t *testing.T) {
	s := smallServer(t, server.Options{})
	s.ChangeInput("prices")
	refused(t, lab(t, s, `{"settings":{"homes":2}}`), http.StatusConflict, "the file of prices on this server is no longer the one that the study was run with: run the study again")
}

func TestALabRunIsSavedAsAStudyFile(t *testing.T) {
	w := do(shared(t), http.MethodPost, "/api/v1/lab/study", strings.NewReader(`{"settings":{"charger.charge_kw":7.4}}`), "Content-Type", "application/json")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/yaml" {
		t.Fatalf("%d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	path := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(path, w.Body.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := assume.Load(path, nil)
	if err != nil || s.Charger.ChargeKW != 7.4 || s.Homes != 3 {
		t.Errorf("%v, %+v", err, s)
	}
}

// One run computes, one waits, a third is sent away; both that stay are answered.
func TestLabRunsQueueAndAreBounded(t *testing.T) {
	s := smallServer(t, server.Options{LabWaiting: 1})
	const asked = 6
	codes := make(chan *httptest.ResponseRecorder, asked)
	for i := range asked {
		go func() { codes <- labFrom(s, fmt.Sprintf("192.0.2.%d:99", i+1), "") }()
	}
	count := map[int]int{}
	for range asked {
		w := <-codes
		count[w.Code]++
		if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
			t.Errorf("sent away without a time to try again: %s", w.Body)
		}
	}
	if count[200] < 2 || count[200]+count[503] != asked {
		t.Errorf("answers %v: want at least 2 runs, the rest 503", count)
	}
	if w := lab(t, s, `{"settings":{}}`); w.Code != 200 {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}
