package result

import "github.com/getij/getij/internal/table"

// Decimals of the files: a milliwatt, a watt-hour, a hundredth of a cent. The
// forecast is in whole thousandths, so what is written adds up over levels exactly.
const (
	kwDecimals    = 6
	kwhDecimals   = 3
	eurDecimals   = 4
	priceDecimals = 6
	shareDecimals = 6
	pointDecimals = 3
	mwDecimals    = 6
	peakDecimals  = 3
	gapDecimals   = 9
)

// Tables are the tables of a result folder, each declared here and nowhere else:
// the files are written and read by these declarations, and docs/results.md and
// datapackage.json print them.
func Tables() []*table.Table {
	return []*table.Table{profiles(), prices(), heatmap(), week(), homes(), departuresTable(), sessionsTable(), coincidence(), sessionsFit(), sessionsFitCurves(), chargePoints(), potentialTable(), potentialSeasons(), PopulationTable(), VariantsTable(), StreetTable(), StreetYearsTable(), StreetDurationTable(), StreetDayTable(), StreetCoordinationTable(), StreetSignalTable(), StreetHomesTable()}
}

var (
	csvOnly    = []string{"csv"}
	csvParquet = []string{"csv", "parquet"}
)

func contractAndMode(more ...table.Column) []table.Column {
	return append([]table.Column{
		{Name: "contract", Type: table.Text, EN: "name of the energy contract", NL: "naam van het energiecontract"},
		{Name: "mode", Type: table.Text, EN: "way to charge: regular, smart, v2h or v2g", NL: "manier van laden: regular, smart, v2h of v2g"},
	}, more...)
}

