package result

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

//go:embed words.csv
var wordsCSV string

// language is that in which findings are told.
type language struct {
	words          map[string]string
	own            map[string]bool   // contracts whose kind or rules are not those of the words for their name
	ruled          map[string]string // what follows a contract's name: its rules, where the name does not say them
	months         []string
	decimal, group string
}

// languages are English and Dutch, from one table of words.
func languages() (en, nl *language) {
	rows, err := csv.NewReader(strings.NewReader(wordsCSV)).ReadAll()
	if err != nil {
		panic(err) // embedded
	}
	en = &language{map[string]string{}, nil, nil, strings.Fields("January February March April May June July August September October November December"), ".", ","}
	nl = &language{map[string]string{}, nil, nil, strings.Fields("januari februari maart april mei juni juli augustus september oktober november december"), ",", "."}
	for _, r := range rows[1:] {
		en.words[r[0]], nl.words[r[0]] = r[1], r[2]
	}
	return en, nl
}

var nth = []string{"first", "second", "third"}

var places = regexp.MustCompile(`\{([a-z0-9_]+)(?::([^}]*))?\}`)

// tell fills a finding's sentence.
func (l *language) tell(f *Finding) string {
	return places.ReplaceAllStringFunc(l.words[f.Key], func(place string) string {
		m := places.FindStringSubmatch(place)
		switch name := m[1]; name {
		case "contract":
			return l.contract(f.Contract)
		case "contracts":
			var list []string
			for _, c := range f.Names {
				list = append(list, l.contract(c))
			}
			return l.list(list)
		case "mode":
			return l.words["mode."+f.Mode]
		case "case":
			return l.caseOf(f)
		case "also":
			return l.also(f)
		case "any":
			return l.any(f)
		case "whose":
			return l.whose(f.Names)
		case "name":
			return strings.Join(f.Names, ", ")
		case "first", "second", "third":
			return l.words["assumption."+f.Names[slices.Index(nth, name)]]
		default:
			v, ok := f.Numbers[name]
			if !ok {
				panic("result: finding " + f.Key + " has no number " + name)
			}
			return l.number(v, m[2])
		}
	})
}

// retell tells findings that are read in today's words, so that a page does not mix them with
// those of when they were stored: of the same numbers. A sentence that is not known any more
// keeps its own.
func (r *Result) retell() {
	if r.Findings == nil {
		return
	}
	en, nl := languages()
	en.nameRules(r.Study.Contracts)
	nl.nameRules(r.Study.Contracts)
	for i := range r.Findings.Findings {
		x := &r.Findings.Findings[i]
		if x.Key == "regions" {
			if text := r.Headline(false); text != "" {
				x.EN, x.NL = text, r.Headline(true)
			}
			continue
		}
		if en.canTell(x) && nl.canTell(x) {
			x.EN, x.NL = en.tell(x), nl.tell(x)
		}
	}
}

// canTell says that a finding has all that fills its sentence.
func (l *language) canTell(f *Finding) bool {
	words, known := l.words[f.Key]
	for _, m := range places.FindAllStringSubmatch(words, -1) {
		switch name := m[1]; name {
		case "contract", "contracts", "mode", "case", "also", "any", "whose", "name":
		case "first", "second", "third":
			k := slices.Index(nth, name)
			known = known && k < len(f.Names) && l.words["assumption."+f.Names[k]] != ""
		default:
			v, ok := f.Numbers[name]
			known = known && ok && (m[2] != "month" || v >= 0 && int(v) < len(l.months))
		}
	}
	return known
}

func (l *language) caseOf(f *Finding) string {
	if f.Mode == dispatch.Regular.String() { // the same under any contract
		return l.words["mode.regular"]
	}
	return strings.NewReplacer("{mode}", l.words["mode."+f.Mode], "{contract}", l.contract(f.Contract)).Replace(l.words["case"])
}

// also says in how many other cases the same holds as in the one that is named.
func (l *language) also(f *Finding) string {
	n, key := f.Numbers["alike"], "also.many"
	switch n {
	case 0:
		return ""
	case 1:
		key = "also.one"
	}
	return strings.ReplaceAll(l.words[key], "{n}", l.decimals(n, 0))
}

