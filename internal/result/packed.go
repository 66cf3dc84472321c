package result

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

// packed is a result without its regions as a page in a browser takes it: what figures
// and sentences are made of, to the last digit. What has a value for each step of the year
// and is seldom asked for comes later: [packedPower] and [packedPrices], by contract.
type packed struct {
	Study, Manifest, Summary, Findings string // YAML and JSON
	LoadKW, SolarKW                    []float64
	Cases                              []packedCase
}

type packedCase struct {
	ByMonth     series.MonthTable
	ByWeek      series.WeekTable
	ByDay       [series.QuartersPerDay]float64
	Homes       []Home
	Coincidence []cohort.Coincidence
	Steps       potential.Steps
}

// packedPower is the cars' power of a contract's cases, and packedPrices its prices and
// what stored energy is worth in its cases.
type (
	packedPower  struct{ KW [][]float64 }
	packedPrices struct {
		tariff.Prices
		Stored [][]float64
	}
)

// Pack makes a result one text of bytes.
func (r *Result) Pack() ([]byte, error) {
	var p packed
	text, err := r.Study.YAML()
	if err != nil {
		return nil, err
	}
	p.Study, p.LoadKW, p.SolarKW = string(text), r.LoadKW, r.SolarKW
	for _, x := range []struct {
		to *string
		of any
	}{{&p.Manifest, r.Manifest}, {&p.Summary, r.Summary}, {&p.Findings, r.Findings}} {
		if text, err = json.Marshal(x.of); err != nil {
			return nil, err
		}
		*x.to = string(text)
	}
	for _, c := range r.Cases {
		p.Cases = append(p.Cases, packedCase{*c.ByMonth, *c.ByWeek, c.ByDay, c.Homes, c.Coincidence, *r.StepsOf(c)})
	}
	return pack(&p), nil
}

// Unpack reads what Pack made.
func Unpack(b []byte) (*Result, error) {
	var p packed
	if err := unpack(b, &p); err != nil {
		return nil, err
	}
	r := &Result{LoadKW: p.LoadKW, SolarKW: p.SolarKW}
	for _, x := range []struct {
		of string
		to any
	}{{p.Manifest, &r.Manifest}, {p.Summary, &r.Summary}, {p.Findings, &r.Findings}} {
		if err := json.Unmarshal([]byte(x.of), x.to); err != nil {
			return nil, err
		}
	}
	var err error
	if r.Study, err = assume.Parse([]byte(p.Study)); err != nil {
		return nil, err
	}
	r.Axis = series.NewYear(r.Summary.Year)
	if len(p.Cases) != len(r.Summary.Cases) {
		return nil, fmt.Errorf("a packed result has %d cases, its summary %d", len(p.Cases), len(r.Summary.Cases))
	}
	for i, s := range r.Summary.Cases {
		mode, err := dispatch.ParseMode(s.Mode)
		if err != nil {
			return nil, err
		}
		c := &p.Cases[i]
		r.Cases = append(r.Cases, &Case{
			Contract: s.Contract, Mode: mode, Summary: s,
			ByMonth: &c.ByMonth, ByWeek: &c.ByWeek, ByDay: c.ByDay, Homes: c.Homes, Coincidence: c.Coincidence, steps: &c.Steps,
		})
	}
	return r, nil
}

// PackPower makes the power of a contract's cases one text of bytes, for AddPower.
func (r *Result) PackPower(contract string) []byte {
	var p packedPower
	for _, c := range r.of(contract) {
		p.KW = append(p.KW, c.KW)
	}
	return pack(&p)
}

// AddPower gives an unpacked result the power of a contract's cases.
func (r *Result) AddPower(contract string, b []byte) error {
	var p packedPower
	if err := unpack(b, &p); err != nil {
		return err
	}
	for i, c := range r.of(contract) {
		c.KW = p.KW[i]
	}
	return nil
}

// PackPrices makes a contract's prices one text of bytes, for AddPrices.
func (r *Result) PackPrices(contract string) []byte {
	var p packedPrices
	for _, of := range r.Prices {
		if of.Contract == contract {
			p.Prices = *of.Prices
		}
	}
	for _, c := range r.of(contract) {
		p.Stored = append(p.Stored, c.StoredEURPerKWh)
	}
	return pack(&p)
}

// AddPrices gives an unpacked result a contract's prices.
func (r *Result) AddPrices(contract string, b []byte) error {
	var p packedPrices
	if err := unpack(b, &p); err != nil {
		return err
	}
	r.Prices = append(slices.DeleteFunc(r.Prices, func(of *Prices) bool { return of.Contract == contract }), &Prices{contract, &p.Prices})
	for i, c := range r.of(contract) {
		if c.StoredEURPerKWh = p.Stored[i]; len(p.Stored[i]) == 0 {
			c.StoredEURPerKWh = nil
		}
	}
	return nil
}

// of are the cases of a contract.
func (r *Result) of(contract string) (out []*Case) {
	for _, c := range r.Cases {
		if c.Contract == contract {
			out = append(out, c)
		}
	}
	return out
}

// pack writes the numbers and texts of a value one after the other, little endian: lists
// after their lengths, numbers as they are in memory.
func pack(v any) []byte { return appendPacked(nil, reflect.ValueOf(v).Elem()) }

func appendPacked(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Float64:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
	case reflect.Int:
		return binary.LittleEndian.AppendUint64(b, uint64(v.Int()))
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.String:
		return append(binary.LittleEndian.AppendUint64(b, uint64(v.Len())), v.String()...)
	case reflect.Slice:
		b = binary.LittleEndian.AppendUint64(b, uint64(v.Len()))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			b = appendPacked(b, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			b = appendPacked(b, v.Field(i))
		}
	default:
		panic("result: what is packed has a " + v.Type().String())
	}
	return b
}

// unpack reads what pack wrote of a value of the same type.
func unpack(b []byte, to any) (err error) {
	defer func() {
		if recover() != nil { // beyond the end of b
			err = fmt.Errorf("the packed result ends too soon: load the page again, or write the site again")
		}
	}()
	if rest := takePacked(b, reflect.ValueOf(to).Elem()); len(rest) > 0 {
		return fmt.Errorf("the packed result has %d bytes too many: it is of another version", len(rest))
	}
	return nil
}

func takePacked(b []byte, v reflect.Value) []byte {
	word := func() int {
		n := binary.LittleEndian.Uint64(b)
		b = b[8:]
		return int(n)
	}
	switch v.Kind() {
	case reflect.Float64:
		v.SetFloat(math.Float64frombits(uint64(word())))
	case reflect.Int:
		v.SetInt(int64(word()))
	case reflect.Bool:
		v.SetBool(b[0] == 1)
		return b[1:]
	case reflect.String:
		n := word()
		v.SetString(string(b[:n]))
		return b[n:]
	case reflect.Slice:
		n := word()
		if n > len(b) {
			panic("too long")
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			b = takePacked(b, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			b = takePacked(b, v.Field(i))
		}
	default:
		panic("result: what is unpacked has a " + v.Type().String())
	}
	return b
}
