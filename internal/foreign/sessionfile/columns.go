package sessionfile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"
)

// Fields are what columns of a table can be: the keys of Options.Map.
func Fields() []string {
	return []string{"user", "arrival", "arrival_date", "departure", "departure_date", "duration_hours", "duration_minutes", "duration_seconds", "energy", "unit", "location"}
}

// names are the columns that are recognised, by field, the better before the
// less good; without spaces, underscores, hyphens and brackets, in small letters.
// They are those of published data (Trondheim, ElaadNL's open transactions, ACN,
// charge point operators' exports).
var names = map[string][]string{
	"user": {
		"userid", "user", "gebruiker", "gebruikerid", "driverid", "driver", "customerid", "customer", "contractid", "card", "cardid", "cardnumber",
		"laadpas", "laadpasnummer", "pas", "pasid", "pasnummer", "kaart", "kaartnummer", "rfid", "rfidtag", "rfidnummer", "idtag", "tag", "uid", "token", "tokenid", "tokenuid", "authid", "vehicleid", "evid", "carid", "klant", "klantid", "klantnummer", "contract", "contractnummer",
		"household", "householdid", "home", "homeid", "huishouden", "useridentifier", "userfullname", "username", "startcard", "useremail", "accountid", "registratie", "registration",
		"loadpoint", "ladepunkt",
		"vehicle", "voertuig", "fahrzeug", "benutzer", "nutzer", "kunde", "ladekarte", "karte", "kennzeichen", "utilisateur", "badge",
	},
	"arrival": {
		"arrival", "arrivaltime", "aankomst", "startplugin", "plugin", "plugintime", "pluggedin", "pluggedinat", "connectiontime",
		"connected", "connectedat", "sessionstart", "sessionstarttime", "transactionstart", "utctransactionstart", "starttransaction", "starttime", "startdatetime",
		"startdate", "starttimestamp", "starttijd", "startdatum", "startdatumtijd", "begin", "begintijd", "begindatum", "start", "started", "startedat", "startmoment",
		"sessiestart", "starttransactie", "inplugtijd", "van", "created", "startzeit", "carconnected", "sessionstartdate", "startedon", "startdatetimeutc", "chargestart", "chargingstart", "startcharging", "beginn", "ladebeginn", "ladestart", "début", "debut",
	},
	"departure": {
		"departure", "departuretime", "vertrek", "endplugout", "plugout", "plugouttime", "pluggedout", "unplugged", "unpluggedat",
		"disconnecttime", "disconnected", "disconnectedat", "sessionend", "sessionendtime", "transactionstop", "utctransactionstop", "stoptransaction",
		"transactionend", "endtime", "enddatetime", "enddate", "endtimestamp", "eindtijd", "einddatum", "einddatumtijd", "einde", "eind", "end", "ended",
		"endedat", "stop", "stoptime", "stopdatetime", "stoptijd", "eindmoment",
		"sessieeinde", "eindetransactie", "stoptransactie", "uitplugtijd", "tot", "finished", "endzeit", "cardisconnected", "sessionenddate", "endedon", "enddatetimeutc", "ende", "ladeende", "fin",
	},
	"arrival_date":     {"startdatum", "startdate", "begindatum", "arrivaldate", "aankomstdatum", "datum", "date"},
	"departure_date":   {"einddatum", "enddate", "stopdatum", "stopdate", "departuredate", "vertrekdatum"},
	"duration_hours":   {"durationhours", "durationh", "connectedhours", "connectionhours", "hours", "duurh", "duururen", "duuruur", "connectedtimeh"},
	"duration_minutes": {"durationminutes", "durationmin", "duurmin", "duurminuten", "minutes"},
	"duration_seconds": {"durationseconds", "durations", "durationsec", "duursec", "duurseconden", "seconds"},
	"energy": {
		"energy", "el", "kwh", "kwhdelivered", "wh", "energyconsumed", "consumed", "charged", "energycharged", "energydelivered", "delivered",
		"totalenergy", "totalkwh", "totaalkwh", "volume", "verbruik", "energie", "geladen", "consumption", "chargedenergy", "sessionenergy", "geladenenergie", "geladeneenergie", "kilowatthours", "energyuse", "energydispensed", "energykilowatthours", "totalkilowatthours", "energiemenge", "lademenge", "verbrauch", "énergie",
	},
	"unit":     {"unit", "units", "eenheid", "energyunit", "energieeenheid", "einheit", "unité", "uom"},
	"location": {"location", "locationid", "locationname", "locatie", "site", "siteid", "garageid", "sitename", "evseid", "chargepoint", "chargepointid", "laadpunt"},
}

