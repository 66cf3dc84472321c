package result

import (
	"fmt"
	"io"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/table"
)

const (
	topSheet      = 50
	mostSheetRows = 20000
)

// writeWorkbook writes potential.xlsx: totals, gemeenten, assumptions, method and
// sources.
func (r *Result) writeWorkbook(out io.Writer) error {
	g, p := r.Regions, r.Summary.Potential
	remark := fmt.Sprintf("Study %s, profiles of %d homes, contract %s, adoption %g %%. %s", r.Study.Name, r.Study.Homes, p.Contract, 100*p.Adoption, r.PerPoint(false))
	if g.Schematic {
		remark += " Outlines are schematic; figures of gemeenten are those of CBS."
	}
	if g.Invented() {
		remark += " Wijken and buurten are invented: they exist nowhere."
	}
	totals, err := r.sheetTotals(remark)
	if err != nil {
		return err
	}
	y, err := g.Year(p.Year, p.Scenario)
	if err != nil {
		return err
	}
	level := g.Listed()
	sheets := []table.Sheet{
		totals,
		g.sheet("Top regions", fmt.Sprintf("The %d regions with the largest potential, %s level, %d, scenario %s", topSheet, level, p.Year, y.Scenario), remark, y, g.Top(y, topSheet)),
	}
	if list := g.OfLevel(level); len(list) <= mostSheetRows {
		sheets = append(sheets, g.sheet("Regions", fmt.Sprintf("Every %s, %d, scenario %s", level, p.Year, y.Scenario), remark, y, list))
	}
	scenarios, err := sheetScenarios()
	if err != nil {
		return err
	}
	return table.WriteXLSX(out, append(sheets, r.sheetAssumptions(), scenarios, r.sheetMethod()))
}

func column(head string, width float64, look table.Look) table.SheetColumn {
	return table.SheetColumn{Head: head, Width: width, Look: look}
}

