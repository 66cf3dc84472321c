package dispatchjson_test

import (
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
			err = solver.Solve(&p.Problem, &s)
			if err == nil && p.Mode != dispatch.Regular {
				if math.IsNaN(s.CostEUR) {
					t.Fatalf("cost is NaN for %s", in)
				}
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