// placeNames are columns of charge points and places, which are taken for the users
// where no column names these.
var placeNames = []string{
	"chargepoint", "chargepointid", "chargepointname", "chargerid", "charger", "chargername", "laadpunt", "laadpuntid", "laadpaal", "laadpaalid", "evseid", "evse", "evsename", "evseuid",
	"stationid", "stationname", "station", "chargingstation", "chargingstationid", "deviceid", "devicename", "cpid", "cp",
	"location", "locationid", "locationname", "locatie", "site", "siteid", "sitename", "garageid", "spaceid", "pool", "poolid",
	"connectorid", "connector", "portid", "socket", "plugid",
}

var (
	squeeze = strings.NewReplacer(" ", "", "_", "", "-", "", "(", "", ")", "", "[", "", "]", "", ".", "", "/", "")
	kwhWord = regexp.MustCompile(`kwh|kilowatt`)
	whWord  = regexp.MustCompile(`wh|watt`)

	energyUnit = regexp.MustCompile(`(?i)^[kmg]?wh$|^joule|^[kmg]j$`)
)

// findColumns settles which column is which field, by the map or by name.
func (r *reading) findColumns(t *sessionTable) error {
	t.at, t.only = map[string]int{}, map[int]string{}
	for _, field := range slices.Sorted(maps.Keys(r.opt.Map)) {
		at := t.Column(r.opt.Map[field])
		if at < 0 {
			return fmt.Errorf("%s has no column %q for %s: its columns are %s", t.Name, r.opt.Map[field], field, table.List(t.Header()))
		}
		t.at[field] = at
	}
	for _, column := range slices.Sorted(maps.Keys(r.opt.Only)) {
		at := t.Column(column)
		if at < 0 {
			return fmt.Errorf("%s has no column %q to choose rows by: its columns are %s", t.Name, column, table.List(t.Header()))
		}
		t.only[at] = r.opt.Only[column]
	}
	squeezed := make([]string, len(t.Header()))
	for i, h := range t.Header() {
		squeezed[i] = squeeze.Replace(strings.ToLower(h))
	}
	if i := slices.Index(squeezed, "laadpunt"); i >= 0 && slices.Contains(squeezed, "kilometerstandkm") {
		squeezed[i] = "loadpoint" // evcc in Dutch
	}
	for _, field := range Fields() {
		if has(t.at, field) || r.opt.Users == "file" && field == "user" {
			continue
		}
		t.recognise(field, squeezed)
	}
	t.meter = -1
	if !has(t.at, "energy") {
		t.meters(squeezed)
	}
	t.place = t.placeColumn(squeezed)
	if at := t.place; at >= 0 && !has(t.at, "user") && r.opt.Users != "file" {
		t.at["user"] = at
	}
	if at, ok := t.at["unit"]; ok && r.opt.Map["unit"] == "" && !energyUnit.MatchString(t.First(at)) {
		delete(t.at, "unit") // of a building, say
	}
	// A date by itself matters only beside a column of times of day.
	for _, field := range []string{"arrival", "departure"} {
		if !t.timesOfDay(field) {
			delete(t.at, field+"_date")
		}
	}
	if at := slices.IndexFunc(squeezed, func(h string) bool { return slices.Contains(clockDurations, h) }); at >= 0 && !t.anyDuration() && isDuration(t.First(at)) {
		t.at["duration_hours"] = at
	}
	if has(t.at, "departure") {
		for _, u := range durationSeconds {
			delete(t.at, u.field)
		}
	}
	hasEnd := has(t.at, "departure") || t.anyDuration()
	var missing, example []string
	for _, m := range []struct {
		there          bool
		field, example string
	}{
		{has(t.at, "user") || r.opt.Users == "file", "user", "user=CardID"},
		{has(t.at, "arrival"), "arrival", "arrival=StartTime"},
		{hasEnd, "departure (or a duration)", "departure=EndTime"},
		{has(t.at, "energy"), "energy", "energy=kWh"},
	} {
		if !m.there {
			missing, example = append(missing, m.field), append(example, m.example)
		}
	}
	if len(missing) > 0 {
		hint := ""
		if slices.Contains(missing, "user") {
			hint = "; if each file is of one car, say --users file"
		}
		return fmt.Errorf("%s has no column that is recognised as %s: its columns are %s. Name them, such as --map %s%s",
			t.Name, strings.Join(missing, ", "), table.List(t.Header()), strings.Join(example, ","), hint)
	}
	return nil
}

// said tells which column is which field.
func (t *sessionTable) said(places bool) string {
	var said []string
	for _, field := range Fields() {
		if at, ok := t.at[field]; ok && (field != "location" || places) {
			name := table.Redact(t.Header()[at])
			if field == "energy" && t.meter >= 0 {
				name += " less " + table.Redact(t.Header()[t.meter])
			}
			said = append(said, field+"="+name)
		}
	}
	return strings.Join(said, ", ")
}

