package outlook

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/getij/getij/internal/region"
)

// baseYear is the year of the built-in figures of cars and vans.
const baseYear = 2023

// Figures are what is known of one region today; NaN where it is not.
type Figures struct {
	Dwellings    float64 // all, when given
	Detached     float64
	SemiDetached float64 // and corner
	Terraced     float64
	Apartment    float64
	WithDriveway float64 // from a driveway analysis
	Households   float64
	Cars, Vans   float64 // registered
}

// Unknown is a region of which nothing is known.
func Unknown() Figures {
	n := math.NaN()
	return Figures{n, n, n, n, n, n, n, n, n}
}

func (f *Figures) types() [4]float64 {
	return [4]float64{f.Detached, f.SemiDetached, f.Terraced, f.Apartment}
}

// spacious is the share of detached and semi-detached dwellings: how a region
// lives, and with it how many cars it keeps.
func (f *Figures) spacious() float64 {
	t := f.types()
	return (t[0] + t[1]) / (t[0] + t[1] + t[2] + t[3])
}

// Home is a region's homes and vehicles today, mended.
type Home struct {
	Dwellings, WithDriveway float64
	Equivalents             float64 // mean dwellings that use as much as these
	Cars, Vans              float64 // of the people who live there
	// Cars, vans per household against gemeenten that live alike, within bounds; of a
	// region other than a gemeente the mean over its driveways, 0 without any.
	CarsToUsual, VansToUsual float64

	DrivewaysByType [4]float64 // of WithDriveway, as far as the assumptions by type give it
}

// Base is the starting point: every region's homes, coarser regions the exact
// sums of the leaves below.
type Base struct {
	Homes  []Home // in the set's order
	Mended []Mend // reasons, in the set's order
	leaves []int
	groups []group
}

// Mend is a set of reasons for which a region's figures were changed.
type Mend uint16

// What was mended in a region.
const (
	NoDwellings     Mend = 1 << iota // dwellings taken from households, as many each as the gemeente, else the country, has
	NoTypes                          // types by the mix of the gemeente, else of the country
	TooFewTypes                      // types add up to far less than the households: scaled up to them
	LeaseCars                        // far more cars per household than its peers: taken from the peers
	LeaseVans                        // the same for vans
	NoCars                           // cars per household taken from the gemeente, else from the peers
	NoVans                           // the same for vans
	NothingKnown                     // neither dwellings nor households: counted as none
	DrivewaysCapped                  // more driveways than dwellings
)

// Changes counts the regions (leaves, or gemeenten for the lease rules) that
// were mended, and names the gemeenten whose vehicles were taken from peers.
type Changes struct {
	NoDwellings  int      `json:"regions_dwellings_imputed"`
	NoTypes      int      `json:"regions_dwelling_types_imputed"`
	TooFewTypes  int      `json:"regions_dwelling_types_scaled"`
	NoCars       int      `json:"regions_cars_imputed"`
	NoVans       int      `json:"regions_vans_imputed"`
	NothingKnown int      `json:"regions_without_dwellings"`
	Driveways    int      `json:"regions_driveways_capped"`
	LeaseCars    []string `json:"gemeenten_lease_cars_from_peers"` // by name
	LeaseVans    []string `json:"gemeenten_lease_vans_from_peers"`
	// Wijken, buurten and the like with so many vehicles; in a gemeente that does
	// not stand out as a whole, its other parts get them.
	SmallLeaseCars int `json:"regions_lease_cars"`
	SmallLeaseVans int `json:"regions_lease_vans"`
}

// limits are how far above its peers a region's vehicles per household may be
// before they are taken to be a lessor's.
type limits struct{ cars, vans float64 }

// Gemeenten stand out by more than these only where leasing companies register
// their vehicles (2023: Houten 3.5 cars a household, peers 1.2). Smaller regions
// differ more by themselves.
var (
	gemeenteLimits = limits{cars: 1.35, vans: 1.9}
	smallLimits    = limits{cars: 2.5, vans: 4}
)

const (
	// peerCount is the number of gemeenten, nearest in the share of spacious
	// dwellings, that a region is compared with.
	peerCount = 25
	// leastTypeShare: dwellings by type that add up to less than this share of
	// the households are incomplete (2023: Weert, a quarter).
	leastTypeShare = 0.6
)

