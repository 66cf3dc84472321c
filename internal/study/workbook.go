package study

import (
	"fmt"
	"io"
	"math"

	"github.com/xuri/excelize/v2"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
)

// workbook writes potential.xlsx, for people who live in spreadsheets.
type workbook struct {
	*excelize.File
	title, head, note, whole, decimal, percent int
	err                                        error
}

func newWorkbook() *workbook {
	w := &workbook{File: excelize.NewFile()}
	style := func(s *excelize.Style) int {
		id, err := w.NewStyle(s)
		if err != nil && w.err == nil {
			w.err = err
		}
		return id
	}
	w.title = style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	w.head = style(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E5ECF6"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
	})
	w.note = style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	number := func(format string) int { return style(&excelize.Style{CustomNumFmt: &format}) }
	w.whole, w.decimal, w.percent = number("#,##0"), number("#,##0.0"), number("0.0%")
	return w
}

// keep notes the first error, so that the sheets read as lists.
func (w *workbook) keep(err error) {
	if err != nil && w.err == nil {
		w.err = err
	}
}

// sheetColumn is a column of a sheet: heading, width in characters, style.
type sheetColumn struct {
	head  string
	width float64
	style int
}

// sheet starts a sheet with a title, a remark and a row of headings, which stay
// in view.
func (w *workbook) sheet(name, title, remark string, columns []sheetColumn) {
	_, err := w.NewSheet(name)
	w.keep(err)
	w.cell(name, 1, 1, title, w.title)
	w.cell(name, 1, 2, remark, 0)
	for i, c := range columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		w.keep(err)
		w.keep(w.SetColWidth(name, letter, letter, c.width))
		w.cell(name, i+1, headRow, c.head, w.head)
	}
	w.keep(w.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: fmt.Sprintf("A%d", headRow+1), ActivePane: "bottomLeft"}))
}

// headRow is the row of headings, below title, remark and a blank.
const headRow = 4

func (w *workbook) cell(sheet string, column, row int, value any, style int) {
	at, err := excelize.CoordinatesToCellName(column, row)
	w.keep(err)
	if v, ok := value.(float64); ok && math.IsNaN(v) {
		value = nil
	}
	w.keep(w.SetCellValue(sheet, at, value))
	if style != 0 {
		w.keep(w.SetCellStyle(sheet, at, at, style))
	}
}

func (w *workbook) row(sheet string, row int, columns []sheetColumn, values ...any) {
	for i, v := range values {
		w.cell(sheet, i+1, headRow+row, v, columns[i].style)
	}
}

// writeWorkbook writes totals, gemeenten, assumptions, method and sources.
func (r *Result) writeWorkbook(out io.Writer) error {
	g, p := r.Regional, &r.Study.Potential
	w := newWorkbook()
	defer w.Close()
	remark := fmt.Sprintf("Study %s, profiles of %d homes, contract %s, adoption %g %%.", r.Study.Name, r.Study.Homes, g.Contract, 100*p.Adoption)
	if g.Schematic {
		remark += " Outlines and buurten are schematic; figures of gemeenten are those of CBS."
	}
	if err := r.sheetTotals(w, remark); err != nil {
		return err
	}
	y, err := g.Year(p.Year, r.Study.Outlook.Scenario)
	if err != nil {
		return err
	}
	level := region.Gemeente
	if len(g.Set.OfLevel(level)) == 0 {
		level = g.Set.Levels()[len(g.Set.Levels())-1]
	}
	r.sheetRegions(w, "Top regions", fmt.Sprintf("The %d regions with the largest potential, %s level, %d, scenario %s", topSheet, level, p.Year, y.Scenario), remark, y, g.Top(y, topSheet))
	if list := g.Set.OfLevel(level); len(list) <= mostSheetRows {
		r.sheetRegions(w, "Regions", fmt.Sprintf("Every %s, %d, scenario %s", level, p.Year, y.Scenario), remark, y, list)
	}
	r.sheetAssumptions(w)
	r.sheetMethod(w)
	w.keep(w.DeleteSheet("Sheet1"))
	w.SetActiveSheet(0)
	if w.err != nil {
		return w.err
	}
	_, err = w.WriteTo(out)
	return err
}

const (
	topSheet      = 50
	mostSheetRows = 20000
)

