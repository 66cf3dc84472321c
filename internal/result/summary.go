package result

import (
	"math"

	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/table"
)

// Summary is summary.json.
type Summary struct {
	Study string        `json:"study"`
	Year  int           `json:"year"`
	Homes int           `json:"homes"`
	Seed  uint64        `json:"seed"`
	Steps int           `json:"steps"`
	Cases []CaseSummary `json:"cases"`
	// Contracts are those of the cases, in their order.
	Contracts []ContractSummary `json:"contracts"`
	// Potential is null where only profiles were computed.
	Potential *PotentialSummary `json:"potential"`
	// SessionsFit is there for homes that are drawn after a file of sessions.
	SessionsFit *FitSummary `json:"sessions_fit,omitempty"`
}

// CaseSummary has the figures of one case, per home and year. Peaks are cells of
// the month x quarter-of-day table, both as positive numbers.
type CaseSummary struct {
	Contract           string   `json:"contract"`
	Mode               string   `json:"mode"`
	EveningMeanKW      float64  `json:"evening_mean_kw"`
	PeakChargeKW       float64  `json:"peak_charge_kw"`
	PeakDischargeKW    float64  `json:"peak_discharge_kw"`
	ChargedKWh         float64  `json:"charged_kwh"`
	DischargedKWh      float64  `json:"discharged_kwh"`
	FedInKWh           float64  `json:"fed_in_kwh"`
	OwnSolarKWh        float64  `json:"own_solar_kwh"`
	EnergyCostEUR      float64  `json:"energy_cost_eur"`
	WearEUR            float64  `json:"wear_eur"`
	FullCycles         float64  `json:"equivalent_full_cycles"` // by discharging, driving not counted
	PowerTariffEUR     float64  `json:"power_tariff_eur"`       // part of energy_cost_eur
	MonthPeakKW        float64  `json:"month_peak_kw"`          // each home's highest import of a month, mean of 12
	PowerBandEUR       float64  `json:"power_band_eur"`         // part of energy_cost_eur: the subscription by power
	HomeFedInKWh       float64  `json:"home_fed_in_kwh"`        // all that the home feeds in, solar power and car
	FeedInFeeEUR       float64  `json:"feed_in_fee_eur"`        // part of energy_cost_eur: the tiers' fee on that
	GapEUR             float64  `json:"gap_eur"`                // the cost less a proven bound: rounding, but with an idle loss or a home battery
	LargestGapEUR      float64  `json:"largest_gap_eur"`        // of a home: its cost less a proven bound
	SavingVsRegularEUR *float64 `json:"saving_vs_regular_eur"`  // after wear; null without the mode regular
	Sessions           float64  `json:"sessions"`
	PluggedInShare     float64  `json:"plugged_in_share"`
	PlugInRewardEUR    float64  `json:"plug_in_reward_eur"` // paid for it, in neither the cost nor the saving
	// Departures is there where prices or departures are not known; the saving is less
	// its penalty.
	Departures *DeparturesSummary `json:"departures,omitempty"`
}

// TotalEUR is what a year costs the home in all: energy, wear of the battery, and what
// was missing at departures. Savings are its differences.
func (s *CaseSummary) TotalEUR() float64 {
	total := s.EnergyCostEUR + s.WearEUR
	if s.Departures != nil {
		total += s.Departures.PenaltyEUR
	}
	return total
}

// DeparturesSummary is how cars left against their charge at departure: shares of the
// sessions, and energies in the battery per home and year.
type DeparturesSummary struct {
	ShortShare  float64 `json:"short_share"`         // with more than 0.1 kWh missing
	Short5Share float64 `json:"short_5kwh_share"`    // with more than 5 kWh missing
	MissingKWh  float64 `json:"missing_kwh"`         // per home and year
	LargestKWh  float64 `json:"largest_missing_kwh"` // of one session of all homes
	AboveKWh    float64 `json:"above_kwh"`           // taken along beyond it
	PenaltyEUR  float64 `json:"penalty_eur"`         // per home and year
}

