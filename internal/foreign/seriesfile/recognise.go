package seriesfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/getij/getij/internal/foreign/table"

	"github.com/getij/getij/internal/dataset"
)

// format is a kind of file and how it is told from others.
type format struct {
	kind  dataset.Kind
	name  string // for Options.Format
	title string // for the report
	// looks says by what a file is recognised; empty when it is not this format.
	looks func(*table.File) string
	read  func(*reading, *table.File) ([]*rows, error)
}

// formats is the table of what is recognised. The first that fits is taken; the
// last of each kind takes any table with a time column.
func formats() []format {
	return []format{
		{dataset.Prices, "entsoe-xml", "ENTSO-E API XML", looksXML, readPricesXML},
		{dataset.Prices, "energy-charts", "Energy-Charts JSON", looksLike(`"unix_seconds"\s*:`, "key unix_seconds"), readEnergyCharts},
		{dataset.Prices, "price-json", "JSON list of prices", looksJSON, readPriceJSON},
		{dataset.Prices, "entsoe-csv", "ENTSO-E export", looksMTU, readPricesExport},
		{dataset.Prices, "price-table", "table of prices", looksPrices, readPriceTable},
		{dataset.Load, "mffbas", "MFFBAS standard profiles", looksProfiles, readProfiles},
		{dataset.Load, "fractions", "profile fractions (EDSN)", looksFractions, readFractions},
		{dataset.Load, "registers", "register readings", looksRegisters, readMeters},
		{dataset.Load, "load-json", "JSON list of load", looksJSON, readMetersJSON},
		{dataset.Load, "meter", "energy per interval", looksMeters, readMeters},
		{dataset.Solar, "ned-json", "NED API JSON", looksLike(`"validfrom"\s*:`, "key validfrom"), readNEDJSON},
		{dataset.Solar, "ned-csv", "NED table", looksNED, readNEDTable},
		{dataset.Solar, "pvgis", "PVGIS hourly CSV", looksPVGIS, readPVGIS},
		{dataset.Solar, "solar-json", "JSON list of solar output", looksJSON, readSolarJSON},
		{dataset.Solar, "solar-table", "table of solar output", looksSolar, readSolarTable},
	}
}

// Formats are the names of the formats of a kind, for Options.Format.
func Formats(kind dataset.Kind) []string {
	var names []string
	for _, f := range formats() {
		if f.kind == kind {
			names = append(names, f.name)
		}
	}
	return names
}

// recognise finds the format of a file and says by what.
func (r *reading) recognise(s *table.File) (format, string, error) {
	if err := r.longForm(s); err != nil {
		return format{}, "", err
	}
	all := formats()
	if r.opt.Format != "" {
		for _, f := range all {
			if f.kind == r.kind && f.name == r.opt.Format {
				return f, "as asked", nil
			}
		}
		return format{}, "", fmt.Errorf("format %q is not known for %s: %s was expected", r.opt.Format, r.kind, strings.Join(Formats(r.kind), ", "))
	}
	s.Aside = func(rec []string) bool {
		return table.IsTotal(rec) && !slices.ContainsFunc(rec, isTime)
	}
	err := s.FindHeader(func() error {
		_, err := r.layoutOf(s)
		if err == nil && s.Top > 0 && slices.ContainsFunc(s.Header(), func(c string) bool { return isTime(c) || epochCell.MatchString(c) }) {
			return fmt.Errorf("%s has times where a header was expected", s.Name)
		}
		return err
	})
	if err != nil && (r.opt.Start != "" || len(r.opt.Map) > 0) && s.HasRows() {
		return format{}, "", err
	}
	if r.subheader = nil; err == nil {
		r.secondHeader(s)
	}
	if err == nil && r.kind == dataset.Load {
		r.unitsRow(s)
	}
	other := r.otherKind(s)
	for _, f := range all {
		if f.kind != r.kind || other != "" && isTableFormat(f.name) {
			continue
		}
		if why := f.looks(s); why != "" {
			if r.opt.Column != "" && isTableFormat(f.name) {
				why = "with the column asked for"
			}
			return f, why, nil
		}
	}
	if other != "" {
		return format{}, "", fmt.Errorf("%s looks like %s: it cannot be read as %s", s.Name, other, r.kind)
	}
	// Any table with times will do, where the user says what its column is.
	last := map[dataset.Kind]string{dataset.Prices: "price-table", dataset.Load: "meter", dataset.Solar: "solar-table"}[r.kind]
	if err == nil && len(s.Records) > 0 {
		for _, f := range all {
			if f.name == last {
				return f, "a column of times", nil
			}
		}
	}
	return format{}, "", fmt.Errorf("%s is not recognised as %s: %s", s.Name, r.kind, describe(s, r.kind))
}

// isTableFormat is a format that takes any table with fitting words in its header.
func isTableFormat(name string) bool {
	return name == "price-table" || name == "price-json" || name == "solar-json" || name == "load-json" || name == "meter" || name == "registers" || name == "fractions" || name == "solar-table"
}

// describe says what a file is like, and what was expected.
func describe(s *table.File, kind dataset.Kind) string {
	want := fmt.Sprintf("one of the formats %s was expected", strings.Join(Formats(kind), ", "))
	switch {
	case s.IsXML():
		return "it is XML of another kind; " + want
	case s.IsJSON():
		return "it is JSON without the keys of a known source; " + want
	case len(s.Records) == 0 && s.OnlyNumbers():
		return "it has values without times: say the first time and the minutes between them with --start and --step"
	case len(s.Records) == 0:
		return "it has no columns separated by commas, semicolons or tabs; " + want
	case len(s.Records) == 1:
		return fmt.Sprintf("it has a header (%s) but no rows; %s", table.List(s.Header()), want)
	}
	return fmt.Sprintf("no column of times and values was found among %s; %s", table.List(s.Header()), want)
}

