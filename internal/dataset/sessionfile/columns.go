package sessionfile

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/dataset/rawfile"
)

// Fields are what columns of a table can be: the keys of Options.Map.
func Fields() []string {
	return []string{"user", "arrival", "departure", "duration_hours", "duration_minutes", "duration_seconds", "energy", "location"}
}

// names are the columns that are recognised, by field, the better before the
// less good; without spaces, underscores, hyphens and brackets, in small letters.
// They are those of published data (Trondheim, ElaadNL's open transactions, ACN,
// charge point operators' exports).
var names = map[string][]string{
	"user": {
		"userid", "user", "gebruiker", "gebruikerid", "driverid", "driver", "customerid", "customer", "contractid", "card", "cardid", "cardnumber",
		"laadpas", "laadpasnummer", "pasnummer", "rfid", "rfidtag", "idtag", "token", "tokenid", "tokenuid", "authid", "vehicleid", "evid", "carid",
		"household", "householdid", "home", "homeid", "huishouden",
		"chargepoint", "chargepointid", "chargerid", "charger", "laadpunt", "laadpuntid", "laadpaal", "evseid", "evse", "stationid", "deviceid",
	},
	"arrival": {
		"arrival", "arrivaltime", "aankomst", "startplugin", "plugin", "plugintime", "pluggedin", "pluggedinat", "connectiontime",
		"connected", "connectedat", "sessionstart", "sessionstarttime", "transactionstart", "utctransactionstart", "starttransaction", "starttime", "startdatetime",
		"startdate", "starttimestamp", "starttijd", "startdatum", "startdatumtijd", "begin", "begintijd", "begindatum", "start", "started", "startedat",
	},
	"departure": {
		"departure", "departuretime", "vertrek", "endplugout", "plugout", "plugouttime", "pluggedout", "unplugged", "unpluggedat",
		"disconnecttime", "disconnected", "disconnectedat", "sessionend", "sessionendtime", "transactionstop", "utctransactionstop", "stoptransaction",
		"transactionend", "endtime", "enddatetime", "enddate", "endtimestamp", "eindtijd", "einddatum", "einddatumtijd", "einde", "eind", "end", "ended",
		"endedat", "stop", "stoptime", "stopdatetime", "stoptijd",
	},
	"duration_hours":   {"durationhours", "durationh", "connectedhours", "connectionhours", "hours", "duurh", "duururen", "duuruur", "connectedtimeh"},
	"duration_minutes": {"durationminutes", "durationmin", "duurmin", "duurminuten", "minutes"},
	"duration_seconds": {"durationseconds", "durations", "durationsec", "duursec", "duurseconden", "seconds"},
	"energy": {
		"energy", "el", "kwh", "kwhdelivered", "wh", "energyconsumed", "consumed", "charged", "energycharged", "energydelivered", "delivered",
		"totalenergy", "volume", "verbruik", "energie", "geladen", "consumption",
	},
	"location": {"location", "locationid", "locationname", "locatie", "site", "siteid", "garageid", "sitename", "evseid", "chargepoint", "chargepointid", "laadpunt"},
}

var (
	squeeze = strings.NewReplacer(" ", "", "_", "", "-", "", "(", "", ")", "", "[", "", "]", "", ".", "", "/", "")
	utcWord = regexp.MustCompile(`utc|gmt`)
	kwhWord = regexp.MustCompile(`kwh|kilowatt`)
	whWord  = regexp.MustCompile(`wh|watt`)
)

// findColumns settles which column is which field, by the map or by name.
func (r *reading) findColumns(t *table) error {
	t.at, t.only = map[string]int{}, map[int]string{}
	index := func(name string) int {
		if i := slices.Index(t.header, name); i >= 0 {
			return i
		}
		return slices.IndexFunc(t.header, func(h string) bool { return strings.EqualFold(h, name) })
	}
	for _, field := range slices.Sorted(maps.Keys(r.opt.Map)) {
		at := index(r.opt.Map[field])
		if at < 0 {
			return fmt.Errorf("%s has no column %q for %s: its columns are %s", t.Name, r.opt.Map[field], field, rawfile.List(t.header))
		}
		t.at[field] = at
	}
	for _, column := range slices.Sorted(maps.Keys(r.opt.Only)) {
		at := index(column)
		if at < 0 {
			return fmt.Errorf("%s has no column %q to choose rows by: its columns are %s", t.Name, column, rawfile.List(t.header))
		}
		t.only[at] = r.opt.Only[column]
	}
	squeezed := make([]string, len(t.header))
	for i, h := range t.header {
		squeezed[i] = squeeze.Replace(strings.ToLower(h))
	}
	for _, field := range Fields() {
		if has(t.at, field) || r.opt.Users == "file" && field == "user" {
			continue
		}
		t.recognise(field, squeezed)
	}
	if has(t.at, "departure") {
		for _, u := range durationSeconds {
			delete(t.at, u.field)
		}
	}
	hasEnd := has(t.at, "departure")
	for _, u := range durationSeconds {
		hasEnd = hasEnd || has(t.at, u.field)
	}
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
			t.Name, strings.Join(missing, ", "), rawfile.List(t.header), strings.Join(example, ","), hint)
	}
	var said []string
	for _, field := range Fields() {
		if at, ok := t.at[field]; ok && (field != "location" || len(r.opt.Locations) > 0) {
			said = append(said, field+"="+rawfile.Redact(t.header[at]))
		}
	}
	addOnce(&r.columns, strings.Join(said, ", "))
	return nil
}

// recognise finds the column of a field by its name: whole, or without a unit or a
// zone at its end.
func (t *table) recognise(field string, squeezed []string) {
	for _, ending := range []string{"", "kwh", "wh", "local", "utc", "cet", "nl"} {
		for _, name := range names[field] {
			if i := slices.Index(squeezed, name+ending); i >= 0 && !t.taken(i, field) {
				t.at[field] = i
				return
			}
		}
	}
}

// taken tells that a column is another field already; the place may be the user
// too.
func (t *table) taken(column int, field string) bool {
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
	for _, pattern := range r.opt.Locations {
		for _, name := range names {
			if ok, _ := path.Match(pattern, strings.TrimSpace(name)); ok {
				return true
			}
		}
	}
	return false
}

var (
	seriesWords = regexp.MustCompile(`^(utc_start|unix_seconds|mtu|eur_per_mwh|validfrom)|price|prijs`)
	regionWords = regexp.MustCompile(`^(gm_code|bu_code|wk_code|gemeentecode|buurtcode|dwellings)`)
)

// otherKind says what a table is when it is none of sessions.
func otherKind(f *rawfile.File) string {
	switch {
	case f.Matching(regionWords) != "":
		return "regions (" + f.Matching(regionWords) + "): import them with the kind regions"
	case len(f.Records[0]) <= 4 && f.Matching(seriesWords) != "":
		return "a series (" + f.Matching(seriesWords) + "): import it with the kind prices, load or solar"
	}
	return ""
}
