package result

import (
	"io"
	"math"
	"path/filepath"
	"time"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/durable"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/street"
	"github.com/getij/getij/internal/table"
)

// Street is what the homes behind one transformer or cable do, nobody minding the
// others.
type Street struct {
	*street.Result
	Study    *assume.Study
	Axis     *series.Axis
	Manifest StreetManifest
	// Coordination is nil unless it was asked for.
	Coordination *street.Coordinated
	Ways         []StreetWay      // of a folder that is read
	SignalDay    *StreetSignalDay // of it too; nil: it is not coordinated
}

// StreetCase is a contract and a way to charge.
type StreetCase = street.Case

// StreetRow is what streets with a number of charge points do in the year.
type StreetRow = street.Row

// StreetManifest is manifest.json of a street.
type StreetManifest struct {
	Provenance
	Street string `json:"street"` // name of the study
	// OutlookOf says whose outlook gives the charge points over the years; empty where the
	// study gives them.
	OutlookOf string `json:"outlook_of,omitempty"`
	// PluggedEvening is the share of 17:00-21:00 that a car is plugged in.
	PluggedEvening float64 `json:"plugged_in_share_17_21h"`
}

// StreetTable is the table of a street by number of charge points.
func StreetTable() *table.Table {
	columns := contractAndMode(table.Column{Name: "charge_points", Type: table.Integer, EN: "homes of the street with a charge point and an electric car", NL: "woningen van de straat met een laadpunt en een elektrische auto"})
	columns = append(columns, streetSpreads()...)
	columns = append(columns, table.Column{Name: "charge_points_that_fit", Type: table.Integer, EN: "largest number up to which 95 % of the drawn streets are never beyond the capacity, the same in all rows of a case; -1 where they are without any", NL: "grootste aantal tot waar 95 % van de getrokken straten nooit boven de capaciteit komt, in alle rijen van een geval hetzelfde; -1 waar dat zonder laadpunten al niet zo is"})
	columns = append(columns, streetsHolding())
	return &table.Table{
		Name: "street", Formats: csvParquet,
		EN:      "Only in a folder of `getij street`: what a street does in the year as more of its homes get a charge point; power of the whole street, homes and cars together",
		NL:      "Alleen in een map van `getij street`: wat een straat in het jaar doet naarmate meer van haar woningen een laadpunt krijgen; vermogen van de hele straat, woningen en auto's samen",
		Columns: columns,
	}
}

// streetSpreads are the columns of what drawn streets do in a year.
func streetSpreads() (columns []table.Column) {
	spread := func(name, unit string, decimals int, en, nl string) (out []table.Column) {
		for _, p := range [...]string{"p5", "p50", "p95"} {
			out = append(out, table.Column{
				Name: name + "_" + p, Unit: unit, Decimals: decimals,
				EN: en + ": " + p + " over the drawn streets", NL: nl + ": " + p + " over de getrokken straten",
			})
		}
		return out
	}
	columns = append(columns, spread("peak_kw", "kW", kwDecimals, "highest quarter-hour of the year that the street takes", "hoogste kwartier van het jaar dat de straat afneemt")...)
	columns = append(columns, spread("feed_in_peak_kw", "kW", kwDecimals, "highest quarter-hour that it feeds in, positive", "hoogste kwartier dat zij teruglevert, positief")...)
	columns = append(columns, spread("hours_beyond", "h", kwhDecimals, "hours of the year in which more is taken than the capacity", "uren van het jaar waarin meer wordt afgenomen dan de capaciteit")...)
	columns = append(columns, spread("hours_beyond_feed_in", "h", kwhDecimals, "hours in which more is fed in than the capacity", "uren waarin meer wordt teruggeleverd dan de capaciteit")...)
	columns = append(columns, spread("kwh_beyond", "kWh", kwhDecimals, "energy taken above the capacity", "energie die boven de capaciteit wordt afgenomen")...)
	columns = append(columns, spread("kwh_beyond_feed_in", "kWh", kwhDecimals, "energy fed in above the capacity", "energie die boven de capaciteit wordt teruggeleverd")...)
	return columns
}

func streetsHolding() table.Column {
	return table.Column{Name: "streets_holding", Unit: "share", Decimals: shareDecimals, EN: "of the drawn streets that are never beyond the capacity, in either direction", NL: "deel van de getrokken straten dat nooit boven de capaciteit komt, in geen van beide richtingen"}
}

// StreetDurationTable is the duration curve of the middle street.
func StreetDurationTable() *table.Table {
	return &table.Table{
		Name: "street_duration", Formats: csvParquet,
		EN: "Only in a folder of `getij street`: duration curve of the middle street with the charge points that were asked for, the one whose highest load with regular charging is the median",
		NL: "Alleen in een map van `getij street`: duurkromme van de middelste straat met de gevraagde laadpunten, die waarvan de hoogste belasting met gewoon laden de mediaan is",
		Columns: contractAndMode(
			table.Column{Name: "share_of_year", Unit: "share", Decimals: shareDecimals, EN: "of the year's quarter-hours, in which the street takes as much or more", NL: "deel van de kwartieren van het jaar waarin de straat zoveel of meer afneemt"},
			table.Column{Name: "kw", Unit: "kW", Decimals: kwDecimals, EN: "power of the street; negative is fed in", NL: "vermogen van de straat; negatief is teruglevering"},
		),
	}
}