// any says for which contracts and ways to charge the same holds: for those that were
// computed, and for no others.
func (l *language) any(f *Finding) string {
	switch contracts, modes := f.Numbers["contracts"] > 1, f.Numbers["modes"] > 1; {
	case contracts && modes:
		return l.words["any.case"]
	case contracts:
		return l.words["any.contract"]
	case modes:
		return l.words["any.mode"]
	}
	return strings.ReplaceAll(l.words["any.one"], "{case}", l.caseOf(f))
}

// whose names the outlook that a street's charge points are of: a region, a scenario and a
// type of dwelling; none: the study's own.
func (l *language) whose(names []string) string {
	if len(names) == 0 {
		return l.words["street.whose_study"]
	}
	return strings.NewReplacer("{name}", names[0], "{scenario}", l.words["scenario."+names[1]], "{dwelling}", l.words["street.in_"+names[2]]).Replace(l.words["street.whose_outlook"])
}

// contract names a contract within a sentence; a study's own names stay.
func (l *language) contract(name string) string {
	words, ok := l.words["contract."+name]
	if !ok || l.own[name] {
		words = strings.ReplaceAll(l.words["contract"], "{name}", name)
	}
	return words + l.ruled[name]
}

// nameRules makes the names of contracts say by which rules V2G pays under them: those of
// dynamic contracts, as little is discharged under the others.
func (l *language) nameRules(of []assume.Contract) {
	l.own, l.ruled = map[string]bool{}, map[string]string{}
	for i := range of {
		c := &of[i]
		is2027 := c.Name == "dynamic_2027" && c.Kind == tariff.Dynamic && c.Rules == "2027-01-01"
		l.own[c.Name] = !is2027 && c.Name != string(c.Kind)
		switch {
		case c.Kind != tariff.Dynamic || is2027:
		case c.Rules != assume.NoRules:
			key := "rules.of"
			year, first := strings.CutSuffix(c.Rules, "-01-01")
			if first {
				key = "rules.from"
			}
			l.ruled[c.Name] = " " + strings.ReplaceAll(l.words[key], "{date}", year)
			if c.NetMetering {
				l.ruled[c.Name] += ", " + l.words["rules.netted"]
			}
		case c.NetMetering:
			l.ruled[c.Name] = " " + l.words["rules.netted"]
		default:
			l.ruled[c.Name] = " " + l.words["rules.not_netted"]
		}
	}
}

func (l *language) list(of []string) string {
	last := len(of) - 1
	if last < 1 {
		return strings.Join(of, "")
	}
	return strings.Join(of[:last], ", ") + " " + l.words["and"] + " " + of[last]
}

// number writes a number: with so many decimals, without its sign or with it; n is a
// count, the others are what they say.
func (l *language) number(v float64, format string) string {
	switch format {
	case "n":
		return l.decimals(v, 0)
	case "homes", "points":
		key := format + ".many"
		if v == 1 {
			key = format + ".one"
		}
		return strings.ReplaceAll(l.words[key], "{n}", l.decimals(v, 0))
	case "month":
		return l.months[int(v)]
	case "clock":
		return series.QuarterName(int(v))
	case "hour":
		return fmt.Sprintf("%02d:00", int(v))
	case "year":
		return strconv.Itoa(int(v))
	case "least": // as few decimals as tell it to a tenth
		return strings.TrimSuffix(l.decimals(v, 1), l.decimal+"0")
	case "hours": // whole ones, and tenths of few
		if v >= 10 {
			return l.decimals(v, 0)
		}
		return l.number(v, "least")
	case "power":
		word := "taken"
		if v < 0 {
			word = "discharged"
		}
		return strings.ReplaceAll(l.words[word], "{kw:2}", l.decimals(v, 2))
	}
	digits, sign := strings.CutPrefix(format, "+")
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic("result: the table of words has the format " + format)
	}
	text := l.decimals(v, n)
	if sign && v < 0 && strings.ContainsAny(text, "123456789") {
		text = "\u2212" + text
	}
	return text
}

// decimals writes a number without its sign.
func (l *language) decimals(v float64, n int) string {
	whole, part, found := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', n, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + l.group + whole[i:]
	}
	if found {
		whole += l.decimal + part
	}
	return whole
}

// AssumptionNames are the short names of an assumption that the band is drawn over.
func AssumptionNames(key string) (en, nl string) {
	e, n := languages()
	return e.words["assumption."+key], n.words["assumption."+key]
}
