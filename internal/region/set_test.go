package region

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
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

// Only leaves are read, every level adds to the same, and a sum that does not fit
// is an error.
func TestSumsComeFromLeavesAlone(t *testing.T) {
	s, err := NewSet(buurten("BU00140101", "BU00140102", "BU00340101"), SetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	values := make([]int64, s.Len())
	at := func(code string) int { i, _ := s.Index(code); return i }
	values[at("BU00140101")], values[at("BU00140102")], values[at("BU00340101")] = 3, 4, 5
	values[at("GM0014")] = 99 // a stated total is not read
	sums, err := s.SumInt(values)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]int64{"GM0014": 7, "GM0034": 5, "NL00": 12} {
		if got := sums[at(code)]; got != want {
			t.Errorf("%s adds to %d, want %d", code, got, want)
		}
	}
	for _, level := range s.Levels() {
		var total int64
		for _, i := range s.OfLevel(level) {
			total += sums[i]
		}
		if total != 12 {
			t.Errorf("level %s adds to %d", level, total)
		}
	}
	var bad *SumError
	if _, err := s.SumInt(values[1:]); !errors.As(err, &bad) {
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
