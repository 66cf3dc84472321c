package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/server"
)

func askStreet(t testing.TB, h http.Handler, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	return do(h, http.MethodPost, "/api/v1/"+path, strings.NewReader(body), "Content-Type", "application/json")
}

const smallStreet = `{"street.homes":4,"street.draws":5,"street.charge_point_share":0.5,"street.capacity_kw_per_home":4,"homes":12}`

// The answer names the command that gives the same, and its coordination can be drawn.
func TestAStreetNamesItsCommandAndIsDrawn(t *testing.T) {
	const wide = `{"street.homes":4,"street.draws":5,"street.charge_point_share":0.5,"street.capacity_kw_per_home":20,"homes":12}`
	w := askStreet(t, shared(t), "street", `{"settings":`+wide+`,"contract":"dynamic","coordinate":"v2g"}`)
	var a server.StreetAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if a.Contract != "dynamic" || a.ChargePoints != 2 || a.CapacityKW != 80 || a.Coordination == nil {
		t.Fatalf("%+v", a)
	}
	if want := "getij street study.yaml --contract dynamic --coordinate dynamic/v2g --set homes=12 --set street.capacity_kw_per_home=20 --set street.charge_point_share=0.5 --set street.draws=5 --set street.homes=4"; a.Command != want {
		t.Errorf("command %s, want %s", a.Command, want)
	}
	day, err := json.Marshal(a.Coordination.Day)
	if err != nil {
		t.Fatal(err)
	}
	figure := `{"settings":` + wide + `,"contract":"dynamic","cases":[{"mode":"v2g","signal_day":` + string(day) + `}]}`
	for name, want := range map[string][]string{"street-coordinated": {"Afgestemd", "wat auto’s laden, blauw wat zij ontladen"}, "street-signal": {"EUR/kWh", "te veel zouden ontladen"}} {
		if w := askStreet(t, shared(t), "figures/"+name+"?lang=nl", figure); w.Code != 200 || !strings.Contains(w.Body.String(), want[0]) || !strings.Contains(w.Body.String(), want[1]) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		refused(t, askStreet(t, shared(t), "figures/"+name, strings.Replace(figure, `"signal_eur_per_kwh":[`, `"signal_eur_per_kwh":[1,`, 1)), 400, "cases[0].signal_day.signal_eur_per_kwh: 96 values were expected")
	}
	for _, f := range a.Findings {
		if f.EN == "" || f.NL == "" || f.EN == f.NL {
			t.Errorf("%+v is not told in two languages", f)
		}
	}
}

func TestAStreetIsRefusedWithItsKey(t *testing.T) {
	for _, c := range []struct{ body, detail, location string }{
		{`{"settings":{"street.homes":201}}`, "street.homes is 201: at most 200 homes were expected here: use getij street for more", "body.settings.street.homes"},
		{`{"settings":{"street.draws":201}}`, "street.draws is 201: at most 200 streets were expected here: use getij street for more", "body.settings.street.draws"},
		{`{"settings":{"street.solar_share":2}}`, "street.solar_share is 2: 0 to 1 share was expected", "body.settings.street.solar_share"},
		{`{"settings":{"data.meters":"/etc/passwd"}}`, `data.meters is "/etc/passwd": the laboratory does not take this key: run a study file instead`, "body.settings.data.meters"},
		{`{"settings":{},"contract":"gas"}`, "contract gas is not in the study", "body.contract"},
		{`{"settings":{},"coordinate":"v2x"}`, "coordinate: v2x is no way to charge of the study: one of regular, smart, v2g was expected", "body.coordinate"},
		{`{"settings":{"street.homes":2,"homes":2,"contracts.dynamic.power_tariff_eur_per_kw_month":5},"contract":"dynamic","coordinate":"v2g"}`, "a street cannot be coordinated under the contract dynamic with v2g: a price of each month's highest power ties a home's sessions; 0 was expected (contracts.power_tariff_eur_per_kw_month)", "body.settings.street"},
	} {
		w := askStreet(t, shared(t), "street", c.body)
		if p := refused(t, w, 400, c.detail); len(p.Errors) != 1 || p.Errors[0].Location != c.location {
			t.Errorf("%s: %+v, want it to name %s", c.body, p.Errors, c.location)
		}
	}
}

