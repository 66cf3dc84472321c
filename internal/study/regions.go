package study

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/foreign/regionfile"
	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/reference/regions"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// Regions are the regions of a study, with what is known of each.
type Regions struct {
	Set        *region.Set
	CRS        region.CRS        // of the geometry in Set; 0 without any
	Figures    []outlook.Figures // in the set's order
	CapacityKW []float64         // of transformer or substation, NaN where unknown; nil without any
	Schematic  bool              // invented outlines
	Notes      []string          // for the reader of the results
}

// national is what all gemeenten say together (package outlook).
func national(a *outlook.Assumptions) (*outlook.National, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	var codes []string
	var figures []outlook.Figures
	for i := range m.Gemeenten {
		codes = append(codes, m.Gemeenten[i].Code)
		figures = append(figures, figuresOfCounts(&m.Gemeenten[i].Counts))
	}
	return outlook.NewNational(codes, figures, a)
}

func figuresOfCounts(c *regions.Counts) outlook.Figures {
	f := outlook.Unknown()
	f.Detached, f.SemiDetached = float64(c.Detached), float64(c.SemiDetached)
	f.Terraced, f.Apartment = float64(c.Terraced), float64(c.Apartment)
	f.Households, f.Cars, f.Vans = float64(c.Households), float64(c.Cars), float64(c.Vans)
	return f
}

// readRegions reads the study's regions and lists them among its inputs.
func (r *workbench) readRegions(ctx context.Context) (*Regions, error) {
	if builtin := r.Study.Data.Regions; builtin == assume.Reference || builtin == assume.Schematic {
		in := result.Input{
			Source: "CBS 2022-2023: 342 gemeenten with dwellings and vehicles; their outlines are schematic",
			Report: dataset.Report{
				Kind: "regions", File: builtin, Mends: []dataset.Mend{}, SHA256: regions.SHA256(),
				Notes: []string{"schematic map: set data.regions to the CBS file for real boundaries and buurten (docs/data.md)"},
			},
		}
		if builtin == assume.Schematic {
			in.Source += "; wijken and buurten are invented and share out the figures of their gemeente"
		}
		r.Manifest.Inputs = append(r.Manifest.Inputs, in)
		return BuiltInRegions(builtin == assume.Schematic)
	}
	path := r.Study.Path(r.Study.Data.Regions)
	data, err := regionfile.Read(ctx, path, regionfile.Options{})
	if err != nil {
		return nil, fmt.Errorf("data.regions: %w", err)
	}
	out, err := RegionsOf(data)
	if err != nil {
		return nil, fmt.Errorf("data.regions: %s: %w", r.Study.Data.Regions, err)
	}
	in := result.Input{Source: "file of the study", Report: dataset.Report{
		Kind: "regions", File: r.Study.Data.Regions, Format: data.Report.Format, Mends: []dataset.Mend{}, Notes: data.Report.Notes,
	}}
	in.SHA256 = data.SHA256
	for _, l := range data.Report.Layers {
		in.Rows += l.Rows
		if n := len(l.Dropped); n > 0 {
			m := dataset.Mend{What: "row left out of layer " + l.Layer, Count: n}
			for _, d := range l.Dropped[:min(n, 10)] {
				m.Where = append(m.Where, fmt.Sprintf("%s %s: %s", d.Code, d.Name, d.Reason))
			}
			in.Mends = append(in.Mends, m)
		}
		if n := l.Mends.ClosedRings + l.Mends.RepeatedPoints + l.Mends.DroppedRings; n > 0 {
			in.Mends = append(in.Mends, dataset.Mend{What: "point or ring of a border mended", Count: n, Where: []string{"layer " + l.Layer}})
		}
	}
	in.Notes = append(in.Notes, out.Notes...)
	r.Manifest.Inputs = append(r.Manifest.Inputs, in)
	return out, nil
}

