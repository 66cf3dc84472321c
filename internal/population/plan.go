package population

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// aimedParts is how many parts a population is cut into, where its regions allow: what a
// killed program loses at the most, and how many machines can share the work. Smaller
// parts than of leastHomes would cost more to write than to compute again.
const aimedParts, leastHomes = 256, 500

// layout is the version of the folder: a folder of another one is not gone on with.
const layout = 2

// Plan says what a population is and how it is cut into parts, whoever computes them.
type Plan struct {
	Program  string         `json:"program"` // getij
	Version  string         `json:"version"`
	Commit   string         `json:"commit,omitempty"`
	Layout   int            `json:"layout"`
	Hash     string         `json:"hash"`            // of everything that decides a bit of the results
	Settings string         `json:"settings_sha256"` // of the study's assumptions
	Study    string         `json:"study"`
	Year     int            `json:"year"` // of prices, load and sun
	Scenario string         `json:"scenario"`
	Share    float64        `json:"share"`
	Adoption float64        `json:"adoption"`
	Years    []int          `json:"years"`
	Cases    []CaseName     `json:"cases"`
	Inputs   []result.Input `json:"inputs"`
	Notes    []string       `json:"notes"`
	Homes    int            `json:"homes"` // of all parts
	Parts    []Part         `json:"parts"`
	Above    []AboveParts   `json:"above_parts"` // the regions that parts add up to, the land last
}

// CaseName is a contract and a way to charge.
type CaseName struct {
	Contract string `json:"contract"`
	Mode     string `json:"mode"`
}

// Part is some regions that are computed together: whole gemeenten of a provincie.
type Part struct {
	Under   string `json:"under"` // code of the region that the part adds up to
	First   string `json:"first"` // name of its first gemeente, and of its last
	Last    string `json:"last"`
	Regions int    `json:"regions"` // without parts of their own
	Homes   int    `json:"homes"`

	units []int
}

// AboveParts is a region that parts add up to.
type AboveParts struct {
	Code        string    `json:"code"`
	Name        string    `json:"name"`
	Level       string    `json:"level"`
	Parent      string    `json:"parent,omitempty"`
	Points      []float64 `json:"home_charge_points"` // by year
	Dwellings   float64   `json:"dwellings"`
	Equivalents float64   `json:"home_equivalents"`
}

// About is what a plan takes from the study that it is of.
type About struct {
	Version  result.Version
	Study    string
	Settings []byte // the study's assumptions, without where its files lie
	Inputs   []result.Input
	Notes    []string
}

// NewPlan cuts a population into parts.
func NewPlan(in *Input, about *About) (*Plan, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	settings := sha256.Sum256(about.Settings)
	p := &Plan{
		Program: "getij", Version: about.Version.Version, Commit: about.Version.Commit, Layout: layout,
		Settings: hex.EncodeToString(settings[:]), Study: about.Study, Year: in.Axis.Year, Scenario: in.Years[0].Scenario,
		Share: in.Share, Adoption: in.Adoption, Inputs: about.Inputs, Notes: append(about.Notes, in.notes()...),
	}
	for _, y := range in.Years {
		p.Years = append(p.Years, y.Year)
	}
	for _, c := range in.Cases {
		p.Cases = append(p.Cases, CaseName{c.Contract, c.Mode.String()})
	}
	hash, err := p.hash()
	if err != nil {
		return nil, err
	}
	p.Hash = hash
	for i := range in.Set.Len() {
		if len(in.Set.Children(i)) == 0 {
			p.Homes += in.most(i)
		}
	}
	p.cut(in, 0)
	return p, nil
}

// hash names a population by what it is.
func (p *Plan) hash() (string, error) {
	type input struct{ Kind, SHA256 string }
	var inputs []input
	for _, in := range p.Inputs {
		inputs = append(inputs, input{in.Kind, in.SHA256})
	}
	b, err := json.Marshal([]any{p.Layout, p.Version, p.Commit, p.Settings, p.Scenario, p.Share, p.Adoption, p.Years, p.Cases, inputs})
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6]), err
}

// above says whether parts add up to a region: the land and its provincies.
func above(set *region.Set, i int) bool {
	level := set.At(i).Level
	return len(set.Children(i)) > 0 && (level == region.Land || level == region.Provincie)
}

// cut lists the parts under a region, and then the region.
func (p *Plan) cut(in *Input, i int) {
	if !above(in.Set, i) { // the land alone
		p.Parts = append(p.Parts, p.part(in, "", []int{i}))
		return
	}
	most := max(leastHomes, (p.Homes+aimedParts-1)/aimedParts)
	code := in.Set.At(i).Code
	var units []int
	homes := 0
	end := func() {
		if len(units) > 0 {
			p.Parts = append(p.Parts, p.part(in, code, units))
		}
		units, homes = nil, 0
	}
	for _, c := range in.Set.Children(i) {
		if above(in.Set, c) {
			end()
			p.cut(in, c)
			continue
		}
		n := in.below(c)
		if homes+n > most {
			end()
		}
		units, homes = append(units, c), homes+n
	}
	end()
	r, h := in.Set.At(i), &in.Base.Homes[i]
	a := AboveParts{Code: r.Code, Name: r.Name, Level: string(r.Level), Parent: r.Parent, Dwellings: h.Dwellings, Equivalents: h.Equivalents}
	for _, y := range in.Years {
		a.Points = append(a.Points, y.PointsByRegion[i])
	}
	p.Above = append(p.Above, a)
}

// below is how many homes are computed in a region.
func (in *Input) below(i int) (n int) {
	children := in.Set.Children(i)
	if len(children) == 0 {
		return in.most(i)
	}
	for _, c := range children {
		n += in.below(c)
	}
	return n
}

func (p *Plan) part(in *Input, under string, units []int) Part {
	out := Part{Under: under, First: in.Set.At(units[0]).Name, Last: in.Set.At(units[len(units)-1]).Name, units: units}
	var count func(i int)
	count = func(i int) {
		if len(in.Set.Children(i)) == 0 {
			out.Regions++
		}
		for _, c := range in.Set.Children(i) {
			count(c)
		}
	}
	for _, i := range units {
		out.Homes += in.below(i)
		count(i)
	}
	return out
}

// Name says which part it is, for people.
func (p *Plan) Name(part int) string {
	x := &p.Parts[part]
	name := x.First
	if x.Last != x.First {
		name += " to " + x.Last
	}
	return fmt.Sprintf("part %d of %d (%s, %d homes)", part+1, len(p.Parts), name, x.Homes)
}

// Regions is how many regions without parts of their own there are.
func (p *Plan) Regions() (n int) {
	for i := range p.Parts {
		n += p.Parts[i].Regions
	}
	return n
}