// ContractSummary is a contract of the study.
type ContractSummary struct {
	Contract string `json:"contract"`
	// NettedEURPerKWh is what its prices hold in taxes and fees that net metering
	// settles over the year; 0 without net metering.
	NettedEURPerKWh float64 `json:"netted_eur_per_kwh"`
	// Feedback is there where prices follow the cars.
	Feedback *FeedbackSummary `json:"feedback,omitempty"`
}

// FeedbackSummary is how prices and cars came to agree.
type FeedbackSummary struct {
	Mode                       string    `json:"mode"`                            // that the country follows
	GainEUR                    []float64 `json:"gain_eur_by_round"`               // of a home and year, by charging otherwise at the prices of the round
	DailySpreadBeforeEURPerMWh float64   `json:"daily_spread_before_eur_per_mwh"` // day-ahead prices, mean of the days, with regular charging
	DailySpreadEURPerMWh       float64   `json:"daily_spread_eur_per_mwh"`        // as settled
}

// PotentialSummary is the potential in summary.json: the whole of the regions in
// the study's year and scenario.
type PotentialSummary struct {
	Year             int      `json:"year"`
	Scenario         string   `json:"scenario"`
	Adoption         float64  `json:"adoption"`
	HomeChargePoints float64  `json:"home_charge_points"`
	KWPerChargePoint *float64 `json:"kw_per_charge_point"`    // null with coincidence: it differs by region
	SpreadKW         *float64 `json:"sd_kw_per_charge_point"` // over homes, of the power of one
	FlexiblePowerGW  float64  `json:"flexible_power_gw"`
	FlexiblePowerP5  *float64 `json:"flexible_power_gw_p5"`
	FlexiblePowerP95 *float64 `json:"flexible_power_gw_p95"`
	Contract         string   `json:"contract"`
	SeasonName       string   `json:"season"`  // of kw_per_charge_point, where it is computed
	KWRule           string   `json:"kw_rule"` // computed, coincidence, report or fixed
	// Report is what the rule of ElaadNL's report makes of the same points.
	Report       ReportedPower `json:"report"`
	Dwellings    float64       `json:"dwellings"`
	Equivalents  float64       `json:"home_equivalents"` // mean dwellings of the country that use as much
	Regions      int           `json:"regions"`
	Schematic    bool          `json:"schematic_map"`
	TopGemeenten []TopEntry    `json:"top_gemeenten"`
	// Seasons say of every contract and way to charge what it does in a season: the
	// power of a charge point follows them, where the study does not fix it.
	Seasons []SeasonSummary `json:"seasons"`
	// Band says how uncertain the regions' figures are.
	Band *Band `json:"band"`
}

// Band is how uncertain the figures of all regions are over the plausible ranges of the
// assumptions, drawn at once.
type Band struct {
	Draws   int                  `json:"draws"`
	Years   []int                `json:"years"`
	P5      map[string][]float64 `json:"p5_of_figure"`  // of a scenario's figure, a value per year
	P95     map[string][]float64 `json:"p95_of_figure"` // the same
	Matters []Effect             `json:"matters"`       // to the summary's figure, largest first
}

// Effect is how far an assumption moves a figure alone, from one end of its plausible
// range to the other.
type Effect struct {
	Key    string  `json:"key"`
	Name   string  `json:"name"`
	NameNL string  `json:"name_nl"`
	Value  string  `json:"value"` // the study's
	Low    string  `json:"low"`
	High   string  `json:"high"`
	GWLow  float64 `json:"gw_low"` // the figure with it at its low end, GW
	GWHigh float64 `json:"gw_high"`
}

// ReportedPower is the flexible power at the report's 2 kW per charge point, whatever
// the contract and the season.
type ReportedPower struct {
	KWPerChargePoint float64 `json:"kw_per_charge_point"`
	FlexiblePowerGW  float64 `json:"flexible_power_gw"`
}

// The seasons that a summary tells of; the dark months, the light ones and all.
const (
	WholeYear = potential.WholeYear
	Winter    = potential.Winter
	Summer    = potential.Summer
)

