package result

import (
	"math"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
	"github.com/getij/getij/internal/table"
)

// StreetCoordinationTable compares ways to share a street's capacity.
func StreetCoordinationTable() *table.Table {
	return &table.Table{
		Name: "street_coordination", Formats: csvParquet,
		EN: "Only in a folder of `getij street --coordinate`: what the middle street does under one contract with one way to charge, coordinated within its capacity, each home alone, and by simple rules",
		NL: "Alleen in een map van `getij street --coordinate`: wat de middelste straat doet met één contract en één manier van laden, afgestemd binnen haar capaciteit, ieder voor zich, en met eenvoudige regels",
		Columns: contractAndMode(
			table.Column{Name: "way", Type: table.Text, EN: "coordinated; alone: nobody minds the others; regular and smart: alone and charged that way; evening_pause: no charging from 17:00 to 21:00; subscription: no home takes more than 4 kW; equal_share: the capacity that homes leave, shared equally; peak_tariff: EUR 0.10 per kWh more from 17:00 to 21:00; random_delay: prices seen up to half an hour late", NL: "coordinated: afgestemd; alone: ieder voor zich; regular en smart: ieder voor zich en zo geladen; evening_pause: niet laden van 17:00 tot 21:00; subscription: geen woning neemt meer dan 4 kW af; equal_share: wat woningen van de capaciteit overlaten, gelijk verdeeld; peak_tariff: 0,10 euro per kWh meer van 17:00 tot 21:00; random_delay: prijzen tot een half uur later gezien"},
			table.Column{Name: "cost_eur_per_home", Unit: "EUR", Decimals: eurDecimals, EN: "cost of the year of a home with a charge point, all it exchanges, at the contract's prices", NL: "kosten van het jaar van een woning met laadpunt, alle uitwisseling, tegen de prijzen van het contract"},
			table.Column{Name: "dearer_eur_per_home", Unit: "EUR", Decimals: eurDecimals, EN: "that, less what coordination costs", NL: "dat, min wat afstemming kost"},
			table.Column{Name: "peak_kw", Unit: "kW", Decimals: kwDecimals, EN: "highest quarter-hour of the year that the street takes", NL: "hoogste kwartier van het jaar dat de straat afneemt"},
			table.Column{Name: "higher_kw", Unit: "kW", Decimals: kwDecimals, EN: "that, less that of coordination", NL: "dat, min dat van afstemming"},
			table.Column{Name: "feed_in_peak_kw", Unit: "kW", Decimals: kwDecimals, EN: "highest quarter-hour that it feeds in, positive", NL: "hoogste kwartier dat zij teruglevert, positief"},
			table.Column{Name: "hours_beyond", Unit: "h", Decimals: kwhDecimals, EN: "hours of the year in which more is taken than the capacity", NL: "uren van het jaar waarin meer wordt afgenomen dan de capaciteit"},
			table.Column{Name: "hours_beyond_feed_in", Unit: "h", Decimals: kwhDecimals, EN: "hours in which more is fed in than the capacity", NL: "uren waarin meer wordt teruggeleverd dan de capaciteit"},
			table.Column{Name: "kwh_beyond", Unit: "kWh", Decimals: kwhDecimals, EN: "energy taken above the capacity", NL: "energie afgenomen boven de capaciteit"},
			table.Column{Name: "kwh_beyond_feed_in", Unit: "kWh", Decimals: kwhDecimals, EN: "energy fed in above the capacity", NL: "energie teruggeleverd boven de capaciteit"},
		),
	}
}

// StreetSignalTable has the price signal of a coordinated street, and what it does.
func StreetSignalTable() *table.Table {
	return &table.Table{
		Name: "street_signal", Formats: csvParquet,
		EN: "Only in a folder of `getij street --coordinate`: the middle street by quarter-hour, and the price on top of the tariff that coordinates it",
		NL: "Alleen in een map van `getij street --coordinate`: de middelste straat per kwartier, en de prijs bovenop het tarief die haar afstemt",
		Columns: contractAndMode(
			table.Column{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"},
			table.Column{Name: "without_cars_kw", Unit: "kW", Decimals: kwDecimals, EN: "the street's homes without cars", NL: "de woningen van de straat zonder auto's"},
			table.Column{Name: "alone_kw", Unit: "kW", Decimals: kwDecimals, EN: "with cars, nobody minding the others", NL: "met auto's, ieder voor zich"},
			table.Column{Name: "coordinated_kw", Unit: "kW", Decimals: kwDecimals, EN: "with cars, coordinated", NL: "met auto's, afgestemd"},
			table.Column{Name: "import_eur_per_kwh", Unit: "EUR/kWh", Decimals: 6, EN: "the contract's price of what is taken", NL: "de prijs van het contract voor afname"},
			table.Column{Name: "export_eur_per_kwh", Unit: "EUR/kWh", Decimals: 6, EN: "and of what a car feeds in from its battery", NL: "en voor wat een auto uit zijn accu teruglevert"},
			table.Column{Name: "signal_eur_per_kwh", Unit: "EUR/kWh", Decimals: 6, EN: "price on top of the tariff, taken and fed in alike; below 0 where too much would be fed in", NL: "prijs bovenop het tarief, voor afname en teruglevering gelijk; onder 0 waar te veel zou worden teruggeleverd"},
		),
	}
}

// StreetHomesTable has what coordination costs each home.
func StreetHomesTable() *table.Table {
	eur := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "EUR", Decimals: eurDecimals, EN: "cost of the year " + en, NL: "kosten van het jaar " + nl}
	}
	return &table.Table{
		Name: "street_homes", Formats: csvParquet,
		EN: "Only in a folder of `getij street --coordinate`: what each home of the middle street with a charge point pays in a year",
		NL: "Alleen in een map van `getij street --coordinate`: wat elke woning van de middelste straat met een laadpunt in een jaar betaalt",
		Columns: contractAndMode(
			table.Column{Name: "home", Type: table.Integer, EN: "home of the street, from 1", NL: "woning van de straat, vanaf 1"},
			eur("regular_eur", "with regular charging", "met gewoon laden"),
			eur("smart_eur", "with smart charging, alone", "met slim laden, ieder voor zich"),
			eur("alone_eur", "alone", "ieder voor zich"),
			eur("coordinated_eur", "coordinated", "afgestemd"),
		),
	}
}

