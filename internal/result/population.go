package result

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/table"
)

// PopulationNote says in manifest.json of which homes population.csv is.
type PopulationNote struct {
	Hash  string  `json:"hash"`  // of the population's plan
	Homes int     `json:"homes"` // that were computed
	Share float64 `json:"share"` // of the charge points that take part
}

// Population is what regions with homes of their own do, beside the average of the
// study's homes times a count.
type Population struct {
	*PopulationNote
	Cases []*PopulationCase // in the order of years, contracts and ways to charge
}

// PopulationCase is a way to charge under a contract in a year of the forecast, a value for
// each region in the order of [Regions].
type PopulationCase struct {
	Contract, Mode string
	Year           int
	Homes          []int
	values         map[string][]float64
	instants       map[string][]time.Time
}

// Column gives a column of numbers by its name, NaN where it is not known.
func (c *PopulationCase) Column(name string) []float64 {
	v, ok := c.values[name]
	if !ok {
		panic("result: the table of populations has no column " + name)
	}
	return v
}

// Instants gives a column of instants by its name.
func (c *PopulationCase) Instants(name string) []time.Time { return c.instants[name] }

// Case finds a case, or nil; p may be nil.
func (p *Population) Case(contract, mode string, year int) *PopulationCase {
	if p == nil {
		return nil
	}
	for _, c := range p.Cases {
		if c.Contract == contract && c.Mode == mode && c.Year == year {
			return c
		}
	}
	return nil
}

// Of are the cases of a contract in the year that the study's potential is of, or where the
// population has not those, of the contract and year that it has last: what a page shows
// first. p may be nil.
func (p *Population) Of(contract string, year int) (out []*PopulationCase) {
	if p == nil || len(p.Cases) == 0 {
		return nil
	}
	pick := func(contract string, year int) (out []*PopulationCase) {
		for _, c := range p.Cases {
			if c.Contract == contract && c.Year == year {
				out = append(out, c)
			}
		}
		return out
	}
	last := p.Cases[len(p.Cases)-1]
	for _, at := range []struct {
		contract string
		year     int
	}{{contract, year}, {contract, last.Year}, {last.Contract, year}, {last.Contract, last.Year}} {
		if out = pick(at.contract, at.year); len(out) > 0 {
			break
		}
	}
	return out
}

// EveningColumn is the mean evening of a season: what own homes do, and the average.
func EveningColumn(season string) (own, average string) {
	return "evening_" + season + "_kw", "average_evening_" + season + "_kw"
}

