package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/foreign/table"
	"github.com/getij/getij/internal/userfile"
)

// file writes a file for a test and gives its path.
func file(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const header = "utc_start,eur_per_mwh\n"

// Files that are mended or fine as they are.
func TestSeriesFilesThatAreRead(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2024, 1, 1, hour, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, content string
		kind          Kind
		start         time.Time
		every         time.Duration
		values        []float64
		rows          int
		mends         []Mend
	}{
		{
			"hourly", header + "2024-01-01T00:00Z,10\n2024-01-01T01:00Z,-20.5\n2024-01-01T02:00Z,3e1\n",
			Prices, at(0), time.Hour,
			[]float64{10, -20.5, 30},
			3, nil,
		},
		{
			"quarter-hourly, half an hour by its first rows", header + "2024-01-01T00:00Z,10\n2024-01-01T00:15Z,20\n",
			Prices, at(0), 15 * time.Minute,
			[]float64{10, 20},
			2, nil,
		},
		{
			"other columns, in another order and case", "local,EUR_per_MWh,note,UTC_Start\nx,10,,2024-01-01 00:00\nx,20,,2024-01-01 01:00\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"times with an offset", "time,eur_per_mwh\n2024-01-01 01:00:00+01:00,10\n2024-01-01 02:00:00+01:00,20\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"the hour that the clock repeats, told apart by its offset", "time,eur_per_mwh\n2024-10-27T02:00:00+02:00,10\n2024-10-27T02:00:00+01:00,20\n",
			Prices, time.Date(2024, 10, 27, 0, 0, 0, 0, time.UTC), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"a byte order mark", "\xEF\xBB\xBF" + header + "2024-01-01T00:00Z,10\n2024-01-01T01:00Z,20\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"a semicolon in every row of a file with commas", "utc_start,eur_per_mwh,note\n2024-01-01T00:00Z,10,a;b\n2024-01-01T01:00Z,20,a;b\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"text of code page 1252", "utc_start,eur_per_mwh,plaats\n2024-01-01T00:00Z,10,Skarsterl\xe2n\n2024-01-01T01:00Z,20,\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2,
			[]Mend{{"text that is not UTF-8, read as Windows Latin 1", 1, []string{"file.csv"}}},
		},
		{
			"CRLF", "utc_start,eur_per_mwh\r\n2024-01-01T00:00Z,10\r\n2024-01-01T01:00Z,20\r\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"no line end on the last row, spaces", "utc_start, eur_per_mwh\n2024-01-01T00:00Z, 10\n2024-01-01T01:00Z, 20 ",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
		{
			"a missing hour", header + "2024-01-01T00:00Z,10\n2024-01-01T01:00Z,20\n2024-01-01T03:00Z,40\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20, 30, 40},
			3,
			[]Mend{{"gap interpolated", 1, []string{"2024-01-01T02:00Z to 2024-01-01T03:00Z"}}},
		},
		{
			"two missing hours, left empty", header + "2024-01-01T00:00Z,10\n2024-01-01T01:00Z,20\n2024-01-01T02:00Z,\n2024-01-01T03:00Z,\n2024-01-01T04:00Z,50\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20, 30, 40, 50},
			5,
			[]Mend{{"gap interpolated", 1, []string{"2024-01-01T02:00Z to 2024-01-01T04:00Z"}}},
		},
		{
			"repeated rows", header + "2024-01-01T00:00Z,10\n2024-01-01T00:00Z,10\n2024-01-01T01:00Z,20\n2024-01-01T01:00Z,20\n",
			Prices, at(0), time.Hour,
			[]float64{10, 20},
			4,
			[]Mend{{"repeated row dropped", 2, []string{"row 3, 2024-01-01T00:00Z", "row 5, 2024-01-01T01:00Z"}}},
		},
		{
			"load: the first column of numbers", "start,name,kwh,other\n2015-01-01T00:00:00+01:00,a,1,5\n2015-01-01T01:00:00+01:00,a,2,6\n",
			Load, time.Date(2014, 12, 31, 23, 0, 0, 0, time.UTC), time.Hour,
			[]float64{1, 2},
			2, nil,
		},
		{
			"solar: a column without a name is a row number", ",utc_start,mw\n0,2024-01-01T00:00Z,10\n1,2024-01-01T01:00Z,20\n",
			Solar, at(0), time.Hour,
			[]float64{10, 20},
			2, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := file(t, c.content)
			s, rep, err := ReadSeries(t.Context(), path, c.kind)
			if err != nil {
				t.Fatal(err)
			}
			if !s.Start.Equal(c.start) || s.Every != c.every || !slices.Equal(s.Values, c.values) {
				t.Errorf("read %v every %v from %v, want %v every %v from %v", s.Values, s.Every, s.Start, c.values, c.every, c.start)
			}
			if rep.Rows != c.rows || rep.From != stamp(c.start) || rep.To != stamp(s.End()) || rep.File != path || rep.Kind != string(c.kind) {
				t.Errorf("reported %+v", rep)
			}
			if !slices.EqualFunc(rep.Mends, c.mends, sameMend) {
				t.Errorf("mended %+v, want %+v", rep.Mends, c.mends)
			}
			if sum := sha256.Sum256([]byte(c.content)); rep.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("sha256 %s is not that of the file's %d bytes", rep.SHA256, len(c.content))
			}
		})
	}
}

