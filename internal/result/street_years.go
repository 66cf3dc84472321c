package result

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/street"
	"github.com/getij/getij/internal/table"
)

// StreetYear is what streets do with what they have in a calendar year.
type StreetYear = street.YearRow

// StreetShares are of a street's homes.
type StreetShares = street.Shares

// StreetYearsTable is the table of a street by calendar year.
func StreetYearsTable() *table.Table {
	columns := contractAndMode(
		table.Column{Name: "year", Type: table.Integer, EN: "year of the outlook whose charge points, solar panels and heat pumps the street has; prices, weather and driving are the study's", NL: "jaar van de prognose waarvan de straat de laadpunten, zonnepanelen en warmtepompen heeft; prijzen, weer en rijgedrag zijn die van de studie"},
		table.Column{Name: "charge_points", Type: table.Integer, EN: "homes of the street with a charge point and an electric car", NL: "woningen van de straat met een laadpunt en een elektrische auto"},
		table.Column{Name: "solar_share", Unit: "share", Decimals: shareDecimals, EN: "share of the homes with solar panels", NL: "aandeel van de woningen met zonnepanelen"},
		table.Column{Name: "heat_pump_share", Unit: "share", Decimals: shareDecimals, EN: "share of the homes with a heat pump", NL: "aandeel van de woningen met een warmtepomp"},
	)
	return &table.Table{
		Name: "street_years", Formats: csvParquet,
		EN:      "Only in a folder of `getij street`: what a street does in the year with what it has in each year of the outlook; power of the whole street",
		NL:      "Alleen in een map van `getij street`: wat een straat in het jaar doet met wat zij in elk jaar van de prognose heeft; vermogen van de hele straat",
		Columns: append(append(columns, streetSpreads()...), streetsHolding()),
	}
}

func (s *Street) yearRows() table.Rows {
	out := StreetYearsTable().NewRows(0)
	for _, c := range s.Cases {
		for i := range c.Years {
			y := &c.Years[i]
			row := append([]any{c.Contract, c.Mode.String(), y.Year, y.ChargePoints, y.Solar, y.HeatPump}, spreadsOf(&y.Row)...)
			out.Add(append(row, y.Holding)...)
		}
	}
	return out
}

// readYears reads the years of a folder; one of before has none.
func (s *Street) readYears(dir string) error {
	t := StreetYearsTable()
	name := t.Name + ".csv"
	rows, err := s.optional(dir, t)
	if err != nil || rows == nil {
		return err
	}
	for i, contract := range rows[0].Text {
		mode, err := dispatch.ParseMode(rows[1].Text[i])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		k := slices.IndexFunc(s.Cases, func(c *street.Case) bool { return c.Contract == contract && c.Mode == mode })
		if k < 0 {
			return fmt.Errorf("%s: row %d is of %s, %s, which street.csv does not have", name, i+1, contract, mode)
		}
		y := street.YearRow{Year: rows[2].Integer[i], Shares: street.Shares{Solar: rows[4].Real[i], HeatPump: rows[5].Real[i]}}
		y.ChargePoints = rows[3].Integer[i]
		column := 6
		for _, x := range spreads(&y.Row) {
			*x = street.Spread{P5: rows[column].Real[i], P50: rows[column+1].Real[i], P95: rows[column+2].Real[i]}
			column += 3
		}
		y.Holding = rows[column].Real[i]
		s.Cases[k].Years = append(s.Cases[k].Years, y)
	}
	return nil
}

// Milestones are the years that are told: the study's.
func (s *Street) Milestones() []int {
	if len(s.Cases[0].Years) == 0 {
		return nil
	}
	return s.Study.Street.Years
}

// Fails says from which year more than 5 % of the streets of a case are beyond the
// capacity.
func (s *Street) Fails(c *street.Case) string { return s.from(c.FailsFrom(street.MayFail)) }