// PopulationTable is the table of regions with homes of their own, in a result folder.
func PopulationTable() *table.Table {
	real := func(name, unit string, decimals int, en, nl string) table.Column {
		return table.Column{Name: name, Unit: unit, Decimals: decimals, EN: en, NL: nl}
	}
	kw := func(name, en, nl string) table.Column { return real(name, "kW", peakDecimals, en, nl) }
	at := func(name string) table.Column {
		return table.Column{Name: name, Type: table.Time, Optional: true, EN: "its start, UTC", NL: "begin ervan, UTC"}
	}
	return &table.Table{
		Name: "population", Formats: csvParquet,
		EN: "Only after `getij report DIR --population DIR2`: what regions with homes of their own do, and beside it (average_) what the average of the study's homes times the region's charge points says; of the charge points that take part",
		NL: "Alleen na `getij report DIR --population DIR2`: wat gebieden met eigen woningen doen, en ernaast (average_) wat het gemiddelde van de woningen van de studie maal de laadpunten van het gebied zegt; van de laadpunten die meedoen",
		Columns: identity(append(contractAndMode(),
			real("home_charge_points", "", pointDecimals, "home charge points, all", "thuislaadpunten, alle"),
			table.Column{Name: "homes", Type: table.Integer, EN: "homes of the region that were computed", NL: "woningen van het gebied die zijn berekend"},
			kw("evening_winter_kw", "mean power of the cars, 17:00-21:00, November to February; negative is discharging", "gemiddeld vermogen van de auto's, 17:00-21:00, november tot en met februari; negatief is ontladen"),
			kw("evening_summer_kw", "the same, May to August", "hetzelfde, mei tot en met augustus"),
			kw("evening_year_kw", "the same, all year", "hetzelfde, het hele jaar"),
			kw("average_evening_winter_kw", "evening_winter_kw by the average", "evening_winter_kw volgens het gemiddelde"),
			kw("average_evening_summer_kw", "evening_summer_kw by the average", "evening_summer_kw volgens het gemiddelde"),
			kw("average_evening_year_kw", "evening_year_kw by the average", "evening_year_kw volgens het gemiddelde"),
			kw("highest_kw", "highest single quarter-hour of the year, dwellings and all charge points", "hoogste losse kwartier van het jaar, woningen en alle laadpunten"),
			at("highest_utc"),
			kw("average_highest_kw", "highest_kw by the average", "highest_kw volgens het gemiddelde"),
			at("average_highest_utc"),
			real("discharged_kwh", "kWh", kwhDecimals, "discharged in the year", "ontladen in het jaar"),
			real("average_discharged_kwh", "kWh", kwhDecimals, "discharged_kwh by the average", "discharged_kwh volgens het gemiddelde"),
			real("saving_eur_per_home", "EUR", eurDecimals, "saved by a home against regular charging, mean", "besparing van een woning ten opzichte van gewoon laden, gemiddeld"),
			real("average_saving_eur_per_home", "EUR", eurDecimals, "saving_eur_per_home by the average, the same in all regions", "saving_eur_per_home volgens het gemiddelde, in alle gebieden hetzelfde"),
			real("saving_eur_per_home_p5", "EUR", eurDecimals, "5 % of the region's homes save less", "5 % van de woningen van het gebied bespaart minder"),
			real("saving_eur_per_home_p50", "EUR", eurDecimals, "half of them save less", "de helft bespaart minder"),
			real("saving_eur_per_home_p95", "EUR", eurDecimals, "95 % of them save less", "95 % bespaart minder"),
			real("discharged_kwh_per_home_p5", "kWh", kwhDecimals, "5 % of the region's homes discharge less", "5 % van de woningen van het gebied ontlaadt minder"),
			real("discharged_kwh_per_home_p50", "kWh", kwhDecimals, "half of them discharge less", "de helft ontlaadt minder"),
			real("discharged_kwh_per_home_p95", "kWh", kwhDecimals, "95 % of them discharge less", "95 % ontlaadt minder"),
		)...),
	}
}

// An Average is what the average of a study's homes says of a region: its homes times a
// number of charge points. NaN where the study lacks the way to charge.
type Average struct {
	EveningKW                           map[string]float64 // by season
	HighestKW, DischargedKWh, SavingEUR float64            // the saving of one home
	HighestUTC                          time.Time
}

// AverageOf are the averages of a contract and way to charge, by region.
func (r *Result) AverageOf(contract string, mode dispatch.Mode) (func(h potential.Homes, points float64) Average, error) {
	adoption := r.Summary.Potential.Adoption
	evening := map[string]float64{}
	dischargedKWh, savingEUR := math.NaN(), math.NaN()
	c := r.Case(contract, mode)
	for _, season := range potential.Seasons() {
		evening[season.Name] = math.NaN()
		if c == nil {
			continue
		}
		w, err := r.Way(contract, mode, season.Name, adoption)
		if err != nil {
			return nil, err
		}
		evening[season.Name] = w.Of(potential.Homes{}, 0).EveningMeanKW
	}
	if c != nil {
		dischargedKWh = c.Summary.DischargedKWh
		if s := c.Summary.SavingVsRegularEUR; s != nil {
			savingEUR = *s
		}
	}
	return func(h potential.Homes, points float64) Average {
		out := Average{EveningKW: map[string]float64{}, DischargedKWh: points * adoption * dischargedKWh, SavingEUR: savingEUR}
		for season, kW := range evening {
			out.EveningKW[season] = points * adoption * kW
		}
		out.HighestKW, out.HighestUTC = r.Highest(h, points, adoption, contract, mode)
		return out
	}, nil
}

