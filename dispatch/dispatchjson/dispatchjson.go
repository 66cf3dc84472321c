// Package dispatchjson reads dispatch problems from JSON and writes answers, one
// at a time, so that a file of any length streams through. docs/dispatch.md
// describes both forms.
//
// What enters: one JSON object, an array of them, or one a line (JSON Lines).
// What leaves: one answer a line, in order. Powers and energies are rounded to
// 1e-9 and costs to 1e-12, below every tolerance of the solver.
package dispatchjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/jsonkeys"
)

// MaxSteps bounds one problem: 30 years of quarter-hours.
const MaxSteps = 30 * 366 * 96

// MaxBytes bounds one problem as text: [MaxSteps] with every digit written out
// take less.
const MaxBytes = 128 << 20

// Reader reads problems from a stream.
type Reader struct {
	dec     *json.Decoder
	limit   *limit
	started bool
	inArray bool
	count   int
}

// NewReader returns a Reader on r.
func NewReader(r io.Reader) *Reader {
	l := &limit{r: r}
	return &Reader{dec: json.NewDecoder(l), limit: l}
}

// limit stops a text that never ends from filling memory.
type limit struct {
	r   io.Reader
	n   int   // bytes since the problem before
	err error // what stopped it
}

var errTooLong = fmt.Errorf("it is longer than %d MB: one problem has at most %d steps", MaxBytes>>20, MaxSteps)

func (l *limit) Read(b []byte) (int, error) {
	if l.n >= MaxBytes {
		l.err = errTooLong
		return 0, l.err
	}
	n, err := l.r.Read(b)
	l.n, l.err = l.n+n, err
	return n, err
}

// Named is a problem with its id.
type Named struct {
	ID string
	dispatch.Problem
}

// ReadError says which problem could not be read or used, and why.
type ReadError struct {
	Number int    // of the problem, from 1
	ID     string // when it had one
	Err    error
}

func (e *ReadError) Error() string {
	if e.ID != "" {
		return fmt.Sprintf("problem %d (id %q): %v", e.Number, e.ID, e.Err)
	}
	return fmt.Sprintf("problem %d: %v", e.Number, e.Err)
}

func (e *ReadError) Unwrap() error { return e.Err }

// Next returns the next problem, io.EOF after the last, or a [*ReadError]. The
// problem's values are those of the file: [dispatch.Solver] still checks them.
func (r *Reader) Next() (*Named, error) {
	r.limit.n = 0
	raw, err := r.nextRaw()
	if err == io.EOF {
		return nil, err
	}
	r.count++
	if err != nil {
		return nil, &ReadError{Number: r.count, Err: syntaxError(err)}
	}
	p, err := decode(raw)
	if err != nil {
		return nil, &ReadError{Number: r.count, ID: idOf(raw), Err: err}
	}
	return p, nil
}

// Refused is the [*ReadError] of the problem that Next returned last, when the
// solver did not take it: it names fields as the JSON form does.
func (r *Reader) Refused(p *Named, err error) *ReadError {
	if e := (*dispatch.InputError)(nil); errors.As(err, &e) {
		names := jsonNames()
		named := &dispatch.InputError{Field: names.Replace(e.Field), Step: e.Step, Value: e.Value, Want: names.Replace(e.Want)}
		if e.Field == "StepHours" {
			named.Value *= 60
			named.Want = fmt.Sprintf("from %g to %g was expected", dispatch.MinStepHours*60, dispatch.MaxStepHours*60)
		}
		err = named
	}
	return &ReadError{Number: r.count, ID: p.ID, Err: err}
}

// jsonNames turns the names of [dispatch.Problem] into those of the JSON form.
func jsonNames() *strings.Replacer {
	return strings.NewReplacer(
		"StepHours", "step_minutes",
		"ImportEURPerKWh", "import_eur_per_kwh",
		"ExportEURPerKWh", "export_eur_per_kwh",
		"NetLoadKW", "net_load_kw",
		"Battery.MinKWh", "battery.min_kwh",
		"Battery.MaxKWh", "battery.max_kwh",
		"Battery.StartKWh", "battery.start_kwh",
		"Battery.EndKWh", "battery.end_kwh",
		"Battery.WearEURPerKWh", "battery.wear_eur_per_kwh",
		"Threshold.ImportKW", "threshold.import_kw",
		"Threshold.EURPerKWh", "threshold.eur_per_kwh",
		"Charger.ChargeKW", "charger.charge_kw",
		"Charger.DischargeKW", "charger.discharge_kw",
		"Charger.ChargeEfficiency", "charger.charge_efficiency",
		"Charger.DischargeEfficiency", "charger.discharge_efficiency",
		"StepLimits.ImportKW", "grid.import_limit_kw",
		"StepLimits.ExportKW", "grid.export_limit_kw",
		"Grid.ImportLimit", "grid.import_limit_kw",
		"Grid.ExportLimit", "grid.export_limit_kw",
		"Mode", "mode",
	)
}

