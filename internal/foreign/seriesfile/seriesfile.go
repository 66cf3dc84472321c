// Package seriesfile reads the price, load and solar files of others.
//
// What enters: one or more files of one kind, in the formats of the table in
// recognise.go, recognised by content. What leaves: one evenly spaced series, or
// one per home, on UTC, in the units of the plain files that a study reads; and
// a [dataset.Report] of what was recognised, found and mended. [WriteCSV] writes
// the plain file.
//
// Units: prices in EUR/MWh; load in kWh per interval or as a fraction of a year;
// solar as a capacity factor from 0 to 1, in mean MW, or in kWh per interval. A
// study scales load and solar to its own kWh, so only their shape counts.
//
// Time: an instant is the start of what its value covers. Times without an
// offset are Europe/Amsterdam wall clock, unless the file says or is told to be
// otherwise: in autumn the doubled hour is taken in order of the rows, in spring
// rows in the hour that the clock skips are dropped.
//
// Nothing is changed in silence: gaps of up to 2 hours are interpolated and
// counted, longer ones are errors that name the interval; repeated rows are
// dropped and counted. EANs, meter numbers and other names of homes never leave
// the package: homes become home_1, home_2 and so on, in the order of the file.
//
// Sources: ENTSO-E "Transparency Platform RESTful API guide" (document A44, curve
// types A01 and A03); Energy-Charts API (Fraunhofer ISE); MFFBAS
// "Standaardprofielen elektriciteit"; NED "Handleiding API" (utilizations);
// PVGIS 5.3 "Hourly radiation" output.
package seriesfile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/getij/getij/internal/foreign/clock"
	"github.com/getij/getij/internal/foreign/table"

	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/series"
)

// Options say how to read what a file leaves open. The zero value lets the files
// speak for themselves.
type Options struct {
	Format string // a name of [Formats]; empty: recognised by content
	Sheet  string // of a workbook; empty: those that are recognised
	Column string // the value column to read, by its name in the header
	Unit   string // of the values: eur_per_mwh, eur_per_kwh, ct_per_kwh; kwh, wh, kw, w, mw, fraction, capacity_factor, percent
	// Map names columns by what they are, one of [Fields].
	Map map[string]string
	// DateOrder is of times such as 3/4/2024: dmy or mdy; empty: what fits.
	DateOrder string
	// Decimal is the mark before decimals, point or comma; empty: what the numbers tell.
	Decimal string
	// Start and Step are the times of rows without them: the first, and the minutes
	// from each to the next.
	Start  string
	Step   int
	Zone   string // of times without an offset: local (Europe/Amsterdam), utc or utc+1
	Area   string // the bidding zone of prices, NL when empty
	FeedIn bool   // what homes feed in, not what they take
	// FillGaps fills gaps of over 2 hours, up to [longestFilled], with the same hours
	// of the week before, or after.
	FillGaps bool
	// SpreadDays makes quarter-hours of days: each as the standard profile E1A goes.
	SpreadDays bool
	// Meters: every file is a home, or the folder it is in; and every home gets a column.
	Meters Homes
	// LeaveOut are homes, such as home_3, that are not written.
	LeaveOut []string
	// Implausible values are right: the person knows.
	Implausible bool
}

// Named is a series and the name of its column in the plain file: the unit for a
// single series, home_1, home_2, ... for homes.
type Named struct {
	Name   string
	Series *series.Series
}

// Import is what was read from the files.
type Import struct {
	Kind   dataset.Kind
	Unit   string  // eur_per_mwh, kwh, fraction, capacity_factor, mw or value (a shape without a known unit)
	Series []Named // at least one, all with the same start, spacing and length
	Report *dataset.Report
}

const (
	// mostValues bounds the memory of an import: a year of quarter-hours of 500 homes.
	mostValues = 500 * 366 * 96
	// mostOfOne are as many of one series as a study reads, 28 years of quarter-hours.
	mostOfOne = 1_000_000
	// mostValue bounds a value of JSON, and mostXML a file of XML, of which a year
	// of prices takes 4 MB.
	mostValue = 16 << 20
	mostXML   = 128 << 20
	// mostBytes bounds one file.
	mostBytes = 1 << 30
)

