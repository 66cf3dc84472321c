package region

import (
	"errors"
	"testing"
)

func TestParseCode(t *testing.T) {
	for text, want := range map[string]struct {
		code   string
		level  Level
		parent string
	}{
		"NL00":       {"NL00", Land, ""},
		"NL01 ":      {"NL00", Land, ""},
		"PV26":       {"PV26", Provincie, "NL00"},
		"GM0014    ": {"GM0014", Gemeente, ""},
		"WK001401":   {"WK001401", Wijk, "GM0014"},
		"bu00140102": {"BU00140102", Buurt, "WK001401"},
		"BU0363AA01": {"BU0363AA01", Buurt, "WK0363AA"},
	} {
		code, level, err := ParseCode(text)
		if err != nil || code != want.code || level != want.level || ParentCode(code) != want.parent {
			t.Errorf("%q: %q %q %q %v", text, code, level, ParentCode(code), err)
		}
	}
	for _, text := range []string{"", "GM14", "WK00140", "00140102", "BU001401023", "NL02", "XX0014", "GM00A4", "GM０014"} {
		var bad *CodeError
		if _, _, err := ParseCode(text); !errors.As(err, &bad) || bad.Code != text {
			t.Errorf("%q: %v", text, err)
		}
	}
	if GemeenteCode("BU00140102") != "GM0014" || GemeenteCode("PV26") != "" {
		t.Error("gemeente of a code")
	}
}

func TestParseVintageCode(t *testing.T) {
	code, level, year, err := ParseVintageCode("2023GM0014")
	if code != "GM0014" || level != Gemeente || year != 2023 || err != nil {
		t.Error(code, level, year, err)
	}
	for _, text := range []string{"GM0014", "0023GM0014", "2023", "2023GM1", ""} {
		if _, _, _, err := ParseVintageCode(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestProvincieByName(t *testing.T) {
	for name, want := range map[string]string{"Utrecht": "PV26", "fryslan": "PV21", "Friesland": "PV21", "Fryslân (PV)": "PV21", "Noord-Holland": "PV27"} {
		if code, ok := ProvincieByName(name); !ok || code != want {
			t.Errorf("%s: %s", name, code)
		}
	}
	if _, ok := ProvincieByName("Holland"); ok {
		t.Error("Holland is no provincie")
	}
}