// Count is the number of problems read so far.
func (r *Reader) Count() int { return r.count }

func (r *Reader) nextRaw() (json.RawMessage, error) {
	if !r.started {
		r.started = true
		var first json.RawMessage
		// Only the first byte tells an array from a lone object.
		if b, err := r.peek(); err != nil {
			return nil, err
		} else if b == '[' {
			r.inArray = true
			if _, err := r.dec.Token(); err != nil {
				return nil, err
			}
		} else {
			err := r.dec.Decode(&first)
			return first, err
		}
	}
	if r.inArray && !r.dec.More() {
		if _, err := r.dec.Token(); err != nil { // the closing bracket
			return nil, unexpectedEnd(err)
		}
		if _, err := r.dec.Token(); err != io.EOF {
			return nil, errors.New("there is more input after the array: give one array, or one object a line")
		}
		r.inArray = false
		return nil, io.EOF
	}
	var raw json.RawMessage
	err := r.dec.Decode(&raw)
	if r.inArray {
		err = unexpectedEnd(err)
	}
	return raw, err
}

// peek returns the first byte that is not white space, unread.
func (r *Reader) peek() (byte, error) {
	// The decoder buffers what it has read: More reads up to the next value.
	r.dec.More()
	b, err := io.ReadAll(r.dec.Buffered())
	if err != nil {
		return 0, err
	}
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 {
		return 0, r.limit.err // More keeps it to itself
	}
	return b[0], nil
}

func unexpectedEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func syntaxError(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d: %v (NaN and Infinity are not JSON numbers)", syntax.Offset, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the input ends in the middle of a problem")
	}
	return err
}

// file is a problem as it stands in a file. Pointers tell absent from zero.
type file struct {
	ID          string    `json:"id"`
	StepMinutes *float64  `json:"step_minutes"`
	Import      []float64 `json:"import_eur_per_kwh"`
	Export      []float64 `json:"export_eur_per_kwh"`
	NetLoad     []float64 `json:"net_load_kw"`
	Battery     *struct {
		Min   *float64 `json:"min_kwh"`
		Max   *float64 `json:"max_kwh"`
		Start *float64 `json:"start_kwh"`
		End   *float64 `json:"end_kwh"`
		Wear  float64  `json:"wear_eur_per_kwh"`
	} `json:"battery"`
	Charger *struct {
		Charge              *float64 `json:"charge_kw"`
		Discharge           *float64 `json:"discharge_kw"`
		ChargeEfficiency    *float64 `json:"charge_efficiency"`
		DischargeEfficiency *float64 `json:"discharge_efficiency"`
	} `json:"charger"`
	Grid *struct {
		Import limitKW `json:"import_limit_kw"`
		Export limitKW `json:"export_limit_kw"`
	} `json:"grid"`
	Threshold *struct {
		Import []float64 `json:"import_kw"`
		Price  *float64  `json:"eur_per_kwh"`
	} `json:"threshold"`
	Mode *string `json:"mode"`
}

// limitKW is a limit of all steps, a number, or of each, a list.
type limitKW struct {
	all     dispatch.Limit
	bySteps []float64
	isList  bool
}

func (l *limitKW) UnmarshalJSON(text []byte) error {
	if text[0] == '[' {
		if err := json.Unmarshal(text, &l.bySteps); err != nil {
			return err
		}
		l.isList = true
		return nil
	}
	var kW float64
	if err := json.Unmarshal(text, &kW); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			wrong.Type = reflect.TypeFor[limitKW]()
		}
		return err
	}
	l.all = dispatch.LimitKW(kW)
	return nil
}

func decode(raw json.RawMessage) (*Named, error) {
	if string(raw) == "null" {
		return nil, errors.New("a JSON null was found where a problem, a JSON object, was expected")
	}
	if err := jsonkeys.Check(raw, refuse); err != nil {
		return nil, err
	}
	var f file
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			if typ.Field == "" {
				return nil, fmt.Errorf("a JSON %s was found where a problem, a JSON object, was expected", typ.Value)
			}
			return nil, fmt.Errorf("%s is a JSON %s: a %s was expected", typ.Field, typ.Value, plainType(typ.Type.String()))
		}
		if field, ok := bytes.CutPrefix([]byte(err.Error()), []byte("json: unknown field ")); ok {
			return nil, fmt.Errorf("field %s is not known: see docs/dispatch.md for the fields of a problem", field)
		}
		return nil, syntaxError(err)
	}
	return f.problem()
}

