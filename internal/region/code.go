package region

import (
	"regexp"
	"strconv"
	"strings"
)

// Level is the kind of a region: one of the five CBS levels below, or a user's
// own word for regions of his own, such as "onderstation".
type Level string

// The CBS levels, from coarse to fine.
const (
	Land      Level = "land"
	Provincie Level = "provincie"
	Gemeente  Level = "gemeente"
	Wijk      Level = "wijk"
	Buurt     Level = "buurt"
)

// Levels lists the CBS levels from coarse to fine.
func Levels() []Level { return []Level{Land, Provincie, Gemeente, Wijk, Buurt} }

// Rank is 0 for land up to 4 for buurt, and 5 for a user's own level.
func (l Level) Rank() int {
	for i, known := range Levels() {
		if l == known {
			return i
		}
	}
	return 5
}

// IsCBS tells whether l is one of the five CBS levels.
func (l Level) IsCBS() bool { return l.Rank() < 5 }

// LandCode is the code of the whole country.
const LandCode = "NL00"

// CBS codes since 2022 may hold letters in the wijk part: WK0363AA in Amsterdam.
// XW and XB are no codes of CBS: the built-in map gives them to what it invents.
var codeForms = []struct {
	level Level
	form  *regexp.Regexp
}{
	{Land, regexp.MustCompile(`^NL0[01]$`)},
	{Provincie, regexp.MustCompile(`^PV[0-9]{2}$`)},
	{Gemeente, regexp.MustCompile(`^GM[0-9]{4}$`)},
	{Wijk, regexp.MustCompile(`^WK[0-9]{4}[0-9A-Z]{2}$`)},
	{Buurt, regexp.MustCompile(`^BU[0-9]{4}[0-9A-Z]{4}$`)},
	{Wijk, regexp.MustCompile(`^XW[0-9]{6}$`)},
	{Buurt, regexp.MustCompile(`^XB[0-9]{8}$`)},
}

// ParseCode checks a CBS code and returns it in capitals without spaces around
// it (CBS tables pad codes to ten characters), with its level. NL01, which CBS
// uses beside NL00, becomes NL00.
func ParseCode(text string) (string, Level, error) {
	code := strings.ToUpper(strings.TrimSpace(text))
	for _, f := range codeForms {
		if f.form.MatchString(code) {
			if f.level == Land {
				code = LandCode
			}
			return code, f.level, nil
		}
	}
	return "", "", &CodeError{Code: text}
}

// ParseVintageCode reads a code with the year in front, as in the CBS column
// jrstatcode: "2023GM0014".
func ParseVintageCode(text string) (code string, level Level, vintage int, err error) {
	text = strings.TrimSpace(text)
	if len(text) > 4 {
		if year, e := strconv.Atoi(text[:4]); e == nil && ValidVintage(year) {
			code, level, err = ParseCode(text[4:])
			return code, level, year, err
		}
	}
	return "", "", 0, &CodeError{Code: text}
}

// ValidVintage tells whether year can be the year of CBS boundaries; the first
// wijken and buurten of this coding are those of 1995.
func ValidVintage(year int) bool { return year >= 1995 && year <= 2100 }

// LevelOf returns the level of a CBS code, or "" for any other text.
func LevelOf(code string) Level {
	_, level, err := ParseCode(code)
	if err != nil {
		return ""
	}
	return level
}

// ParentCode returns the code of the region around a CBS code as far as the code
// itself tells: the wijk of a buurt, the gemeente of a wijk, the land of a
// provincie. It is "" for a gemeente, for the land and for a code of another kind.
func ParentCode(code string) string {
	switch LevelOf(code) {
	case Buurt:
		if Invented(code) {
			return "XW" + code[2:8]
		}
		return "WK" + code[2:8]
	case Wijk:
		return "GM" + code[2:6]
	case Provincie:
		return LandCode
	}
	return ""
}

// Invented tells whether a code is one that the built-in map gives to a wijk or
// buurt that exists nowhere else.
func Invented(code string) bool {
	return strings.HasPrefix(code, "XW") || strings.HasPrefix(code, "XB")
}

// GemeenteCode returns the gemeente of a buurt, wijk or gemeente code, or "".
func GemeenteCode(code string) string {
	switch LevelOf(code) {
	case Buurt, Wijk, Gemeente:
		return "GM" + code[2:6]
	}
	return ""
}

// ProvincieName is a provincie's code and its name as CBS writes it.
type ProvincieName struct{ Code, Name string }

// Provincies lists the twelve provincies with their CBS codes.
func Provincies() []ProvincieName {
	return []ProvincieName{
		{"PV20", "Groningen"},
		{"PV21", "Fryslân"},
		{"PV22", "Drenthe"},
		{"PV23", "Overijssel"},
		{"PV24", "Flevoland"},
		{"PV25", "Gelderland"},
		{"PV26", "Utrecht"},
		{"PV27", "Noord-Holland"},
		{"PV28", "Zuid-Holland"},
		{"PV29", "Zeeland"},
		{"PV30", "Noord-Brabant"},
		{"PV31", "Limburg"},
	}
}

// ProvincieByName returns the code of a provincie by its name, in any case and
// with the usual spellings of Fryslân.
func ProvincieByName(name string) (code string, ok bool) {
	name = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(name), "(PV)"))
	if strings.EqualFold(name, "Fryslan") || strings.EqualFold(name, "Friesland") {
		name = "Fryslân"
	}
	for _, p := range Provincies() {
		if strings.EqualFold(name, p.Name) {
			return p.Code, true
		}
	}
	return "", false
}
