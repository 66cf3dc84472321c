package seriesfile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/getij/getij/internal/dataset"
)

// read imports files of these contents, named a.csv, b.csv and so on.
func read(t *testing.T, kind dataset.Kind, opt Options, contents ...string) (*Import, error) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i, c := range contents {
		p := filepath.Join(dir, string(rune('a'+i))+".csv")
		if err := os.WriteFile(p, []byte(c), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return Read(t.Context(), kind, paths, opt)
}

func testdata(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func inUTF16(s string, big bool) string {
	b := []byte{0xFF, 0xFE}
	if big {
		b = []byte{0xFE, 0xFF}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func packed(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(content))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// every small file with its kind.
var allFiles = map[string]dataset.Kind{
	"entsoe_old_autumn.csv": dataset.Prices, "entsoe_new_cet.csv": dataset.Prices, "entsoe_api_autumn.xml": dataset.Prices,
	"energy_charts.json": dataset.Prices, "dutch_utc.csv": dataset.Prices, "plain_switch.csv": dataset.Prices,
	"mffbas_iso.csv": dataset.Load, "edsn_fractions.csv": dataset.Load, "meters_ean_columns.csv": dataset.Load, "registers_p1.csv": dataset.Load,
	"ned.csv": dataset.Solar, "ned_api.json": dataset.Solar, "pvgis.csv": dataset.Solar, "capacity_percent.csv": dataset.Solar,
}

// A byte order mark, other line ends, UTF-16 and gzip change nothing.
func TestEncodings(t *testing.T) {
	for file, kind := range allFiles {
		t.Run(file, func(t *testing.T) {
			content := strings.ReplaceAll(strings.TrimPrefix(testdata(t, file), "\uFEFF"), "\r\n", "\n")
			want, err := read(t, kind, Options{}, content)
			if err != nil {
				t.Fatal(err)
			}
			for name, changed := range map[string]string{
				"BOM":  "\xEF\xBB\xBF" + content,
				"CRLF": strings.ReplaceAll(content, "\n", "\r\n"), "gzip": packed(t, content),
				"UTF-16": inUTF16(content, false), "UTF-16, big endian": inUTF16(content, true),
			} {
				got, err := read(t, kind, Options{}, changed)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				same(t, got, want)
			}
		})
	}
}

func same(t *testing.T, got, want *Import) {
	t.Helper()
	if got.Unit != want.Unit || len(got.Series) != len(want.Series) {
		t.Fatalf("%d series of %s, want %d of %s", len(got.Series), got.Unit, len(want.Series), want.Unit)
	}
	for i, n := range got.Series {
		a, b := n.Series, want.Series[i].Series
		if n.Name != want.Series[i].Name || !a.Start.Equal(b.Start) || a.Every != b.Every || len(a.Values) != len(b.Values) {
			t.Fatalf("%s: %d values every %s from %s, want %d every %s from %s", n.Name, len(a.Values), a.Every, a.Start, len(b.Values), b.Every, b.Start)
		}
		for k := range a.Values {
			if a.Values[k] != b.Values[k] {
				t.Fatalf("%s at %s is %v, want %v", n.Name, a.Start.Add(a.Every*1), a.Values[k], b.Values[k])
			}
		}
	}
}

// Files that are cut off anywhere end in an error, or in fewer values and, in the
// middle of the last line, a note.
func TestCutFiles(t *testing.T) {
	for file, kind := range allFiles {
		t.Run(file, func(t *testing.T) {
			content := testdata(t, file)
			whole, err := read(t, kind, Options{}, content)
			if err != nil {
				t.Fatal(err)
			}
			errs := 0
			for n := 0; n < len(content)-3; n += 1 + len(content)/97 {
				got, err := read(t, kind, Options{}, content[:n])
				if err != nil {
					if !strings.Contains(err.Error(), "a.csv") {
						t.Errorf("cut at %d: the error does not name the file: %v", n, err)
					}
					errs++
					continue
				}
				if len(got.Series[0].Series.Values) > len(whole.Series[0].Series.Values) {
					t.Errorf("cut at %d: %d values", n, len(got.Series[0].Series.Values))
				}
				if (strings.HasSuffix(file, ".xml") || strings.HasSuffix(file, ".json")) && n < len(content)-3 {
					t.Errorf("cut at %d of %d: accepted", n, len(content))
				}
				last := content[n-1]
				noted := slices.ContainsFunc(got.Report.Notes, func(s string) bool { return strings.Contains(s, "cut off") })
				noted = noted || slices.ContainsFunc(got.Report.Mends, func(m dataset.Mend) bool { return strings.Contains(m.What, "cut off") })
				if last != '\n' && last != '\r' && (!noted || !strings.HasPrefix(file, "pvgis") && got.Report.Strict() == nil) {
					t.Errorf("cut at %d: accepted without a word: %q", n, content[max(0, n-30):n])
				}
			}
			if errs == 0 {
				t.Error("no cut was an error")
			}
		})
	}
}

// The words that a user gets to see.
func TestFilesThatAreRefused(t *testing.T) {
	const head = "utc_start,eur_per_mwh\n"
	const one = "2024-01-01T00:00Z,10\n"
	xml := testdata(t, "entsoe_api_autumn.xml")
	pvgis := testdata(t, "pvgis.csv")
	ned := testdata(t, "ned.csv")
	for _, c := range []struct {
		name    string
		kind    dataset.Kind
		opt     Options
		content string
		want    string
	}{
		{"a gap of 3 hours", "prices", Options{}, head + one + "2024-01-01T01:00Z,20\n2024-01-01T05:00Z,30\n", "a.csv has no values from 2024-01-01T02:00Z to 2024-01-01T05:00Z (between rows 3 and 4): gaps of up to 2 hours between values are interpolated, fill longer ones"},
		{"a repeat with another value", "prices", Options{}, head + one + "2024-01-01T00:00Z,11\n2024-01-01T01:00Z,11\n", "a.csv, row 3 repeats the time 2024-01-01T00:00Z of row 2 of a.csv with another value (11, not 10): keep one of the two"},
		{"rows out of order, one twice", "prices", Options{}, head + "2024-01-01T02:00Z,1\n2024-01-01T01:00Z,2\n2024-01-01T04:00Z,2\n2024-01-01T04:00Z,3\n", "a.csv, row 3 is at 2024-01-01T01:00Z, before row 2 at 2024-01-01T02:00Z: sort the rows by time (are they in another time zone than was read?)"},
		{"text for a price", "prices", Options{}, head + one + "2024-01-01T01:00Z,dear\n", `a.csv, row 3, eur_per_mwh is "dear": a number with a decimal point was expected`},
		{"a price that is none", "prices", Options{}, head + one + "2024-01-01T01:00Z,1e300\n", `a.csv, row 3, eur_per_mwh is "1e300": a number between -1e+12 and 1e+12 was expected (are the columns swapped?)`},
		{"columns swapped", "prices", Options{}, head + one + "20,2024-01-01T01:00Z\n", `a.csv, row 3, utc_start is "20": a time such as 2024-01-31T18:05:00Z, 2024-01-31 18:05 or 31-01-2024 18:05 was expected (day before month; are the columns swapped?)`},
		{"names of the columns swapped", "prices", Options{}, "utc_start,eur_per_mwh\n10,2024-01-01T00:00Z\n20,2024-01-01T01:00Z\n", `a.csv has numbers in column "utc_start" and times in column "eur_per_mwh": are the names swapped?`},
		{"names of the columns of homes swapped", "load", Options{}, "local_start_nl,meter_1_wh,meter_2_wh\n100,120,2024-01-01T00:00\n110,130,2024-01-01T00:15\n", `a.csv has numbers in column "local_start_nl" and times in column "meter_2_wh": are the names swapped?`},
		{"names of the columns of a profile swapped", "load", Options{}, "start_utc_plus_1,E1A\n0.00003,2015-01-01T00:00:00+01:00\n0.00004,2015-01-01T00:15:00+01:00\n", `a.csv has numbers in column "start_utc_plus_1" and times in column "E1A": are the names swapped?`},
		{"names of the columns of solar swapped", "solar", Options{}, "utc_start,mw,fraction_of_capacity\n0.1,1500,2024-01-01T00:00Z\n0.2,3000,2024-01-01T01:00Z\n", `a.csv has numbers in column "utc_start" and times in column "fraction_of_capacity": are the names swapped?`},
		{"a decimal comma between commas", "prices", Options{}, head + one + "2024-01-01T01:00Z,77,29\n", "a.csv, row 3 has 3 columns, the header 2 (are there decimal commas between commas?): write decimal points"},
		{"cut in a row", "prices", Options{}, head + one + "2024-01-0", "a.csv, row 3 has 1 of the header's 2 columns (is the file cut off?): complete or remove the row"},
		{"daily values", "prices", Options{}, head + one + "2024-01-02T00:00Z,10\n", "a.csv, rows 2 and 3 are 24h0m0s apart: quarter-hourly, half-hourly or hourly values were expected"},
		{"header only", "prices", Options{}, head, "a.csv has no rows: a header and rows of times and values were expected"},
		{"empty", "prices", Options{}, "", "a.csv is empty: a file with values was expected"},
		{"a web page", "prices", Options{}, "<!DOCTYPE html><html><body>Log in</body></html>", "a.csv is a web page, perhaps an error or a login page: download the data itself"},
		{"a workbook", "prices", Options{}, "PK\x03\x04....", "a.csv is a ZIP archive or an Excel workbook that cannot be read: unpack it, or save the sheet as CSV in UTF-8"},
		{"prose", "load", Options{}, "no data today", "a.csv is not recognised as load: it has no columns separated by commas, semicolons or tabs; one of the formats mffbas, fractions, registers, load-json, meter was expected"},
		{"sessions as prices", "prices", Options{}, "session_id,user_id,arrival_local,departure_local,energy_kwh\n1,a,2024-01-01T10:00:00,2024-01-01T12:00:00,3\n", "a.csv looks like charging sessions (import them with the kind sessions): it cannot be read as prices"},
		{"CDRs as load", "load", Options{}, `[{"id":"1","cdr_token":{"uid":"x"},"charging_periods":[]}]`, "a.csv looks like charging sessions (import them with the kind sessions): it cannot be read as load"},
		{"prices as load", "load", Options{}, head + one + "2024-01-01T01:00Z,20\n", "a.csv looks like prices (import them with the kind prices): it cannot be read as load"},
		{"prices as solar", "solar", Options{}, xml, "a.csv looks like prices (import them with the kind prices): it cannot be read as solar"},
		{"load as prices", "prices", Options{}, "utc_start,kwh\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,2\n", `a.csv holds energy or power ("kwh"), not prices: import it with the kind load or solar`},
		{"solar as load", "load", Options{}, ned, "a.csv looks like solar output (import it with the kind solar): it cannot be read as load"},
		{"EUR/kWh that is not", "prices", Options{}, "time,EUR/kWh\n2024-01-01T00:00Z,70\n2024-01-01T01:00Z,80\n", "a.csv says EUR/kWh, but holds 80: are they EUR/MWh? Say which with --unit"},
		{"another currency", "prices", Options{}, "\"MTU (UTC)\",\"Day-ahead Price (GBP/MWh)\"\n\"01/01/2024 00:00:00 - 01/01/2024 01:00:00\",\"1\"\n", `a.csv holds prices in GBP ("Day-ahead Price (GBP/MWh)"): EUR was expected`},
		{"another area", "prices", Options{Area: "FR"}, testdata(t, "entsoe_new_utc.csv"), "a.csv holds the areas BZN|DE-LU, BZN|NL, but not FR: say which area to read"},
		{"prices with taxes", "prices", Options{}, "datum;prijs_incl_belastingen\n2024-01-01 00:00;0,20\n2024-01-01 01:00;0,21\n", `a.csv has prices with taxes only ("prijs_incl_belastingen"): prices of the day-ahead market without taxes were expected, name another column if there is one (--column)`},
		{"ENTSO-E's refusal", "prices", Options{}, testdata(t, "entsoe_api_refusal.xml"), `a.csv holds no prices but ENTSO-E's refusal, code 999: "No matching data found for Data item Day-ahead Prices [12.1.D] (10YNL----------L, 10YNL----------L) and interval 2030-01-01T00:00Z/2030-01-02T00:00Z.": check the period, the area and the token of the request, and download again`},
		{"another document", "prices", Options{}, strings.Replace(xml, ">A44<", ">A65<", 1), "a.csv is a document of type A65: day-ahead prices, A44, were expected"},
		{"another zone", "prices", Options{}, strings.ReplaceAll(xml, "10YNL----------L", "10YBE----------2"), `a.csv, row 10, in_Domain.mRID is "10YBE----------2": the area 10YNL----------L was expected: ask for that area, or say which area to read`},
		{"a position too many", "prices", Options{}, strings.Replace(xml, "<position>24</position>", "<position>99</position>", 1), `a.csv, row 10, position after 23 of the period from 2024-10-26T22:00Z is "99": a whole number up to 25, in order, was expected`},
		{"a resolution that is none", "prices", Options{}, strings.ReplaceAll(xml, "PT60M", "P1D"), `a.csv, row 10, resolution is "P1D": PT60M or PT15M was expected`},
		{"XML cut off", "prices", Options{}, xml[:2000], "a.csv, row 39: the XML is broken or cut off (unexpected EOF): download it again"},
		{"JSON cut off", "prices", Options{}, testdata(t, "energy_charts.json")[:700], "a.csv, byte 700: it ends in the middle of its JSON (is it cut off?): download it again"},
		{"JSON of unequal length", "prices", Options{}, `{"unix_seconds":[1704067200,1704070800],"price":[1]}`, "a.csv has 2 times in unix_seconds and 1 values in price: as many were expected, download it again"},
		{"JSON with text", "prices", Options{}, `{"unix_seconds":[1704067200,1704070800],"price":[1,"x"]}`, `a.csv, row 2, price is "x": a number or null was expected`},
		{"no such profile", "load", Options{Column: "E3D_AZI_A"}, testdata(t, "mffbas_iso.csv"), "a.csv has no profile E3D_AZI_A: its columns are 1.00_E1A_AZI_A, 1.00_E1A_AZI_I, 1.00_E1A_AMI_A, 1.00_E1A_AMI_I"},
		{"no feed-in", "load", Options{FeedIn: true}, "utc_start,verbruik_kwh\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,2\n", "a.csv has no column of what homes feed in among utc_start, verbruik_kwh: say which column to read"},
		{"load of two spacings", "load", Options{}, mixedLoad(), "a.csv is hourly from row 2 to 32 and every 15 minutes elsewhere: values of one spacing were expected"},
		{"an EAN in a wrong place", "load", Options{}, "start,meter_kwh\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,871687110000000001\n", `a.csv, row 3, meter_kwh is "(18 digits)": a number between -1e+12 and 1e+12 was expected (are the columns swapped?)`},
		{"a home that begins with text", "load", Options{}, "utc_start,m1_kwh,m2_kwh\n2024-01-01T00:00Z,1,fault\n2024-01-01T01:00Z,2,3\n", `a.csv, row 2, m2_kwh is "fault": a number with a decimal point was expected`},
		{"a home without values for half a day", "load", Options{}, holedHomes(), "a.csv has no values from 2024-01-01T06:00Z to 2024-01-01T18:00Z in home_2: gaps of up to 2 hours between values are interpolated, fill longer ones or leave the homes out (--leave-out), or have them filled from the weeks beside them (--fill-gaps)"},
		{"readings with a long gap", "load", Options{}, "time,meterstand_kwh\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,2\n2024-01-01T02:00Z,3\n2024-01-01T09:00Z,9\n", "a.csv has no readings from 2024-01-01T03:00Z to 2024-01-01T09:00Z (between rows 4 and 5): gaps of up to 2 hours are spread evenly, fill longer ones, or have them filled from the weeks beside them (--fill-gaps)"},
		{"wind", "solar", Options{}, strings.ReplaceAll(ned, ",Zon,", ",1,"), `a.csv, row 2, type is "1": solar, type 2, was expected`},
		{"wind of the API", "solar", Options{}, strings.ReplaceAll(testdata(t, "ned_api.json"), "types/2", "types/17"), `a.csv, row 1, type is "/v1/types/17": solar, type 2, was expected`},
		{"PVGIS without power", "solar", Options{}, strings.Replace(pvgis, "time,P,", "time,Gb(i),", 1), "a.csv has no column P among time, Gb(i), G(i), H_sun, T2m, WS10m, Int: let PVGIS compute the PV power, or name another column"},
		{"PVGIS cut in a row", "solar", Options{}, pvgis[:strings.Index(pvgis, "20200601:1310")+20], "a.csv, row 16 has 2 of the header's 7 columns (is the file cut off?): download it again"},
		{"a column that is not there", "solar", Options{Column: "wind"}, ned, `a.csv has no column "wind": its columns are point, type, granularity, timezone, activity, classification, validfrom (UTC), validto (UTC), capacity (kW), volume (kWh), percentage, emission (kg CO2), emissionfactor (kg CO2/kWh)`},
		{"a format that is not there", "solar", Options{Format: "excel"}, ned, `format "excel" is not known for solar: ned-json, ned-csv, pvgis, solar-json, solar-table was expected`},
		{"a unit of another kind", "solar", Options{Unit: "eur_per_mwh"}, ned, `unit "eur_per_mwh" is not known for solar: capacity_factor, fraction, kw, kwh, mw, percent, w, wh was expected`},
		{"a zone that is not there", "solar", Options{Zone: "CET"}, ned, `zone "CET" is not known: local, utc or utc+1 was expected`},
		{"a kind that is not there", "wind", Options{}, ned, `kind "wind" is not known: prices, load or solar was expected`},
	} {
		t.Run(c.name, func(t *testing.T) {
			imp, err := read(t, c.kind, c.opt, c.content)
			if err == nil {
				t.Fatalf("accepted: %+v", imp.Report)
			}
			if got := err.Error(); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAFileThatIsNotThereOrAFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(t.Context(), dataset.Load, []string{filepath.Join(dir, "none.csv")}, Options{}); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Read(t.Context(), dataset.Load, []string{dir}, Options{}); err == nil || !strings.HasSuffix(err.Error(), " is a folder: a file was expected") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Read(t.Context(), dataset.Load, nil, Options{}); err == nil {
		t.Error("no files: accepted")
	}
}