func (r *Result) sheetTotals(remark string) (table.Sheet, error) {
	s := table.Sheet{Name: "Totals", Title: "V2G potential, all regions of the study", Remark: remark, Columns: []table.SheetColumn{
		column("Year", 8, table.Plain),
		column("Scenario", 10, table.Plain),
		column("Cars", 14, table.Whole),
		column("Vans", 14, table.Whole),
		column("Electric share, cars", 12, table.Percent),
		column("Electric share, vans", 12, table.Percent),
		column("Home charge points", 14, table.Whole),
		column("Flexible power, MW", 14, table.Tenths),
		column("Low (p5), MW", 12, table.Tenths),
		column("High (p95), MW", 12, table.Tenths),
		column("Evening peak without electric cars, MW", 18, table.Tenths),
		column("Evening peak, regular charging, MW", 18, table.Tenths),
		column("Evening peak, smart charging, MW", 18, table.Tenths),
		column("Evening peak, V2G, MW", 18, table.Tenths),
		column("Night peak, V2G, MW", 18, table.Tenths),
		column("Year's highest quarter-hour, regular charging, MW", 20, table.Tenths),
		column("Year's highest quarter-hour, V2G, MW", 20, table.Tenths),
	}}
	for _, scenario := range outlook.Scenarios() {
		for _, year := range FileYears() {
			y, err := r.Regions.Year(year, scenario)
			if err != nil {
				return s, err
			}
			row := []any{year, scenario}
			for _, name := range []string{"cars", "vans", "electric_share_cars", "electric_share_vans", "home_charge_points", "potential_mw", "potential_mw_p5", "potential_mw_p95"} {
				row = append(row, y.Column(name)[0])
			}
			for _, name := range []string{"evening_peak_kw_without_ev", "evening_peak_kw_regular", "evening_peak_kw_smart", "evening_peak_kw_v2g", "night_peak_kw_v2g", "year_highest_kw_regular", "year_highest_kw_v2g"} {
				row = append(row, y.Column(name)[0]/1000)
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s, nil
}

// sheet lists regions.
func (r *Regions) sheet(name, title, remark string, y *RegionYear, list []int) table.Sheet {
	s := table.Sheet{Name: name, Title: title, Remark: remark, Columns: []table.SheetColumn{
		column("Code", 12, table.Plain),
		column("Name", 28, table.Plain),
		column("Dwellings", 12, table.Whole),
		column("With a driveway", 12, table.Whole),
		column("Cars", 12, table.Whole),
		column("Home charge points", 12, table.Whole),
		column("Flexible power, MW", 12, table.Tenths),
		column("Low (p5), MW", 12, table.Tenths),
		column("High (p95), MW", 12, table.Tenths),
		column("kW per dwelling", 10, table.Tenths),
		column("Evening peak, regular charging, kW", 16, table.Whole),
		column("Evening peak, smart charging, kW", 16, table.Whole),
		column("Evening peak, V2G, kW", 16, table.Whole),
		column("Night peak, V2G, kW", 16, table.Whole),
		column("Year's highest quarter-hour, regular charging, kW", 18, table.Whole),
		column("Year's highest quarter-hour, V2G, kW", 18, table.Whole),
	}}
	for _, i := range list {
		at := func(column string) float64 { return y.Column(column)[i] }
		s.Rows = append(s.Rows, []any{
			r.Code[i], r.Name[i], at("dwellings"), at("dwellings_with_driveway"), at("cars"), at("home_charge_points"),
			at("potential_mw"), at("potential_mw_p5"), at("potential_mw_p95"), 1000 * at("potential_mw") / at("dwellings"),
			at("evening_peak_kw_regular"), at("evening_peak_kw_smart"), at("evening_peak_kw_v2g"), at("night_peak_kw_v2g"), at("year_highest_kw_regular"), at("year_highest_kw_v2g"),
		})
	}
	return s
}

func (r *Result) sheetAssumptions() table.Sheet {
	s := table.Sheet{
		Name: "Assumptions", Title: "Every assumption of the study", Remark: "Each is a key of the study file; the band p5 to p95 is over the plausible ranges.",
		Columns: []table.SheetColumn{column("Assumption", 44, table.Plain), column("Value", 20, table.Plain), column("Unit", 14, table.Plain), column("Meaning", 60, table.Wrapped), column("Source", 50, table.Wrapped), column("Reference study", 18, table.Plain), column("Plausible from", 14, table.Plain), column("to", 14, table.Plain), column("Source of the range", 50, table.Wrapped)},
	}
	for _, u := range r.Used() {
		s.Rows = append(s.Rows, []any{u.Key, u.Value, u.Unit, u.Description, u.Source, u.Default, u.Low, u.High, u.RangeSource})
	}
	return s
}

func sheetScenarios() (table.Sheet, error) {
	s := table.Sheet{
		Name: "Scenarios", Title: "The course of electrification", Remark: "S-curves go through the three shares; fleets grow in a straight line to 2050.",
		Columns: []table.SheetColumn{column("Scenario", 12, table.Plain), column("Quantity", 24, table.Plain), column("Year", 8, table.Plain), column("Value", 14, table.Plain), column("Source", 50, table.Plain)},
	}
	settings, err := outlook.Settings()
	for _, e := range settings {
		s.Rows = append(s.Rows, []any{e.Scenario, e.Quantity, e.Year, e.Value, e.Source})
	}
	return s, err
}

func (r *Result) sheetMethod() table.Sheet {
	s := table.Sheet{
		Name: "Method and sources", Title: "How the figures come about", Remark: "docs/method.md has the whole of it.",
		Columns: []table.SheetColumn{column("Step", 34, table.Wrapped), column("How", 110, table.Wrapped)},
		Rows: [][]any{
			{"Dwellings with a driveway", "by dwelling type, or from the regions file where it has dwellings_with_driveway"},
			{"Cars and vans", "registered vehicles; where leasing companies register far more than similar gemeenten have, the number of their peers"},
			{"Home charge points", "of dwellings with a driveway, those with a charge point for a car, by cars per household against gemeenten that live alike, some with a second; the country as a whole from the electric drivers who charged at home in 2024 to the share of the cars' demand in 2050, by the assumptions (in the reference study 2.25 million points in 2050, solved back from 4.5 GW at 2 kW); vans alike"},
			{"Flexible power", r.PerPoint(false)},
			{"Formula", "MW = home charge points x adoption x kW per charge point / 1000"},
			{"p5 and p95", "over the plausible ranges of the assumptions, all drawn at once; for a region also over which dwellings have driveways and which homes it happens to have"},
			{"Home equivalents", "dwellings by type x household use of the type / that of the country's mean dwelling (home.use_*)"},
			{"Peaks", "largest mean by month and quarter of the day of: home equivalents x the mean household's load - dwellings x the mean dwelling's solar output + charge points x the car's mean power"},
		},
	}
	for _, in := range r.Manifest.Inputs {
		s.Rows = append(s.Rows, []any{"Input: " + in.Kind, fmt.Sprintf("%s. %s. SHA-256 %s", in.File, in.Source, in.SHA256)})
	}
	for _, n := range r.Manifest.Notes {
		s.Rows = append(s.Rows, []any{"Note", n})
	}
	return s
}
