package result

import (
	"math"

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
	SavingVsRegularEUR *float64 `json:"saving_vs_regular_eur"` // null without the mode regular
	Sessions           float64  `json:"sessions"`
	PluggedInShare     float64  `json:"plugged_in_share"`
}

// PotentialSummary is the potential in summary.json: the whole of the regions in
// the study's year and scenario.
type PotentialSummary struct {
	Year             int        `json:"year"`
	Scenario         string     `json:"scenario"`
	Adoption         float64    `json:"adoption"`
	HomeChargePoints float64    `json:"home_charge_points"`
	KWPerChargePoint *float64   `json:"kw_per_charge_point"`    // null with coincidence: it differs by region
	SpreadKW         *float64   `json:"sd_kw_per_charge_point"` // over homes, of the power of one
	FlexiblePowerGW  float64    `json:"flexible_power_gw"`
	FlexiblePowerP5  *float64   `json:"flexible_power_gw_p5"`
	FlexiblePowerP95 *float64   `json:"flexible_power_gw_p95"`
	Contract         string     `json:"contract"`
	Dwellings        float64    `json:"dwellings"`
	Regions          int        `json:"regions"`
	Schematic        bool       `json:"schematic_map"`
	TopGemeenten     []TopEntry `json:"top_gemeenten"`
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
	s.Dwellings, s.Regions, s.Schematic = all("dwellings"), r.Len(), r.Schematic
	mw := y.Column("potential_mw")
	for _, i := range r.Top(y, topCount) {
		s.TopGemeenten = append(s.TopGemeenten, TopEntry{r.Code[i], r.Name[i], table.Round(mw[i], mwDecimals)})
	}
	return nil
}