// HalfFail says from which year more than half of them are.
func (s *Street) HalfFail(c *street.Case) string { return s.from(c.FailsFrom(0.5)) }

func (s *Street) from(year int) string {
	if year > 0 {
		return fmt.Sprint(year)
	}
	return "not by " + fmt.Sprint(s.lastYear())
}

func (s *Street) lastYear() int {
	years := s.Cases[0].Years
	return years[len(years)-1].Year
}

// YearsVerdict says in which year the street first fails.
func (s *Street) YearsVerdict() string {
	f := Findings{Findings: s.Findings()}
	return f.Tell(AboutStreetYears, "", "", false)
}

// yearsFindings say in which year the street first fails, by the first and the last case to
// do so, and each case by itself.
func (s *Street) yearsFindings() (out []Finding) {
	years := s.Cases[0].Years
	if len(years) == 0 {
		return nil
	}
	begin, end, share := &years[0], &years[len(years)-1], street.MayFail
	hours := func(c *street.Case) float64 {
		last := c.In(end.Year)
		return last.HoursBeyond.P50 + last.HoursBeyondFeedIn.P50
	}
	add := func(about, key string, c *street.Case, alike int) {
		out = append(out, Finding{
			About: about, Key: key, Contract: c.Contract, Mode: c.Mode.String(), Names: s.outlookNames(),
			Numbers: map[string]float64{
				"begin_points": float64(begin.ChargePoints), "begin": float64(begin.Year), "end_points": float64(end.ChargePoints), "end": float64(end.Year),
				"from": float64(c.FailsFrom(share)), "hours": hours(c),
				"alike": float64(alike),
			},
		})
	}
	when := func(c *street.Case) int {
		if year := c.FailsFrom(share); year > 0 {
			return year
		}
		return end.Year + 1
	}
	first, likeFirst := s.most(func(c *street.Case) float64 { return -float64(when(c)) })
	latest, likeLatest := s.most(func(c *street.Case) float64 { return float64(when(c)) })
	for _, c := range s.Cases { // of those alike, that with the most hours and that with the fewest
		if when(c) == when(first) && hours(c) > hours(first) {
			first = c
		}
		if when(c) == when(latest) && hours(c) < hours(latest) {
			latest = c
		}
	}
	switch {
	case when(first) > end.Year:
		add(AboutStreetYears, s.about("years_never"), first, 0)
	case when(first) == when(latest):
		add(AboutStreetYears, s.about("years_same"), first, 0)
	default:
		add(AboutStreetYears, s.about("years_first"), first, likeFirst)
		if when(latest) > end.Year {
			add(AboutStreetYears, "street.years_latest_never", latest, likeLatest)
		} else {
			add(AboutStreetYears, "street.years_latest", latest, likeLatest)
		}
	}
	for _, c := range s.Cases {
		key := "street.case_years"
		switch when(c) {
		case begin.Year:
			key = "street.case_years_always"
		case end.Year + 1:
			key = "street.case_years_never"
		}
		add(AboutStreetCaseYears, key, c, 0)
	}
	return out
}

// outlookNames are what the sentences name the outlook by: region, scenario and type of
// dwelling; nil where the study gives the charge points.
func (s *Street) outlookNames() []string {
	if s.Manifest.OutlookOf == "" {
		return nil
	}
	scenario, dwelling := s.Study.Outlook.Scenario, s.Study.Street.Dwelling
	region := strings.TrimSuffix(s.Manifest.OutlookOf, ", scenario "+scenario)
	region = strings.TrimPrefix(region, strings.ReplaceAll(dwelling, "_", "-")+" dwellings in ")
	return []string{region, scenario, dwelling}
}

// Whose says whose charge points the street has over the years.
func (s *Street) Whose() string {
	if s.Manifest.OutlookOf == "" {
		return "the charge points that the study gives"
	}
	return "the charge points of the outlook for " + s.Manifest.OutlookOf
}
