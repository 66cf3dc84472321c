package sessionfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// object is a CDR of a home charger with further keys.
func object(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"start_date_time":"2024-01-01T17:00:00Z","end_date_time":"2024-01-02T06:00:00Z","cdr_token":{"contract_id":"c"}%s}`, id, more)
}

// What OCPI says of energy, in the ways that back-ends write it.
func TestEnergyOfOCPI(t *testing.T) {
	period := func(dimensions ...string) string {
		return `,"charging_periods":[{"dimensions":[` + strings.Join(dimensions, ",") + `]}]`
	}
	dim := func(kind string, volume string) string { return fmt.Sprintf(`{"type":%q,"volume":%s}`, kind, volume) }
	for _, c := range []struct{ name, more, kWh, fedIn string }{
		{"a total", `,"total_energy":12.5`, "12.5", ""},
		{"a total as text", `,"total_energy":"12.5"`, "12.5", ""},
		{"periods only", period(dim("ENERGY", "12"), dim("ENERGY", "0.5")), "12.5", ""},
		{"a total of what was taken, and what was fed in", `,"total_energy":20` + period(dim("ENERGY", "20"), dim("ENERGY", "-6")), "14", "6"},
		{"a net total, and what was fed in", `,"total_energy":14` + period(dim("ENERGY", "20"), dim("ENERGY", "-6")), "14", "6"},
		{"import and export", period(dim("ENERGY_IMPORT", "20"), dim("ENERGY_EXPORT", "6")), "14", "6"},
		{"export beside net energy", `,"total_energy":20` + period(dim("ENERGY", "20"), dim("ENERGY_EXPORT", "6")), "20", "6"},
		{"periods that do not add up", `,"total_energy":30` + period(dim("ENERGY", "2"), dim("ENERGY", "-5")), "30", ""},
		{"other dimensions without volume", `,"total_energy":9` + period(dim("TIME", "null"), dim("MAX_CURRENT", `"x"`)), "9", ""},
		{"a volume that is null", `,"total_energy":9` + period(dim("ENERGY", "null")), "9", ""},
	} {
		rep, plain, err := of(t, Options{}, "a.json", "["+object("1", c.more)+"]")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !strings.HasSuffix(plain, ","+c.kWh+"\n") {
			t.Errorf("%s: wrote %q, want %s kWh", c.name, plain, c.kWh)
		}
		if said := strings.Contains(rep, "fed in, taken off the energy: "+c.fedIn+" kWh"); said != (c.fedIn != "") || c.fedIn == "" && strings.Contains(rep, "fed in, taken") {
			t.Errorf("%s: %q kWh fed in, the report says\n%s", c.name, c.fedIn, rep)
		}
	}
}

// One charge counts once, however often and in whatever way it is told.
func TestACDRAndItsSessionCountOnce(t *testing.T) {
	session := `{"id":"S1","status":"COMPLETED","kwh":21.3,"start_date_time":"2024-01-01T17:00:00Z","end_date_time":"2024-01-02T06:00:01Z","cdr_token":{"contract_id":"C"}}`
	cdr := object("1", `,"total_energy":21.301,"session_id":"s1"`)
	for name, content := range map[string]string{
		"a Session, then its CDR":     "[" + session + "," + cdr + "]",
		"a CDR, delivered thrice":     "[" + object("1", `,"total_energy":20`) + "," + object("1", `,"total_energy":20`) + "," + object("1", `,"total_energy":21.301`) + "]",
		"a CDR and one by other case": "[" + object("ab", `,"total_energy":20`) + "," + object("AB", `,"total_energy":21.301`) + "]",
	} {
		rep, plain, err := of(t, Options{}, "a.json", content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Count(plain, "\n") != 2 || !strings.HasSuffix(plain, ",21.301\n") {
			t.Errorf("%s: wrote\n%s", name, plain)
		}
		if !strings.Contains(rep, "given more than once, with other values: the last in the files is kept") {
			t.Errorf("%s: no word of it in\n%s", name, rep)
		}
	}
}

func TestCreditsThatTakeBackNothingAreSaid(t *testing.T) {
	content := "[" + object("1", `,"total_energy":30`) + "," + object("2", `,"total_energy":30,"credit":true,"credit_reference_id":"xx"`) + "," + object("3", `,"total_energy":30,"credit":true`) + "]"
	rep, plain, err := of(t, Options{}, "a.json", content)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(plain, "\n") != 2 || !strings.Contains(rep, "credit CDRs whose CDR is not in the files, or that name none: 2") {
		t.Errorf("wrote\n%s\n%s", plain, rep)
	}
}

// The last page of a list is often empty.
func TestAnEmptyPageIsNoError(t *testing.T) {
	dir := t.TempDir()
	first, last := filepath.Join(dir, "p1.json"), filepath.Join(dir, "p2.json")
	for path, text := range map[string]string{first: `{"data":[` + object("1", `,"total_energy":3`) + `],"status_code":1000}`, last: `{"data":[],"status_code":1000,"timestamp":"2024-01-01T00:00:00Z"}`} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, plain, err := imported(t, Options{}, first, last); err != nil || strings.Count(plain, "\n") != 2 {
		t.Errorf("%v\n%s", err, plain)
	}
	if _, _, err := imported(t, Options{}, last); err == nil || !strings.Contains(err.Error(), "no CDR or Session is in it") {
		t.Errorf("an empty page by itself: %v", err)
	}
}

func TestSessionsWithoutAnEndAreLeftOut(t *testing.T) {
	good := object("1", `,"total_energy":3`)
	for _, end := range []string{`null`, `"0001-01-01T00:00:00Z"`, `"2024-08-01T00:00:00Z"`} {
		bad := strings.Replace(object("2", `,"total_energy":3`), `"2024-01-02T06:00:00Z"`, end, 1)
		rep, plain, err := of(t, Options{}, "a.json", "["+good+","+bad+"]")
		if err != nil || strings.Count(plain, "\n") != 2 || !strings.Contains(rep, "1 x session left out") {
			t.Errorf("an end of %s: %v\n%s%s", end, err, rep, plain)
		}
	}
}

func TestPlacesArePatterns(t *testing.T) {
	at := func(id, name string) string {
		return object(id, fmt.Sprintf(`,"total_energy":3,"cdr_location":{"id":%q,"name":%q}`, "L"+id, name))
	}
	content := "[" + at("1", "Thuis Jansen / Dorpsstraat") + "," + strings.ReplaceAll(at("2", "Kantoor (A.B)"), "2024-01", "2024-02") + "]"
	for pattern, want := range map[string]int{"Thuis*": 1, "*dorps*": 1, "L2": 1, "Kantoor (A.B)": 1, "*": 2, "Kantoor (A?B)": 0, "L": 0} {
		_, plain, err := of(t, Options{Locations: []string{pattern}}, "a.json", content)
		if got := max(strings.Count(plain, "\n")-1, 0); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d sessions (%v), want %d", pattern, got, err, want)
		}
	}
}

func TestOptionsOfTablesAreRefusedForOCPI(t *testing.T) {
	for _, opt := range []Options{{Only: map[string]string{"user_type": "Private"}}, {Map: map[string]string{"user": "id"}}, {Unit: "wh"}, {Zone: "utc"}, {DateOrder: "dmy"}} {
		if _, _, err := of(t, opt, "a.json", "["+object("1", `,"total_energy":3`)+"]"); err == nil || !strings.Contains(err.Error(), "is for tables") {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

// Tables as Dutch back-offices export them.
func TestDutchTables(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"points before thousands of Wh", "Laadpas;Starttijd;Eindtijd;Energie (Wh)\nA;05-01-2024 18:00;06-01-2024 07:00;12.500\nA;07-01-2024 18:00;08-01-2024 07:00;950\n", "2024-01-06T07:00:00,12.5\n1,2024-01-07T18:00:00,2024-01-08T07:00:00,0.95\n"},
		{"points before thousands and decimals", "Laadpas;Starttijd;Eindtijd;Energie (Wh)\nA;05-01-2024 18:00;06-01-2024 07:00;12.500,4\n", ",12.5004\n"},
		{"kWh to three decimals", "Laadpas;Starttijd;Eindtijd;kWh\nA;05-01-2024 18:00;06-01-2024 07:00;12.500\n", ",12.5\n"},
		{"a unit in the cell", "Laadpas;Starttijd;Eindtijd;Energie\nA;05-01-2024 18:00;06-01-2024 07:00;12,5 kWh\n", ",12.5\n"},
		{"separators at the ends of rows, and an empty row", "Laadpas;Starttijd;Eindtijd;kWh\nA;05-01-2024 18:00;06-01-2024 07:00;12,5;\n;;;\n", ",12.5\n"},
		{"a duration on the clock", "Laadpas;Starttijd;Laadduur;kWh\nA;05-01-2024 18:00;13:00;12,5\n", "2024-01-06T07:00:00,12.5\n"},
		{"the order of days told by the other column", "card,start,end,kWh\nA,1/12/2024 6:00 PM,1/13/2024 7:00 AM,12.5\n", "2024-01-12T18:00:00,2024-01-13T07:00:00,12.5\n"},
	} {
		if _, plain, err := of(t, Options{}, "a.csv", c.content); err != nil || !strings.HasSuffix(plain, c.want) {
			t.Errorf("%s: %v, %q, want %q", c.name, err, plain, c.want)
		}
	}
	if _, _, err := of(t, Options{Map: map[string]string{"energy": "Energy (MWh)"}}, "a.csv", "card,start,end,Energy (MWh)\nA,2024-01-12 18:00,2024-01-13 07:00,0.0125\n"); err == nil || !strings.Contains(err.Error(), "MWh") {
		t.Errorf("MWh: %v", err)
	}
	if _, _, err := of(t, Options{}, "a.csv", "card,start,end,kwh\nA,2024-01-12 18:00,2024-01-13 07:00,12500\n"); err == nil || !strings.Contains(err.Error(), "--unit wh") {
		t.Errorf("Wh under a header of kWh: %v", err)
	}
}
