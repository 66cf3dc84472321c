package assume

import (
	"math"
	"strings"
	"testing"
)

// Whatever stands in a study file and in a setting over it, loading ends with an
// error or with a study whose numbers are finite, and which written out and read
// again is the same.
func FuzzStudy(f *testing.F) {
	for _, c := range []struct{ content, setting string }{
		{"homes: 100\ncar: {min_soc: 0.1}\n", "homes=7"},
		{"contracts:\n  - {name: a, kind: dynamic, grid_tariff_eur_per_kwh_by_hour: [0.1]}\n", "contracts.a.vat=0.09"},
		{"homes: 010\n---\nhomes: 1_000\n", "homes=0x10"},
		{"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "modes=[v2g, regular]"},
		{"study: !!binary aGk=\nseed: 18446744073709551615\n", "seed=1e3"},
		{"? {a: b}\n: c\n<<: {homes: 3}\n", "contracts=[{kind: single}] # x"},
		{"potential: {kw_per_charge_point: .nan}\n", "potential.kw_per_charge_point=computed"},
		{"\"\\e[31m\": \"\\u202e\"\nhomes: !!float 3\n", "=\n"},
		{"contracts: [{kind: dual, low_from_hour: -0, low_to_hour: 2.4e1}]\n", "contracts.dual.kind=single"},
	} {
		f.Add(c.content, c.setting)
	}
	f.Fuzz(func(t *testing.T, content, setting string) {
		user, err := document(strings.NewReader(content))
		if err != nil {
			return
		}
		var settings []string
		if setting != "" {
			settings = append(settings, setting)
		}
		s, err := parse(user, settings)
		if err != nil {
			return
		}
		if n := s.Homes * len(s.Contracts) * len(s.Modes); n < 1 || n > mostYears {
			t.Fatalf("%d years of a home", n)
		}
		for i := range s.Contracts {
			for _, v := range append([]float64{s.Contracts[i].ImportEURPerKWh, s.Contracts[i].VAT}, s.Contracts[i].GridTariffEURPerKWh...) {
				if math.IsNaN(v) || math.Abs(v) > 10 {
					t.Fatalf("contract %s has the value %g", s.Contracts[i].Name, v)
				}
			}
		}
		first, err := s.YAML()
		if err != nil {
			t.Fatal(err)
		}
		user, err = document(strings.NewReader(string(first)))
		if err != nil {
			t.Fatalf("%v: written as\n%s", err, first)
		}
		again, err := parse(user, nil)
		if err != nil {
			t.Fatalf("%v: written as\n%s", err, first)
		}
		if second, err := again.YAML(); err != nil || string(second) != string(first) {
			t.Fatalf("%v: written\n%s\nread and written\n%s", err, first, second)
		}
	})
}