// usual is the median of the peers' vehicles per household.
func (n *National) usual(spacious float64) (cars, vans float64) {
	// A gemeente finds itself whichever way its share was rounded.
	i := sort.Search(len(n.peers), func(i int) bool { return n.peers[i].spacious >= spacious-1e-9 })
	from := max(0, min(i-peerCount/2, len(n.peers)-peerCount))
	near := n.peers[from:min(from+peerCount, len(n.peers))]
	var c, v []float64
	for _, p := range near {
		c, v = append(c, p.carsPerHome), append(v, p.vansPerHome)
	}
	slices.Sort(c)
	slices.Sort(v)
	return c[len(c)/2], v[len(v)/2]
}

// mended is one region's figures, completed.
type mended struct {
	Home
	why                  Mend
	households           float64
	types                [4]float64 // dwellings, as completed
	spacious             float64    // of the types as completed
	usualCars, usualVans float64    // that many households would have
}

// mend completes one region's figures. local is the gemeente that it lies in, as
// the national table has it, or nil.
func (n *National) mend(in *Figures, local *localFigures, a *Assumptions, most limits) (h mended) {
	f := *in
	each := n.dwellingsPerHome
	if local != nil {
		each = local.dwellingsPerHome
	}
	types := f.types()
	sum := types[0] + types[1] + types[2] + types[3] // NaN where one is unknown
	switch {
	case !math.IsNaN(f.Dwellings):
	case sum > 0:
		f.Dwellings = sum
	case !math.IsNaN(f.Households):
		f.Dwellings = f.Households * each
		h.why |= NoDwellings
	default:
		h.why = NothingKnown
		return h
	}
	if math.IsNaN(f.Households) {
		f.Households = f.Dwellings / each
	}
	switch {
	case !(sum > 0):
		usual := n.typeShare
		if local != nil {
			usual = local.typeShare
		}
		types = completeTypes(types, f.Dwellings, usual)
		if f.Dwellings > 0 {
			h.why |= NoTypes
		}
	case math.IsNaN(in.Dwellings) && sum < leastTypeShare*f.Households:
		f.Dwellings = f.Households
		h.why |= TooFewTypes
	}
	if sum = types[0] + types[1] + types[2] + types[3]; sum > 0 {
		for k := range types { // types give the mix, dwellings the number
			types[k] *= f.Dwellings / sum
		}
	}
	h.types = types
	h.Dwellings, h.WithDriveway, h.households = f.Dwellings, f.WithDriveway, f.Households
	for k, use := range n.use {
		h.Equivalents += use * types[k]
	}
	if math.IsNaN(h.WithDriveway) {
		h.WithDriveway = 0
		for k, share := range a.drivewayShares() {
			h.DrivewaysByType[k] = share * types[k]
			h.WithDriveway += h.DrivewaysByType[k]
		}
	}
	if h.WithDriveway > h.Dwellings {
		h.WithDriveway = h.Dwellings
		h.why |= DrivewaysCapped
	}
	if f.Dwellings > 0 {
		h.spacious = (types[0] + types[1]) / f.Dwellings
	}
	usualCars, usualVans := n.usual(h.spacious)
	h.usualCars, h.usualVans = usualCars*f.Households, usualVans*f.Households
	h.Cars, h.Vans = f.Cars, f.Vans
	switch {
	case math.IsNaN(h.Cars) && local != nil:
		h.Cars = local.carsPerHome * f.Households
		h.why |= NoCars
	case math.IsNaN(h.Cars):
		h.Cars = h.usualCars
		h.why |= NoCars
	case h.Cars > most.cars*h.usualCars:
		h.Cars = h.usualCars
		h.why |= LeaseCars
	}
	switch {
	case math.IsNaN(h.Vans) && local != nil:
		h.Vans = local.vansPerHome * f.Households
		h.why |= NoVans
	case math.IsNaN(h.Vans):
		h.Vans = h.usualVans
		h.why |= NoVans
	case h.Vans > most.vans*h.usualVans:
		h.Vans = h.usualVans
		h.why |= LeaseVans
	}
	return h
}