// A street waits for the laboratory, and is sent away when too much waits.
func TestAStreetTakesTheLaboratorysTurn(t *testing.T) {
	s := smallServer(t, server.Options{LabWaiting: 1})
	release := s.HoldLab()
	held := make(chan int, 2)
	for i := range 2 {
		go func() { held <- labFrom(s, fmt.Sprintf("192.0.2.%d:9", i+50), "").Code }()
	}
	for s.Waiting() < 2 {
		time.Sleep(time.Millisecond)
	}
	refused(t, askStreet(t, s, "street", `{"settings":`+smallStreet+`}`), 503, "the laboratory is busy: too many runs are waiting; try again shortly")
	release()
	if a, b := <-held, <-held; a != 200 || b != 200 {
		t.Errorf("the runs before it got %d and %d", a, b)
	}
	if w := askStreet(t, s, "street", `{"settings":`+smallStreet+`}`); w.Code != 200 {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}

func TestFiguresOfAStreetAreDrawn(t *testing.T) {
	const question = `{"settings":` + smallStreet + `,"contract":"dynamic"`
	w := askStreet(t, shared(t), "street", question+"}")
	var a server.StreetAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	body := func(of func(c *server.StreetCase) map[string]any) string {
		var cases []map[string]any
		for i := range a.Cases {
			one := of(&a.Cases[i])
			one["mode"] = a.Cases[i].Mode
			cases = append(cases, one)
		}
		text, err := json.Marshal(cases)
		if err != nil {
			t.Fatal(err)
		}
		return question + `,"cases":` + string(text) + "}"
	}
	growth := body(func(c *server.StreetCase) map[string]any { return map[string]any{"growth": c.StreetGrowth} })
	years := body(func(c *server.StreetCase) map[string]any { return map[string]any{"years": c.Years} })
	duration := body(func(c *server.StreetCase) map[string]any { return map[string]any{"duration_kw": c.DurationKW} })
	days := body(func(c *server.StreetCase) map[string]any { return map[string]any{"worst_day": c.Day} })
	for _, c := range []struct{ name, body, en, nl string }{
		{"street-growth", growth, "capacity 16 kW", "woningen met een laadpunt, van 4"},
		{"street-years", years, "2050", "jaar: "},
		{"street-duration", duration, "hours of the year", "uren van het jaar"},
		{"street-days", days, "With cars", "Met auto’s"},
	} {
		for lang, want := range map[string]string{"en": c.en, "nl": c.nl} {
			for _, width := range []int{340, 900} {
				w := askStreet(t, shared(t), fmt.Sprintf("figures/%s?lang=%s&width=%d", c.name, lang, width), c.body)
				var f drawnFigure
				if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != 200 {
					t.Fatalf("%s: %d %s", c.name, w.Code, w.Body)
				}
				if c.name == "street-days" && !strings.Contains(f.Subtitle, map[string]string{"en": "what cars charge, blue what they discharge", "nl": "wat auto’s laden, blauw wat zij ontladen"}[lang]) {
					t.Errorf("%s: %s", c.name, f.Subtitle)
				}
				if !strings.Contains(f.SVG, want) || f.Width != float64(width) || len(f.Marks) == 0 || len(f.Table) < 2 {
					t.Errorf("%s, %s, %d px: no %q, or it cannot be read", c.name, lang, width, want)
				}
			}
		}
	}
	for _, c := range []struct{ name, body, detail string }{
		{"street-growth", duration, "cases[0].growth.charge_points: numbers of charge points were expected"},
		{"street-growth", strings.Replace(growth, `"p5":[`, `"p5":[900,`, 1), "cases[0].growth.peak_kw: 5 values were expected"},
		{"street-years", growth, "cases[0].years.year: at least 2 years were expected"},
		{"street-duration", days, "cases[0].duration_kw: at least 2 values were expected, as many as in the first case"},
		{"street-duration", strings.Replace(duration, `"duration_kw":[`, `"duration_kw":[1e7,`, 2), "cases[0].duration_kw: -1000000 to 1000000 kW or EUR was expected"},
		{"street-days", growth, "cases[0].worst_day.date: a day was expected"},
		{"street-days", strings.Replace(days, `"times":["00:00"`, `"times":["noon"`, 1), "cases[0].worst_day.times: times such as 17:15 were expected"},
		{"street-days", strings.Replace(days, `"mode":"smart"`, `"mode":"regular"`, 1), "cases[1].mode: regular is there twice"},
	} {
		refused(t, askStreet(t, shared(t), "figures/"+c.name, c.body), 400, c.detail)
	}
}
