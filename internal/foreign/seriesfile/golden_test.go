package seriesfile

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getij/getij/internal/dataset"
)

var update = flag.Bool("update", false, "write the expected texts anew")

// Each format as a small file of some hours around a day on which the clock
// jumps. testdata/NAME.want is the report and the plain file.
func TestFormats(t *testing.T) {
	for _, c := range []struct {
		want  string // without .want
		kind  dataset.Kind
		files []string // the name itself when nil
		opt   Options
	}{
		{want: "entsoe_old_autumn.csv", kind: dataset.Prices},
		{want: "entsoe_old_spring.csv", kind: dataset.Prices},
		{want: "entsoe_new_utc.csv", kind: dataset.Prices},
		{want: "entsoe_new_cet.csv", kind: dataset.Prices},
		{want: "entsoe_api_autumn.xml", kind: dataset.Prices},
		{want: "entsoe_api_switch_2025.xml", kind: dataset.Prices},
		{want: "energy_charts.json", kind: dataset.Prices},
		{want: "price_list.json", kind: dataset.Prices},
		{want: "days_between.csv", kind: dataset.Prices},
		{want: "days_across.csv", kind: dataset.Prices},
		{want: "dutch_utc.csv", kind: dataset.Prices},
		{want: "dutch_doubled.csv", kind: dataset.Prices},
		{want: "dutch_single.csv", kind: dataset.Prices},
		{want: "plain_switch.csv", kind: dataset.Prices},
		{want: "mffbas_iso.csv", kind: dataset.Load},
		{want: "mffbas_van_tot.csv", kind: dataset.Load},
		{want: "mffbas_feed_in", kind: dataset.Load, files: []string{"mffbas_iso.csv"}, opt: Options{FeedIn: true}},
		{want: "edsn_fractions.csv", kind: dataset.Load},
		{want: "edsn_e2a", kind: dataset.Load, files: []string{"edsn_fractions.csv"}, opt: Options{Column: "e2a"}},
		{want: "meters_ean_columns.csv", kind: dataset.Load},
		{want: "meters_ean_rows.csv", kind: dataset.Load},
		{want: "registers_p1.csv", kind: dataset.Load},
		{want: "registers_p1_feed_in", kind: dataset.Load, files: []string{"registers_p1.csv"}, opt: Options{FeedIn: true}},
		{want: "registers_p4.csv", kind: dataset.Load},
		{want: "ned.csv", kind: dataset.Solar},
		{want: "ned_volume", kind: dataset.Solar, files: []string{"ned.csv"}, opt: Options{Column: "volume (kWh)"}},
		{want: "ned_api.json", kind: dataset.Solar},
		{want: "pvgis.csv", kind: dataset.Solar},
		{want: "solaredge.json", kind: dataset.Solar},
		{want: "capacity_percent.csv", kind: dataset.Solar},
	} {
		t.Run(c.want, func(t *testing.T) {
			if c.files == nil {
				c.files = []string{c.want}
			}
			var paths []string
			for _, f := range c.files {
				paths = append(paths, filepath.Join("testdata", f))
			}
			imp, err := Read(t.Context(), c.kind, paths, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := imp.Report.Text(&got); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			if err := write(&got, imp); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(got.String(), "87168711") {
				t.Error("an EAN is written out")
			}
			path := filepath.Join("testdata", c.want+".want")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s", got.Bytes(), want)
			}
		})
	}
}