// BuiltInRegions is the built-in map: provinces and gemeenten, which are real but for
// their outlines, and when asked the invented wijken and buurten in them.
func BuiltInRegions(invented bool) (*Regions, error) {
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	var list []region.Region
	figures := map[string]outlook.Figures{}
	provincieOf := map[string]string{}
	add := func(code, name string, level region.Level, counts *regions.Counts) {
		list = append(list, region.Region{Code: code, Name: name, Level: level, Vintage: 2023})
		if region.Invented(code) {
			list[len(list)-1].Vintage = 0 // of no year
		}
		figures[code] = figuresOfCounts(counts)
	}
	for i := range m.Provinces {
		p := &m.Provinces[i]
		add(p.Code, p.Name, region.Provincie, &p.Counts)
		list[len(list)-1].Geometry = p.Polygon
	}
	for i := range m.Gemeenten {
		g := &m.Gemeenten[i]
		add(g.Code, g.Name, region.Gemeente, &g.Counts)
		list[len(list)-1].Geometry = g.Polygon
		provincieOf[g.Code] = g.ProvinceCode
	}
	if invented {
		for i := range m.Wijken {
			w := &m.Wijken[i]
			add(w.Code, w.Name, region.Wijk, &w.Counts)
			list[len(list)-1].Geometry = w.Polygon
		}
		for i := range m.Buurten {
			b := &m.Buurten[i]
			add(b.Code, b.Name, region.Buurt, &b.Counts)
			list[len(list)-1].Geometry = b.Polygon
		}
	}
	set, err := region.NewSet(list, region.SetOptions{ProvincieOf: provincieOf, Names: names(nil)})
	if err != nil {
		return nil, err
	}
	out := &Regions{Set: set, CRS: region.WGS84, Figures: make([]outlook.Figures, set.Len()), Schematic: true}
	for i := range out.Figures {
		f, ok := figures[set.At(i).Code]
		if !ok {
			f = outlook.Unknown()
		}
		out.Figures[i] = f
	}
	return out, nil
}

// names are the names of regions that a file may lack, the file's own first.
func names(own map[string]string) map[string]string {
	out := map[string]string{region.LandCode: "Nederland"}
	if m, err := regions.Load(); err == nil {
		for i := range m.Provinces {
			out[m.Provinces[i].Code] = m.Provinces[i].Name
		}
		for i := range m.Gemeenten {
			out[m.Gemeenten[i].Code] = m.Gemeenten[i].Name
		}
	}
	maps.Copy(out, own)
	return out
}

// RegionsOf makes a study's regions of a file's. Gemeenten lie in the provincies
// that the file says, else in those of 2023.
func RegionsOf(data *regionfile.Data) (*Regions, error) {
	provincieOf := map[string]string{}
	m, err := regions.Load()
	if err != nil {
		return nil, err
	}
	for i := range m.Gemeenten {
		provincieOf[m.Gemeenten[i].Code] = m.Gemeenten[i].ProvinceCode
	}
	maps.Copy(provincieOf, data.ProvincieOf)
	list := data.Regions()
	out := &Regions{}
	known := names(data.Names)
	if lost := withoutProvincie(list, provincieOf); len(lost) > 0 {
		provincieOf = nil
		for _, code := range lost {
			if known[code] == "" {
				known[code] = code
			}
		}
		out.Notes = append(out.Notes, fmt.Sprintf("no provincies: %d gemeenten, such as %s, are not those of 2023 and the file does not say where they lie", len(lost), lost[0]))
	}
	for _, l := range data.Layers {
		if l.CRS == 0 {
			continue
		}
		if out.CRS != 0 && out.CRS != l.CRS {
			return nil, fmt.Errorf("layer %s is in %s and another in %s: one coordinate system was expected", l.Name, l.CRS, out.CRS)
		}
		out.CRS = l.CRS
	}
	if out.Set, err = region.NewSet(list, region.SetOptions{ProvincieOf: provincieOf, Names: known}); err != nil {
		return nil, err
	}
	out.Figures = make([]outlook.Figures, out.Set.Len())
	for i := range out.Figures {
		out.Figures[i] = outlook.Unknown()
	}
	for li := range data.Layers {
		l := &data.Layers[li]
		column := func(name string) func(int) float64 {
			values, ok := l.Values(name)
			return func(i int) float64 {
				if !ok {
					return math.NaN()
				}
				return values[i]
			}
		}
		figures := figureColumns(column)
		if marks, ok := l.Values("schematic"); ok && slices.Contains(marks, 1) {
			out.Schematic = true
		}
		capacity, hasCapacity := l.Values("capacity_kw")
		if hasCapacity && out.CapacityKW == nil {
			out.CapacityKW = make([]float64, out.Set.Len())
			for i := range out.CapacityKW {
				out.CapacityKW[i] = math.NaN()
			}
		}
		for i := range l.Regions {
			at, ok := out.Set.Index(l.Regions[i].Code)
			if !ok {
				return nil, fmt.Errorf("region %s is not in the tree", l.Regions[i].Code)
			}
			out.Figures[at] = figures(i)
			if hasCapacity {
				out.CapacityKW[at] = capacity[i]
			}
		}
	}
	out.Notes = append(out.Notes, out.replaced()...)
	return out, nil
}