// recognise finds the column of a field by its name: whole, or without a unit or a
// zone at its end.
func (t *sessionTable) recognise(field string, squeezed []string) {
	for _, ending := range []string{"", "kwh", "wh", "local", "utc", "cet", "nl"} {
		for _, name := range names[field] {
			if i := slices.Index(squeezed, name+ending); i >= 0 && !t.taken(i, field) {
				t.at[field] = i
				return
			}
		}
	}
}

// meterNames are pairs of columns with readings at the begin and the end, as of OCPP.
var meterNames = [][2]string{{"meterstart", "meterstop"}, {"meterstart", "meterend"}, {"meterstart", "metereind"}, {"startmeter", "stopmeter"}, {"startmeter", "endmeter"}, {"meterbegin", "metereind"}, {"meterbegin", "meterend"}, {"beginstand", "eindstand"}, {"startstand", "eindstand"}, {"meterstandbegin", "meterstandeind"}, {"meterstandstart", "meterstandeind"}}

// meters takes the difference of two readings for the energy.
func (t *sessionTable) meters(squeezed []string) {
	for _, ending := range []string{"", "kwh", "wh"} {
		for _, name := range meterNames {
			from, to := slices.Index(squeezed, name[0]+ending), slices.Index(squeezed, name[1]+ending)
			if from >= 0 && to >= 0 {
				t.at["energy"], t.meter = to, from
				return
			}
		}
	}
}

// placeColumn is the column of charge points or places, or -1. It is not taken for
// another field.
func (t *sessionTable) placeColumn(squeezed []string) int {
	for _, name := range placeNames {
		i := slices.Index(squeezed, name)
		if at, ok := t.at["user"]; i >= 0 && (ok && at == i || !t.taken(i, "user")) {
			return i
		}
	}
	return -1
}

// clockDurations are columns of durations that say no unit: read as h:mm.
var clockDurations = []string{"duration", "durationh:mm", "durationhh:mm", "durationhh:mm:ss", "dauer", "ladedauer", "durée", "duur", "laadduur", "sessieduur", "connectedtime", "verbonden", "verbindingsduur"}

// isDuration tells h:mm or 7h 30m from a number.
func isDuration(text string) bool {
	_, err := clock.Duration(text)
	return err == nil && strings.ContainsAny(text, ":hmsuHMSU")
}

func (t *sessionTable) anyDuration() bool {
	return slices.ContainsFunc(durationSeconds, func(u durationUnit) bool { return has(t.at, u.field) })
}

// timesOfDay tells that a column holds times without a day.
func (t *sessionTable) timesOfDay(field string) bool {
	at, ok := t.at[field]
	if !ok {
		return false
	}
	return clock.IsTimeOfDay(t.First(at))
}

// taken tells that a column is another field already; the place may be the user
// too.
func (t *sessionTable) taken(column int, field string) bool {
	for other, at := range t.at {
		if at == column && field != "location" && other != "location" {
			return true
		}
	}
	return false
}

// isPlace tells whether one of some names of a place is asked for.
func (r *reading) isPlace(names ...string) bool {
	if len(r.opt.Locations) == 0 {
		return true
	}
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" && r.places.MatchString(name) {
			return true
		}
	}
	return false
}

var (
	seriesWords = regexp.MustCompile(`^(utc_start|unix_seconds|mtu|eur_per_mwh|validfrom)|price|prijs`)
	regionWords = regexp.MustCompile(`^(gm_code|bu_code|wk_code|gemeentecode|buurtcode|dwellings)`)
)

// otherKind says what a table is when it is none of sessions.
func otherKind(f *table.File) string {
	switch {
	case f.Matching(regionWords) != "":
		return "regions (" + f.Matching(regionWords) + "): import them with the kind regions"
	case len(f.Header()) <= 4 && f.Matching(seriesWords) != "":
		return "a series (" + f.Matching(seriesWords) + "): import it with the kind prices, load or solar"
	}
	return ""
}

// excelDays tells a column of days since 1900, with the time as a part of a day.
func excelDays(t *sessionTable, at int) bool {
	n := 0
	for _, rec := range t.Below() {
		if at >= len(rec) || table.Missing(rec[at]) {
			continue
		}
		days, err := table.Number(rec[at], t.MayComma())
		if err != nil || days < firstExcelDay || days > lastExcelDay {
			return false
		}
		n++
	}
	return n > 0
}

// firstExcelDay and lastExcelDay are in 2000 and 2100, as Excel counts.
const (
	firstExcelDay = 36526
	lastExcelDay  = 73051
)
