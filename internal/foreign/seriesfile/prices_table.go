package seriesfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"
)

var (
	withTaxes = regexp.MustCompile(`incl|inkl|(met|with|mit|plus|na|after)[ _]?(btw|vat|mwst|tax|belasting|opslag)|all.?in|total|consument|consumer|brutto|bruto|gross`)
	sideFact  = regexp.MustCompile(`intraday|imbalance|onbalans|(^|[^a-z])id[13]([^a-z]|$)|prognose|forecast|predict|verwacht|voorspel|gas|tax|vat|btw|belasting|heffing|opslag|markup|fee|sell|teruglever|moving|rolling|voortschrijdend|[0-9] ?-?(day|daag)`)
	areaName  = regexp.MustCompile(`^(area|price[ _]?area|map[ _]?code|bidding[ _]?zone|country|land|zone)([ _]?(code|name))?$`)
	moneyName = regexp.MustCompile(`^(price\.)?(currency|valuta)$`)
	unitName  = regexp.MustCompile(`^(price[._ ]?)?(unit|eenheid)$`)
	// netWords say that taxes are not in a price.
	netWords = regexp.MustCompile(`excl|exkl|(zonder|without|ohne|ex|no|before)[ _.]*(btw|vat|mwst|tax|belasting)|netto|(^|[^a-z])net([^a-z]|$)`)
	// markedUp says that something is on top of a price, also of one without VAT.
	markedUp = regexp.MustCompile(`(incl|inkl|met|with|mit|plus)[a-z.]*[ _]+(de[ _]+)?(inkoop|opslag|markup|mark-up|fee|energiebelasting|energy tax|eb([^a-z]|$))`)
	// fedInPrice is what a supplier pays, beside what it asks.
	fedInPrice = regexp.MustCompile(`teruglever|sell|feed.?in|invoed|(^|[^a-z])export`)
	// zoneNames are other bidding zones, as they stand among other words of a header.
	zoneNames = regexp.MustCompile(`(^|[^A-Za-z])(DE[-_/]?(LU|AT-LU)?|BE|FR|AT|CH|GB|DK[-_]?[12]|NO[-_]?[1-5]|SE[-_]?[1-4]|FI|ES|PT|PL|(?i:germany|deutschland|duitsland|belgium|belgien|belgi[eë]|france|frankrijk|austria|oostenrijk|switzerland|denmark|denemarken|norway|noorwegen|sweden|zweden|poland|polen|spain|spanje))([^A-Za-z0-9]|$)`)
	// without names a price without taxes, beside those with them.
	without = regexp.MustCompile(`excl|market|marktprijs|kale? |spot|epex|day.?ahead`)
)

// readPriceTable reads any table with a column of times and one of prices: the
// plain file, price sites' exports, saved data frames.
func readPriceTable(r *reading, s *table.File) ([]*rows, error) {
	l, err := r.layoutOf(s)
	if err != nil {
		return nil, err
	}
	col, err := r.priceColumn(s, l)
	if err != nil {
		return nil, err
	}
	find := func(re *regexp.Regexp) int {
		return slices.IndexFunc(l.header, func(h string) bool { return re.MatchString(strings.ToLower(h)) })
	}
	keep, err := r.exportRows(s, find(areaName), -1, find(moneyName), l.header)
	if err != nil {
		return nil, err
	}
	if c := find(unitName); c >= 0 && r.unitBeside == "" {
		r.unitBeside = s.First(c)
	}
	parts, err := r.rowsOf(s, l, []int{col}, -1, r.kindRows(s, keep))
	if err != nil {
		return nil, err
	}
	if err := parts[0].endsOfDays(r, l); err != nil {
		return nil, err
	}
	r.columns.Add("%s", table.Redact(l.header[col]))
	if m := zoneNames.FindStringSubmatch(l.header[col]); m != nil && !r.areaSaid && len(r.ofArea(l.header, []int{col})) == 0 {
		r.note("the prices of %s are those of %s", s.Name, m[2])
	}
	return parts, r.prices(parts[0], l.header[col])
}

