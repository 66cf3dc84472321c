package dataset

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readers are all that read the plain files of a study.
var readers = map[string]func(ctx context.Context, path string) error{
	"prices":        func(ctx context.Context, path string) error { _, _, err := ReadSeries(ctx, path, Prices); return err },
	"sessions":      func(ctx context.Context, path string) error { _, _, err := ReadSessions(ctx, path); return err },
	"meters":        func(ctx context.Context, path string) error { _, _, err := ReadMeters(ctx, path); return err },
	"charge points": func(ctx context.Context, path string) error { _, _, err := ReadChargePoints(ctx, path); return err },
}

func TestEveryReaderHasABound(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(large)
	if err := errors.Join(err, f.Truncate(5<<30), f.Close()); err != nil {
		t.Fatal(err)
	}
	endless := file(t, "utc_start,eur_per_mwh\n"+strings.Repeat("1,2,", 1<<19))
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, read := range readers {
		for path, want := range map[string]string{large: "is larger than 2 GB, the most that is read", "/dev/zero": "is a device: a file was expected", t.TempDir(): "is a folder"} {
			if err := read(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s of %s: %v, want %q", name, path, err, want)
			}
		}
		if err := read(stopped, endless); !errors.Is(err, context.Canceled) {
			t.Errorf("%s after the end of the context: %v", name, err)
		}
	}
	if err := readers["prices"](t.Context(), endless); err == nil || err.Error() != "file.csv has a row of over 1 MB after row 1: a table with a row per line was expected (is a quote not closed?)" {
		t.Errorf("a row without end: %v", err)
	}
}

func TestAPackedFileIsReadAsItsContent(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(header + "2024-01-01T00:00Z,10\n2024-01-01T01:00Z,20\n"))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	s, _, err := ReadSeries(t.Context(), file(t, b.String()), Prices)
	if err != nil || !slices.Equal(s.Values, []float64{10, 20}) {
		t.Errorf("%v, %v", s, err)
	}
}

func TestRowsOfASeriesHaveABound(t *testing.T) {
	b := builder{file: "file.csv", values: make([]float64, mostValues)}
	if err := b.add(b.last, 0, mostValues); err == nil || !strings.Contains(err.Error(), "file.csv has over 1000000 values") {
		t.Error(err)
	}
}

func TestChargePointsOfAFile(t *testing.T) {
	points, rep, err := ReadChargePoints(t.Context(), file(t, "\xEF\xBB\xBFyear,code,home_charge_points,note\n2030,GM0014,10,x\n2035, GM0014 ,20.5,\n2030,GM0034,0,\n"))
	if err != nil || len(points) != 2 || points["GM0014"][2035] != 20.5 || points["GM0014"][2030] != 10 || rep.Rows != 3 || rep.SHA256 == "" {
		t.Errorf("%v, %+v, %v", points, rep, err)
	}
}
