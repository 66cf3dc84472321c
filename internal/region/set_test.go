package region

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func buurten(codes ...string) []Region {
	var rs []Region
	for _, c := range codes {
		rs = append(rs, Region{Code: c, Level: LevelOf(c), Vintage: 2023})
	}
	return rs
}

func codesOf(s *Set) []string {
	var codes []string
	for i := range s.Len() {
		codes = append(codes, s.At(i).Code)
	}
	return codes
}

func TestSetMakesParentsInFixedOrder(t *testing.T) {
	options := SetOptions{
		ProvincieOf: map[string]string{"GM0014": "PV20", "GM0344": "PV26"},
		Names:       map[string]string{"GM0014": "Groningen"},
	}
	in := buurten("BU03440102", "BU00140102", "BU00140101", "BU00140200", "GM0344")
	want := []string{
		"NL00", "PV20", "PV26", "GM0014", "GM0344", "WK001401", "WK001402", "WK034401",
		"BU00140101", "BU00140102", "BU00140200", "BU03440102",
	}
	for range 20 {
		rand.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		s, err := NewSet(in, options)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(codesOf(s), want) {
			t.Fatalf("%v", codesOf(s))
		}
		if s.Made() != 7 {
			t.Fatalf("made %d parents", s.Made())
		}
	}
	s, _ := NewSet(in, options)
	if !slices.Equal(s.Levels(), Levels()) || len(s.OfLevel(Buurt)) != 4 {
		t.Error(s.Levels())
	}
	i, _ := s.Index("GM0014")
	if s.At(i).Name != "Groningen" || s.At(i).Vintage != 2023 || s.At(s.Parent(i)).Name != "Groningen" || len(s.Children(i)) != 2 {
		t.Errorf("%+v", s.At(i))
	}
}

func TestSetRefuses(t *testing.T) {
	cases := map[string]struct {
		regions []Region
		options SetOptions
		want    any
	}{
		"twice":            {regions: buurten("BU00140102", "BU00140102"), want: new(*DuplicateError)},
		"wrong wijk":       {regions: []Region{{Code: "BU00140102", Level: Buurt, Parent: "WK001402"}}, want: new(*NestError)},
		"wijk in wijk":     {regions: []Region{{Code: "WK001402", Level: Wijk, Parent: "WK001401"}}, want: new(*NestError)},
		"wrong level":      {regions: []Region{{Code: "WK001402", Level: Buurt}}, want: new(*NestError)},
		"no code":          {regions: []Region{{Code: "Groningen", Level: Gemeente}}, want: new(*CodeError)},
		"mixed years":      {regions: append(buurten("BU00140102"), Region{Code: "BU00140103", Level: Buurt, Vintage: 2024}), want: new(*VintageError)},
		"no provincie":     {regions: buurten("GM0014"), options: SetOptions{ProvincieOf: map[string]string{}}, want: new(*NestError)},
		"wrong provincie":  {regions: []Region{{Code: "GM0014", Level: Gemeente, Parent: "PV21"}}, options: SetOptions{ProvincieOf: map[string]string{"GM0014": "PV20"}}, want: new(*NestError)},
		"gemeente in wijk": {regions: []Region{{Code: "GM0014", Level: Gemeente, Parent: "WK001401"}}, want: new(*NestError)},
		"circle": {regions: []Region{
			{Code: "a", Level: "onderstation", Parent: "b"}, {Code: "b", Level: "onderstation", Parent: "a"},
		}, want: new(*NestError)},
		"unknown own parent": {regions: []Region{{Code: "BU00140102", Level: Buurt, Parent: "station 7"}}, want: new(*NestError)},
	}
	for name, c := range cases {
		_, err := NewSet(c.regions, c.options)
		if err == nil || !errors.As(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSetWithOwnLevel(t *testing.T) {
	s, err := NewSet([]Region{
		{Code: "S1", Level: "onderstation"},
		{Code: "S2", Level: "onderstation"},
		{Code: "BU00140101", Level: Buurt, Parent: "S1"},
		{Code: "BU00140102", Level: Buurt, Parent: "S2"},
		{Code: "BU00140103", Level: Buurt, Parent: "S2"},
	}, SetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Made() != 1 { // the land
		t.Errorf("made %d", s.Made())
	}
	values := make([]int64, s.Len())
	for n, i := range s.OfLevel(Buurt) {
		values[i] = int64(n + 1)
	}
	sums, err := s.SumInt(values)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := s.Index("S2")
	if sums[two] != 5 || sums[0] != 6 {
		t.Error(sums)
	}
}

// Sums over any level agree to the last bit, whatever the order of adding.
func TestSumsOverLevelsAgreeExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "buurten")
		digits := rapid.StringMatching(`00[0-3][0-9]0[0-3]0[0-9]`)
		seen := map[string]bool{}
		var regions []Region
		provincies := map[string]string{}
		for range n {
			d := digits.Draw(t, "digits")
			if !seen[d] {
				seen[d] = true
				regions = append(regions, Region{Code: "BU" + d, Level: Buurt})
				provincies["GM"+d[:4]] = "PV2" + d[3:4]
			}
		}
		s, err := NewSet(regions, SetOptions{ProvincieOf: provincies})
		if err != nil {
			t.Fatal(err)
		}
		values := make([]float64, s.Len())
		for i := range values {
			values[i] = rapid.Float64Range(-1e7, 1e7).Draw(t, "value")
		}
		sums, err := s.SumFloat(values)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range s.Levels() {
			at := s.OfLevel(level)
			at = rapid.Permutation(at).Draw(t, "order")
			var total float64
			for _, i := range at {
				total += sums.Value[i]
			}
			if total != sums.Value[0] {
				t.Fatalf("level %s adds to %v, the land to %v", level, total, sums.Value[0])
			}
		}
		for _, i := range s.OfLevel(Buurt) {
			if math.Abs(sums.Value[i]-values[i]) > Quantum/2 {
				t.Fatalf("leaf %v became %v", values[i], sums.Value[i])
			}
		}
	})
}

func TestSumCountsMissing(t *testing.T) {
	s, err := NewSet(buurten("BU00140101", "BU00140102", "BU00340101"), SetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, s.Len())
	set := func(code string, v float64) { i, _ := s.Index(code); values[i] = v }
	set("BU00140101", 3)
	set("BU00140102", math.NaN())
	set("BU00340101", math.NaN())
	set("GM0014", 99) // a stated total is not read
	sums, err := s.SumFloat(values)
	if err != nil {
		t.Fatal(err)
	}
	i, _ := s.Index("GM0014")
	j, _ := s.Index("GM0034")
	if sums.Value[i] != 3 || sums.Missing[i] != 1 || !math.IsNaN(sums.Value[j]) || sums.Value[0] != 3 || sums.Missing[0] != 2 {
		t.Errorf("%+v", sums)
	}
	var bad *SumError
	set("BU00140101", math.Inf(1))
	if _, err := s.SumFloat(values); !errors.As(err, &bad) {
		t.Error(err)
	}
	set("BU00140101", 1e10)
	if _, err := s.SumFloat(values); !errors.As(err, &bad) {
		t.Error(err)
	}
	if _, err := s.SumFloat(values[1:]); !errors.As(err, &bad) {
		t.Error(err)
	}
	whole := make([]int64, s.Len())
	for i := range whole {
		whole[i] = math.MaxInt64
	}
	if _, err := s.SumInt(whole); !errors.As(err, &bad) {
		t.Error(err)
	}
}