// AddPopulation puts the rows of [PopulationTable] into a result folder, in place of those
// of before, and lists them in its manifest and its description. Until all is written the
// folder is as it was.
func AddPopulation(dir string, note *PopulationNote, rows table.Rows) error {
	t := PopulationTable()
	csv, parquet := t.Name+".csv", t.Name+".parquet"
	var p dataPackage
	if err := readJSON(dir, PackageFile, &p); err != nil {
		return err
	}
	p.Resources = slices.DeleteFunc(p.Resources, func(x packageResource) bool { return x.Path == csv || x.Path == parquet })
	p.Resources = append(p.Resources, describe("", "", "", nil, []*table.Table{t}, Version{}).Resources...)
	drop := func(name string) bool { return name == csv || name == parquet || name == PackageFile }
	return Revise(dir, drop, func(dir string) error {
		m, _, err := readHead(dir)
		if err != nil {
			return err
		}
		m.OwnHomes = note
		if err := m.write(dir); err != nil {
			return err
		}
		err = writeFiles(dir, []file{
			stream(csv, func(w io.Writer) error { return t.WriteCSV(w, table.Once(rows)) }),
			stream(parquet, func(w io.Writer) error { return t.WriteParquet(w, table.Once(rows)) }),
			stream(PackageFile, func(w io.Writer) error { return writeJSON(w, &p) }),
		})
		if err != nil {
			return err
		}
		return Renew(dir, csv, parquet, PackageFile)
	})
}

// readPopulation reads the table of regions with homes of their own, where there is one.
func (r *Result) readPopulation(dir string) error {
	note := r.Manifest.OwnHomes
	if note == nil {
		return nil
	}
	t := PopulationTable()
	path := filepath.Join(dir, t.Name+".parquet")
	if err := r.Manifest.hold(dir, t.Name+".parquet"); err != nil {
		return err
	}
	rows, err := t.ReadParquet(path)
	if err != nil {
		return err
	}
	if r.Regions == nil {
		return fmt.Errorf("%s is of regions, and the folder has none", path)
	}
	number := map[string]int{}
	for i, code := range r.Regions.Code {
		number[code] = i
	}
	p := &Population{PopulationNote: note}
	for i, code := range rows[0].Text {
		at, ok := number[code]
		if !ok {
			return fmt.Errorf("%s has the region %s, charge_points.parquet has not", path, code)
		}
		year, contract, mode := rows[4].Integer[i], rows[6].Text[i], rows[7].Text[i]
		c := p.Case(contract, mode, year)
		if c == nil {
			c = newPopulationCase(contract, mode, year, r.Regions.Len())
			p.Cases = append(p.Cases, c)
		}
		for k, column := range t.Columns {
			switch {
			case column.Name == "homes":
				c.Homes[at] = rows[k].Integer[i]
			case column.Type == table.Real:
				c.values[column.Name][at] = rows[k].Real[i]
			case column.Type == table.Time:
				c.instants[column.Name][at] = rows[k].Time[i]
			}
		}
	}
	place := func(c *PopulationCase) int {
		return slices.IndexFunc(r.Cases, func(k *Case) bool { return k.Contract == c.Contract && k.Mode.String() == c.Mode })
	}
	slices.SortStableFunc(p.Cases, func(a, b *PopulationCase) int { return cmp.Or(a.Year-b.Year, place(a)-place(b)) })
	r.Population = p
	return nil
}

func newPopulationCase(contract, mode string, year, regions int) *PopulationCase {
	c := &PopulationCase{Contract: contract, Mode: mode, Year: year, Homes: make([]int, regions), values: map[string][]float64{}, instants: map[string][]time.Time{}}
	for _, column := range PopulationTable().Columns {
		switch column.Type {
		case table.Real:
			c.values[column.Name] = slices.Repeat([]float64{math.NaN()}, regions)
		case table.Time:
			c.instants[column.Name] = make([]time.Time, regions)
		}
	}
	return c
}
