package assume_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

func variantsFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "study.yaml")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAVariantIsTheStudyButForWhatItChanges(t *testing.T) {
	const base = `study: base
homes: 7
contracts: [{name: a, kind: dynamic, rules: 2027-01-01}]
`
	path, alone := variantsFile(t, base+`variants:
  nested: {charger: {charge_kw: 3.7}, contracts: {a: {vat: 0.1, rules: 2026-12-31}}}
  by key: {contracts.a.net_metering: true, modes: [regular, v2g]}
  a list: {contracts.b.vat: 0.2, contracts: [{name: b, kind: single}]}
`), variantsFile(t, base)
	s, err := assume.Load(path, []string{"charger.discharge_kw=5"})
	if err != nil {
		t.Fatal(err)
	}
	for i, settings := range [][]string{
		{"study=nested", "charger.charge_kw=3.7", "contracts.a.rules=2026-12-31", "contracts.a.vat=0.1"},
		{"study=by key", "contracts.a.net_metering=true", "modes=[regular, v2g]"},
		{"study=a list", "contracts=[{name: b, kind: single}]", "contracts.b.vat=0.2"},
	} {
		want, err := assume.Load(alone, append([]string{"charger.discharge_kw=5"}, settings...))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Variants()[i]; written(t, got) != written(t, want) {
			t.Errorf("%v:\n%s\nwant\n%s", settings, written(t, got), written(t, want))
		}
	}
	if n := len(s.Variants()); n != 3 || s.Charger.ChargeKW != 11 || strings.Contains(written(t, s), "variants") {
		t.Errorf("%d variants; the study itself: %s", n, written(t, s))
	}
}

func TestVariantsThatAreRefused(t *testing.T) {
	many := "variants:\n"
	for i := range 51 {
		many += fmt.Sprintf("  v%d: {year: 2023}\n", i)
	}
	for _, c := range []struct{ content, want string }{
		{"variants:\n  x: {charger.charge_kv: 3}\n", "variant x: line 2: key charger.charge_kv is unknown: did you mean charger.charge_kw?"},
		{"variants:\n  x:\n    charger:\n      charge_kv: 3\n", "variant x: line 4: key charger.charge_kv is unknown: did you mean charger.charge_kw?"},
		{"variants:\n  x: {charger.charge_kw: -3}\n", "variant x: line 2: charger.charge_kw is -3: 0.1 to 1000 kW was expected"},
		{"variants:\n  x: {car: {min_soc: 010}}\n", "variant x: line 2: car.min_soc is 010: a number in decimal digits, such as 10 or 0.5, was expected (no zero in front, no 0x, no _, no .inf or .nan)"},
		{"variants:\n  x: {contracts.nope.vat: 0.1}\n", "variant x: line 2: contracts.NAME.KEY was expected, where NAME is one of single, dual, dynamic, dynamic_2027"},
		{"variants:\n  x: {contracts: [{name: a}]}\n", "variant x: line 2: the contract has no kind: use single, dual or dynamic"},
		{"variants:\n  x: {charger: {charge_kw: 3}, charger.charge_kw: 4}\n", "variant x: line 2: charger.charge_kw is given twice (first on line 2)"},
		{"variants:\n  x: {charger.charge_kw: }\n", "variant x: line 2: charger.charge_kw has no value: give it one, or leave the key out for its default"},
		{"variants:\n  x: {homes: 3}\n", "variant x: line 2: homes is the same in all variants, as they compare the same homes: set it for the study"},
		{"variants:\n  x: {outlook: {scenario: low}}\n", "variant x: line 2: outlook.scenario changes regions alone, which a comparison leaves out: run the study twice, with --set"},
		{"variants:\n  x: {study: y}\n", "variant x: line 2: study is the variant's name already: leave it out"},
		{"variants:\n  x: {variants: {y: {year: 2023}}}\n", "variant x: line 2: a variant has no variants of its own"},
		{"variants:\n  x: {}\n", "variant x: line 2: it changes nothing: keys of the study and values were expected under it, such as charger.charge_kw: 7.4"},
		{"variants:\n  a/b: {year: 2023}\n", `variant a/b: study is "a/b": a name that can name a folder was expected`},
		{"study: x\nvariants:\n  x: {year: 2023}\n", "line 3: variant x has the name of the study itself: give it another, or give the study one with `study:`"},
		{"variants:\n  x: {year: 2023}\n  x: {year: 2022}\n", "line 3: variant x is given twice (first on line 2)"},
		{"variants: 3\n", "line 1: variants holds names, and under each the keys that it changes, such as `7 kW: {charger.charge_kw: 7.4}`"},
		{"variants: {x: {year: 2023}}\nvariants: {y: {year: 2023}}\n", "line 2: variants is given twice (first on line 1)"},
		{many, "line 2: 51 variants: at most 50 were expected; compare several study files"},
	} {
		path := variantsFile(t, c.content)
		_, err := assume.Load(path, nil)
		if err == nil || err.Error() != path+": "+c.want {
			t.Errorf("%s\n got %v\nwant %s: %s", c.content, err, path, c.want)
		}
		if !errors.As(err, new(*assume.InputError)) {
			t.Errorf("%s: %T does not count as wrong input", c.content, err)
		}
	}
}
