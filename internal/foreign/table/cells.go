package table

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Number reads a cell; an empty one is NaN.
func (t *Table) Number(field, text string) (float64, error) {
	v, err := Number(text, t.MayComma())
	if err != nil {
		return 0, t.RowError(field, text, err.Error())
	}
	return v, nil
}

var (
	withUnit    = regexp.MustCompile(`(?i)^([-+0-9.,]+)[ \x{a0}\x{202f}]?(kwh|wh)$`)
	inThousands = regexp.MustCompile(`^-?\d{1,3}(\.\d{3})+$`)
)

// CutUnit takes the unit of energy, kwh or wh, off a cell such as 7,4 kWh; empty
// when it has none.
func CutUnit(text string) (number, unit string) {
	if m := withUnit.FindStringSubmatch(text); m != nil {
		return m[1], strings.ToLower(m[2])
	}
	return text, ""
}

// CutMoney takes the sign or name of the euro off a cell such as € 0,25.
func CutMoney(text string) string {
	if minus, ok := strings.CutPrefix(text, "-"); ok {
		if rest := CutMoney(strings.TrimLeft(minus, " \u00a0")); rest != minus && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return "-" + rest
		}
		return text
	}
	for _, euro := range []string{"€", "EUR", "euro"} {
		if rest, ok := strings.CutPrefix(text, euro); ok {
			return strings.Trim(rest, " \u00a0")
		}
		if rest, ok := strings.CutSuffix(text, euro); ok {
			return strings.Trim(rest, " \u00a0")
		}
	}
	return text
}

// CutThousands takes the points out of a whole number such as 12.500, where a
// comma is the decimal sign and three decimals would make no sense.
func (s *File) CutThousands(text string) (number string, cut bool) {
	if s.MayComma() && inThousands.MatchString(text) {
		return strings.ReplaceAll(text, ".", ""), true
	}
	return text, false
}

// Missing tells an empty cell, or one with a mark for nothing.
func Missing(text string) bool {
	switch strings.ToLower(text) {
	case "", "-", "--", "---", "–", ".", "x", "n/e", "n/a", "#n/a", "na", "nan", "nat", "null", "none", "undefined",
		"#n/b", "#nv", "n.v.t.", "nvt", "n.b.", "onbekend", "unknown", "unavailable": // Excel in Dutch and German, Home Assistant
		return true
	}
	return false
}

var totalWords = regexp.MustCompile(`(?i)^(sub|grand |eind)?-?(totaal|totalen|total|totals|som|sum|gemiddelde?|average|mean)([^a-z]|$)`)

// IsTotal tells a row in which a cell says that it is a sum or mean of others.
func IsTotal(row []string) bool {
	return slices.ContainsFunc(row, func(cell string) bool {
		return cell != "" && strings.IndexByte("-sgetamSGETAM", cell[0]) >= 0 && totalWords.MatchString(cell) // most cells are numbers
	})
}

// Largest is a bound on every value: no price, power or energy comes near, and
// sums and differences stay finite.
const Largest = 1e12

var (
	// apart are digits in threes, set apart by spaces or apostrophes.
	apart       = regexp.MustCompile(`^[-+]?\d{1,3}(?:[ '’\x{a0}\x{2009}\x{202f}]\d{3})+(?:[.,]\d+)?-?$`)
	takeApart   = strings.NewReplacer(" ", "", "'", "", "’", "", "\u00a0", "", "\u2009", "", "\u202f", "")
	afterPoints = regexp.MustCompile(`^[-+]?\d{1,3}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+,\d+)-?$`)
	afterCommas = regexp.MustCompile(`^[-+]?\d{1,3}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d+)-?$`)
)