func (r *Result) sheetTotals(w *workbook, remark string) error {
	columns := []sheetColumn{
		{"Year", 8, 0},
		{"Scenario", 10, 0},
		{"Cars", 14, w.whole},
		{"Vans", 14, w.whole},
		{"Electric share, cars", 12, w.percent},
		{"Electric share, vans", 12, w.percent},
		{"Home charge points", 14, w.whole},
		{"Flexible power, MW", 14, w.decimal},
		{"Low (p5), MW", 12, w.decimal},
		{"High (p95), MW", 12, w.decimal},
		{"Evening peak without electric cars, MW", 18, w.decimal},
		{"Evening peak, regular charging, MW", 18, w.decimal},
		{"Evening peak, smart charging, MW", 18, w.decimal},
		{"Evening peak, V2G, MW", 18, w.decimal},
		{"Night peak, V2G, MW", 18, w.decimal},
	}
	const name = "Totals"
	w.sheet(name, "V2G potential, all regions of the study", remark, columns)
	row := 0
	for _, scenario := range outlook.Scenarios() {
		for _, year := range FileYears() {
			y, err := r.Regional.Year(year, scenario)
			if err != nil {
				return err
			}
			row++
			all := &y.Potential[0]
			w.row(name, row, columns, year, scenario, y.CarsByRegion[0], y.VansByRegion[0], y.ElectricShareCars, y.ElectricShareVans,
				all.Points, all.MW, all.MWP5, all.MWP95, all.EveningPeakWithout/1000, all.EveningPeakRegular/1000, all.EveningPeakSmart/1000, all.EveningPeakV2G/1000, all.NightPeakV2G/1000)
		}
	}
	return nil
}

func (r *Result) sheetRegions(w *workbook, name, title, remark string, y *RegionalYear, list []int) {
	g := r.Regional
	columns := []sheetColumn{
		{"Code", 12, 0},
		{"Name", 28, 0},
		{"Dwellings", 12, w.whole},
		{"With a driveway", 12, w.whole},
		{"Cars", 12, w.whole},
		{"Home charge points", 12, w.whole},
		{"Flexible power, MW", 12, w.decimal},
		{"Low (p5), MW", 12, w.decimal},
		{"High (p95), MW", 12, w.decimal},
		{"kW per dwelling", 10, w.decimal},
		{"Evening peak, regular charging, kW", 16, w.whole},
		{"Evening peak, smart charging, kW", 16, w.whole},
		{"Evening peak, V2G, kW", 16, w.whole},
		{"Night peak, V2G, kW", 16, w.whole},
	}
	w.sheet(name, title, remark, columns)
	for row, i := range list {
		at, p, h := g.Set.At(i), &y.Potential[i], &g.Forecast.Base.Homes[i]
		w.row(name, row+1, columns, at.Code, at.Name, h.Dwellings, h.WithDriveway, y.CarsByRegion[i], p.Points, p.MW, p.MWP5, p.MWP95,
			1000*p.MW/h.Dwellings, p.EveningPeakRegular, p.EveningPeakSmart, p.EveningPeakV2G, p.NightPeakV2G)
	}
}

func (r *Result) sheetAssumptions(w *workbook) {
	columns := []sheetColumn{{"Assumption", 44, 0}, {"Value", 20, 0}, {"Unit", 14, 0}, {"Meaning", 60, w.note}, {"Source", 50, w.note}, {"Reference study", 18, 0}}
	const name = "Assumptions"
	w.sheet(name, "Every assumption of the study", "Each is a key of the study file; the last column is its value in the reference study.", columns)
	for i, u := range r.Study.Used() {
		w.row(name, i+1, columns, u.Key, u.Value, u.Unit, u.Description, u.Source, u.Default)
	}
	settings, err := outlook.Settings()
	w.keep(err)
	columns = []sheetColumn{{"Scenario", 12, 0}, {"Quantity", 24, 0}, {"Year", 8, 0}, {"Value", 14, 0}, {"Source", 50, 0}}
	w.sheet("Scenarios", "The course of electrification", "S-curves go through the three shares; fleets grow in a straight line to 2050.", columns)
	for i, s := range settings {
		w.row("Scenarios", i+1, columns, s.Scenario, s.Quantity, s.Year, s.Value, s.Source)
	}
}

func (r *Result) sheetMethod(w *workbook) {
	columns := []sheetColumn{{"Step", 34, w.note}, {"How", 110, w.note}}
	const name = "Method and sources"
	w.sheet(name, "How the figures come about", "docs/method.md has the whole of it.", columns)
	rows := [][2]string{
		{"Dwellings with a driveway", "by dwelling type, or from the regions file where it has dwellings_with_driveway"},
		{"Cars and vans", "registered vehicles; where leasing companies register far more than like gemeenten have, the number of their peers"},
		{"Home charge points", "cars at dwellings with a driveway x growth of the fleet x electric share of drivers with a driveway x points per car, calibrated on 2.25 million in 2050 (scenario mid); vans alike, for the share of their demand in residential areas"},
		{"Flexible power", "MW = home charge points x adoption x kW per charge point / 1000"},
		{"p5 and p95", "n homes drawn from the study's homes: mean ± 1.645 x standard deviation x square root of n"},
		{"Peaks", "largest mean by month and quarter of the day of: dwellings x the study's home without a car + charge points x the car's mean power"},
	}
	for _, in := range r.Inputs {
		rows = append(rows, [2]string{"Input: " + in.Kind, fmt.Sprintf("%s. %s. SHA-256 %s", in.File, in.Source, in.SHA256)})
	}
	for _, n := range r.Notes() {
		rows = append(rows, [2]string{"Note", n})
	}
	for i, line := range rows {
		w.row(name, i+1, columns, line[0], line[1])
	}
}