func noTimes(s *table.File) error {
	if len(s.Below()) == 0 {
		return fmt.Errorf("%s has no rows: a header and rows of times and values were expected", s.Name)
	}
	return fmt.Errorf("%s has no column of times among %s: times such as 2024-01-01T00:00:00Z or 01-01-2024 00:00 were expected (are the columns swapped?)", s.Name, table.List(s.Header()))
}

// priceColumn is the column asked for, or the first that is named as a price
// without taxes, or the only one with numbers.
func (r *reading) priceColumn(s *table.File, l layout) (int, error) {
	if r.opt.Column != "" {
		return r.column(s)
	}
	numeric := l.numeric(s)
	var named, taxed []int
	for _, c := range numeric {
		h := strings.ToLower(l.header[c])
		net := netWords.MatchString(h) && !markedUp.MatchString(h)
		switch {
		case !priceWords.MatchString(h), moneyName.MatchString(h), unitName.MatchString(h):
		case (withTaxes.MatchString(h) || markedUp.MatchString(h)) && !net:
			taxed = append(taxed, c)
		case sideFact.MatchString(h) && !net:
		default:
			named = append(named, c)
		}
	}
	if i := slices.IndexFunc(named, func(c int) bool {
		h := strings.ToLower(l.header[c])
		return without.MatchString(h) || netWords.MatchString(h)
	}); i > 0 {
		first := named[i]
		named = slices.Insert(slices.Delete(named, i, i+1), 0, first)
	}
	if len(named)+len(taxed) == 0 && !slices.ContainsFunc(numeric, func(c int) bool { return !isArea.MatchString(l.header[c]) }) {
		named = r.ofArea(l.header, numeric) // columns that are called by their areas only
	}
	if len(named)+len(taxed) == 0 && len(numeric) > 1 {
		numeric = slices.DeleteFunc(numeric, func(c int) bool { return constant(s, c) })
	}
	if in := slices.IndexFunc(named, func(c int) bool { return !otherMoney.MatchString(strings.ToLower(l.header[c])) }); in > 0 {
		named = named[in:] // one in EUR goes first
	}
	if i := slices.IndexFunc(named, func(c int) bool { return strings.EqualFold(l.header[c], eurPerMWh) }); i >= 0 {
		return named[i], nil
	}
	if ours := r.ofArea(l.header, named); len(ours) > 0 {
		named = ours
	}
	switch {
	case len(named) > 0:
		if len(named) > 1 && !oneOf(l.header, named) {
			var names []string
			for _, c := range named {
				names = append(names, l.header[c])
			}
			return 0, fmt.Errorf("%s has several columns of prices (%s): say which with --column, or the area with --area", s.Name, table.List(names))
		}
		if len(named) > 1 {
			r.note("%s has several columns of prices: %q is read", s.Name, table.Redact(l.header[named[0]]))
		}
		h := strings.ToLower(l.header[named[0]])
		if fed := slices.IndexFunc(l.header, func(h string) bool { return fedInPrice.MatchString(strings.ToLower(h)) }); fed >= 0 && !without.MatchString(h) && !netWords.MatchString(h) {
			return 0, fmt.Errorf("%s has prices of what is taken (%q) and of what is fed in (%q), as suppliers have with taxes and markup: prices of the day-ahead market without them were expected, name the column that holds them with --column", s.Name, table.Redact(l.header[named[0]]), table.Redact(l.header[fed]))
		}
		return named[0], nil
	case tibber(l.header) >= 0:
		return tibber(l.header), nil
	case len(taxed) > 0:
		return 0, fmt.Errorf("%s has prices with taxes only (%q): prices of the day-ahead market without taxes were expected, name another column if there is one (--column)", s.Name, table.Redact(l.header[taxed[0]]))
	case len(numeric) == 1 && sideFact.MatchString(strings.ToLower(l.header[numeric[0]])) && !netWords.MatchString(strings.ToLower(l.header[numeric[0]])):
		return 0, fmt.Errorf("%s has no column of day-ahead prices, only %q: prices of the day-ahead market without taxes were expected (--column takes it all the same)", s.Name, table.Redact(l.header[numeric[0]]))
	case len(numeric) == 1 && energyUnitIn(l.header[numeric[0]]) != "":
		return 0, fmt.Errorf("%s holds energy or power (%q), not prices: import it with the kind load or solar", s.Name, table.Redact(l.header[numeric[0]]))
	case len(numeric) == 1:
		return numeric[0], nil
	case len(numeric) == 0:
		return 0, fmt.Errorf("%s has no column of numbers among %s", s.Name, table.List(l.header))
	}
	return 0, fmt.Errorf("%s has no column that is named as a price among %s: say which column holds the prices", s.Name, table.List(l.header))
}