// SeasonSummary is what a contract and a way to charge do in a season, for all the
// regions in the summary's year, scenario and adoption. Peaks are the largest means
// of a month and quarter of the day, dwellings included, in GW.
type SeasonSummary struct {
	Contract             string   `json:"contract"`
	Mode                 string   `json:"mode"`
	Season               string   `json:"season"`               // year, winter (November to February), summer (May to August)
	EveningMeanKW        float64  `json:"evening_mean_kw"`      // per charge point that takes part, 17:00-21:00; negative is discharged
	LargestDischargeKW   float64  `json:"largest_discharge_kw"` // per charge point, in the best month and quarter-hour
	EveningGW            float64  `json:"evening_gw"`           // discharged on the mean evening
	LargestGW            float64  `json:"largest_gw"`           // discharged then
	EveningPeakWithoutGW float64  `json:"evening_peak_gw_without_ev"`
	EveningPeakRegularGW *float64 `json:"evening_peak_gw_regular"` // null without the mode regular
	EveningPeakGW        *float64 `json:"evening_peak_gw"`
	NightPeakGW          *float64 `json:"night_peak_gw"`
	// The highest single quarter-hour of the whole year, whatever the season, dwellings
	// included, and its start; null and "" without the mode regular where not all take part.
	YearHighestGW  *float64 `json:"year_highest_gw"`
	YearHighestUTC string   `json:"year_highest_utc"`
	// Of V2G, over the plausible ranges of the assumptions, and what matters most.
	EveningGWP5    *float64 `json:"evening_gw_p5,omitempty"`
	EveningGWP95   *float64 `json:"evening_gw_p95,omitempty"`
	EveningMatters []Effect `json:"evening_matters,omitempty"`
	LargestGWP5    *float64 `json:"largest_gw_p5,omitempty"`
	LargestGWP95   *float64 `json:"largest_gw_p95,omitempty"`
	LargestMatters []Effect `json:"largest_matters,omitempty"`
}

// GW is a power in MW in GW, to the watt.
func GW(mw float64) float64 { return table.Round(mw/1000, 9) }

// Season finds a season of a contract and a way to charge, or nil.
func (s *PotentialSummary) Season(contract, mode, season string) *SeasonSummary {
	for i := range s.Seasons {
		if x := &s.Seasons[i]; x.Contract == contract && x.Mode == mode && x.Season == season {
			return x
		}
	}
	return nil
}

// TopEntry is a region with its potential.
type TopEntry struct {
	Code string  `json:"code"`
	Name string  `json:"name"`
	MW   float64 `json:"potential_mw"`
}

// FitSummary says what sessions_fit.csv was made of.
type FitSummary struct {
	Users            int     `json:"users"`      // that homes are drawn after
	UsersLeft        int     `json:"users_left"` // of whom too little is known
	Sessions         int     `json:"sessions"`
	Homes            int     `json:"homes_drawn"`
	DataCorrelation  float64 `json:"data_correlation"` // rank correlation of energy and connection time
	DrawnCorrelation float64 `json:"drawn_correlation"`
}

// known is a pointer to v, nil for NaN.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// topCount is how many regions the summary names.
const topCount = 10

// Fill makes the figures of the whole of the regions in the summary's year and
// scenario; s has the settings already.
func (s *PotentialSummary) Fill(r *Regions) error {
	y, err := r.Year(s.Year, s.Scenario)
	if err != nil {
		return err
	}
	all := func(column string) float64 { return y.Column(column)[0] }
	s.HomeChargePoints, s.FlexiblePowerGW = all("home_charge_points"), table.Round(all("potential_mw")/1000, 9)
	s.FlexiblePowerP5, s.FlexiblePowerP95 = known(table.Round(all("potential_mw_p5")/1000, 9)), known(table.Round(all("potential_mw_p95")/1000, 9))
	s.Report = ReportedPower{potential.ReportKW, GW(s.HomeChargePoints * s.Adoption * potential.ReportKW / 1000)}
	s.Dwellings, s.Equivalents, s.Regions, s.Schematic = all("dwellings"), all("home_equivalents"), r.Len(), r.Schematic
	mw := y.Column("potential_mw")
	for _, i := range r.Top(y, topCount) {
		s.TopGemeenten = append(s.TopGemeenten, TopEntry{r.Code[i], r.Name[i], table.Round(mw[i], mwDecimals)})
	}
	return nil
}