// completeTypes gives the types that are unknown what the known ones leave of the
// dwellings, by the usual mix.
func completeTypes(types [4]float64, dwellings float64, usual [4]float64) [4]float64 {
	known, usualOfUnknown := 0.0, 0.0
	for k, v := range types {
		if math.IsNaN(v) {
			usualOfUnknown += usual[k]
		} else {
			known += v
		}
	}
	if rest := dwellings - known; rest > 0 && usualOfUnknown > 0 {
		for k, v := range types {
			if math.IsNaN(v) {
				types[k] = rest * usual[k] / usualOfUnknown
			}
		}
		return types
	}
	if known == 0 { // all are given as zero
		for k := range types {
			types[k] = dwellings * usual[k]
		}
		return types
	}
	for k, v := range types {
		if math.IsNaN(v) {
			types[k] = 0
		}
	}
	return types
}

// count adds what was mended in one leaf.
func (c *Changes) count(why Mend) {
	for _, x := range []struct {
		why Mend
		n   *int
	}{{NoDwellings, &c.NoDwellings}, {NoTypes, &c.NoTypes}, {TooFewTypes, &c.TooFewTypes}, {NoCars, &c.NoCars}, {NoVans, &c.NoVans}, {NothingKnown, &c.NothingKnown}, {DrivewaysCapped, &c.Driveways}} {
		if why&x.why != 0 {
			*x.n++
		}
	}
}

// newBase mends all leaves, then holds each gemeente as a whole to its peers,
// and sums.
func newBase(set *region.Set, figures []Figures, n *National, a *Assumptions) (*Base, Changes, error) {
	var changes Changes
	if len(figures) != set.Len() {
		return nil, changes, fmt.Errorf("%d figures were given for %d regions", len(figures), set.Len())
	}
	b := &Base{Homes: make([]Home, set.Len()), Mended: make([]Mend, set.Len())}
	leaves := make([]mended, set.Len())
	for i := range set.Len() {
		if len(set.Children(i)) > 0 {
			continue
		}
		b.leaves = append(b.leaves, i)
		most := smallLimits
		if r := set.At(i).Level.Rank(); r >= 0 && r <= region.Gemeente.Rank() {
			most = gemeenteLimits
		}
		leaves[i] = n.mend(&figures[i], n.local(set, i), a, most)
		b.Mended[i] = leaves[i].why
		changes.count(b.Mended[i])
		if most == gemeenteLimits {
			b.name(set, i, &changes)
		} else {
			changes.SmallLeaseCars += int(b.Mended[i] & LeaseCars / LeaseCars)
			changes.SmallLeaseVans += int(b.Mended[i] & LeaseVans / LeaseVans)
		}
	}
	if changes.NothingKnown == len(b.leaves) {
		return nil, changes, fmt.Errorf("none of the %d regions has a number of dwellings or of households: a column with one of them was expected (dwellings, or CBS's woningvoorraad or aantal_huishoudens)", len(b.leaves))
	}
	b.holdGemeenten(set, figures, leaves, n, &changes)
	for _, i := range b.leaves {
		h := &leaves[i].Home
		h.Cars *= n.keepCars
		h.Vans *= n.keepVans
		b.Homes[i] = *h
	}
	b.ratios(set)
	return b, changes, b.sum(set)
}

// local is the gemeente around region i in the national table, or nil.
func (n *National) local(set *region.Set, i int) *localFigures {
	for ; i >= 0; i = set.Parent(i) {
		if l, ok := n.gemeenten[set.At(i).Code]; ok {
			return l
		}
	}
	return nil
}

// name lists a region whose vehicles were taken from its peers.
func (b *Base) name(set *region.Set, i int, changes *Changes) {
	if b.Mended[i]&LeaseCars != 0 {
		changes.LeaseCars = append(changes.LeaseCars, set.At(i).Name)
	}
	if b.Mended[i]&LeaseVans != 0 {
		changes.LeaseVans = append(changes.LeaseVans, set.At(i).Name)
	}
}

