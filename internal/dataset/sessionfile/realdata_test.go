package sessionfile

import (
	"os"
	"strings"
	"testing"
)

const trondheim = "../../../../shared/data/sessions/trondheim_home_sessions.csv"

// The real file: 18 of its sessions overlap the one before. 12 of those before are
// ended there; 6 need the time for their energy and are joined with the next, which
// makes one more overlap. Energy is kept, and importing what was written changes
// nothing.
func TestTheTrondheimSessions(t *testing.T) {
	if _, err := os.Stat(trondheim); err != nil {
		t.Skipf("the real files are not here: %v", err)
	}
	rep, plain, err := imported(t, Options{}, trondheim)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"rows    6743", "sessions written: 6737", "users: 96", "energy of all sessions: 87102 kWh", "mended: 13 x session overlaps the one before of its user, which is ended", "mended: 6 x session overlaps the one before of its user, whose energy needs the time"} {
		if !strings.Contains(rep, want) {
			t.Errorf("no %q in\n%s", want, rep)
		}
	}
	again, same, err := of(t, Options{}, "sessions.csv", plain)
	if err != nil || same != plain {
		t.Errorf("importing what was written gives other sessions (%v)", err)
	}
	if !strings.Contains(again, "mended: nothing") {
		t.Errorf("what was written is mended again:\n%s", again)
	}
	readable(t, plain, 6737)

	// In the layout of the original publication: semicolons, decimal commas, day
	// before month.
	lines := strings.Split(strings.TrimSpace(readFile(t, trondheim)), "\n")
	var b strings.Builder
	b.WriteString("session_ID;Garage_ID;User_ID;User_type;Shared_ID;Start_plugin;Start_plugin_hour;End_plugout;End_plugout_hour;El_kWh;Duration_hours\n")
	for _, l := range lines[1:] {
		c := strings.Split(l, ",")
		b.WriteString(strings.Join([]string{c[0], "G", c[1], c[2], "NA", original(c[3]), "0", original(c[4]), "0", strings.Replace(c[5], ".", ",", 1), "0"}, ";") + "\n")
	}
	rep, same, err = of(t, Options{}, "original.csv", b.String())
	if err != nil || same != plain {
		t.Errorf("the original layout gives other sessions (%v)", err)
	}
	if !strings.Contains(rep, "Trondheim charging reports") {
		t.Errorf("not recognised:\n%s", rep)
	}
}

// original writes 2018-12-21T10:24:00 as 21.12.2018 10:24.
func original(t string) string { return t[8:10] + "." + t[5:7] + "." + t[:4] + " " + t[11:16] }

// Every other real file is told from sessions, in words that help.
func TestOtherRealFilesAreNoSessions(t *testing.T) {
	const data = "../../../../shared/data/"
	if _, err := os.Stat(data); err != nil {
		t.Skipf("the real files are not here: %v", err)
	}
	for file, want := range map[string]string{
		"prices/nl_day_ahead_2024_hourly.csv":              "series",
		"prices/entsoe_nl_day_ahead_2024_raw.csv":          "series",
		"load/zonnedael_2013_sample10_wh_quarter_hour.csv": "no column that is recognised",
		"load/edsn_e1a_2015_quarter_hour.csv":              "no column that is recognised",
		"solar/ned_solar_nl_2024_hourly.csv":               "series",
		"regions/cbs_gemeenten_2023.geojson":               "OCPI",
		"regions/cbs_wijken_2022_rd.gpkg":                  "regions",
		"regions/buurt_2016_stedin_dwellings_cars.csv":     "regions",
		"driveway/otterlo_bgt_gml.zip":                     "ZIP",
		"driveway/input-v5_kadastralekaart_perceel.gml":    "XML",
	} {
		_, _, err := imported(t, Options{}, data+file)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", file, err, want)
		}
	}
}