// Number reads a number with a decimal point, or with a decimal comma where one
// may stand. Thousands may be set apart where that leaves no doubt: by spaces or
// apostrophes, by a mark that comes twice (1.234.567), or by another than that of the
// decimals (1.234,5). What stands in brackets is below 0. Empty cells and the marks for them are NaN.
func Number(text string, mayComma bool) (float64, error) {
	text = strings.Trim(text, " \t\u00a0\"")
	if Missing(text) {
		return math.NaN(), nil
	}
	want := errors.New("a number with a decimal point was expected")
	if mayComma {
		want = errors.New("a number was expected")
	}
	digits := text
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		digits = "-" + strings.TrimSuffix(inner, ")") // as in accounts
	}
	text = digits
	if apart.MatchString(text) {
		digits = takeApart.Replace(text)
	}
	switch points, commas := strings.Count(digits, "."), strings.Count(digits, ","); {
	case commas == 0 && points < 2:
	case commas == 1 && points == 0 && mayComma:
		digits = strings.Replace(digits, ",", ".", 1)
	case afterPoints.MatchString(digits):
		digits = strings.Replace(strings.ReplaceAll(digits, ".", ""), ",", ".", 1)
	case afterCommas.MatchString(digits):
		digits = strings.ReplaceAll(digits, ",", "")
	default:
		return 0, want
	}
	digits = strings.Replace(digits, "\u2212", "-", 1) // the minus of typesetters
	if number, ok := strings.CutSuffix(digits, "-"); ok && number != "" && number[0] >= '0' && number[0] <= '9' {
		digits = "-" + number // as SAP writes it
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, want
	}
	if math.Abs(v) > Largest {
		return 0, fmt.Errorf("a number between %g and %g was expected (are the columns swapped?)", -Largest, Largest)
	}
	return v, nil
}

var (
	longDigits = regexp.MustCompile(`[.,]?[0-9]{8,}`)
	// contracts are eMobility account ids and EVSE ids: country, party, instance.
	contracts = regexp.MustCompile(`\b[A-Za-z]{2}[-*][A-Za-z0-9]{3}[-*][A-Za-z0-9*-]{4,}`)
	// tokens are the uids of cards, in hexadecimal.
	tokens = regexp.MustCompile(`\b[0-9]*[A-Fa-f]+[0-9][0-9A-Fa-f]*\b|\b[0-9]+[A-Fa-f][0-9A-Fa-f]*\b`)
)

const shortestToken = 8

// Redact takes out what may be an EAN, a meter number, a contract or a token. Decimals are left, and
// dates of 8 digits, of 12 or 14 with the time.
func Redact(s string) string {
	s = contracts.ReplaceAllString(s, "(an identifier)")
	s = tokens.ReplaceAllStringFunc(s, func(t string) string {
		if len(t) < shortestToken {
			return t
		}
		return "(an identifier)"
	})
	return longDigits.ReplaceAllStringFunc(s, func(d string) string {
		if (d[0] == '.' || d[0] == ',') && len(d) < 16 {
			return d
		}
		if (len(d) == 8 || len(d) == 12 || len(d) == 14) && (strings.HasPrefix(d, "19") || strings.HasPrefix(d, "20")) {
			return d
		}
		return fmt.Sprintf("(%d digits)", len(d))
	})
}

// clean trims the cells of a row; what is not UTF-8 it takes for Windows Latin 1
// (code page 1252), and says so.
func clean(rec []string) (latin bool) {
	for i, v := range rec {
		if !utf8.ValidString(v) {
			latin, v = true, windows1252(v)
		}
		rec[i] = unguarded(strings.TrimSpace(v))
	}
	return latin
}

// unguarded takes what keeps Excel from changing a cell off: ="123" is 123.
func unguarded(v string) string {
	if rest, ok := strings.CutPrefix(v, `="`); ok {
		if rest, ok := strings.CutSuffix(rest, `"`); ok {
			return strings.TrimSpace(rest)
		}
	}
	return v
}

func windows1252(s string) string {
	// Every byte is a character; the few that the code page leaves open become U+FFFD.
	text, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	return text
}

// List names columns, without what may be an identifier.
func List(header []string) string {
	const most = 20
	short := header
	if len(header) > most {
		short = header[:most]
	}
	text := Redact(strings.Join(short, ", "))
	if len(header) > most {
		text += fmt.Sprintf(", ... (%d columns)", len(header))
	}
	return text
}

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