// holdGemeenten holds the leaves of a gemeente to the gemeente as a whole: all
// are scaled alike where leasing companies register, and the gemeente's vehicles
// against what is usual say how many of its driveways have a charge point, which
// the leaves only share out. So a gemeente has the same points whether it comes as
// one region or in parts. A leaf outside gemeenten is a whole of its own.
func (b *Base) holdGemeenten(set *region.Set, figures []Figures, leaves []mended, n *National, changes *Changes) {
	below := make([][]int, set.Len())
	for _, i := range b.leaves {
		whole := i
		for p := set.Parent(i); p >= 0; p = set.Parent(p) {
			if set.At(p).Level == region.Gemeente {
				whole = p
			}
		}
		below[whole] = append(below[whole], i)
	}
	for w, parts := range below {
		switch {
		case len(parts) == 0:
			continue
		case parts[0] == w:
			h := &leaves[w]
			b.group(w, parts, leaves, toUsual(h.Cars, h.usualCars), toUsual(h.Vans, h.usualVans))
			continue
		}
		var all mended
		var spaciousHomes, cars, vans float64 // vehicles as registered
		carsKnown, vansKnown := false, false  // of any part: what was imputed is usual already
		for _, i := range parts {
			h := &leaves[i]
			all.households += h.households
			all.Dwellings += h.Dwellings
			all.Cars += h.Cars
			all.Vans += h.Vans
			cars += orElse(figures[i].Cars, h.Cars)
			vans += orElse(figures[i].Vans, h.Vans)
			carsKnown = carsKnown || !math.IsNaN(figures[i].Cars)
			vansKnown = vansKnown || !math.IsNaN(figures[i].Vans)
			spaciousHomes += h.spacious * h.Dwellings
		}
		if all.households > 0 && all.Dwellings > 0 {
			usualCars, usualVans := n.usual(spaciousHomes / all.Dwellings)
			all.usualCars, all.usualVans = usualCars*all.households, usualVans*all.households
			if carsKnown && cars > gemeenteLimits.cars*all.usualCars {
				cars = all.usualCars
				b.Mended[w] |= LeaseCars
			}
			if vansKnown && vans > gemeenteLimits.vans*all.usualVans {
				vans = all.usualVans
				b.Mended[w] |= LeaseVans
			}
			b.name(set, w, changes)
		}
		for _, i := range parts {
			h := &leaves[i]
			if all.Cars > 0 {
				h.Cars *= cars / all.Cars
			}
			if all.Vans > 0 {
				h.Vans *= vans / all.Vans
			}
		}
		b.group(w, parts, leaves, toUsual(cars, all.usualCars), toUsual(vans, all.usualVans))
	}
}

// orElse is v, or other where v is missing.
func orElse(v, other float64) float64 {
	if math.IsNaN(v) {
		return other
	}
	return v
}

// sum fills the coarser regions.
func (b *Base) sum(set *region.Set) error {
	values := make([]float64, set.Len())
	for _, field := range []func(*Home) *float64{
		func(h *Home) *float64 { return &h.Dwellings },
		func(h *Home) *float64 { return &h.WithDriveway },
		func(h *Home) *float64 { return &h.Equivalents },
		func(h *Home) *float64 { return &h.Cars },
		func(h *Home) *float64 { return &h.Vans },
		func(h *Home) *float64 { return &h.DrivewaysByType[0] },
		func(h *Home) *float64 { return &h.DrivewaysByType[1] },
		func(h *Home) *float64 { return &h.DrivewaysByType[2] },
		func(h *Home) *float64 { return &h.DrivewaysByType[3] },
	} {
		for _, i := range b.leaves {
			values[i] = *field(&b.Homes[i])
		}
		sums, err := sumThousandths(set, values)
		if err != nil {
			return err
		}
		for i := range b.Homes {
			*field(&b.Homes[i]) = thousandths(sums[i])
		}
	}
	return nil
}

// sumThousandths rounds the leaves' values to thousandths and adds them as whole
// numbers: every level agrees exactly, and what three decimals print adds up too.
func sumThousandths(set *region.Set, values []float64) ([]int64, error) {
	whole := make([]int64, len(values))
	for i, v := range values {
		if len(set.Children(i)) == 0 {
			if !(math.Abs(v) < 1e12) {
				return nil, fmt.Errorf("region %s has %g, which is not a number of homes or vehicles", set.At(i).Code, v)
			}
			whole[i] = int64(math.Round(1000 * v))
		}
	}
	return set.SumInt(whole)
}

func thousandths(n int64) float64 { return float64(n) / 1000 }
