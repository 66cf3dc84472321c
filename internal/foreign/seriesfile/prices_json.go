package seriesfile

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"

	"github.com/getij/getij/internal/userfile"
)

// readEnergyCharts reads the JSON of api.energy-charts.info/price: the arrays
// unix_seconds and price, of equal length, and the unit.
func readEnergyCharts(r *reading, s *table.File) ([]*rows, error) {
	var seconds, prices []float64
	unit := ""
	err := jsonObject(s, func(dec *json.Decoder, key string) error {
		var err error
		switch key {
		case "unix_seconds":
			seconds, err = jsonNumbers(s, dec, key)
		case "price":
			prices, err = jsonNumbers(s, dec, key)
		case "unit":
			err = dec.Decode(&unit)
		default:
			err = table.SkipJSON(dec)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(prices) == 0 && len(seconds) > 0 {
		return nil, fmt.Errorf("%s has times but no prices: download https://api.energy-charts.info/price", s.Name)
	}
	if len(seconds) != len(prices) {
		return nil, fmt.Errorf("%s has %d times in unix_seconds and %d values in price: as many were expected, download it again", s.Name, len(seconds), len(prices))
	}
	p := newRows(s.Name, 1)
	for i, sec := range seconds {
		if sec != math.Trunc(sec) || clock.Known(int64(sec)) != nil {
			return nil, &table.RowError{File: s.Name, Row: i + 1, Field: "unix_seconds", Value: fmt.Sprint(sec), Want: "whole seconds since 1970, between 1990 and 2100, were expected"}
		}
		if err := p.add(int64(sec), i+1, prices[i]); err != nil {
			return nil, err
		}
	}
	r.rowsIn += len(p.at)
	r.columns.Add("price")
	return []*rows{p}, r.prices(p, unit)
}

// jsonObject calls each for the keys of the object that a file holds; each must
// take the value from the decoder.
func jsonObject(s *table.File, each func(*json.Decoder, string) error) error {
	dec := userfile.JSON(s.R, "value", mostValue)
	tok, err := dec.Token()
	if err != nil {
		return table.JSONError(s.Name, "", dec, err)
	}
	if tok != json.Delim('{') {
		return fmt.Errorf("%s begins with %v: a JSON object was expected", s.Name, tok)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return table.JSONError(s.Name, "", dec, err)
		}
		name, _ := key.(string)
		if err := each(dec, name); err != nil {
			return table.JSONError(s.Name, "", dec, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return table.JSONError(s.Name, "", dec, err)
	}
	return nil
}

// jsonNumbers reads an array of numbers, NaN for null.
func jsonNumbers(s *table.File, dec *json.Decoder, key string) ([]float64, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if tok != json.Delim('[') {
		return nil, fmt.Errorf("%s: %s is %v: an array of numbers was expected", s.Name, key, tok)
	}
	var out []float64
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, ok := tok.(float64)
		switch {
		case tok == nil:
			v = math.NaN()
		case !ok || math.Abs(v) > table.Largest:
			return nil, &table.RowError{File: s.Name, Row: len(out) + 1, Field: key, Value: table.Redact(fmt.Sprint(tok)), Want: "a number or null was expected"}
		}
		if len(out) >= mostOfOne {
			return nil, tooMany(dataset.Prices, s.Name, 0)
		}
		out = append(out, v)
	}
	_, err = dec.Token()
	return out, err
}
