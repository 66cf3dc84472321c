package region

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Region is one area. Geometry may be nil.
type Region struct {
	Code    string
	Name    string
	Level   Level
	Vintage int    // year of the boundaries, 0 when unknown
	Parent  string // code of the region around it; "" lets NewSet find it from the code
	// Geometry is in the coordinate system that its owner states.
	Geometry orb.MultiPolygon
}

// SetOptions says how NewSet finds parents.
type SetOptions struct {
	// ProvincieOf gives the provincie code of each gemeente code. When nil,
	// gemeenten hang under the land directly.
	ProvincieOf map[string]string
	// Names names the parents that are made because the input lacks them.
	Names map[string]string
}

// Set is a tree of regions with one root, the land. Its order is fixed: by level
// from coarse to fine, own levels last and by word, then by code. A Set is
// read-only.
type Set struct {
	regions  []Region
	index    map[string]int
	parent   []int // -1 for the root
	children [][]int
	bottomUp []int // every child before its parent
	made     int
}

// NewSet checks regions and puts them in a tree. Parents that are not in the
// input are made from their children's codes, without geometry, and counted by
// [Set.Made]. An explicit Parent of a CBS region must be the one its code tells,
// or a region of an own level that is in the input; a region of an own level
// without a parent hangs under the land.
func NewSet(regions []Region, options SetOptions) (*Set, error) {
	b := setBuilder{options: options, index: make(map[string]int, len(regions)), regions: make([]Region, 0, len(regions)+len(regions)/16+16)}
	for i, r := range regions {
		if err := b.add(r, i); err != nil {
			return nil, err
		}
	}
	given := len(b.regions)
	// Regions made here are appended and get their own parents in turn.
	for i := 0; i < len(b.regions); i++ {
		if err := b.link(i); err != nil {
			return nil, err
		}
	}
	if _, ok := b.index[LandCode]; !ok {
		b.make(LandCode, Land)
	}
	s := &Set{regions: b.regions, index: b.index, made: len(b.regions) - given}
	slices.SortFunc(s.regions, func(a, b Region) int {
		return cmp.Or(
			cmp.Compare(a.Level.Rank(), b.Level.Rank()),
			cmp.Compare(a.Level, b.Level),
			cmp.Compare(a.Code, b.Code))
	})
	return s, s.connect()
}

type setBuilder struct {
	options SetOptions
	regions []Region
	index   map[string]int
	vintage int
}

func (b *setBuilder) add(r Region, at int) error {
	if r.Level.IsCBS() {
		code, level, err := ParseCode(r.Code)
		if err != nil {
			return err
		}
		if level != r.Level {
			return &NestError{Code: r.Code, Parent: r.Parent, Want: fmt.Sprintf("level %s, got %s", level, r.Level)}
		}
		r.Code = code
	} else if r.Code == "" || r.Level == "" {
		return fmt.Errorf("region number %d has code %q and level %q: expected both", at+1, r.Code, r.Level)
	}
	if first, ok := b.index[r.Code]; ok {
		return &DuplicateError{Code: r.Code, First: first, Second: at}
	}
	if r.Vintage != 0 {
		if b.vintage == 0 {
			b.vintage = r.Vintage
		}
		if r.Vintage != b.vintage {
			return &VintageError{Code: r.Code, Got: r.Vintage, Want: b.vintage}
		}
	}
	if code, _, err := ParseCode(r.Parent); err == nil {
		r.Parent = code
	}
	b.index[r.Code] = len(b.regions)
	b.regions = append(b.regions, r)
	return nil
}

func (b *setBuilder) make(code string, level Level) {
	name := b.options.Names[code]
	switch {
	case name != "":
	case level == Land:
		name = "Nederland"
	case level == Provincie:
		for _, p := range Provincies() {
			if p.Code == code {
				name = p.Name
			}
		}
	}
	b.index[code] = len(b.regions)
	b.regions = append(b.regions, Region{Code: code, Name: name, Level: level, Vintage: b.vintage})
}

