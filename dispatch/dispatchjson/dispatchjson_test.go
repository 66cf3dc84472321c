package dispatchjson_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/dispatch/dispatchjson"
)

const one = `{"id":"s1","step_minutes":15,"import_eur_per_kwh":[0.31,0.29],"export_eur_per_kwh":[0.31,0.29],
 "net_load_kw":[0.4,-1.2],"battery":{"min_kwh":7,"max_kwh":70,"start_kwh":50,"end_kwh":52},
 "charger":{"charge_kw":11,"discharge_kw":11,"charge_efficiency":0.92195,"discharge_efficiency":0.92195},
 "grid":{"import_limit_kw":17.25,"export_limit_kw":17.25},"mode":"v2g"}`

func readAll(t *testing.T, in string) (ids []string, err error) {
	t.Helper()
	r := dispatchjson.NewReader(strings.NewReader(in))
	for {
		p, err := r.Next()
		if err == io.EOF {
			return ids, nil
		}
		if err != nil {
			return ids, err
		}
		ids = append(ids, p.ID)
	}
}

func TestReadsOneAnArrayAndLines(t *testing.T) {
	two := strings.Replace(one, `"s1"`, `"s2"`, 1)
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"one object":           {one, []string{"s1"}},
		"an array":             {"\n [" + one + ",\n" + two + "]\n", []string{"s1", "s2"}},
		"an empty array":       {"[]", nil},
		"JSON Lines":           {one + "\n" + two + "\n", []string{"s1", "s2"}},
		"nothing":              {"", nil},
		"blank lines only":     {"\n \n", nil},
		"objects on one line ": {one + two, []string{"s1", "s2"}},
	} {
		got, err := readAll(t, c.in)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestInputThatIsNotAProblemNamesIdAndField(t *testing.T) {
	change := func(from, to string) string {
		if !strings.Contains(one, from) {
			t.Fatalf("%q is not in the example", from)
		}
		return strings.Replace(one, from, to, 1)
	}
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"an unknown field":      {change(`"mode"`, `"modus"`), []string{`"s1"`, `"modus"`}},
		"an unknown inner one":  {change(`"min_kwh"`, `"minimum"`), []string{`"s1"`, `"minimum"`}},
		"a missing field":       {change(`"step_minutes":15,`, ``), []string{`"s1"`, "step_minutes", "missing"}},
		"text for a number":     {change(`15`, `"15"`), []string{`"s1"`, "step_minutes", "number"}},
		"a number for a list":   {change(`[0.4,-1.2]`, `3`), []string{`"s1"`, "net_load_kw", "list"}},
		"NaN":                   {change(`0.31`, `NaN`), []string{"problem 1", "not valid JSON"}},
		"null in a list":        {change(`[0.4,-1.2]`, `[0.4,null]`), []string{`"s1"`, "net_load_kw[1] is null"}},
		"null for a price":      {change(`[0.31,0.29]`, `[null,0.29]`), []string{`"s1"`, "import_eur_per_kwh[0] is null"}},
		"null for a number":     {change(`"step_minutes":15`, `"step_minutes":null`), []string{`"s1"`, "step_minutes is null"}},
		"null deep":             {change(`"export_limit_kw":17.25`, `"export_limit_kw":null`), []string{`"s1"`, "grid.export_limit_kw is null"}},
		"null for a list":       {change(`[0.4,-1.2]`, `null`), []string{`"s1"`, "net_load_kw is null"}},
		"null in a list of two": {change(`[0.4,-1.2]`, `[[1],null]`), []string{`"s1"`, "net_load_kw[1] is null"}},
		"text for a limit":      {change(`"import_limit_kw":17.25`, `"import_limit_kw":"much"`), []string{`"s1"`, "grid.import_limit_kw", "a number, or list of numbers, one per step, was expected"}},
		"text in its list":      {change(`"import_limit_kw":17.25`, `"import_limit_kw":[17.25,"much"]`), []string{`"s1"`, "grid.import_limit_kw", "number"}},
		"an empty limit":        {change(`"import_limit_kw":17.25`, `"import_limit_kw":[]`), []string{`"s1"`, "import_limit_kw", "empty list"}},
		"a field twice":         {change(`"mode"`, `"mode":"v2h","mode"`), []string{`"s1"`, "mode is given twice"}},
		"an inner one twice":    {change(`"max_kwh"`, `"min_kwh":9,"max_kwh"`), []string{`"s1"`, "battery.min_kwh is given twice"}},
		"twice, once escaped":   {change(`"mode"`, `"m\u006fde":"v2h","mode"`), []string{`"s1"`, "mode is given twice"}},
		"capitals":              {change(`"mode"`, `"Mode"`), []string{`"s1"`, "Mode is not known"}},
		"capitals within":       {change(`"charge_kw"`, `"charge_kW"`), []string{`"s1"`, "charger.charge_kW is not known"}},
		"a letter that folds":   {change(`"step_minutes"`, `"ſtep_minutes"`), []string{`"s1"`, "ſtep_minutes is not known"}},
		"null as the problem":   {"[" + one + ",null]", []string{"problem 2", "null", "object"}},
		"an unknown mode":       {change(`"v2g"`, `"v3g"`), []string{`"s1"`, `"v3g"`, "v2h"}},
		"a cut in the middle":   {one[:100], []string{"problem 1", "ends in the middle"}},
		"a cut array":           {"[" + one, []string{"problem 2", "ends in the middle"}},
		"a number":              {"7", []string{"problem 1", "number", "object"}},
		"more after the array":  {"[" + one + "]" + one, []string{"problem 2", "after the array"}},
		"a battery of one text": {change(`{"min_kwh":7,"max_kwh":70,"start_kwh":50,"end_kwh":52}`, `"big"`), []string{`"s1"`, "battery", "object"}},
	} {
		_, err := readAll(t, c.in)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %s", name, err, w)
			}
		}
	}
}