func (s *Street) coordinationRows() []table.Rows {
	c := s.Coordination
	ways, first := StreetCoordinationTable().NewRows(len(c.Ways)), &c.Ways[0]
	n := float64(len(first.CostEUR))
	capacity := s.Study.Street.CapacityKW()
	best := first.Use(capacity)
	for i := range c.Ways {
		w := &c.Ways[i]
		u := w.Use(capacity)
		ways.Add(c.Contract, c.Mode.String(), w.Name, w.Total()/n, (w.Total()-first.Total())/n, u.PeakKW, u.PeakKW-best.PeakKW, u.FeedInKW, u.HoursBeyond, u.HoursBeyondFeedIn, u.KWhBeyond, u.KWhBeyondFeedIn)
	}
	alone := c.Of(street.WayAlone)
	signal := StreetSignalTable().NewRows(len(first.KW))
	for t, kW := range first.KW {
		signal.Add(c.Contract, c.Mode.String(), s.Axis.Time(t), s.BareKW[t], alone.KW[t], kW, c.Prices.ImportEURPerKWh[t], c.Prices.StorageExportEURPerKWh[t], c.SignalEURPerKWh[t])
	}
	homes := StreetHomesTable().NewRows(len(first.CostEUR))
	for i, eur := range first.CostEUR {
		homes.Add(c.Contract, c.Mode.String(), i+1, c.Of(street.WayRegular).CostEUR[i], c.Of(street.WaySmart).CostEUR[i], alone.CostEUR[i], eur)
	}
	return []table.Rows{ways, signal, homes}
}

// CoordinationVerdict says in some sentences what coordination takes and gives.
func (s *Street) CoordinationVerdict() string {
	f := Findings{Findings: s.Findings()}
	return f.Tell(AboutStreetCoordination, "", "", false)
}

// coordinationFindings are those sentences; none where the street is not coordinated.
func (s *Street) coordinationFindings() (out []Finding) {
	c := s.Coordination
	if c == nil {
		return nil
	}
	capacity := s.Study.Street.CapacityKW()
	first, alone, smart := &c.Ways[0], c.Of(street.WayAlone), c.Of(street.WaySmart)
	n := float64(len(first.CostEUR))
	before, after := alone.Use(capacity), first.Use(capacity)
	priced, highest, worse := 0, 0.0, 0
	for _, p := range c.SignalEURPerKWh {
		if math.Abs(p) > 1e-6 {
			priced++
			highest = max(highest, math.Abs(p))
		}
	}
	for i, eur := range first.CostEUR {
		if eur > smart.CostEUR[i]+0.005 {
			worse++
		}
	}
	bare := (&street.Way{KW: s.BareKW}).Use(capacity)
	numbers := map[string]float64{
		"bare": bare.KWhBeyond + bare.KWhBeyondFeedIn, "bare_hours": bare.HoursBeyond + bare.HoursBeyondFeedIn,
		"capacity": capacity, "after": after.PeakKW, "before": before.PeakKW, "fed_after": after.FeedInKW, "fed_before": before.FeedInKW,
		"eur": (first.Total() - alone.Total()) / n, "gap": max(1, math.Ceil(100*c.GapEUR()/n)) / 100, "saved": c.SavedEUR / n,
		"priced": float64(priced) * series.StepHours, "highest": highest, "hours": after.HoursBeyond + after.HoursBeyondFeedIn, "excess": c.ExcessKWh, "worse": float64(worse), "points": n,
	}
	keys := []string{"coordinated"}
	if numbers["hours"] > 0 {
		keys = append(keys, "coordinated_beyond")
	}
	if c.Mode != dispatch.Smart {
		if worse == 0 {
			keys = append(keys, "coordinated_all_better")
		} else {
			keys = append(keys, "coordinated_some_worse")
		}
	}
	for _, key := range keys {
		out = append(out, Finding{About: AboutStreetCoordination, Key: s.about(key), Contract: c.Contract, Mode: c.Mode.String(), Numbers: numbers})
	}
	return out
}