// oneOf tells that the first of some columns of prices is the one to read: the only one
// that says it is without taxes, or the same price as the others in another unit.
func oneOf(header []string, cols []int) bool {
	plain, bare := 0, map[string]bool{}
	for _, c := range cols {
		h := strings.ToLower(header[c])
		if without.MatchString(h) || netWords.MatchString(h) {
			plain++
		}
		for _, u := range priceUnits {
			h = u.re.ReplaceAllString(h, "")
		}
		bare[strings.Trim(h, " _()[]-,")] = true
	}
	first := strings.ToLower(header[cols[0]])
	return len(bare) == 1 || plain == 1 && (without.MatchString(first) || netWords.MatchString(first))
}

// ofArea are the columns that are named for the area that is wanted.
func (r *reading) ofArea(header []string, cols []int) (ours []int) {
	for _, c := range cols {
		words := strings.FieldsFunc(strings.ToLower(header[c]), func(r rune) bool { return strings.ContainsRune(" /|,;:()[]_-", r) })
		if slices.ContainsFunc(words, func(w string) bool { return sameArea(w, r.opt.Area) }) {
			ours = append(ours, c)
		}
	}
	return ours
}

// tibber is the column of the price without taxes among those of Tibber's API: energy,
// beside total and tax; -1 elsewhere.
func tibber(header []string) int {
	if slices.Contains(header, "total") && slices.Contains(header, "tax") {
		return slices.Index(header, "energy")
	}
	return -1
}

// readPricesExport reads the exports of ENTSO-E's Transparency Platform: columns
// "MTU (CET/CEST)" with "start - end", area, sequence and the day-ahead price.
func readPricesExport(r *reading, s *table.File) ([]*rows, error) {
	l, err := r.layoutOf(s)
	if err != nil {
		return nil, err
	}
	find := func(re string) int {
		p := regexp.MustCompile(re)
		return slices.IndexFunc(l.header, func(h string) bool { return p.MatchString(strings.ToLower(h)) })
	}
	col := find(`day-ahead (energy )?price`)
	if r.opt.Column != "" {
		var err error
		if col, err = r.column(s); err != nil {
			return nil, err
		}
	}
	if col < 0 {
		return nil, fmt.Errorf("%s has no column of day-ahead prices among %s: export \"Energy Prices\" (12.1.D)", s.Name, table.List(l.header))
	}
	if m := regexp.MustCompile(`[\[(]([A-Z]{3})/`).FindStringSubmatch(l.header[col]); m != nil && m[1] != "EUR" {
		return nil, fmt.Errorf("%s holds prices in %s (%q): EUR was expected", s.Name, m[1], l.header[col])
	}
	if strings.Contains(l.header[l.time], "WET") || strings.Contains(l.header[l.time], "EET") {
		return nil, fmt.Errorf("%s has times in %q: export it in UTC or CET/CEST", s.Name, l.header[l.time])
	}
	keep, err := r.exportRows(s, find(`^area`), find(`^sequence`), find(`^currency`), l.header)
	if err != nil {
		return nil, err
	}
	parts, err := r.rowsOf(s, l, []int{col}, -1, keep)
	if err != nil {
		return nil, err
	}
	r.columns.Add("%s", l.header[col])
	return parts, r.prices(parts[0], l.header[col])
}