// endless begins with some text and goes on with one byte for ever.
type endless struct {
	start io.Reader
	then  byte
}

func (e *endless) Read(b []byte) (int, error) {
	if n, err := e.start.Read(b); err == nil {
		return n, nil
	}
	for i := range b {
		b[i] = e.then
	}
	return len(b), nil
}

func TestTextWithoutEndStopsAtTheStatedBound(t *testing.T) {
	for start, then := range map[string]byte{`{"id":"`: 'a', " ": ' '} {
		_, err := dispatchjson.NewReader(&endless{strings.NewReader(start), then}).Next()
		if err == nil || !strings.Contains(err.Error(), "longer than 128 MB") {
			t.Errorf("%.10q, then %q without end: %v", start, then, err)
		}
	}
}

// What the solver refuses is named as in the file, not as in the Go package.
func TestRefusalsUseTheNamesOfTheFile(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"a step without end":  {`15`, `1e308`, `step_minutes is 1e+308: from 6e-05 to 600000 was expected`},
		"next to no charging": {`"charge_efficiency":0.92195`, `"charge_efficiency":5e-324`, `charger.charge_efficiency is 5e-324: from 0.01 to 1 was expected`},
		"start below lowest":  {`"start_kwh":50`, `"start_kwh":6`, `battery.start_kwh is 6: between battery.min_kwh (7) and battery.max_kwh (70) was expected`},
		"a list too short":    {`[0.4,-1.2]`, `[0.4]`, `net_load_kw is 1: this many values, but import_eur_per_kwh has 2; give one value per step`},
		"a money pump":        {`"export_eur_per_kwh":[0.31`, `"export_eur_per_kwh":[0.32`, `export_eur_per_kwh[0] is 0.32: at most the import price (0.31) was expected`},
		"limits too few":      {`"import_limit_kw":17.25`, `"import_limit_kw":[17.25]`, `grid.import_limit_kw is 1: this many values, but import_eur_per_kwh has 2; give one value per step`},
		"one below zero":      {`"export_limit_kw":17.25`, `"export_limit_kw":[17.25,-1]`, `grid.export_limit_kw[1] is -1: 0 or more was expected`},
		"a limit below zero":  {`"import_limit_kw":17.25`, `"import_limit_kw":-1`, `grid.import_limit_kw is -1: 0 or more was expected`},
	} {
		if !strings.Contains(one, c.from) {
			t.Fatalf("%q is not in the example", c.from)
		}
		r := dispatchjson.NewReader(strings.NewReader(strings.Replace(one, c.from, c.to, 1)))
		p, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		err = new(dispatch.Solver).Solve(&p.Problem, new(dispatch.Schedule))
		if got := r.Refused(p, err).Error(); !strings.HasPrefix(got, `problem 1 (id "s1"): `+c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAGridLimitOfZeroStaysZero(t *testing.T) {
	for grid, want := range map[string][2]float64{
		`"grid":{"import_limit_kw":0,"export_limit_kw":0},`: {0, 0},
		`"grid":{"import_limit_kw":0},`:                     {0, math.Inf(1)},
		`"grid":{"export_limit_kw":3},`:                     {math.Inf(1), 3},
		`"grid":{},`:                                        {math.Inf(1), math.Inf(1)},
		``:                                                  {math.Inf(1), math.Inf(1)},
		`"grid":{"import_limit_kw":17.25,"export_limit_kw":0.5},`: {17.25, 0.5},
	} {
		in := strings.Replace(one, `"grid":{"import_limit_kw":17.25,"export_limit_kw":17.25},`, grid, 1)
		p, err := dispatchjson.NewReader(strings.NewReader(in)).Next()
		if err != nil {
			t.Fatal(err)
		}
		again, err := dispatchjson.NewReader(strings.NewReader(string(dispatchjson.Append(nil, p)))).Next()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*dispatchjson.Named{p, again} {
			if got := [2]float64{p.Grid.ImportLimit.KW(), p.Grid.ExportLimit.KW()}; got != want {
				t.Errorf("%s reads as %g", grid, got)
			}
		}
	}
}

// A limit is a number, or a list with one for each step, and is written as it was read.
func TestALimitOfTheGridMayDifferByStep(t *testing.T) {
	in := strings.Replace(one, `"import_limit_kw":17.25`, `"import_limit_kw":[17.25,4]`, 1)
	p, err := dispatchjson.NewReader(strings.NewReader(in)).Next()
	if err != nil {
		t.Fatal(err)
	}
	var s dispatch.Schedule
	if err := new(dispatch.Solver).Solve(&p.Problem, &s); err != nil {
		t.Fatal(err)
	}
	// The home's own feed-in of 1.2 kW makes room for 5.2 kW.
	if math.Abs(s.ChargeKW[1]-5.2) > 1e-9 {
		t.Errorf("%g kW is charged in the cheap quarter: 5.2 was expected", s.ChargeKW[1])
	}
	again := string(dispatchjson.Append(nil, p))
	if want := `"grid":{"import_limit_kw":[17.25,4],"export_limit_kw":17.25}`; !strings.Contains(again, want) {
		t.Errorf("%s: %s was expected", again, want)
	}
}

func TestAnswerReadsAsDocumented(t *testing.T) {
	p, err := dispatchjson.NewReader(strings.NewReader(one)).Next()
	if err != nil {
		t.Fatal(err)
	}
	var s dispatch.Schedule
	if err := new(dispatch.Solver).Solve(&p.Problem, &s); err != nil {
		t.Fatal(err)
	}
	got := string(dispatchjson.AppendAnswer(nil, p, &s, nil))
	// By hand: 2 stored kWh take 2/(0.25*0.92195) kW in the cheap quarter; selling
	// at 0.31 does not pay for buying at 0.29/0.85.
	const want = `{"id":"s1","status":"optimal","cost_eur":0.573101361245,"power_kw":[0,8.677260155],"charge_kw":[0,8.677260155],"discharge_kw":[0,0],"stored_kwh":[50,52],"marginal_value_eur_per_kwh":[0.314550681,0.314550681]}` + "\n"
	if got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	p.Battery.EndKWh = 69
	err = new(dispatch.Solver).Solve(&p.Problem, &s)
	got = string(dispatchjson.AppendAnswer(nil, p, nil, err))
	if !strings.HasPrefix(got, `{"id":"s1","status":"infeasible","reason":"the end of 69 kWh cannot be reached`) {
		t.Errorf("got %s", got)
	}
}

// Whatever bytes come in, the reader ends, and what it accepts is a problem
// that the solver answers or refuses by name and that survives being written.
func FuzzReader(f *testing.F) {
	f.Add(one)
	f.Add("[" + one + "," + one + "]")
	f.Add(strings.Replace(one, "0.31", "-1e300", 1))
	f.Add(strings.Replace(one, "0.4", "1e999", 1))
	f.Add(`{"id":3}`)
	f.Fuzz(func(t *testing.T, in string) {
		r := dispatchjson.NewReader(strings.NewReader(in))
		var solver dispatch.Solver
		var s dispatch.Schedule
		for {
			p, err := r.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				if e := (*dispatchjson.ReadError)(nil); !errors.As(err, &e) {
					t.Fatalf("%v is not a ReadError", err)
				}
				return
			}
			if err := solver.Solve(&p.Problem, &s); err == nil {
				if answer := dispatchjson.AppendAnswer(nil, p, &s, nil); !json.Valid(answer) {
					t.Fatalf("%s is answered by %s", in, answer)
				}
			} else if !errors.As(err, new(*dispatch.InputError)) && !errors.As(err, new(*dispatch.InfeasibleError)) {
				t.Fatal(err)
			}
			again, err := dispatchjson.NewReader(strings.NewReader(string(dispatchjson.Append(nil, p)))).Next()
			if err != nil {
				t.Fatalf("written problem does not read: %v", err)
			}
			if again.Battery != p.Battery || !slices.Equal(again.ImportEURPerKWh, p.ImportEURPerKWh) {
				t.Fatal("written problem reads as another")
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	prices := strings.Repeat("0.31,", 96*365-1) + "0.31"
	line := `{"id":"year","step_minutes":15,"import_eur_per_kwh":[` + prices + `],"export_eur_per_kwh":[` + prices + `],
		"battery":{"min_kwh":7,"max_kwh":70,"start_kwh":50,"end_kwh":52},"charger":{"charge_kw":11,"discharge_kw":11,
		"charge_efficiency":0.92,"discharge_efficiency":0.92},"mode":"v2g"}`
	session := strings.ReplaceAll(line, prices, prices[:56*5-1])
	for name, text := range map[string]string{"year": line, "session": session} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := dispatchjson.NewReader(strings.NewReader(text)).Next(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
