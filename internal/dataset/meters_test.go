package dataset

import (
	"slices"
	"testing"
	"time"
)

func TestMetersOfManyHomesAreRead(t *testing.T) {
	meters, rep, err := ReadMeters(t.Context(), file(t, "utc_start,home_1,home_2\n2024-01-01T00:00Z,0.1,1\n2024-01-01T00:15Z,0.2,\n2024-01-01T00:30Z,0.3,3\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(meters) != 2 || meters[1].Column != "home_2" || meters[1].Series.Every != 15*time.Minute {
		t.Fatalf("%+v", meters)
	}
	if !slices.Equal(meters[0].Series.Values, []float64{0.1, 0.2, 0.3}) || !slices.Equal(meters[1].Series.Values, []float64{1, 2, 3}) {
		t.Errorf("read %v and %v", meters[0].Series.Values, meters[1].Series.Values)
	}
	if rep.Rows != 3 || rep.Column != "2 homes, home_1 to home_2" || len(rep.Mends) != 1 || rep.Mends[0].Count != 1 {
		t.Errorf("reported %+v", rep)
	}
}

func TestMeterFilesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"no home", "utc_start,\n", "file.csv has 0 columns besides the time: one per home, 1 to 5000, were expected"},
		{"text", "utc_start,home_1,home_2\n2024-01-01T00:00Z,1,x\n", `file.csv, row 2, home_2 is "x": a number of kWh with a decimal point was expected`},
		{"a home without values", "utc_start,home_1,home_2\n2024-01-01T00:00Z,1,\n2024-01-01T00:15Z,1,\n", "file.csv, column home_2 has 0 rows with a value: a year was expected"},
		{"a long gap of one home", "utc_start,home_1,home_2\n2024-01-01T00:00Z,1,1\n2024-01-01T01:00Z,1,1\n2024-01-01T02:00Z,1,\n2024-01-01T03:00Z,1,\n2024-01-01T04:00Z,1,\n2024-01-01T05:00Z,1,1\n", "file.csv, column home_2 has no values from 2024-01-01T02:00Z to 2024-01-01T05:00Z (between rows 3 and 7): gaps of up to 2 hours are interpolated, fill longer ones"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := ReadMeters(t.Context(), file(t, c.content))
			if err == nil || err.Error() != c.want {
				t.Errorf("\n got %v\nwant %s", err, c.want)
			}
		})
	}
}