// Read reads files of one kind. Files of different formats may be mixed; prices,
// profiles and solar of several files are one series, of which times that occur
// twice must agree. Load files of single homes that cover the same period are
// different homes.
//
// The error names the file, the row or field, what was found and what to do.
func Read(ctx context.Context, kind dataset.Kind, paths []string, opt Options) (*Import, error) {
	if len(paths) == 0 {
		return nil, errors.New("no files were given")
	}
	r, err := newReading(kind, opt)
	if err != nil {
		return nil, err
	}
	r.many = len(paths) > 1
	var sums []string
	for _, path := range paths {
		sum, err := r.readFile(ctx, path)
		if err != nil {
			return nil, err
		}
		sums = append(sums, sum)
	}
	imp, err := r.finish()
	if err != nil {
		return nil, err
	}
	imp.Report.File = strings.Join(paths, ", ")
	imp.Report.SHA256 = strings.Join(sums, ", ")
	return imp, nil
}

// reading is an import under way.
type reading struct {
	kind    dataset.Kind
	opt     Options
	zone    clock.Zone // that the user says
	start   startTime  // of rows without times, and their step
	step    time.Duration
	files   []string
	path    string // of the file that is read
	counts  int    // rows without times, so far in this file
	rep     *dataset.Report
	parts   []*rows
	formats table.Said
	units   table.Said
	columns table.Said
	many    bool // several files
	// cellUnit is the unit that the cells of a file have behind their numbers.
	cellUnit string
	// subheader is the second row of a file's header, below merged cells.
	subheader []string
	spread    bool // days were spread over a profile
	feedIn    bool // a format took FeedIn into account
	// areaSaid: a person names the area. unitBeside is the unit of prices that a file
	// tells elsewhere than in the name of their column.
	areaSaid   bool
	unitBeside string
	times      *rows   // the part before, see lean
	unsaid     []*rows // prices of which nothing says the unit
	rowsIn     int
	empty      int // values
	total      int // values and empties
}

func newReading(kind dataset.Kind, opt Options) (*reading, error) {
	if kind != dataset.Prices && kind != dataset.Load && kind != dataset.Solar {
		return nil, fmt.Errorf("kind %q is not known: prices, load or solar was expected", kind)
	}
	areaSaid := opt.Area != ""
	if !areaSaid {
		opt.Area = "NL"
	}
	zone, err := clock.ZoneNamed(opt.Zone)
	if err != nil {
		return nil, err
	}
	if opt.Unit != "" && unitNames[opt.Unit] != kindOfUnit(kind) {
		return nil, fmt.Errorf("unit %q is not known for %s: %s was expected", opt.Unit, kind, strings.Join(unitsOf(kind), ", "))
	}
	if opt.FeedIn && kind != dataset.Load {
		return nil, fmt.Errorf("feed-in is asked for, but %s have none: it is for load", kind)
	}
	if opt.DateOrder != "" && opt.DateOrder != "dmy" && opt.DateOrder != "mdy" {
		return nil, fmt.Errorf("date order %q is not known: dmy (31/1/2024) or mdy (1/31/2024) was expected", opt.DateOrder)
	}
	if opt.Decimal != "" && opt.Decimal != markNames[point] && opt.Decimal != markNames[comma] {
		return nil, fmt.Errorf("decimals after a %q are not known: point (1.5) or comma (1,5) was expected", opt.Decimal)
	}
	if err := opt.mapped(); err != nil {
		return nil, err
	}
	start, step, err := opt.startAndStep()
	if err != nil {
		return nil, err
	}
	return &reading{start: start, step: step, kind: kind, opt: opt, areaSaid: areaSaid, zone: zone, rep: &dataset.Report{Kind: string(kind), Mends: []dataset.Mend{}}}, nil
}

// readSource adds one file and returns its hash.
func (r *reading) readSource(s *table.File) (string, error) {
	r.files = append(r.files, s.Name)
	if err := r.headed(s); err != nil {
		return "", err
	}
	f, why, err := r.recognise(s)
	if err != nil {
		return "", err
	}
	parts, err := f.read(r, s)
	if err != nil {
		return "", err
	}
	r.ofFile(parts)
	said := f.title
	if why != "" {
		said += " (" + why + ")"
	}
	r.formats.Add("%s", said)
	sum, err := s.Done(r.rep.Mend)
	if err != nil {
		return "", err
	}
	for _, p := range parts {
		r.total += len(p.at) * len(p.values)
		r.empty += p.dropEmpty()
		if len(p.at) == 0 {
			return "", fmt.Errorf("%s has no rows with a value: a period of hourly or quarter-hourly values was expected", s.Name)
		}
		if err := p.inOrder(r); err != nil {
			return "", err
		}
	}
	r.lean(parts)
	r.parts = append(r.parts, parts...)
	return sum, nil
}