func profiles() *table.Table {
	return &table.Table{
		Name: "profiles", Formats: csvParquet,
		EN: "Mean power per home, per quarter-hour of the year",
		NL: "Gemiddeld vermogen per woning, per kwartier van het jaar",
		Columns: []table.Column{
			{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"},
			{Name: "{contract}_{mode}_kw", Unit: "kW", Decimals: kwDecimals, Storage: table.Exact, EN: "of the cars, positive when charging", NL: "van de auto's, positief bij laden"},
			{Name: "home_load_kw", Unit: "kW", Decimals: kwDecimals, Storage: table.Exact, EN: "use of the home without its car", NL: "verbruik van de woning zonder auto"},
			{Name: "home_solar_kw", Unit: "kW", Decimals: kwDecimals, Storage: table.Exact, EN: "output of its solar panels", NL: "opbrengst van de zonnepanelen"},
		},
	}
}

func prices() *table.Table {
	eur := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "EUR/kWh", Decimals: priceDecimals, Storage: table.Exact, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "prices", Formats: csvParquet,
		EN: "Prices per quarter-hour of the year, taxes included, and what stored energy is worth",
		NL: "Prijzen per kwartier van het jaar, inclusief belastingen, en wat opgeslagen energie waard is",
		Columns: []table.Column{
			{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"},
			eur("{contract}_import_eur_per_kwh", "price of energy taken from the grid", "prijs van energie die van het net wordt afgenomen"),
			eur("{contract}_export_eur_per_kwh", "what energy fed in earns; with net metering, of a home that takes more than it feeds in over the year", "wat teruggeleverde energie opbrengt; bij salderen, van een woning die over het jaar meer afneemt dan teruglevert"),
			eur("{contract}_storage_export_eur_per_kwh", "the same in quarter-hours in which only the car feeds in", "hetzelfde in kwartieren waarin alleen de auto teruglevert"),
			eur(storedColumn, "what one more kWh in the battery is worth: mean over the homes whose car is plugged in, empty where none is; not for regular charging", "wat een kWh meer in de accu waard is: gemiddelde over de woningen waarvan de auto aan de stekker staat, leeg waar er geen staat; niet bij gewoon laden"),
		},
	}
}

// storedColumn is there for each case that has a choice.
const storedColumn = "{contract}_{mode}_stored_eur_per_kwh"

func heatmap() *table.Table {
	return &table.Table{
		Name: "heatmap", Formats: csvOnly,
		EN: "Mean power per home by month and quarter of the day",
		NL: "Gemiddeld vermogen per woning naar maand en kwartier van de dag",
		Columns: contractAndMode(
			table.Column{Name: "month", Type: table.Integer, EN: "1 to 12, local time", NL: "1 tot en met 12, lokale tijd"},
			table.Column{Name: "quarter_of_day", Type: table.Integer, EN: "0 starts at 00:00 local time", NL: "0 begint om 00:00 lokale tijd"},
			table.Column{Name: "kw_per_home", Unit: "kW", Decimals: kwDecimals, EN: "of the cars, positive when charging", NL: "van de auto's, positief bij laden"},
		),
	}
}

func week() *table.Table {
	return &table.Table{
		Name: "week", Formats: csvOnly,
		EN: "Mean power per home by quarter of the week",
		NL: "Gemiddeld vermogen per woning naar kwartier van de week",
		Columns: contractAndMode(
			table.Column{Name: "quarter_of_week", Type: table.Integer, EN: "0 is Monday 00:00 local time", NL: "0 is maandag 00:00 lokale tijd"},
			table.Column{Name: "kw_per_home", Unit: "kW", Decimals: kwDecimals, EN: "of the cars, positive when charging", NL: "van de auto's, positief bij laden"},
		),
	}
}

func homes() *table.Table {
	return &table.Table{
		Name: "homes", Formats: csvOnly,
		EN: "Every home's year in every case",
		NL: "Het jaar van elke woning in elk geval",
		Columns: append([]table.Column{
			{Name: "home", Type: table.Integer, EN: "number of the home, from 1", NL: "nummer van de woning, vanaf 1"},
		}, contractAndMode(
			table.Column{Name: "charged_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "taken by the charger, at its meter side", NL: "geladen, aan de meterkant van de laadpaal"},
			table.Column{Name: "discharged_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "given by the charger, at its meter side", NL: "ontladen, aan de meterkant van de laadpaal"},
			table.Column{Name: "fed_in_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "part of the discharge that reached the grid", NL: "deel van het ontladen dat het net bereikte"},
			table.Column{Name: "own_solar_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "part of the charge that came from own solar power", NL: "deel van het laden dat uit eigen zonnestroom kwam"},
			table.Column{Name: "energy_cost_eur", Unit: "EUR", Decimals: eurDecimals, EN: "of all the home's electricity", NL: "van alle elektriciteit van de woning"},
			table.Column{Name: "saving_vs_regular_eur", Unit: "EUR", Decimals: eurDecimals, EN: "against regular charging, after wear; empty without it in the study", NL: "ten opzichte van gewoon laden, na slijtage; leeg zonder gewoon laden in de studie"},
			table.Column{Name: "evening_mean_kw", Unit: "kW", Decimals: kwDecimals, EN: "the car's mean power 17:00-21:00 local time; negative is discharging", NL: "gemiddeld vermogen van de auto 17:00-21:00 lokale tijd; negatief is ontladen"},
			table.Column{Name: "sessions", Type: table.Integer, EN: "plug-in sessions in the year", NL: "laadsessies in het jaar"},
			table.Column{Name: "plugged_in_share", Unit: "share", Decimals: shareDecimals, EN: "of the year that the car is plugged in", NL: "deel van het jaar dat de auto aan de stekker staat"},
			table.Column{Name: "net_kwh", Unit: "kWh", Decimals: kwhDecimals, EN: "taken from the grid less fed in, by the whole home", NL: "van het net afgenomen min teruggeleverd, door de hele woning"},
			table.Column{Name: "netted_eur_per_kwh", Unit: "EUR/kWh", Decimals: priceDecimals, EN: "what of the netted taxes and fees a kWh more bears: with net metering the contract's for a home that takes more than it feeds in, 0 for one that feeds in more, between them at 0", NL: "wat een kWh meer aan gesaldeerde belastingen en opslagen draagt: bij salderen die van het contract voor een woning die meer afneemt dan teruglevert, 0 voor een die meer teruglevert, ertussen bij 0"},
			table.Column{Name: "wear_eur", Unit: "EUR", Decimals: eurDecimals, Optional: true, EN: "wear of the battery by what is discharged, beside the energy cost", NL: "slijtage van de batterij door het ontladen, naast de energiekosten"},
			table.Column{Name: "equivalent_full_cycles", Decimals: pointDecimals, Optional: true, EN: "what is discharged, losses included, in full batteries; driving is not in it", NL: "het ontladen, met verlies, in volle batterijen; zonder het rijden"},
			table.Column{Name: "discharging_hours", Unit: "h", Decimals: 2, Optional: true, EN: "hours of quarter-hours in which the car discharges, at any power", NL: "uren van kwartieren waarin de auto ontlaadt, met welk vermogen ook"},
			table.Column{Name: "cap_eur_per_kwh", Unit: "EUR/kWh", Decimals: priceDecimals, Optional: true, EN: "what one more kWh in the cap on discharging would save; 0 where it does not bind", NL: "wat een kWh meer in de grens aan het ontladen zou besparen; 0 waar die niet knelt"},
			table.Column{Name: "month_peak_kw", Unit: "kW", Decimals: kwDecimals, Optional: true, EN: "highest power that the home takes in a quarter-hour of a month, mean of the 12 months", NL: "hoogste vermogen dat de woning in een kwartier van een maand afneemt, gemiddeld over de 12 maanden"},
			table.Column{Name: "power_tariff_eur", Unit: "EUR", Decimals: eurDecimals, Optional: true, EN: "part of the energy cost: the price of these powers", NL: "deel van de energiekosten: de prijs van die vermogens"},
			table.Column{Name: "power_band_kw", Unit: "kW", Decimals: kwDecimals, Optional: true, EN: "the subscription by power with which the year is cheapest; 0 where the contract has none", NL: "het abonnement naar vermogen waarmee het jaar het goedkoopst is; 0 zonder zo'n abonnement"},
			table.Column{Name: "power_band_eur", Unit: "EUR", Decimals: eurDecimals, Optional: true, EN: "part of the energy cost: the price of that subscription", NL: "deel van de energiekosten: de prijs van dat abonnement"},
			table.Column{Name: "home_fed_in_kwh", Unit: "kWh", Decimals: kwhDecimals, Optional: true, EN: "all that the home feeds into the grid, solar power and car", NL: "alles wat de woning teruglevert, zonnestroom en auto"},
			table.Column{Name: "feed_in_fee_eur", Unit: "EUR", Decimals: eurDecimals, Optional: true, EN: "part of the energy cost: the fee of the tiers on that feed-in", NL: "deel van de energiekosten: de staffelkosten over die teruglevering"},
			table.Column{Name: "gap_eur", Unit: "EUR", Decimals: gapDecimals, Optional: true, EN: "cost of the year, wear included, less a proven bound that no way to charge is below; regular charging has none", NL: "kosten van het jaar, met slijtage, min een bewezen ondergrens voor elke manier van laden; gewoon laden heeft die niet"},
		)...),
	}
}

// sessionHomes is the number of homes whose sessions a folder lists.
const sessionHomes = 100

func sessionsTable() *table.Table {
	return &table.Table{
		Name: "sessions", Formats: csvOnly,
		EN: "The plug-in sessions of the first 100 homes, the same in every case: what anyone needs to compute a home's year again",
		NL: "De laadsessies van de eerste 100 woningen, in elk geval dezelfde: wat nodig is om het jaar van een woning na te rekenen",
		Columns: []table.Column{
			{Name: "home", Type: table.Integer, EN: "number of the home, from 1", NL: "nummer van de woning, vanaf 1"},
			{Name: "utc_arrival", Type: table.Time, EN: "start of the first quarter-hour plugged in, UTC", NL: "begin van het eerste kwartier aan de stekker, UTC"},
			{Name: "utc_departure", Type: table.Time, EN: "end of the last quarter-hour plugged in, UTC", NL: "einde van het laatste kwartier aan de stekker, UTC"},
			{Name: "energy_kwh", Unit: "kWh", Decimals: kwDecimals, EN: "charged, at the meter side of the charger, when nobody controls it", NL: "geladen, aan de meterkant van de laadpaal, als niemand stuurt"},
		},
	}
}

func coincidence() *table.Table {
	columns := contractAndMode(table.Column{Name: "homes", Type: table.Integer, EN: "size of the group", NL: "grootte van de groep"})
	for _, side := range [][3]string{{"peak_charge_kw", "highest charging power of the year per home", "hoogste laadvermogen van het jaar per woning"}, {"peak_discharge_kw", "highest discharging power of the year per home, positive", "hoogste ontlaadvermogen van het jaar per woning, positief"}} {
		for _, p := range [][3]string{{"p5", "5 % of the groups lie below", "5 % van de groepen ligt eronder"}, {"p50", "half of the groups lie below", "de helft van de groepen ligt eronder"}, {"p95", "95 % of the groups lie below", "95 % van de groepen ligt eronder"}} {
			columns = append(columns, table.Column{Name: side[0] + "_" + p[0], Unit: "kW", Decimals: kwDecimals, EN: side[1] + ": " + p[1], NL: side[2] + ": " + p[2]})
		}
	}
	return &table.Table{
		Name: "coincidence", Formats: csvOnly,
		EN:      "Peak per home of groups of 1 to 1,000 homes, over groups drawn from the study's homes",
		NL:      "Piek per woning van groepen van 1 tot 1.000 woningen, over groepen die uit de woningen van de studie zijn getrokken",
		Columns: columns,
	}
}

func sessionsFit() *table.Table {
	return &table.Table{
		Name: "sessions_fit", Formats: csvOnly,
		EN: "Only with data.sessions_as: fitted: drawn homes against the sessions they are drawn after",
		NL: "Alleen met data.sessions_as: fitted: getrokken woningen naast de sessies waarnaar zij getrokken zijn",
		Columns: []table.Column{
			{Name: "measure", Type: table.Text, EN: "what is compared", NL: "wat wordt vergeleken"},
			{Name: "unit", Type: table.Text, EN: "its unit", NL: "de eenheid ervan"},
			{Name: "per", Type: table.Text, EN: "a value per session or per user", NL: "een waarde per sessie of per gebruiker"},
			{Name: "data_mean", Decimals: 4, EN: "mean of the data", NL: "gemiddelde van de data"},
			{Name: "drawn_mean", Decimals: 4, EN: "mean of drawn homes", NL: "gemiddelde van getrokken woningen"},
			{Name: "distance", Decimals: 4, EN: "largest gap between the two curves (Kolmogorov-Smirnov), 0 to 1", NL: "grootste afstand tussen de twee krommen (Kolmogorov-Smirnov), 0 tot 1"},
			{Name: "held_out_distance", Decimals: 4, EN: "the same of a sampler fitted to every other user from the users it has not seen; empty with fewer than 10 users", NL: "hetzelfde voor een trekker op de ene helft van de gebruikers, tegenover de andere helft; leeg bij minder dan 10 gebruikers"},
			{Name: "halves_distance", Decimals: 4, EN: "the same between those halves themselves: what chance alone does", NL: "hetzelfde tussen die helften zelf: wat toeval alleen al doet"},
		},
	}
}

func sessionsFitCurves() *table.Table {
	return &table.Table{
		Name: "sessions_fit_curves", Formats: csvOnly,
		EN: "Only with data.sessions_as: fitted: the curves that sessions_fit.csv compares",
		NL: "Alleen met data.sessions_as: fitted: de krommen die sessions_fit.csv vergelijkt",
		Columns: []table.Column{
			{Name: "measure", Type: table.Text, EN: "as in sessions_fit.csv", NL: "als in sessions_fit.csv"},
			{Name: "value", Decimals: 6, EN: "in the measure's unit", NL: "in de eenheid van de maat"},
			{Name: "data_share", Unit: "share", Decimals: shareDecimals, EN: "of the data at or below the value", NL: "deel van de data op of onder de waarde"},
			{Name: "drawn_share", Unit: "share", Decimals: shareDecimals, EN: "of drawn homes at or below the value", NL: "deel van getrokken woningen op of onder de waarde"},
		},
	}
}

// identity are the columns that begin the tables by region.
func identity(more ...table.Column) []table.Column {
	return append([]table.Column{
		{Name: "code", Type: table.Text, EN: "code of the region", NL: "code van het gebied"},
		{Name: "name", Type: table.Text, EN: "its name", NL: "naam van het gebied"},
		{Name: "level", Type: table.Text, EN: "land, provincie, gemeente, wijk, buurt or a word of your own", NL: "land, provincie, gemeente, wijk, buurt of een eigen woord"},
		{Name: "parent", Type: table.Text, EN: "code of the region around it", NL: "code van het gebied eromheen"},
		{Name: "year", Type: table.Integer, EN: "year of the forecast", NL: "jaar van de prognose"},
		{Name: "scenario", Type: table.Text, EN: "low, mid or high", NL: "low, mid of high"},
	}, more...)
}

// identityColumns is how many columns identity has.
const identityColumns = 6

func chargePoints() *table.Table {
	return &table.Table{
		Name: "charge_points", Formats: csvParquet,
		EN: "By region and year, every step from dwellings to home charge points",
		NL: "Per gebied en jaar, elke stap van woningen naar thuislaadpunten",
		Columns: identity(
			table.Column{Name: "dwellings", Decimals: pointDecimals, Storage: table.Repeated, EN: "dwellings, as today", NL: "woningen, als vandaag"},
			table.Column{Name: "dwellings_with_driveway", Decimals: pointDecimals, Storage: table.Repeated, EN: "of these with a driveway", NL: "waarvan met een oprit"},
			table.Column{Name: "cars", Decimals: pointDecimals, EN: "cars of the people who live there", NL: "auto's van wie er woont"},
			table.Column{Name: "vans", Decimals: pointDecimals, EN: "vans of the people who live there", NL: "bestelauto's van wie er woont"},
			table.Column{Name: "electric_share_cars", Unit: "share", Decimals: shareDecimals, Storage: table.Repeated, EN: "of the country's cars that are electric", NL: "deel van de auto's van het land dat elektrisch is"},
			table.Column{Name: "electric_share_vans", Unit: "share", Decimals: shareDecimals, Storage: table.Repeated, EN: "of the country's vans that are electric", NL: "deel van de bestelauto's van het land dat elektrisch is"},
			table.Column{Name: "home_charge_points_cars", Decimals: pointDecimals, EN: "home charge points for cars", NL: "thuislaadpunten voor auto's"},
			table.Column{Name: "home_charge_points_vans", Decimals: pointDecimals, EN: "home charge points for vans", NL: "thuislaadpunten voor bestelauto's"},
			table.Column{Name: "home_charge_points", Decimals: pointDecimals, EN: "home charge points, both", NL: "thuislaadpunten, samen"},
			table.Column{Name: "cars_to_usual", Decimals: shareDecimals, Storage: table.Repeated, EN: "cars per household today against gemeenten that live alike, 0.5 to 2 (of wijken, provincies and the land the mean over driveways); empty without driveways", NL: "auto's per huishouden nu, naast gemeenten met net zulke woningen, 0,5 tot 2 (van wijken, provincies en het land het gemiddelde over opritten); leeg zonder opritten"},
			table.Column{Name: "vans_to_usual", Decimals: shareDecimals, Storage: table.Repeated, EN: "the same for vans", NL: "hetzelfde voor bestelauto's"},
			table.Column{Name: "usual_point_share_cars", Unit: "share", Decimals: shareDecimals, Storage: table.Repeated, EN: "of the dwellings with a driveway that have a home charge point for a car where cars_to_usual is 1", NL: "deel van de woningen met een oprit dat een thuislaadpunt voor een auto heeft waar cars_to_usual 1 is"},
			table.Column{Name: "usual_point_share_vans", Unit: "share", Decimals: shareDecimals, Storage: table.Repeated, EN: "the same for vans", NL: "hetzelfde voor bestelauto's"},
			table.Column{Name: "home_equivalents", Decimals: pointDecimals, Storage: table.Repeated, EN: "the dwellings counted by their household use: as many mean dwellings of the country use as much (home.use_* by type); peaks count with them", NL: "de woningen geteld naar het verbruik van hun huishoudens: zoveel gemiddelde woningen van het land verbruiken evenveel (home.use_* per type); de pieken tellen ermee"},
		),
	}
}

func potentialTable() *table.Table {
	kw := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "kW", Decimals: peakDecimals, Storage: table.Single, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "potential", Formats: csvParquet,
		EN: "By region and year, megawatts of flexible power and peaks, with the contract of the potential; peaks are the largest mean of a month and quarter of the day, of the whole year",
		NL: "Per gebied en jaar, megawatts flexibel vermogen en pieken, met het contract van het potentieel; pieken zijn het hoogste gemiddelde van een maand en kwartier van de dag, van het hele jaar",
		Columns: identity(
			table.Column{Name: "adoption", Unit: "share", Decimals: shareDecimals, Storage: table.Repeated, EN: "of the home charge points that take part", NL: "deel van de laadpunten dat meedoet"},
			table.Column{Name: "home_charge_points", Decimals: pointDecimals, EN: "home charge points", NL: "thuislaadpunten"},
			table.Column{Name: "kw_per_charge_point", Unit: "kW", Decimals: mwDecimals, Storage: table.Repeated, EN: "power that a charge point counts for: potential.kw_per_charge_point says by which rule, potential.season of which season", NL: "vermogen waarvoor een laadpunt telt: potential.kw_per_charge_point zegt volgens welke regel, potential.season van welk seizoen"},
			table.Column{Name: "potential_mw", Unit: "MW", Decimals: mwDecimals, EN: "flexible power", NL: "flexibel vermogen"},
			table.Column{Name: "potential_mw_p5", Unit: "MW", Decimals: mwDecimals, Storage: table.Single, EN: "5th percentile of it over the plausible ranges of the assumptions", NL: "5e percentiel daarvan over de aannemelijke waarden van de aannames"},
			table.Column{Name: "potential_mw_p95", Unit: "MW", Decimals: mwDecimals, Storage: table.Single, EN: "95th percentile", NL: "95e percentiel"},
			kw("evening_peak_kw_without_ev", "highest mean power 17:00-21:00 without electric cars", "hoogste gemiddelde vermogen 17:00-21:00 zonder elektrische auto's"),
			kw("evening_peak_kw_regular", "the same, charging as regular", "hetzelfde, gewoon laden"),
			kw("evening_peak_kw_smart", "the same, smart charging", "hetzelfde, slim laden"),
			kw("evening_peak_kw_v2g", "the same, V2G", "hetzelfde, V2G"),
			kw("night_peak_kw_v2g", "highest mean power 21:00-07:00 with V2G", "hoogste gemiddelde vermogen 21:00-07:00 met V2G"),
			kw("evening_peak_relief_kw", "evening peak as regular less that with V2G", "avondpiek bij gewoon laden min die met V2G"),
			kw("highest_kw_v2g", "highest mean power of the whole day with V2G", "hoogste gemiddelde vermogen van de hele dag met V2G"),
			kw("feed_in_peak_kw_v2g", "largest mean feed-in with V2G", "grootste gemiddelde teruglevering met V2G"),
			kw("year_highest_kw_without_ev", "power in the highest single quarter-hour of the year, of that many mean homes, without electric cars; potential_seasons has times", "vermogen in het hoogste losse kwartier van het jaar, van zoveel gemiddelde woningen, zonder elektrische auto's; potential_seasons heeft tijdstippen"),
			kw("year_highest_kw_regular", "the same, charging as regular", "hetzelfde, gewoon laden"),
			kw("year_highest_kw_smart", "the same, smart charging", "hetzelfde, slim laden"),
			kw("year_highest_kw_v2g", "the same, V2G", "hetzelfde, V2G"),
			table.Column{Name: "capacity_kw", Unit: "kW", Decimals: peakDecimals, Storage: table.Repeated, EN: "capacity of the region's transformer or substation, where the regions file has it", NL: "vermogen van de transformator of het station van het gebied, waar het gebiedenbestand dat heeft"},
			table.Column{Name: "capacity_share_import", Unit: "share", Decimals: shareDecimals, Storage: table.Single, EN: "highest_kw_v2g of that capacity: a mean of a month, so a single quarter-hour can take far more (year_highest_kw_v2g, coincidence)", NL: "highest_kw_v2g als deel daarvan: een gemiddelde van een maand, dus een enkel kwartier kan veel meer vragen (year_highest_kw_v2g, coincidence)"},
			table.Column{Name: "capacity_share_feed_in", Unit: "share", Decimals: shareDecimals, Storage: table.Single, EN: "feed_in_peak_kw_v2g of that capacity, in the same way", NL: "feed_in_peak_kw_v2g als deel daarvan, op dezelfde manier"},
			table.Column{Name: "driveway_spread", Unit: "share", Decimals: shareDecimals, Storage: table.Repeated, EN: "how far the figure may lie off that of the country, either way at 5th and 95th percentile, as it is an assumption which dwellings have driveways", NL: "hoe ver het vermogen van dat van het land kan afwijken, naar beide kanten op het 5e en 95e percentiel, doordat het een aanname is welke woningen een oprit hebben"},
		),
	}
}

func potentialSeasons() *table.Table {
	kw := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "kW", Decimals: peakDecimals, EN: en, NL: nl}
	}
	mw := func(name, en, nl string) table.Column {
		return table.Column{Name: name, Unit: "MW", Decimals: mwDecimals, EN: en, NL: nl}
	}
	return &table.Table{
		Name: "potential_seasons", Formats: csvOnly,
		EN: "By region, contract, way to charge and season, in the study's year and scenario, down to gemeenten (or the finest level without them): what the cars give to homes and grid, and the peaks of the same season",
		NL: "Per gebied, contract, manier van laden en seizoen, in het jaar en het scenario van de studie, tot en met gemeenten (of het fijnste niveau zonder gemeenten): wat de auto’s aan woningen en net leveren, en de pieken van hetzelfde seizoen",
		Columns: identity(append(contractAndMode(),
			table.Column{Name: "season", Type: table.Text, EN: "winter (November to February), summer (May to August) or year", NL: "winter (november tot en met februari), summer (zomer: mei tot en met augustus) of year (het hele jaar)"},
			table.Column{Name: "adoption", Unit: "share", Decimals: shareDecimals, EN: "of the home charge points that take part; the others charge as regular", NL: "deel van de laadpunten dat meedoet; de andere laden gewoon"},
			table.Column{Name: "home_charge_points", Decimals: pointDecimals, EN: "home charge points", NL: "thuislaadpunten"},
			table.Column{Name: "evening_mean_kw", Unit: "kW", Decimals: mwDecimals, EN: "of a charge point that takes part, on the mean evening 17:00-21:00; negative is discharging", NL: "van een laadpunt dat meedoet, op de gemiddelde avond 17:00-21:00; negatief is ontladen"},
			table.Column{Name: "largest_discharge_kw", Unit: "kW", Decimals: mwDecimals, EN: "of a charge point that takes part, in the season's best month and quarter of the day, positive", NL: "van een laadpunt dat meedoet, in de beste maand en het beste kwartier van de dag van het seizoen, positief"},
			mw("evening_mw", "discharged on the mean evening", "ontladen op de gemiddelde avond"),
			mw("largest_mw", "discharged in that best month and quarter of the day", "ontladen in die beste maand en dat beste kwartier van de dag"),
			mw("at_once_mw_p5", "the most that a group of so many cars discharges at once in a quarter-hour of the whole year: 5 % of the groups lie below", "het meeste dat een groep van zoveel auto's tegelijk ontlaadt in een kwartier van het hele jaar: 5 % van de groepen ligt eronder"),
			mw("at_once_mw_p50", "the same: half of the groups lie below", "hetzelfde: de helft van de groepen ligt eronder"),
			mw("at_once_mw_p95", "the same: 95 % of the groups lie below", "hetzelfde: 95 % van de groepen ligt eronder"),
			kw("evening_peak_kw_without_ev", "highest mean power 17:00-21:00 of the season without electric cars", "hoogste gemiddelde vermogen 17:00-21:00 van het seizoen zonder elektrische auto's"),
			kw("evening_peak_kw_regular", "the same, all cars charging as regular", "hetzelfde, alle auto's gewoon geladen"),
			kw("evening_peak_kw", "the same, charging this way", "hetzelfde, op deze manier geladen"),
			kw("night_peak_kw", "highest mean power 21:00-07:00 of the season, charging this way", "hoogste gemiddelde vermogen 21:00-07:00 van het seizoen, op deze manier geladen"),
			kw("year_highest_kw_regular", "power in the highest single quarter-hour of the whole year, whatever the season, of that many mean homes and cars, all cars charging as regular", "vermogen in het hoogste losse kwartier van het hele jaar, wat het seizoen ook is, van zoveel gemiddelde woningen en auto's, alle auto's gewoon geladen"),
			table.Column{Name: "year_highest_utc_regular", Type: table.Time, Optional: true, EN: "start of that quarter-hour, UTC", NL: "begin van dat kwartier, UTC"},
			kw("year_highest_kw", "the same, charging this way", "hetzelfde, op deze manier geladen"),
			table.Column{Name: "year_highest_utc", Type: table.Time, Optional: true, EN: "start of that quarter-hour, UTC; empty where it is not known", NL: "begin van dat kwartier, UTC; leeg als het niet bekend is"},
		)...),
	}
}