// refuse finds what encoding/json takes in silence: a null, which it reads as 0 or as
// a field left out, and a field in another case than its own.
func refuse(key string, isNull bool) error {
	switch {
	case isNull:
		return errors.New("is null, and null is no value: give a number, or leave out a field that has a default")
	case strings.ContainsFunc(key, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }):
		return errors.New("is not known: names of fields are of small letters, and docs/dispatch.md has them")
	}
	return nil
}

func plainType(goType string) string {
	switch goType {
	case "float64":
		return "number"
	case "[]float64":
		return "list of numbers, one per step,"
	case "dispatchjson.limitKW":
		return "number, or list of numbers, one per step,"
	case "string":
		return "text"
	}
	return "JSON object"
}

func (f *file) problem() (*Named, error) {
	if f.Battery == nil {
		return nil, missing("battery")
	}
	if f.Charger == nil {
		return nil, missing("charger")
	}
	if f.Import == nil {
		return nil, missing("import_eur_per_kwh")
	}
	if f.Export == nil {
		return nil, missing("export_eur_per_kwh")
	}
	if f.Mode == nil {
		return nil, missing("mode")
	}
	if len(f.Import) > MaxSteps {
		return nil, fmt.Errorf("import_eur_per_kwh has %d values: at most %d steps are taken", len(f.Import), MaxSteps)
	}
	p := &Named{ID: f.ID}
	var stepMinutes float64
	for _, v := range [...]struct {
		name string
		from *float64
		to   *float64
	}{
		{"step_minutes", f.StepMinutes, &stepMinutes},
		{"battery.min_kwh", f.Battery.Min, &p.Battery.MinKWh},
		{"battery.max_kwh", f.Battery.Max, &p.Battery.MaxKWh},
		{"battery.start_kwh", f.Battery.Start, &p.Battery.StartKWh},
		{"battery.end_kwh", f.Battery.End, &p.Battery.EndKWh},
		{"charger.charge_kw", f.Charger.Charge, &p.Charger.ChargeKW},
		{"charger.discharge_kw", f.Charger.Discharge, &p.Charger.DischargeKW},
		{"charger.charge_efficiency", f.Charger.ChargeEfficiency, &p.Charger.ChargeEfficiency},
		{"charger.discharge_efficiency", f.Charger.DischargeEfficiency, &p.Charger.DischargeEfficiency},
	} {
		if v.from == nil {
			return nil, missing(v.name)
		}
		*v.to = *v.from
	}
	p.StepHours = stepMinutes / 60
	if f.Grid != nil {
		for name, l := range map[string]*limitKW{"import": &f.Grid.Import, "export": &f.Grid.Export} {
			if l.isList && len(l.bySteps) == 0 {
				return nil, fmt.Errorf("grid.%s_limit_kw is an empty list: a number, or a list of numbers, one per step, was expected", name)
			}
		}
		p.Grid = dispatch.Grid{ImportLimit: f.Grid.Import.all, ExportLimit: f.Grid.Export.all}
		p.StepLimits = dispatch.StepLimits{ImportKW: f.Grid.Import.bySteps, ExportKW: f.Grid.Export.bySteps}
	}
	p.Battery.WearEURPerKWh = f.Battery.Wear
	if f.Threshold != nil {
		if f.Threshold.Import == nil {
			return nil, missing("threshold.import_kw")
		}
		if f.Threshold.Price == nil {
			return nil, missing("threshold.eur_per_kwh")
		}
		p.Threshold = dispatch.Threshold{ImportKW: f.Threshold.Import, EURPerKWh: *f.Threshold.Price}
	}
	p.ImportEURPerKWh, p.ExportEURPerKWh, p.NetLoadKW = f.Import, f.Export, f.NetLoad
	if p.NetLoadKW == nil {
		p.NetLoadKW = make([]float64, len(f.Import))
	}
	mode, err := dispatch.ParseMode(*f.Mode)
	if err != nil {
		return nil, err
	}
	p.Mode = mode
	return p, nil
}

func missing(field string) error {
	return fmt.Errorf("field %q is missing: it has no default", field)
}

// idOf finds the id of a problem that could not be decoded.
func idOf(raw json.RawMessage) string {
	var f struct {
		ID string `json:"id"`
	}
	// A failure leaves the id empty, and the problem's number names it.
	_ = json.Unmarshal(raw, &f)
	return f.ID
}
