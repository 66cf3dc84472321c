// Package tariff turns an energy contract into an import and an export price
// per quarter of an hour.
//
// What enters: a contract's numbers and, for a dynamic contract, day-ahead
// prices in EUR/MWh. What leaves: EUR/kWh with all taxes included, import at
// least export at every step. The numbers of the three contracts are those of
// ElaadNL's report (August 2025), Bijlage 1.
package tariff

import (
	"fmt"

	"github.com/getij/getij/internal/series"
)

// Kind is how a contract prices energy.
type Kind string

// The kinds of contract.
const (
	Single  Kind = "single"  // one price all year
	Dual    Kind = "dual"    // a high and a low price by hour and day
	Dynamic Kind = "dynamic" // the day-ahead price of the step
)

// Contract is an energy contract of a home. Fields that a kind has no use for
// are zero.
type Contract struct {
	Name string
	Kind Kind

	ImportEURPerKWh float64 // Single: price of energy taken
	HighEURPerKWh   float64 // Dual: price by day
	LowEURPerKWh    float64 // Dual: price by night and in the weekend
	LowFromHour     int     // Dual: local hour at which the low price starts
	LowToHour       int     // Dual: local hour at which it ends

	SupplierFeeEURPerKWh float64 // Dynamic: on top of the day-ahead price
	EnergyTaxEURPerKWh   float64 // including VAT
	VAT                  float64 // share, 0.21

	// NetMetering (salderen): energy fed in earns the import price of its step.
	// Without it, it earns the bare supply price: day-ahead for a dynamic
	// contract, the import price less energy tax and VAT for the others.
	NetMetering bool
	// VATOnExport pays VAT on the bare price without net metering.
	VATOnExport bool
	// FeedInCostEURPerKWh (terugleverkosten) is taken off what feeding in earns.
	FeedInCostEURPerKWh float64
	// LeastFeedInShare is the share of the bare price that feeding in earns at least
	// with a fixed price and without net metering, feed-in cost taken off.
	LeastFeedInShare float64
	// EnergyTaxRefundOnStorage gives the energy tax back on what the car feeds
	// in, without net metering (with it, the tax is netted already). It is paid
	// in steps at which the home itself feeds nothing in, so that solar power
	// cannot be sent through the battery for the refund, and up to the import
	// price.
	EnergyTaxRefundOnStorage bool

	// GridTariff is an optional network price, added to the import price.
	GridTariff GridTariff
	// GridTariffOnExport charges it on energy fed in too.
	GridTariffOnExport bool
	// PowerEURPerKWMonth is a price of the highest power taken in each month.
	PowerEURPerKWMonth float64
	// Bands are subscriptions by power, and FeedInTiers fees of the year's feed-in.
	Bands       []Band
	FeedInTiers []FeedInTier
}

// Band is a subscription: it carries what the home takes up to a power, at a price a
// year. A contract's are in order, a larger one is dearer, and the home has the cheapest
// that carries its highest quarter-hour.
type Band struct{ KW, EURPerYear float64 }

// FeedInTier is what a supplier charges on what the home feeds in over the year: a
// price of each kWh beyond FromKWh, until the next tier begins, and a sum a year for
// homes that feed in more than FromKWh (the last such tier's; from 0 for all). A
// contract's are in order, the first from 0 on, and neither price falls.
type FeedInTier struct{ FromKWh, EURPerKWh, EURPerYear float64 }

// GridTariff is a network price in EUR/kWh by local hour, day type and season. Lists
// that are nil take the place of another: the weekend has the weekdays' prices, winter
// those of the rest of the year, and its weekend those of winter's weekdays where these
// are given.
type GridTariff struct {
	Weekday, Weekend, WinterWeekday, WinterWeekend *[24]float64
	Winter                                         [12]bool // months of winter
}

// at is the price at a local time.
func (g *GridTariff) at(k series.Clock) float64 {
	list := g.Weekday
	use := func(other *[24]float64) {
		if other != nil {
			list = other
		}
	}
	if k.Weekend() {
		use(g.Weekend)
	}
	if g.Winter[k.Month-1] {
		use(g.WinterWeekday)
		if k.Weekend() {
			use(g.WinterWeekend)
		}
	}
	if list == nil {
		return 0
	}
	return list[k.Hour()]
}