func sameMend(a, b Mend) bool {
	return a.What == b.What && a.Count == b.Count && slices.Equal(a.Where, b.Where)
}

func TestAMendListsItsFirstPlacesAndCountsAll(t *testing.T) {
	var b strings.Builder
	b.WriteString(header)
	for i := range 25 {
		row := stamp(time.Date(2024, 1, 1, i, 0, 0, 0, time.UTC)) + ",1\n"
		b.WriteString(row + row)
	}
	_, rep, err := ReadSeries(t.Context(), file(t, b.String()), Prices)
	if err != nil {
		t.Fatal(err)
	}
	if m := rep.Mends[0]; m.Count != 25 || len(m.Where) != mostPlaces {
		t.Errorf("%d mends in %d places, want 25 of which %d are listed", m.Count, len(m.Where), mostPlaces)
	}
}

// The words that a user gets to see. They say where, what was found, what was
// expected and what to do.
func TestSeriesFilesThatAreRefused(t *testing.T) {
	const one = "2024-01-01T00:00Z,10\n"
	for _, c := range []struct {
		name, content string
		kind          Kind
		want          string
	}{
		{"a gap of 3 hours", header + one + "2024-01-01T01:00Z,20\n2024-01-01T05:00Z,30\n", Prices, "file.csv has no values from 2024-01-01T02:00Z to 2024-01-01T05:00Z (between rows 3 and 4): gaps of up to 2 hours are interpolated, fill longer ones"},
		{"a repeat with another value", header + one + "2024-01-01T00:00Z,11\n", Prices, "file.csv, row 3 repeats the time 2024-01-01T00:00Z of row 2 with another value (11, not 10): keep one of the two"},
		{"rows out of order", header + "2024-01-01T02:00Z,1\n2024-01-01T01:00Z,2\n", Prices, "file.csv, row 3 is at 2024-01-01T01:00Z, before row 2 at 2024-01-01T02:00Z: sort the rows by time (is it local time without its offset?)"},
		{"text in the price column", header + one + "2024-01-01T01:00Z,n/a\n", Prices, `file.csv, row 3, eur_per_mwh is "n/a": a number with a decimal point was expected`},
		{"NaN", header + one + "2024-01-01T01:00Z,NaN\n", Prices, `file.csv, row 3, eur_per_mwh is "NaN": a number with a decimal point was expected`},
		{"infinity", header + "2024-01-01T00:00Z,-Inf\n", Prices, `file.csv, row 2, eur_per_mwh is "-Inf": a number with a decimal point was expected`},
		{"a number that no price or power is", header + "2024-01-01T00:00Z,1e300\n", Prices, `file.csv, row 2, eur_per_mwh is "1e300": a number between -1e+12 and 1e+12 was expected`},
		{"a decimal comma in quotes", header + `2024-01-01T00:00Z,"77,29"` + "\n", Prices, `file.csv, row 2, eur_per_mwh is "77,29": a number with a decimal point was expected`},
		{"a decimal comma", header + "2024-01-01T00:00Z,77,29\n", Prices, "file.csv, row 2 has 3 columns, the header 2 (are there decimal commas between commas?): write decimal points"},
		{"semicolons", "utc_start;eur_per_mwh\n2024-01-01T00:00Z;77,29\n", Prices, `file.csv has no comma in its header "utc_start;eur_per_mwh": columns separated by commas, with a decimal point, were expected. Is the file as another program wrote it? Then make a plain one of it: getij import prices file.csv --out prices.csv`},
		{"tabs", "utc_start\teur_per_mwh\n2024-01-01T00:00Z\t77.29\n", Prices, `file.csv has no comma in its header "utc_start\teur_per_mwh": columns separated by commas, with a decimal point, were expected. Is the file as another program wrote it? Then make a plain one of it: getij import prices file.csv --out prices.csv`},
		{"UTF-16 without its mark", "u\x00t\x00c\x00", Prices, "file.csv is not UTF-8 text (it looks like UTF-16 or a binary file): save it as CSV in UTF-8"},
		{"cut in the middle of a row", header + one + "2024-01-0", Prices, "file.csv, row 3 has 1 of the header's 2 columns (is the file cut off?): complete or remove the row"},
		{"cut in the middle of a quoted value", header + one + `2024-01-01T01:00Z,"1`, Prices, `file.csv, row 3: extraneous or missing " in quoted-field (is the file cut off?)`},
		{"empty", "", Prices, "file.csv is empty: a file with values was expected"},
		{"only a byte order mark", "\xEF\xBB\xBF", Prices, "file.csv is empty: a file with values was expected"},
		{"header only", header, Prices, "file.csv has 0 rows with a value: a year was expected"},
		{"header only, load", "utc_start,kwh\n", Load, "file.csv has 0 rows with a value: a year was expected"},
		{"one row", header + one, Prices, "file.csv has 1 rows with a value: a year was expected"},
		{"no price column", "utc_start,price,area\n", Prices, "file.csv has no column eur_per_mwh (its columns are utc_start, price, area): name the price column eur_per_mwh, in EUR/MWh"},
		{"no column of numbers", "utc_start,area\n2024-01-01T00:00Z,NL\n", Load, "file.csv, row 2: none of the columns utc_start, area holds a number besides the time"},
		{"a time without an offset", "start,eur_per_mwh\n2024-01-01T00:00:00,10\n", Prices, `file.csv, row 2, start is "2024-01-01T00:00:00": the time has no offset from UTC: name the column utc_start when it is UTC, or write offsets such as 2024-01-01T00:00:00+01:00. Is the file as another program wrote it? Then make a plain one of it: getij import prices file.csv --out prices.csv`},
		{"a time that is none", header + "1 januari,10\n", Prices, `file.csv, row 2, utc_start is "1 januari": a time such as 2024-01-01T00:00:00Z was expected`},
		{"a day that is none", header + "2024-02-30T00:00Z,10\n", Prices, `file.csv, row 2, utc_start is "2024-02-30T00:00Z": a time such as 2024-01-01T00:00:00Z was expected`},
		{"a value a day", header + one + "2024-01-02T00:00Z,10\n", Prices, "file.csv, rows 2 and 3 are 24h0m0s apart: quarter-hourly or hourly values were expected"},
		{"uneven rows", header + one + "2024-01-01T01:00Z,20\n2024-01-01T01:30Z,30\n", Prices, "file.csv, row 4 is 30m0s after row 3, but the rows before are 1h0m0s apart: evenly spaced rows were expected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := ReadSeries(t.Context(), file(t, c.content), c.kind)
			if err == nil {
				t.Fatalf("accepted as %+v", s)
			}
			if got := err.Error(); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAFileThatIsNotThereOrAFolder(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := ReadSeries(t.Context(), filepath.Join(dir, "none.csv"), Prices); !os.IsNotExist(err) || !strings.Contains(err.Error(), "none.csv") {
		t.Errorf("a missing file: got %v", err)
	}
	if _, _, err := ReadSessions(t.Context(), dir); err == nil || err.Error() != dir+" is a folder: a file was expected" {
		t.Errorf("a folder: got %v", err)
	}
}

// Whatever bytes come in, the reader ends with an error or with an evenly spaced
// series of finite numbers.
func FuzzReadSeries(f *testing.F) {
	for _, seed := range []string{
		header + "2024-01-01T00:00Z,10\n2024-01-01T01:00Z,20\n2024-01-01T03:00Z,40\n2024-01-01T03:00Z,40\n",
		header + "2024-01-01T00:00Z,-1e308\n2024-01-01T01:00Z,1\n2024-01-01T03:00Z,1e308\n",
		"t,x,y\n2024-01-01T00:00+01:00,a,1\n2024-01-01T00:15+01:00,,\n2024-01-01T00:30+01:00,,3\n",
		header + "0001-01-01T00:00Z,1\n9999-12-31T23:00Z,2\n", "\xEF\xBB\xBF\"a\nb\",\r\n\"\"\",1", "",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, content string, prices bool) {
		kind := Load
		if prices {
			kind = Prices
		}
		file, err := table.New(t.Context(), "file.csv", strings.NewReader(content), userfile.MostData)
		if err != nil {
			return
		}
		c, err := openPlain(file)
		if err != nil {
			return
		}
		s, rep, err := readSeries(c, kind)
		if err != nil {
			return
		}
		if sum := sha256.Sum256([]byte(content)); true {
			if got, err := file.Digest(); err != nil || got != hex.EncodeToString(sum[:]) {
				t.Fatalf("digest %s, %v", got, err)
			}
		}
		if s.Every != 15*time.Minute && s.Every != 30*time.Minute && s.Every != time.Hour {
			t.Fatalf("values every %v", s.Every)
		}
		if len(s.Values) < 2 || rep.Rows < 2 {
			t.Fatalf("%d values of %d rows", len(s.Values), rep.Rows)
		}
		if s.Start.Location() != time.UTC || s.End().Sub(s.Start) != time.Duration(len(s.Values))*s.Every {
			t.Fatalf("from %v to %v with %d values every %v", s.Start, s.End(), len(s.Values), s.Every)
		}
		for i, v := range s.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("value %d is %g", i, v)
			}
		}
	})
}