// StreetDayTable has the worst days of the middle street.
func StreetDayTable() *table.Table {
	return &table.Table{
		Name: "street_day", Formats: csvParquet,
		EN: "Only in a folder of `getij street`: for each case the day on which the middle street is highest above or below zero",
		NL: "Alleen in een map van `getij street`: voor elk geval de dag waarop de middelste straat het verst van nul af is",
		Columns: contractAndMode(
			table.Column{Name: "utc_start", Type: table.Time, EN: "start of the quarter-hour, UTC", NL: "begin van het kwartier, UTC"},
			table.Column{Name: "without_cars_kw", Unit: "kW", Decimals: kwDecimals, EN: "the street's homes without cars", NL: "de woningen van de straat zonder auto's"},
			table.Column{Name: "kw", Unit: "kW", Decimals: kwDecimals, EN: "with cars", NL: "met auto's"},
		),
	}
}

func (s *Street) growthRows() table.Rows {
	n := 0
	for _, c := range s.Cases {
		n += len(c.Growth)
	}
	out := StreetTable().NewRows(n)
	for _, c := range s.Cases {
		for _, r := range c.Growth {
			row := append([]any{c.Contract, c.Mode.String(), r.ChargePoints}, spreadsOf(&r)...)
			out.Add(append(row, c.Fit, r.Holding)...)
		}
	}
	return out
}

// spreadsOf are a row's values of streetSpreads.
func spreadsOf(r *street.Row) (out []any) {
	for _, x := range spreads(r) {
		out = append(out, x.P5, x.P50, x.P95)
	}
	return out
}

// spreads are a row's, in the order of their columns.
func spreads(r *street.Row) [6]*street.Spread {
	return [6]*street.Spread{&r.PeakKW, &r.FeedInKW, &r.HoursBeyond, &r.HoursBeyondFeedIn, &r.KWhBeyond, &r.KWhBeyondFeedIn}
}

func (s *Street) durationRows() table.Rows {
	out := StreetDurationTable().NewRows(len(s.Cases) * (street.DurationPoints + 1))
	for _, c := range s.Cases {
		for i, kW := range c.Duration() {
			out.Add(c.Contract, c.Mode.String(), float64(i)/street.DurationPoints, kW)
		}
	}
	return out
}

func (s *Street) dayRows() table.Rows {
	out := StreetDayTable().NewRows(len(s.Cases) * series.QuartersPerDay)
	for _, c := range s.Cases {
		from, to := s.WorstDay(c)
		for t := from; t < to; t++ {
			out.Add(c.Contract, c.Mode.String(), s.Axis.Time(t), s.BareKW[t], c.KW[t])
		}
	}
	return out
}

// WorstDay is the first and the last step, not included, of the local day on which a case
// of the middle street is farthest from zero.
func (s *Street) WorstDay(c *street.Case) (from, to int) { return s.farthestDay(c.KW) }

func (s *Street) farthestDay(kW []float64) (from, to int) {
	worst := 0
	for t, x := range kW {
		if math.Abs(x) > math.Abs(kW[worst]) {
			worst = t
		}
	}
	day := s.Axis.Clock[worst].YearDay
	for from = worst; from > 0 && s.Axis.Clock[from-1].YearDay == day; from-- {
	}
	for to = worst + 1; to < len(kW) && s.Axis.Clock[to].YearDay == day; to++ {
	}
	return from, to
}

// Write writes a street into a folder, last the manifest, which lists what is there.
func (s *Street) Write(dir string, v Version) error {
	start := time.Now()
	m := &s.Manifest
	m.by(v, start)
	m.Street, m.Seed = s.Study.Name, s.Study.Seed
	tables := []*table.Table{StreetTable(), StreetYearsTable(), StreetDurationTable(), StreetDayTable()}
	var files []file
	all := []table.Rows{s.growthRows(), s.yearRows(), s.durationRows(), s.dayRows()}
	if s.Coordination != nil {
		tables = append(tables, StreetCoordinationTable(), StreetSignalTable(), StreetHomesTable())
		all = append(all, s.coordinationRows()...)
	}
	for i, rows := range all {
		t := tables[i]
		files = append(files,
			stream(t.Name+".csv", func(w io.Writer) error { return t.WriteCSV(w, table.Once(rows)) }),
			stream(t.Name+".parquet", func(w io.Writer) error { return t.WriteParquet(w, table.Once(rows)) }))
	}
	files = append(files,
		stream("study.yaml", func(w io.Writer) error { return writeStudy(w, s.Study) }),
		stream(PackageFile, func(w io.Writer) error {
			return writeJSON(w, describe(s.Study.Name+"-street", "Street of "+s.Study.Name,
				"What the homes behind one transformer or cable do with electric cars, as getij computes it. Power is in kW of the whole street, positive is taken from the grid.",
				m.Inputs, tables, v))
		}))
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	if err := m.wrote(dir, start); err != nil {
		return err
	}
	return m.write(dir)
}

func (m *StreetManifest) write(dir string) error {
	return durable.WriteFile(filepath.Join(dir, ManifestFile), func(w io.Writer) error { return writeJSON(w, m) })
}
