package population

import "github.com/getij/getij/internal/table"

// Decimals: a watt, a watt-hour, a tenth of a cent; what is added up over regions is whole
// in these.
const decimals = 3

var parquet = []string{"parquet"}

func caseColumns(more ...table.Column) []table.Column {
	return append([]table.Column{
		{Name: "code", Type: table.Text, EN: "code of the region", NL: "code van het gebied"},
		{Name: "year", Type: table.Integer, EN: "year of the forecast of charge points", NL: "jaar van de prognose van laadpunten"},
		{Name: "contract", Type: table.Text, EN: "name of the energy contract", NL: "naam van het energiecontract"},
		{Name: "mode", Type: table.Text, EN: "way to charge: regular, smart, v2h or v2g", NL: "manier van laden: regular, smart, v2h of v2g"},
	}, more...)
}

// Tables are the tables of a population's folder: of each but the household's there is a
// file for every part, in a folder of the table's name.
func Tables() []*table.Table {
	return []*table.Table{RegionsTable(), ProfilesTable(), HomesTable(), QuartersTable(), HouseholdTable(), BordersTable()}
}

// RegionsTable has a row per region, year and case.
func RegionsTable() *table.Table {
	real := func(name, unit, en, nl string) table.Column {
		return table.Column{Name: name, Unit: unit, Decimals: decimals, EN: en, NL: nl}
	}
	at := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Type: table.Time, Optional: true, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "regions", Formats: parquet,
		EN: "A region's own homes, by year of the forecast, contract and way to charge; energies and money a year, of the charge points that take part",
		NL: "De eigen huizen van een gebied, per jaar van de prognose, contract en manier van laden; energie en geld per jaar, van de laadpunten die meedoen",
		Columns: caseColumns(
			table.Column{Name: "name", Type: table.Text, EN: "of the region", NL: "van het gebied"},
			table.Column{Name: "level", Type: table.Text, EN: "land, provincie, gemeente, wijk, buurt or a word of the file", NL: "land, provincie, gemeente, wijk, buurt of een woord van het bestand"},
			table.Column{Name: "parent", Type: table.Text, EN: "code of the region around it", NL: "code van het gebied eromheen"},
			real("home_charge_points", "points", "all, in that year", "alle, in dat jaar"),
			table.Column{Name: "homes", Type: table.Integer, EN: "homes that were computed for those that take part", NL: "huizen die zijn berekend voor de laadpunten die meedoen"},
			real("charged_kwh", "kWh", "taken by the chargers", "door de laders afgenomen"),
			real("discharged_kwh", "kWh", "given by the chargers", "door de laders geleverd"),
			real("fed_in_kwh", "kWh", "of that, what reached the grid", "daarvan, wat het net bereikte"),
			real("own_solar_kwh", "kWh", "of what was charged, own solar power", "van wat is geladen, eigen zonnestroom"),
			real("cost_eur", "EUR", "of the homes' whole exchange, wear included", "van de hele uitwisseling van de huizen, met slijtage"),
			real("saving_eur", "EUR", "against regular charging under the same contract, less the penalty on what is missing at departure, if any", "ten opzichte van gewoon laden met hetzelfde contract, min de boete op wat bij vertrek ontbreekt, als die er is"),
			real("discharged_kwh_per_home_p5", "kWh", "discharged by a home: p5", "ontladen door een huis: p5"),
			real("discharged_kwh_per_home_p50", "kWh", "the same: median", "idem: mediaan"),
			real("discharged_kwh_per_home_p95", "kWh", "the same: p95", "idem: p95"),
			real("saving_eur_per_home_p5", "EUR", "saved by a home: p5", "bespaard door een huis: p5"),
			real("saving_eur_per_home_p50", "EUR", "the same: median", "idem: mediaan"),
			real("saving_eur_per_home_p95", "EUR", "the same: p95", "idem: p95"),
			real("evening_winter_kw", "kW", "mean power of the cars, 17:00-21:00, November to February; negative where they discharge, into their homes or the grid", "gemiddeld vermogen van de auto's, 17-21 uur, november tot en met februari; negatief waar zij ontladen, in hun huis of het net"),
			real("evening_summer_kw", "kW", "the same, May to August", "idem, mei tot en met augustus"),
			real("evening_year_kw", "kW", "the same, all year", "idem, het hele jaar"),
			real("cars_highest_kw", "kW", "highest quarter-hour of these cars", "hoogste kwartier van deze auto's"),
			at("cars_highest_utc", "its start, UTC", "begin ervan, UTC"),
			real("cars_lowest_kw", "kW", "lowest quarter-hour, negative where they discharge", "laagste kwartier, negatief waar zij ontladen"),
			at("cars_lowest_utc", "its start, UTC", "begin ervan, UTC"),
			real("highest_kw", "kW", "highest quarter-hour of the region: its dwellings, these cars, and the charge points that do not take part, charging as regular", "hoogste kwartier van het gebied: de woningen, deze auto's, en de laadpunten die niet meedoen en gewoon laden"),
			at("highest_utc", "its start, UTC", "begin ervan, UTC"),
			real("lowest_kw", "kW", "lowest quarter-hour of the region, negative where it feeds in", "laagste kwartier van het gebied, negatief waar het teruglevert"),
			at("lowest_utc", "its start, UTC", "begin ervan, UTC"),
			real("highest_without_cars_kw", "kW", "highest quarter-hour of the dwellings alone", "hoogste kwartier van de woningen alleen"),
		),
	}
}