// link finds region i's parent, making it when it is absent.
func (b *setBuilder) link(i int) error {
	r := b.regions[i]
	want, err := b.parentFromCode(r)
	if err != nil {
		return err
	}
	if r.Parent == "" || r.Parent == want {
		b.regions[i].Parent = want
		if want == "" {
			return nil
		}
		if _, ok := b.index[want]; !ok {
			b.make(want, LevelOf(want))
		}
		return nil
	}
	at, ok := b.index[r.Parent]
	parentLevel := LevelOf(r.Parent)
	if ok {
		parentLevel = b.regions[at].Level
	}
	switch {
	case r.Level == Land:
		return &NestError{Code: r.Code, Parent: r.Parent, Want: "no parent above the land"}
	case r.Level.IsCBS() && parentLevel.IsCBS() && !(r.Level == Gemeente && b.options.ProvincieOf == nil):
		return &NestError{Code: r.Code, Parent: r.Parent, Want: want}
	case r.Level == Gemeente && parentLevel.IsCBS() && parentLevel != Provincie && parentLevel != Land:
		return &NestError{Code: r.Code, Parent: r.Parent, Want: "a provincie"}
	case !ok && parentLevel == "":
		return &NestError{Code: r.Code, Parent: r.Parent, Want: "a region of this set or a CBS code"}
	case !ok:
		b.make(r.Parent, parentLevel)
	}
	return nil
}

func (b *setBuilder) parentFromCode(r Region) (string, error) {
	switch {
	case r.Level == Land:
		return "", nil
	case r.Level == Gemeente && b.options.ProvincieOf != nil:
		p := b.options.ProvincieOf[r.Code]
		if LevelOf(p) != Provincie {
			return "", &NestError{Code: r.Code, Parent: p, Want: "a provincie code (PV20 to PV31) in the table gemeente to provincie"}
		}
		return p, nil
	case r.Level == Gemeente || !r.Level.IsCBS():
		return LandCode, nil
	}
	return ParentCode(r.Code), nil
}

// connect fills the indexes from the sorted regions and refuses circles.
func (s *Set) connect() error {
	for i := range s.regions {
		s.index[s.regions[i].Code] = i
	}
	s.parent = make([]int, len(s.regions))
	count := make([]int, len(s.regions)) // of children
	root := -1
	for i := range s.regions {
		s.parent[i] = -1
		if s.regions[i].Parent == "" {
			root = i
			continue
		}
		p := s.index[s.regions[i].Parent]
		s.parent[i] = p
		count[p]++
	}
	s.children = make([][]int, len(s.regions))
	all := make([]int, 0, len(s.regions)) // lists of children, one behind the other
	for i, n := range count {
		if n > 0 {
			s.children[i] = all[len(all) : len(all) : len(all)+n]
			all = all[:len(all)+n]
		}
	}
	for i, p := range s.parent {
		if p >= 0 {
			s.children[p] = append(s.children[p], i)
		}
	}
	topDown := make([]int, 0, len(s.regions))
	topDown = append(topDown, root)
	for k := 0; k < len(topDown); k++ {
		topDown = append(topDown, s.children[topDown[k]]...)
	}
	if len(topDown) < len(s.regions) {
		reached := make([]bool, len(s.regions))
		for _, i := range topDown {
			reached[i] = true
		}
		lost := s.regions[slices.Index(reached, false)]
		return &NestError{Code: lost.Code, Parent: lost.Parent, Want: "parents that lead to the land, not in a circle"}
	}
	slices.Reverse(topDown)
	s.bottomUp = topDown
	return nil
}

// Len is the number of regions, made ones included.
func (s *Set) Len() int { return len(s.regions) }

// At returns region i in the set's order.
func (s *Set) At(i int) Region { return s.regions[i] }

// Index returns the position of a code.
func (s *Set) Index(code string) (int, bool) {
	i, ok := s.index[code]
	return i, ok
}

// Parent returns the position of region i's parent, -1 for the land.
func (s *Set) Parent(i int) int { return s.parent[i] }

// Children returns the positions directly under region i. Do not change them.
func (s *Set) Children(i int) []int { return s.children[i] }

// Made is the number of parents that the input lacked.
func (s *Set) Made() int { return s.made }

// Levels lists the levels that occur, in the set's order.
func (s *Set) Levels() []Level {
	var levels []Level
	for _, r := range s.regions {
		if len(levels) == 0 || levels[len(levels)-1] != r.Level {
			levels = append(levels, r.Level)
		}
	}
	return levels
}

// OfLevel returns the positions of the regions of one level.
func (s *Set) OfLevel(level Level) []int {
	var at []int
	for i, r := range s.regions {
		if r.Level == level {
			at = append(at, i)
		}
	}
	return at
}