// replaced says which figures of a file are not used: those of regions whose parts
// have figures too, of which the sum counts. It also says where there are none at all.
func (r *Regions) replaced() (notes []string) {
	figures := []struct {
		name string
		of   func(*outlook.Figures) float64
	}{
		{"households", func(f *outlook.Figures) float64 { return f.Households }},
		{"dwellings", func(f *outlook.Figures) float64 { return f.Dwellings }},
		{"cars", func(f *outlook.Figures) float64 { return f.Cars }},
		{"vans", func(f *outlook.Figures) float64 { return f.Vans }},
	}
	for _, figure := range figures {
		for _, level := range r.Set.Levels() {
			n, own, sum, worst, most := 0, 0.0, 0.0, "", 0.0
			for _, i := range r.Set.OfLevel(level) {
				parts, v := r.below(i, figure.of), figure.of(&r.Figures[i])
				if math.IsNaN(parts) || math.IsNaN(v) || math.Abs(v-parts) < 0.5 {
					continue
				}
				n, own, sum = n+1, own+v, sum+parts
				if d := math.Abs(v - parts); d > most {
					most, worst = d, fmt.Sprintf("%s: %.0f, and %.0f below it", r.Set.At(i).Code, v, parts)
				}
			}
			if n > 0 {
				notes = append(notes, fmt.Sprintf("%s of %d regions of level %s are the sums of the regions below them (%.0f), not the figures of their own (%.0f); the furthest apart is %s", figure.name, n, level, sum, own, worst))
			}
		}
	}
	for i := range r.Figures {
		if f := &r.Figures[i]; !math.IsNaN(f.Households) || !math.IsNaN(f.Dwellings) || !math.IsNaN(f.Detached+f.SemiDetached+f.Terraced+f.Apartment) {
			return notes
		}
	}
	return append(notes, fmt.Sprintf("none of the %d regions has a number of dwellings or households, and a study stops at that: join a file with them by code, such as CBS's kerncijfers: getij import regions BORDERS FIGURES", r.Set.Len()))
}

// below is the sum of a figure over the lowest regions in a region; NaN for none.
func (r *Regions) below(i int, of func(*outlook.Figures) float64) float64 {
	sum, known := 0.0, false
	for _, c := range r.Set.Children(i) {
		v := r.below(c, of)
		if math.IsNaN(v) {
			v = of(&r.Figures[c])
		}
		if !math.IsNaN(v) {
			sum, known = sum+v, true
		}
	}
	if !known {
		return math.NaN()
	}
	return sum
}

// withoutProvincie are the codes of the gemeenten that the table lacks.
func withoutProvincie(list []region.Region, provincieOf map[string]string) (lost []string) {
	seen := map[string]bool{}
	for _, r := range list {
		code := region.GemeenteCode(r.Code)
		if code == "" || seen[code] || provincieOf[code] != "" {
			continue
		}
		seen[code] = true
		lost = append(lost, code)
	}
	return lost
}

// figureColumns turns a layer's columns into figures per row: counts where the
// file has them, else shares of its dwellings.
func figureColumns(column func(string) func(int) float64) func(row int) outlook.Figures {
	dwellings, households := column("dwellings"), column("households")
	counts := [4]func(int) float64{column("dwellings_detached"), column("dwellings_semi_detached"), column("dwellings_terraced"), column("dwellings_apartment")}
	detached, semi, corner := column("detached_share"), column("semi_detached_share"), column("corner_share")
	terraced, apartment := column("terraced_share"), column("apartment_share")
	withDriveway := column("dwellings_with_driveway")
	cars, vans, carsPerHousehold := column("cars"), column("vans"), column("cars_per_household")
	either := func(v, other float64) float64 {
		if math.IsNaN(v) {
			return other
		}
		return v
	}
	return func(i int) outlook.Figures {
		d := dwellings(i)
		withCorner := semi(i)
		if c := corner(i); !math.IsNaN(c) {
			withCorner += c
		}
		return outlook.Figures{
			Dwellings: d, Households: households(i), WithDriveway: withDriveway(i),
			Detached: either(counts[0](i), detached(i)*d), SemiDetached: either(counts[1](i), withCorner*d),
			Terraced: either(counts[2](i), terraced(i)*d), Apartment: either(counts[3](i), apartment(i)*d),
			Cars: either(cars(i), carsPerHousehold(i)*either(households(i), d)), Vans: vans(i),
		}
	}
}

// InRD is the geometry of region i in RD New, or nil.
func (r *Regions) InRD(set *region.Set, i int) region.Region {
	reg := set.At(i)
	if r.CRS == region.WGS84 && reg.Geometry != nil {
		reg.Geometry = region.ToRD(reg.Geometry)
	}
	return reg
}
