package seriesfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/dataset"
)

// homeFiles writes a file of hours for each home and part of the time, each with its
// own kWh per hour.
func homeFiles(t *testing.T, homes map[string]func(h int) string, names ...string) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(lines("time,kwh", time.Hour, 24*7, func(h int, _ time.Time) string { return homes[name](h) })), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func flat(kWh float64) func(int) string {
	return func(h int) string { return fmt.Sprint(kWh + 0.01*float64(h%2)) }
}

func TestEveryFileIsAHome(t *testing.T) {
	paths := homeFiles(t, map[string]func(int) string{"a.csv": flat(0.25), "b.csv": flat(0.5), "c.csv": flat(1)}, "a.csv", "b.csv", "c.csv")
	imp, err := Read(t.Context(), dataset.Load, paths, Options{Meters: PerFile})
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Series) != 3 || imp.Series[2].Name != "home_3" || imp.Series[2].Series.Values[0] != 1 {
		t.Errorf("%+v", imp.Series)
	}
	if said := strings.Join(imp.Report.Notes, "\n"); !strings.Contains(said, "home_1 is a.csv, home_2 is b.csv, home_3 is c.csv") {
		t.Errorf("which file is which home is not said: %s", said)
	}
	imp, err = Read(t.Context(), dataset.Load, paths, Options{Meters: PerFile, LeaveOut: []string{"home_2"}})
	if err != nil || len(imp.Series) != 2 || imp.Series[1].Name != "home_3" {
		t.Errorf("home_2 is not left out: %+v, %v", imp, err)
	}
	for name, leave := range map[string][]string{"no home": {"home_4"}, "all": {"home_1", "home_2", "home_3"}} {
		if _, err := Read(t.Context(), dataset.Load, paths, Options{Meters: PerFile, LeaveOut: leave}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", leave, err)
		}
	}
	if imp, err = Read(t.Context(), dataset.Load, paths[:1], Options{Meters: PerFile}); err != nil || imp.Series[0].Name != "home_1" {
		t.Errorf("one home has no column of its own: %+v, %v", imp, err)
	}
}

func TestEveryFolderIsAHome(t *testing.T) {
	late := func(h int) string {
		if h < 72 {
			return ""
		}
		return "0.5"
	}
	early := func(h int) string {
		if h >= 72 {
			return ""
		}
		return "0.25"
	}
	paths := homeFiles(t, map[string]func(int) string{"x/1.csv": early, "x/2.csv": late, "y/all.csv": flat(1)}, "x/1.csv", "x/2.csv", "y/all.csv")
	imp, err := Read(t.Context(), dataset.Load, paths, Options{Meters: PerFolder})
	if err != nil {
		t.Fatal(err)
	}
	if len(imp.Series) != 2 || len(imp.Series[0].Series.Values) != 168 || imp.Series[0].Series.Values[71] != 0.25 || imp.Series[0].Series.Values[72] != 0.5 {
		t.Errorf("%+v", imp.Series)
	}
}

func TestAllHomesThatCannotBeUsedAreNamed(t *testing.T) {
	hole := func(from, to int) func(int) string {
		return func(h int) string {
			if h >= from && h < to {
				return ""
			}
			return "0.5"
		}
	}
	paths := homeFiles(t, map[string]func(int) string{"a.csv": hole(10, 20), "b.csv": flat(0.5), "c.csv": hole(30, 40)}, "a.csv", "b.csv", "c.csv")
	_, err := Read(t.Context(), dataset.Load, paths, Options{Meters: PerFile})
	for _, want := range []string{"2 of 3 homes cannot be used", "a.csv has no values from 2024-06-01T10:00Z", "c.csv has no values from 2024-06-02T06:00Z", "--leave-out"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	columns := lines("time,m1_kwh,m2_kwh,m3_kwh", time.Hour, 24*7, func(h int, _ time.Time) string {
		return hole(10, 20)(h) + ",1," + hole(30, 40)(h)
	})
	wantError(t, dataset.Load, columns, Options{}, "no values in 2 periods", "to 2024-06-01T20:00Z in home_1", "in home_3")
	imp, err := read(t, dataset.Load, Options{LeaveOut: []string{"home_1", "home_3"}}, columns)
	if err != nil || len(imp.Series) != 1 || imp.Series[0].Name != "home_2" {
		t.Errorf("%+v, %v", imp, err)
	}
	_, err = read(t, dataset.Load, Options{}, lines("time,m1_kwh,m2_kwh,m3_kwh", time.Hour, 24*40, func(h int, _ time.Time) string {
		return fmt.Sprintf("%g,0.%d,0.0005", 4.5+0.1*float64(h%2), 3+h%2)
	}))
	if err == nil || !strings.Contains(err.Error(), "2 of 3 homes are not plausible: home_1 takes") || !strings.Contains(err.Error(), "home_3 takes") {
		t.Errorf("not all implausible homes are named: %v", err)
	}
}

// Homes over the same times share them: what is said of a home keeps its own rows.
func TestRowsOfHomesThatShareTheirTimes(t *testing.T) {
	row := func(home, h int, kWh string) string {
		return fmt.Sprintf("%d;%s;%s\n", home, time.Date(2024, 6, 1, h, 0, 0, 0, time.UTC).Format(time.RFC3339), kWh)
	}
	below, between := "home;time;kWh\n", "home;time;kWh\n"
	for home := range 3 {
		for h := range 48 {
			if home == 2 && h == 30 {
				below += row(home, h, "0,25") // twice, with another value
			}
			below += row(home, h, []string{"0,25", "0,5", "0,75"}[home])
		}
	}
	for h := range 48 {
		for home := range 3 {
			if home == 1 && h >= 20 && h < 40 {
				continue // a gap
			}
			between += row(home, h, []string{"0,25", "0,5", "0,75"}[home])
		}
	}
	wantError(t, dataset.Load, below, Options{}, "row 129 repeats", "row 128")
	wantError(t, dataset.Load, between, Options{}, "between rows 60 and 103")
	mended := strings.Replace(below, row(2, 30, "0,25"), "", 1)
	imp, err := read(t, dataset.Load, Options{}, mended)
	if err != nil || len(imp.Series) != 3 || totalOf(imp) != 48*1.5 {
		t.Errorf("%v, %d homes of %g kWh, mended %+v", err, len(imp.Series), totalOf(imp), imp.Report.Mends)
	}
}
