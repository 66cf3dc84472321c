package sessionfile

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/getij/getij/internal/sample"
)

// A file of 96 users, of whose sessions some overlap the one before. Those before
// are ended there; where one needs the time for its energy it is joined with the
// next. Energy is kept, and importing what was written changes nothing.
func TestAFileOfHomeSessions(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
		// 18 of the real file's sessions overlap the one before: 12 of those are
		// ended, 6 are joined with the next, which makes one more overlap.
		rows, kWh, ended, joined := 6743, 87102.0, 13, 6
		if data.Made {
			rows, kWh, ended, joined = len(sample.Sessions()), 0, sample.EndedEarlier, sample.JoinedToNext
			for _, s := range sample.Sessions() {
				kWh += s.EnergyKWh
			}
			kWh = math.Round(kWh)
		}
		path := data.File(t, "sessions/trondheim_home_sessions.csv")
		rep, plain, err := imported(t, Options{}, path)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			fmt.Sprintf("rows    %d", rows), fmt.Sprintf("sessions written: %d", rows-joined), "users: 96", fmt.Sprintf("energy of all sessions: %.0f kWh", kWh),
			fmt.Sprintf("mended: %d x session overlaps the one before of its user, which is ended", ended),
			fmt.Sprintf("mended: %d x session overlaps the one before of its user, whose energy needs the time", joined),
		} {
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
		readable(t, plain, rows-joined)

		// In the layout of the original publication: semicolons, decimal commas, day
		// before month.
		lines := strings.Split(strings.TrimSpace(readFile(t, path)), "\n")
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
	})
}

// original writes 2018-12-21T10:24:00 as 21.12.2018 10:24.
func original(t string) string { return t[8:10] + "." + t[5:7] + "." + t[:4] + " " + t[11:16] }

// A file of another kind is told from sessions, in words that help.
func TestOtherFilesAreNoSessions(t *testing.T) {
	sample.OnBoth(t, func(t *testing.T, data sample.Data) {
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
			_, _, err := imported(t, Options{}, data.File(t, file))
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want an error with %q", file, err, want)
			}
		}
	})
}