// finish joins what was read.
func (r *reading) finish() (*Import, error) {
	if err := r.settlePrices(); err != nil {
		return nil, err
	}
	unit := r.parts[0].unit
	for _, p := range r.parts {
		if p.unit != unit {
			return nil, fmt.Errorf("%s holds %s and %s %s: import files of one unit at a time", r.parts[0].file, unit, p.file, p.unit)
		}
	}
	if r.opt.FeedIn && !r.feedIn {
		return nil, fmt.Errorf("feed-in is asked for, but %s does not tell it from what is taken: name its column", r.parts[0].file)
	}
	groups, err := r.groups()
	if err != nil {
		return nil, err
	}
	imp := &Import{Kind: r.kind, Unit: unit, Report: r.rep}
	if imp.Series, err = r.build(groups, unit); err != nil {
		return nil, err
	}
	if err := r.commonPeriod(imp.Series); err != nil {
		return nil, err
	}
	first := imp.Series[0].Series
	if n := len(first.Values); n > mostOfOne && len(imp.Series) == 1 {
		return nil, fmt.Errorf("%s has %d values: a study reads %d, 28 years of quarter-hours: import some of them", r.parts[0].file, n, mostOfOne)
	}
	r.rep.Rows = r.rowsIn
	r.rep.From, r.rep.To = clock.Stamp(first.Start.Unix()), clock.Stamp(first.End().Unix())
	r.facts(imp, groups[0])
	r.tooShort(imp)
	if err := r.judge(imp); err != nil {
		return nil, err
	}
	r.rep.Format = table.Said(table.Together(r.formats, r.files)).String()
	r.rep.Unit = table.Said(table.Together(r.units, r.files)).String()
	r.rep.Column = table.Said(table.Together(r.columns, r.files)).String()
	r.rep.Notes = table.Together(r.rep.Notes, r.files)
	return imp, nil
}

// groups puts the parts that belong to the same homes together.
func (r *reading) groups() ([][]*rows, error) {
	var groups [][]*rows
next:
	for _, p := range r.parts {
		for i, g := range groups {
			if r.kind == dataset.Load && (p.ids != nil || g[0].ids != nil) {
				if slices.Equal(p.ids, g[0].ids) {
					groups[i] = append(g, p)
					continue next
				}
				for _, id := range p.ids {
					if slices.Contains(g[0].ids, id) {
						return nil, fmt.Errorf("%s and %s hold some of the same homes, but not all: import them one at a time, or give both the same columns", g[0].file, p.file)
					}
				}
				continue
			}
			if r.kind == dataset.Load && p.home && slices.ContainsFunc(g, p.overlaps) {
				continue // another home over the same period
			}
			groups[i] = append(g, p)
			continue next
		}
		groups = append(groups, []*rows{p})
	}
	if len(groups) > 1 && r.kind == dataset.Load && r.parts[0].ids == nil {
		r.note("the %d files cover the same period: they are %d homes, in the order given", len(r.parts), len(groups))
	}
	return groups, nil
}

// commonPeriod cuts the homes to the period that they all have.
func (r *reading) commonPeriod(all []Named) error {
	from, to := all[0].Series.Start, all[0].Series.End()
	for _, n := range all {
		s := n.Series
		if s.Every != all[0].Series.Every {
			return fmt.Errorf("%s has values every %s and %s every %s: import homes of one spacing at a time", all[0].Name, all[0].Series.Every, n.Name, s.Every)
		}
		if s.Start.Sub(from)%s.Every != 0 {
			return fmt.Errorf("the values of %s start at %s and those of %s at %s: both must start on the same minutes", all[0].Name, clock.Stamp(from.Unix()), n.Name, clock.Stamp(s.Start.Unix()))
		}
		if s.Start.After(from) {
			from = s.Start
		}
		if s.End().Before(to) {
			to = s.End()
		}
	}
	if to.Sub(from) < 2*all[0].Series.Every {
		return errors.New("the homes have no period in common: import homes of the same year together")
	}
	for _, n := range all {
		s := n.Series
		a, b := int(from.Sub(s.Start)/s.Every), int(s.End().Sub(to)/s.Every)
		if a+b > 0 {
			r.rep.Mend("home cut to the period that all homes have", fmt.Sprintf("%s, %d values", n.Name, a+b))
		}
		s.Start, s.Values = from, s.Values[a:len(s.Values)-b]
	}
	return nil
}

func (r *reading) note(format string, args ...any) {
	(*table.Said)(&r.rep.Notes).Add(format, args...)
}

// where names a row, and its file when there are several.
func (r *reading) where(p *rows, i int, what string) string {
	if r.many {
		return fmt.Sprintf("%s, row %d, %s", p.file, p.lineOf(i), what)
	}
	return fmt.Sprintf("row %d, %s", p.lineOf(i), what)
}

func homeName(i int) string { return fmt.Sprintf("home_%d", i+1) }