var (
	sessionWords = regexp.MustCompile(`arriv|depart|plug.?(in|out)|session|aankomst|vertrek|connector|evse|charging_periods|cdr`)
	regionWords  = regexp.MustCompile(`gemeente|buurt|wijk|gm_code|bu_code|geometry|dwellings`)
	priceWords   = regexp.MustCompile(`price|prijs|prijzen|preis|prix|precio|ct ?/ ?kwh|tarief_|eur[ _]?(/|per)|€ ?/|day.?ahead|\bepex\b|spot`)
	solarWords   = regexp.MustCompile(`capacity.?factor|fraction_of_capacity|validfrom|g\(i\)|solar|\bpv\b|zonnestroom|^mw$|^cf$`)
	loadWords    = regexp.MustCompile(`e[123][a-d]_|^e[123][a-d]$|verbruik|afname|import t[12]|levering|[12]\.8\.[012]|consum|conso|verbrauch|bezug|einspeis|soutir|meter|(^|[^a-z])load([^a-z]|$)`)
	mtuWords     = regexp.MustCompile(`^(mtu\b|time \((cet|utc|wet|eet))`)
	profileCell  = regexp.MustCompile(`(?i)^\d+\.\d+_e\d[a-d]`)
	fractionName = regexp.MustCompile(`(?i)^e\d[a-d](_a[zm]i)?(_[ai])?(_?fra[ck]ti(on|e))?$|fra[ck]ti(on|e)$`)
)

// otherKind is what a file looks like, when that is of another kind than asked for.
func (r *reading) otherKind(s *table.File) string {
	sessions, prices, solar, load, regions := 0, 0, 0, 0, 0
	for _, name := range s.Header() {
		w := strings.ToLower(name)
		if r.kind == dataset.Solar && madeWords.MatchString(plainWords(name)) {
			solar++
		}
		for _, c := range []struct {
			re *regexp.Regexp
			n  *int
		}{{sessionWords, &sessions}, {priceWords, &prices}, {solarWords, &solar}, {loadWords, &load}, {regionWords, &regions}} {
			if c.re.MatchString(w) {
				*c.n++
			}
		}
	}
	if s.IsJSON() {
		text := string(s.Head)
		switch {
		case strings.Contains(text, `"charging_periods"`) || strings.Contains(text, `"cdr_token"`):
			sessions = 2
		case strings.Contains(text, `"FeatureCollection"`):
			regions = 1
		case strings.Contains(text, `"unix_seconds"`) && strings.Contains(text, `"price"`):
			prices = 1
		case strings.Contains(text, `"validfrom"`), solarEdge.MatchString(text):
			solar = 1
		}
	}
	own := map[dataset.Kind]int{dataset.Prices: prices, dataset.Load: load, dataset.Solar: solar}[r.kind]
	switch {
	case sessions > 1:
		return "charging sessions (import them with the kind sessions)"
	case own > 0 || r.opt.Column != "":
		return ""
	case regions > 0:
		return "regions (import them with the kind regions)"
	case prices > 0 || s.IsXML() && strings.Contains(string(s.Head), "Publication_MarketDocument"):
		return "prices (import them with the kind prices)"
	case solar > 0 && r.kind != dataset.Solar:
		return "solar output (import it with the kind solar)"
	case load > 0 && r.kind != dataset.Load:
		return "load (import it with the kind load)"
	}
	return ""
}

// solarEdge is how the energy that a site's panels made begins in SolarEdge's API.
var solarEdge = regexp.MustCompile(`^\s*\{\s*"energy"\s*:\s*\{\s*"timeUnit"`)

// looksLike recognises JSON by a key near its start.
func looksLike(pattern, why string) func(*table.File) string {
	re := regexp.MustCompile(pattern)
	return func(s *table.File) string {
		if s.IsJSON() && re.Match(s.Head) {
			return why
		}
		return ""
	}
}

func looksXML(s *table.File) string {
	for _, root := range []string{"Publication_MarketDocument", "Acknowledgement_MarketDocument"} {
		if s.IsXML() && strings.Contains(string(s.Head), root) {
			return "root " + root
		}
	}
	return ""
}

func looksMTU(s *table.File) string { return s.Matching(mtuWords) }

func looksPrices(s *table.File) string { return s.Matching(priceWords) }

func looksProfiles(s *table.File) string {
	for i, rec := range s.Records {
		if i == 10 {
			break
		}
		for _, c := range rec {
			if strings.EqualFold(c, "versienr") {
				return fmt.Sprintf("cell %q in row %d", c, i+1)
			}
			if profileCell.MatchString(c) {
				return fmt.Sprintf("column %q in row %d", c, i+1)
			}
		}
	}
	return ""
}

func looksFractions(s *table.File) string { return s.Matching(fractionName) }

// looksMeters does not name the column: it may be the name of a home.
func looksMeters(s *table.File) string {
	if s.Matching(meterWords) == "" {
		return ""
	}
	return "a column of energy or power"
}

func looksNED(s *table.File) string {
	return s.Matching(regexp.MustCompile(`^validfrom`))
}

var pvgisHeader = regexp.MustCompile(`(?m)^time(\(UTC\))?,.*\b(P|G\(i\)|Gb\(i\)|H_sun)\b`)

func looksPVGIS(s *table.File) string {
	if h := pvgisHeader.Find(s.Head); h != nil && s.Comma != 0 {
		return fmt.Sprintf("header %q", strings.TrimSpace(string(h)))
	}
	return ""
}

func looksSolar(s *table.File) string { return s.Matching(solarWords) }
