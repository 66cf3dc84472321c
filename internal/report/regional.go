package report

import (
	"fmt"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/result"
)

// regional is what the page says of regions.
type regional struct {
	*result.PotentialSummary
	Finding, PerPoint, Peaks string
	Counted                  string // what a megawatt of the tables by region is
	Invented                 bool   // wijken and buurten that exist nowhere
	Then                     bool   // years whose rules are those of another contract
	Tiles                    []tile
	Top                      []topRow
	Years                    []yearRow
	Hybrids                  string // what the years' megawatts count as electric cars
	Coverage                 string
}

// RegularYear is the year's highest quarter-hour with regular charging, GW.
func (g *regional) RegularYear(contract string) *float64 {
	if x := g.Season(contract, dispatch.Regular.String(), result.WholeYear); x != nil {
		return x.YearHighestGW
	}
	return nil
}

type topRow struct {
	Name                     string
	Dwellings, Points        float64
	MW, P5, P95, PerDwelling float64
	Regular, V2G, Night      float64 // kW
	YearRegular, YearV2G     float64 // kW
}

// tile is a figure of all regions with what it is of.
type tile struct {
	What string
	GW   float64
}

// tiles are the figure that regions count with, and before it the one by the rules of
// its year, where those are others.
func tiles(r *result.Result) (out []tile) {
	s := r.Summary.Potential
	all := fmt.Sprintf("All regions in %d, ", s.Year)
	if first := r.ContractIn(s.Year); first != s.Contract || s.KWRule != "computed" {
		if x := s.Season(first, dispatch.V2G.String(), s.SeasonName); x != nil {
			out = append(out, tile{all + meanEvening(r, first), x.EveningGW})
		}
	}
	return append(out, tile{all + counted(r), s.FlexiblePowerGW})
}

// counted says what the megawatts of the tables by region are.
func counted(r *result.Result) string {
	s := r.Summary.Potential
	switch s.KWRule {
	case "report":
		return "2 kW per charge point as in ElaadNL’s report"
	case "fixed":
		return "the study’s kW per charge point"
	case "coincidence":
		return "each region’s busiest quarter-hour of the whole year, " + r.ContractName(s.Contract)
	}
	return meanEvening(r, s.Contract)
}

// meanEvening names what a contract gives on the mean evening of the study's season.
func meanEvening(r *result.Result, contract string) string {
	season := r.Summary.Potential.SeasonName + " "
	if season == result.WholeYear+" " {
		season = ""
	}
	return fmt.Sprintf("mean %sevening, %s", season, r.ContractName(contract))
}

type yearRow struct {
	Year             int
	Electric, Points float64
	MW, Low, High    float64 // scenarios
	Then             float64 // MW under the contract by the rules of the year
}

// hybrids says that charge points of plug-in hybrids count as those of electric cars, which
// matters most in the first years; "" where the forecast has none.
func hybrids(o *assume.Outlook, years []yearRow) string {
	if o.ChargePoints != assume.Model || o.HybridsPerElectricCar == 0 {
		return ""
	}
	var shares []string
	for _, y := range years {
		beside := o.HybridsPerElectricCar * (1 - y.Electric) // to an electric car, as in the outlook
		if share := beside / (1 + beside); share >= 0.005 {
			shares = append(shares, fmt.Sprintf("%s %% in %d", whole(100*share), y.Year))
		}
	}
	if len(shares) == 0 {
		return ""
	}
	return "Charge points of plug-in hybrids are among them, and take and give here what an electric car does, which a hybrid cannot: of the cars with a plug they are " + strings.Join(shares, ", ") + ". By so much the megawatts of those years may be too high."
}

func newRegional(r *result.Result) (*regional, error) {
	g, summary := r.Regions, r.Summary.Potential
	if g == nil {
		return nil, nil
	}
	out := &regional{PotentialSummary: summary, Coverage: g.Coverage(summary.Dwellings), Tiles: tiles(r)}
	out.Invented = g.Invented()
	out.Counted = counted(r)
	y, err := g.Year(summary.Year, summary.Scenario)
	if err != nil {
		return nil, err
	}
	column := y.Column
	for _, i := range g.Top(y, 10) {
		mw, dwellings := column("potential_mw")[i], column("dwellings")[i]
		out.Top = append(out.Top, topRow{
			Name: g.Name[i], Dwellings: dwellings, Points: column("home_charge_points")[i], MW: mw, P5: column("potential_mw_p5")[i], P95: column("potential_mw_p95")[i],
			PerDwelling: 1000 * mw / dwellings, Regular: column("evening_peak_kw_regular")[i], V2G: column("evening_peak_kw_v2g")[i], Night: column("night_peak_kw_v2g")[i],
			YearRegular: column("year_highest_kw_regular")[i], YearV2G: column("year_highest_kw_v2g")[i],
		})
	}
	for _, year := range result.FileYears() {
		row := yearRow{Year: year}
		for scenario, to := range map[string]*float64{"low": &row.Low, "high": &row.High, summary.Scenario: &row.MW} {
			y, err := g.Year(year, scenario)
			if err != nil {
				return nil, err
			}
			*to = y.Column("potential_mw")[0]
			if scenario == summary.Scenario {
				row.Points, row.Electric = y.Column("home_charge_points")[0], y.Column("electric_share_cars")[0]
			}
		}
		row.Then = row.MW
		if then := r.Beside(year); then != "" && summary.KWRule == "computed" {
			row.Then, out.Then = row.Points*summary.Adoption*summary.KWUnder(then)/1000, true
		}
		out.Years = append(out.Years, row)
	}
	out.Hybrids = hybrids(&r.Study.Outlook, out.Years)
	out.Finding = r.Findings.Tell("regions", "", "", false)
	out.PerPoint = r.PerPoint(false)
	out.Peaks = peaks(r)
	return out, nil
}

// peaks sets the peaks of all months beside each other, under the contract by the rules of
// the year and under that of the tables by region; "" where they are not known.
func peaks(r *result.Result) string {
	s := r.Summary.Potential
	contracts := []string{r.ContractIn(s.Year)}
	if contracts[0] != s.Contract {
		contracts = append(contracts, s.Contract)
	}
	var text []string
	for _, contract := range contracts {
		x, regular := s.Season(contract, dispatch.V2G.String(), result.WholeYear), s.Season(contract, dispatch.Regular.String(), result.WholeYear)
		if x == nil || regular == nil || x.EveningPeakGW == nil || x.NightPeakGW == nil || regular.NightPeakGW == nil {
			continue
		}
		if text == nil {
			text = append(text, fmt.Sprintf("Over all months, on a month's mean day, the evening peak of all their homes is %.2f GW without electric cars, and %.2f GW when all cars charge as regular, with a night peak of %.2f GW.",
				x.EveningPeakWithoutGW, *regular.EveningPeakGW, *regular.NightPeakGW))
		}
		more := ""
		if *x.NightPeakGW > max(*regular.EveningPeakGW, *regular.NightPeakGW) {
			more = ", higher than the evening peak that it takes away: prices alone move the peak, they do not flatten it"
		}
		text = append(text, fmt.Sprintf("Under %s it is %.2f GW with V2G, at night %.2f GW%s.", r.ContractName(contract), *x.EveningPeakGW, *x.NightPeakGW, more))
		if r.Study.Homes >= result.LeastHomes && x.YearHighestGW != nil && regular.YearHighestGW != nil {
			text = append(text, fmt.Sprintf("The year's highest single quarter-hour is %.2f GW then, and %.2f GW with regular charging.", *x.YearHighestGW, *regular.YearHighestGW))
		}
	}
	return strings.Join(text, " ")
}