// ProfilesTable has the mean powers of a region's cars by month, type of day and quarter.
func ProfilesTable() *table.Table {
	return &table.Table{
		Name: "profiles", Formats: parquet,
		EN: "Mean power of a region's cars that take part, by month, type of day and quarter of the day, local time",
		NL: "Gemiddeld vermogen van de auto's van een gebied die meedoen, per maand, soort dag en kwartier van de dag, lokale tijd",
		Columns: caseColumns(
			table.Column{Name: "month", Type: table.Integer, EN: "1 is January", NL: "1 is januari"},
			table.Column{Name: "day_type", Type: table.Text, EN: "weekday or weekend", NL: "weekday (doordeweeks) of weekend"},
			table.Column{Name: "quarter_of_day", Type: table.Integer, EN: "0 is 00:00", NL: "0 is 00:00 uur"},
			table.Column{Name: "cars_kw", Unit: "kW", Decimals: decimals, Storage: table.Single, EN: "positive when charging", NL: "positief bij laden"},
		),
	}
}

// HomesTable has a row per home and case.
func HomesTable() *table.Table {
	single := func(name, unit, en, nl string) table.Column {
		return table.Column{Name: name, Unit: unit, Decimals: decimals, Storage: table.Single, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "homes", Formats: parquet,
		EN: "Each home that was computed; the homes of a year are the first of their region, as many as the table of regions says",
		NL: "Elk berekend huis; de huizen van een jaar zijn de eerste van hun gebied, zoveel als de tabel van gebieden zegt",
		Columns: []table.Column{
			{Name: "code", Type: table.Text, EN: "code of the region", NL: "code van het gebied"},
			{Name: "contract", Type: table.Text, EN: "name of the energy contract", NL: "naam van het energiecontract"},
			{Name: "mode", Type: table.Text, EN: "way to charge", NL: "manier van laden"},
			{Name: "home", Type: table.Integer, EN: "number of the home in its region, from 1", NL: "nummer van het huis in zijn gebied, vanaf 1"},
			{Name: "dwelling", Type: table.Text, EN: "detached, semi_detached (and corner), terraced, apartment, or unknown where the region's driveways are known but not at which dwellings", NL: "detached (vrijstaand), semi_detached (twee-onder-een-kap en hoek), terraced (tussenwoning), apartment, of unknown waar de opritten van het gebied bekend zijn maar niet bij welke woningen"},
			{Name: "solar", Type: table.Integer, EN: "1 with solar panels", NL: "1 met zonnepanelen"},
			single("charged_kwh", "kWh", "taken by the charger", "door de lader afgenomen"),
			single("discharged_kwh", "kWh", "given by the charger", "door de lader geleverd"),
			single("fed_in_kwh", "kWh", "of that, what reached the grid", "daarvan, wat het net bereikte"),
			single("cost_eur", "EUR", "of the home's whole exchange, wear included", "van de hele uitwisseling van het huis, met slijtage"),
			single("saving_eur", "EUR", "against regular charging, less such a penalty", "ten opzichte van gewoon laden, min zo'n boete"),
		},
	}
}

// QuartersTable has the power of a part's cars per quarter-hour.
func QuartersTable() *table.Table {
	return &table.Table{
		Name: "quarter_hours", Formats: parquet,
		EN: "Power of the cars that take part per quarter-hour of the year: a part's, which add up to the provincies and the country (code)",
		NL: "Vermogen van de auto's die meedoen per kwartier van het jaar: van een deel, die optellen tot de provincies en het land (code)",
		Columns: caseColumns(
			table.Column{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"},
			table.Column{Name: "cars_kw", Unit: "kW", Decimals: decimals, EN: "positive when charging", NL: "positief bij laden"},
		),
	}
}

// HouseholdTable has the mean household per quarter-hour.
func HouseholdTable() *table.Table {
	return &table.Table{
		Name: "household", Formats: parquet,
		EN: "The mean household without a car, per quarter-hour: what a region's dwellings do is home_equivalents x load less dwellings x solar (regions of the population's plan)",
		NL: "Het gemiddelde huishouden zonder auto, per kwartier: wat de woningen van een gebied doen is home_equivalents x load min dwellings x solar (gebieden van het plan van de populatie)",
		Columns: []table.Column{
			{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"},
			{Name: "load_kw", Unit: "kW", Decimals: 6, Storage: table.Exact, EN: "of a home equivalent", NL: "van een woningequivalent"},
			{Name: "solar_kw", Unit: "kW", Decimals: 6, Storage: table.Exact, EN: "output of the mean dwelling's panels", NL: "opbrengst van de panelen van de gemiddelde woning"},
		},
	}
}

func geometryColumn() table.Column {
	return table.Column{Name: "geometry", Type: table.Text, Storage: table.WKB, EN: "border of the region, longitude and latitude; empty where it is not known", NL: "grens van het gebied, lengte en breedte; leeg waar die niet bekend is"}
}

// BordersTable has the border of every region.
func BordersTable() *table.Table {
	return &table.Table{
		Name: "borders", Formats: parquet,
		EN: "The border of every region, a GeoParquet file",
		NL: "De grens van elk gebied, een GeoParquet-bestand",
		Columns: []table.Column{
			{Name: "code", Type: table.Text, EN: "code of the region", NL: "code van het gebied"},
			geometryColumn(),
		},
	}
}

// mapTable is the table of regions with their borders.
func mapTable() *table.Table {
	t := RegionsTable()
	t.Columns = append(t.Columns, geometryColumn())
	return t
}