// Prices are a contract's prices per step.
type Prices struct {
	ImportEURPerKWh []float64
	ExportEURPerKWh []float64
	// StorageExportEURPerKWh is what feeding in earns in steps at which only the
	// car feeds in. It is the same slice as ExportEURPerKWh without a refund.
	StorageExportEURPerKWh []float64
	// NettedEURPerKWh is 0 without net metering. With it, both prices hold this much
	// in taxes and fees, which are due on what the home takes less what it feeds in
	// over the year, and on nothing when it feeds in more: energy tax, supplier fee,
	// and VAT on the supply price, by the year's mean, so that what is fed in beyond
	// the home's own use earns the bare price.
	NettedEURPerKWh float64
	// PowerEURPerKWMonth is the price of the highest power that the home takes in a
	// quarter-hour of a month, per kW.
	PowerEURPerKWMonth float64
	// Bands and FeedInTiers are the contract's.
	Bands       []Band
	FeedInTiers []FeedInTier
	// DayAhead says that they are known a day ahead alone; those of other contracts are
	// known for the whole year.
	DayAhead bool
}

// Prices computes the year's prices. dayAheadEURPerMWh is needed for Dynamic
// only.
func (c *Contract) Prices(axis *series.Axis, dayAheadEURPerMWh []float64) (*Prices, error) {
	if c.Kind == Dynamic && len(dayAheadEURPerMWh) != axis.Len() {
		return nil, fmt.Errorf("contract %s: %d day-ahead prices were given for the year's %d quarters", c.Name, len(dayAheadEURPerMWh), axis.Len())
	}
	n := axis.Len()
	p := &Prices{ImportEURPerKWh: make([]float64, n), ExportEURPerKWh: make([]float64, n), PowerEURPerKWMonth: c.PowerEURPerKWMonth, Bands: c.Bands, FeedInTiers: c.FeedInTiers, DayAhead: c.Kind == Dynamic}
	p.StorageExportEURPerKWh = p.ExportEURPerKWh
	refund := c.EnergyTaxRefundOnStorage && !c.NetMetering
	if refund {
		p.StorageExportEURPerKWh = make([]float64, n)
	}
	meanBare := 0.0
	for i, clock := range axis.Clock {
		var supply, bare float64 // with and without taxes
		switch c.Kind {
		case Single:
			supply = c.ImportEURPerKWh
			bare = (supply - c.EnergyTaxEURPerKWh) / (1 + c.VAT)
		case Dual:
			supply = c.HighEURPerKWh
			if c.low(clock) {
				supply = c.LowEURPerKWh
			}
			bare = (supply - c.EnergyTaxEURPerKWh) / (1 + c.VAT)
		case Dynamic:
			bare = dayAheadEURPerMWh[i] / 1000
			supply = bare*(1+c.VAT) + c.EnergyTaxEURPerKWh + c.SupplierFeeEURPerKWh
		default:
			return nil, fmt.Errorf("contract %s: kind %q is unknown: use single, dual or dynamic", c.Name, c.Kind)
		}
		meanBare += bare / float64(n)
		export := bare
		switch {
		case c.NetMetering:
			export = supply
		case c.VATOnExport:
			export = bare * (1 + c.VAT)
		}
		export -= c.FeedInCostEURPerKWh
		if !c.NetMetering && c.Kind != Dynamic {
			export = max(export, c.LeastFeedInShare*bare)
		}
		imp := supply
		network := c.GridTariff.at(clock)
		imp += network
		if c.GridTariffOnExport {
			export -= network
		}
		if export > imp {
			return nil, fmt.Errorf("contract %s: at %s feeding in would pay %.4f and taking cost %.4f EUR/kWh: the meter itself would be a money pump; raise the taxes or fees on import, or lower what export pays",
				c.Name, axis.Time(i).Format("2006-01-02T15:04Z"), export, imp)
		}
		p.ImportEURPerKWh[i], p.ExportEURPerKWh[i] = imp, export
		if refund {
			p.StorageExportEURPerKWh[i] = min(imp, export+c.EnergyTaxEURPerKWh)
		}
	}
	if c.NetMetering {
		p.NettedEURPerKWh = c.EnergyTaxEURPerKWh + c.SupplierFeeEURPerKWh
		if !c.VATOnExport {
			p.NettedEURPerKWh += c.VAT * meanBare
		}
	}
	return p, nil
}

// low says whether the low price of a dual contract holds.
func (c *Contract) low(k series.Clock) bool {
	if k.Weekend() {
		return true
	}
	h := k.Hour()
	if c.LowFromHour <= c.LowToHour {
		return h >= c.LowFromHour && h < c.LowToHour
	}
	return h >= c.LowFromHour || h < c.LowToHour
}