// exportRows says which rows count: those of the area, and of the first auction
// where there are several.
func (r *reading) exportRows(s *table.File, area, sequence, currency int, header []string) (func(*table.Table, []string) (bool, error), error) {
	distinct := func(c int) []string {
		var all table.Said
		for _, rec := range s.Below() {
			if c >= 0 && c < len(rec) {
				all.Add("%s", rec[c])
			}
		}
		slices.Sort(all)
		return all
	}
	wantArea, wantSequence := "", ""
	if areas := distinct(area); len(areas) == 1 && (!r.areaSaid || sameArea(areas[0], r.opt.Area)) {
		wantArea = areas[0]
		if !sameArea(wantArea, r.opt.Area) {
			r.note("the prices of %s are those of %s", s.Name, wantArea)
		}
	} else if len(areas) == 1 {
		wantArea = r.opt.Area // further down, or nowhere
	} else if len(areas) > 1 {
		i := slices.IndexFunc(areas, func(a string) bool { return sameArea(a, r.opt.Area) })
		if i < 0 {
			return nil, fmt.Errorf("%s holds the areas %s, but not %s: say which area to read", s.Name, strings.Join(areas, ", "), r.opt.Area)
		}
		wantArea = areas[i]
	}
	if sequences := distinct(sequence); len(sequences) > 0 {
		wantSequence = sequences[0]
		if slices.Contains(sequences, "Without Sequence") {
			wantSequence = "Without Sequence"
		}
	}
	const mostTold = 20
	left := map[string]int{}
	if area < 0 && currency < 0 && sequence < 0 {
		return nil, nil
	}
	return func(t *table.Table, rec []string) (bool, error) {
		if currency >= 0 && rec[currency] != "" && !strings.EqualFold(rec[currency], "EUR") {
			return false, t.RowError(header[currency], rec[currency], "prices in EUR were expected")
		}
		if area >= 0 && rec[area] != wantArea && sameArea(rec[area], wantArea) {
			wantArea = strings.Clone(rec[area])
		}
		if area >= 0 && rec[area] != wantArea {
			if !r.areaSaid && sameArea(rec[area], r.opt.Area) {
				return false, fmt.Errorf("%s, row %d is of %s, and the first rows are of %s: say which to read with --area", t.Name, t.Line, rec[area], wantArea)
			}
			if left[rec[area]]++; left[rec[area]] == 1 && len(left) <= mostTold {
				r.note("rows of other areas than %s are left out (%s)", wantArea, rec[area])
			}
			return false, nil
		}
		if sequence >= 0 && rec[sequence] != wantSequence {
			if left[rec[sequence]]++; left[rec[sequence]] == 1 && len(left) <= mostTold {
				r.note("rows of other auctions than %q are left out (%q)", wantSequence, rec[sequence])
			}
			return false, nil
		}
		return true, nil
	}, nil
}

// namesOfNL are those of the Dutch bidding zone.
var namesOfNL = []string{"nl", "nld", "netherlands", "the netherlands", "nederland", "niederlande", "10ynl----------l"}

// sameArea compares "BZN|NL" with "NL".
func sameArea(name, area string) bool {
	_, after, _ := strings.Cut(name, "|")
	if slices.Contains(namesOfNL, strings.ToLower(area)) && slices.Contains(namesOfNL, strings.ToLower(name)) {
		return true
	}
	return strings.EqualFold(name, area) || strings.EqualFold(after, area)
}
