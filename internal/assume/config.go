// Package assume holds the assumptions of a study: the table of them
// (assumptions.csv), study files and settings in YAML, and the checks on both.
// It computes nothing.
//
// What enters: a study file and key=value settings. What leaves: a [Study] in which
// every assumption has a value, in the unit that the table and its key name.
package assume

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/foresight"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/session"
	"github.com/getij/getij/internal/tariff"
)

// Study is every assumption of a study.
type Study struct {
	Name      string    `yaml:"study" json:"study"`
	Year      int       `yaml:"year" json:"year"`
	Homes     int       `yaml:"homes" json:"homes"`
	Seed      uint64    `yaml:"seed" json:"seed"`
	Home      Home      `yaml:"home" json:"home"`
	Car       Car       `yaml:"car" json:"car"`
	Charger   Charger   `yaml:"charger" json:"charger"`
	Behaviour Behaviour `yaml:"behaviour" json:"behaviour"`
	// Foresight is how far prices, load and solar power are known.
	Foresight foresight.Prices `yaml:"foresight" json:"foresight"`
	Departure Departure        `yaml:"departure" json:"departure"`
	Modes     []string         `yaml:"modes,flow" json:"modes"`
	Contracts []Contract       `yaml:"contracts" json:"contracts"`
	Data      Data             `yaml:"data" json:"data"`
	Prices    Prices           `yaml:"prices" json:"prices"`
	Outlook   Outlook          `yaml:"outlook" json:"outlook"`
	Potential Potential        `yaml:"potential" json:"potential"`
	Street    Street           `yaml:"street" json:"street"`

	Population Population `yaml:"population" json:"population"`

	dir      string   // of the study file: its data paths are relative to it
	variants []*Study // that the study file has besides
}

// Home is the home without its car.
type Home struct {
	LoadKWhPerYear  float64 `yaml:"load_kwh_per_year" json:"load_kwh_per_year"`
	SolarKWhPerYear float64 `yaml:"solar_kwh_per_year" json:"solar_kwh_per_year"`
	ConnectionKW    float64 `yaml:"connection_kw" json:"connection_kw"`
	HeatPumpShare   float64 `yaml:"heat_pump_share" json:"heat_pump_share"`
	HeatPumpKWh     float64 `yaml:"heat_pump_kwh_per_year" json:"heat_pump_kwh_per_year"`
	// A battery beside the car; 0 kWh: none. Its efficiency is that of a round trip.
	BatteryKWh        float64 `yaml:"battery_kwh" json:"battery_kwh"`
	BatteryKW         float64 `yaml:"battery_kw" json:"battery_kw"`
	BatteryEfficiency float64 `yaml:"battery_efficiency" json:"battery_efficiency"`
	// Of the dwellings of regions: their use against each other.
	UseDetached     float64 `yaml:"use_detached" json:"use_detached"`
	UseSemiDetached float64 `yaml:"use_semi_detached" json:"use_semi_detached"`
	UseTerraced     float64 `yaml:"use_terraced" json:"use_terraced"`
	UseApartment    float64 `yaml:"use_apartment" json:"use_apartment"`
}

// Car is the battery.
type Car struct {
	BatteryKWh   float64 `yaml:"battery_kwh" json:"battery_kwh"`
	MinSoC       float64 `yaml:"min_soc" json:"min_soc"`
	DepartureSoC float64 `yaml:"departure_soc" json:"departure_soc"`
	KMPerYear    float64 `yaml:"km_per_year" json:"km_per_year"`
	KWhPerKM     float64 `yaml:"kwh_per_km" json:"kwh_per_km"`
	// WearEURPerKWh is per kWh discharged, at the meter side.
	WearEURPerKWh float64 `yaml:"wear_eur_per_kwh" json:"wear_eur_per_kwh"`
	// Caps on discharging, 0 for none; hours are at full power.
	DischargeCapKWh   float64 `yaml:"discharge_cap_kwh_per_year" json:"discharge_cap_kwh_per_year"`
	DischargeCapHours float64 `yaml:"discharge_cap_hours_per_year" json:"discharge_cap_hours_per_year"`
}

// Charger is the charge point.
type Charger struct {
	ChargeKW            float64 `yaml:"charge_kw" json:"charge_kw"`
	DischargeKW         float64 `yaml:"discharge_kw" json:"discharge_kw"`
	RoundTripEfficiency float64 `yaml:"round_trip_efficiency" json:"round_trip_efficiency"`
	IdleLossKW          float64 `yaml:"idle_loss_kw" json:"idle_loss_kw"`
}

// Behaviour is how people plug in.
type Behaviour struct {
	PlugIn          session.PlugIn `yaml:"plug_in" json:"plug_in"`
	SessionsPerWeek float64        `yaml:"sessions_per_week" json:"sessions_per_week"`
	// What is paid for an hour at the plug, and the curve of what that does.
	RewardEURPerHour     float64 `yaml:"plug_in_reward_eur_per_hour" json:"plug_in_reward_eur_per_hour"`
	RewardFullEURPerHour float64 `yaml:"plug_in_reward_full_eur_per_hour" json:"plug_in_reward_full_eur_per_hour"`
	RewardFullShare      float64 `yaml:"plug_in_reward_full_share" json:"plug_in_reward_full_share"`
}

// Departure is how well the end of a session is known, and what it costs to leave with
// too little.
type Departure struct {
	Knowledge        foresight.Departure `yaml:"knowledge" json:"knowledge"`
	PenaltyEURPerKWh float64             `yaml:"penalty_eur_per_kwh" json:"penalty_eur_per_kwh"`
	StatedErrorHours float64             `yaml:"stated_error_hours" json:"stated_error_hours"`
}

// Knows is what the study's homes know when they decide.
func (s *Study) Knows() foresight.Knowledge {
	return foresight.Knowledge{
		Prices: s.Foresight, Departure: s.Departure.Knowledge,
		MissingEURPerKWh: s.Departure.PenaltyEURPerKWh, StatedErrorHours: s.Departure.StatedErrorHours,
	}
}

// Data names the input files, "reference" for the built-in ones.
type Data struct {
	Prices     string `yaml:"prices" json:"prices"`
	Load       string `yaml:"load" json:"load"`
	Solar      string `yaml:"solar" json:"solar"`
	Sessions   string `yaml:"sessions" json:"sessions"`
	SessionsAs string `yaml:"sessions_as" json:"sessions_as"`
	Meters     string `yaml:"meters" json:"meters"`
	Regions    string `yaml:"regions" json:"regions"`
}

// The ways to use the sessions of a file.
const (
	Recorded = "recorded" // a home is a user, with the user's own sessions
	Fitted   = "fitted"   // a home is drawn after the users
)

// The words that stand where a file could be named.
const (
	Reference = "reference" // the built-in input
	Schematic = "schematic" // of regions: the built-in ones, with invented wijken and buurten
	None      = "none"      // no file
	Drawn     = "drawn"     // of meters: loads drawn around the mean one
	Model     = "model"     // the built-in forecast of home charge points
)

// Prices make another price year of the day-ahead prices: the same hours, further from
// their mean or nearer to it, and all higher or lower.
type Prices struct {
	SpreadFactor     float64 `yaml:"spread_factor" json:"spread_factor"`
	MeanAddEURPerMWh float64 `yaml:"mean_add_eur_per_mwh" json:"mean_add_eur_per_mwh"`
	// By how much prices follow the cars, and how many cars.
	FeedbackEURPerMWhPerGW float64 `yaml:"feedback_eur_per_mwh_per_gw" json:"feedback_eur_per_mwh_per_gw"`
	FeedbackChargePoints   int     `yaml:"feedback_charge_points" json:"feedback_charge_points"`
}

// Note says that the prices are not those of the input, or "".
func (p *Prices) Note() string {
	if p.SpreadFactor == 1 && p.MeanAddEURPerMWh == 0 {
		return ""
	}
	return fmt.Sprintf("day-ahead prices are a scenario: their differences from the year's mean times %g, and EUR %g per MWh added", p.SpreadFactor, p.MeanAddEURPerMWh)
}

// Population is what homes of regions are like (getij run --population).
type Population struct {
	SolarShare float64 `yaml:"solar_share" json:"solar_share"`
}

// Outlook is the forecast of home charge points.
type Outlook struct {
	Scenario                  string  `yaml:"scenario" json:"scenario"`
	ChargePoints              string  `yaml:"charge_points" json:"charge_points"`
	DrivewayShareDetached     float64 `yaml:"driveway_share_detached" json:"driveway_share_detached"`
	DrivewayShareSemiDetached float64 `yaml:"driveway_share_semi_detached" json:"driveway_share_semi_detached"`
	DrivewayShareTerraced     float64 `yaml:"driveway_share_terraced" json:"driveway_share_terraced"`
	DrivewayShareApartment    float64 `yaml:"driveway_share_apartment" json:"driveway_share_apartment"`
	HomeShareCars             float64 `yaml:"home_share_cars" json:"home_share_cars"`
	DriversAtHome2024         float64 `yaml:"drivers_charging_at_home_2024" json:"drivers_charging_at_home_2024"`
	HybridsPerElectricCar     float64 `yaml:"hybrids_per_electric_car" json:"hybrids_per_electric_car"`
	SecondPointShare          float64 `yaml:"second_point_share" json:"second_point_share"`
	HomeShareVans             float64 `yaml:"home_share_vans" json:"home_share_vans"`
	ChargePointLifeYears      int     `yaml:"charge_point_life_years" json:"charge_point_life_years"`
	HomeChargingShare         float64 `yaml:"home_charging_share" json:"home_charging_share"`
}

// Potential is how charge points become MW.
type Potential struct {
	KWPerChargePoint KWPerChargePoint `yaml:"kw_per_charge_point" json:"kw_per_charge_point"`
	Adoption         float64          `yaml:"adoption" json:"adoption"`
	Year             int              `yaml:"year" json:"year"`
	Contract         string           `yaml:"contract" json:"contract"`
	Season           string           `yaml:"season" json:"season"`
	WithSolar        float64          `yaml:"dwellings_with_solar" json:"dwellings_with_solar"`
}

// InSeason is the season that the potential is of.
func (p *Potential) InSeason() potential.Season {
	s, ok := potential.SeasonNamed(p.Season)
	if !ok {
		panic("assume: potential.season " + p.Season + " was not checked")
	}
	return s
}

// KWPerChargePoint is a number of kW, or a rule by name.
type KWPerChargePoint struct {
	Rule potential.Rule
	KW   float64
}

// UnmarshalYAML reads a number or a rule's name.
func (k *KWPerChargePoint) UnmarshalYAML(n *yaml.Node) error {
	if rule, ok := potential.RuleNamed(n.Value); ok && rule != potential.Fixed {
		*k = KWPerChargePoint{Rule: rule}
		return nil
	}
	var kw float64
	if err := n.Decode(&kw); err != nil || !(kw >= 0 && kw <= 1000) {
		return &ValueError{"potential.kw_per_charge_point", n.Value, "computed, coincidence, report or 0 to 1000 kW was expected", 0}
	}
	*k = KWPerChargePoint{Rule: potential.Fixed, KW: kw}
	return nil
}

// MarshalYAML writes what UnmarshalYAML reads.
func (k KWPerChargePoint) MarshalYAML() (any, error) { return k.value(), nil }

// MarshalJSON writes the number or the name.
func (k KWPerChargePoint) MarshalJSON() ([]byte, error) { return json.Marshal(k.value()) }

// Name is the rule's name: fixed, computed, coincidence or report.
func (k KWPerChargePoint) Name() string { return k.Rule.String() }

func (k KWPerChargePoint) value() any {
	if k.Rule == potential.Fixed {
		return k.KW
	}
	return k.Name()
}

// Contract is an energy contract as a study file has it.
type Contract struct {
	Name                     string      `yaml:"name" json:"name"`
	Kind                     tariff.Kind `yaml:"kind" json:"kind"`
	Rules                    string      `yaml:"rules" json:"rules"`
	Preset                   string      `yaml:"preset" json:"preset"`
	ImportEURPerKWh          float64     `yaml:"import_eur_per_kwh" json:"import_eur_per_kwh,omitempty"`
	HighEURPerKWh            float64     `yaml:"high_eur_per_kwh" json:"high_eur_per_kwh,omitempty"`
	LowEURPerKWh             float64     `yaml:"low_eur_per_kwh" json:"low_eur_per_kwh,omitempty"`
	LowFromHour              *int        `yaml:"low_from_hour" json:"low_from_hour,omitempty"`
	LowToHour                *int        `yaml:"low_to_hour" json:"low_to_hour,omitempty"`
	SupplierFeeEURPerKWh     float64     `yaml:"supplier_fee_eur_per_kwh" json:"supplier_fee_eur_per_kwh,omitempty"`
	FeedInCostEURPerKWh      float64     `yaml:"feed_in_cost_eur_per_kwh" json:"feed_in_cost_eur_per_kwh"`
	EnergyTaxEURPerKWh       float64     `yaml:"energy_tax_eur_per_kwh" json:"energy_tax_eur_per_kwh"`
	VAT                      float64     `yaml:"vat" json:"vat"`
	NetMetering              bool        `yaml:"net_metering" json:"net_metering"`
	LeastFeedInShare         float64     `yaml:"least_feed_in_share" json:"least_feed_in_share"`
	VATOnExport              bool        `yaml:"vat_on_export" json:"vat_on_export"`
	EnergyTaxRefundOnStorage bool        `yaml:"energy_tax_refund_on_storage" json:"energy_tax_refund_on_storage"`
	GridTariffEURPerKWh      []float64   `yaml:"grid_tariff_eur_per_kwh_by_hour,flow" json:"grid_tariff_eur_per_kwh_by_hour"`
	GridTariffWeekend        []float64   `yaml:"grid_tariff_weekend_eur_per_kwh_by_hour,flow" json:"grid_tariff_weekend_eur_per_kwh_by_hour"`
	GridTariffWinter         []float64   `yaml:"grid_tariff_winter_eur_per_kwh_by_hour,flow" json:"grid_tariff_winter_eur_per_kwh_by_hour"`
	GridTariffWinterWeekend  []float64   `yaml:"grid_tariff_winter_weekend_eur_per_kwh_by_hour,flow" json:"grid_tariff_winter_weekend_eur_per_kwh_by_hour"`
	GridTariffWinterMonths   []int       `yaml:"grid_tariff_winter_months,flow" json:"grid_tariff_winter_months"`
	GridTariffOnExport       bool        `yaml:"grid_tariff_on_export" json:"grid_tariff_on_export"`
	PowerTariffEURPerKWMonth float64     `yaml:"power_tariff_eur_per_kw_month" json:"power_tariff_eur_per_kw_month"`
	PowerBandsKW             []float64   `yaml:"power_bands_kw,flow" json:"power_bands_kw"`
	PowerBandsEURPerYear     []float64   `yaml:"power_bands_eur_per_year,flow" json:"power_bands_eur_per_year"`
	FeedInTiersFromKWh       []float64   `yaml:"feed_in_tiers_from_kwh,flow" json:"feed_in_tiers_from_kwh"`
	FeedInTiersEURPerKWh     []float64   `yaml:"feed_in_tiers_eur_per_kwh,flow" json:"feed_in_tiers_eur_per_kwh"`
	FeedInTiersEURPerYear    []float64   `yaml:"feed_in_tiers_eur_per_year,flow" json:"feed_in_tiers_eur_per_year"`
}

// byHour is a list of network prices by local hour, under its key.
type byHour struct {
	key  string
	list []float64
}

func (c *Contract) gridTariffs() [4]byHour {
	return [4]byHour{
		{"grid_tariff_eur_per_kwh_by_hour", c.GridTariffEURPerKWh},
		{"grid_tariff_weekend_eur_per_kwh_by_hour", c.GridTariffWeekend},
		{"grid_tariff_winter_eur_per_kwh_by_hour", c.GridTariffWinter},
		{"grid_tariff_winter_weekend_eur_per_kwh_by_hour", c.GridTariffWinterWeekend},
	}
}

// MarshalYAML writes the keys of the contract's kind and no others, zero or not.
func (c Contract) MarshalYAML() (any, error) {
	type plain Contract // without this method
	var n yaml.Node
	if err := n.Encode(plain(c)); err != nil {
		return nil, err
	}
	own := map[string]bool{}
	for _, a := range Assumptions() {
		if kind, field, ok := contractKey(a.Key); ok && (kind == "" || kind == string(c.Kind)) {
			own[field] = true
		}
	}
	var kept []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if own[n.Content[i].Value] {
			kept = append(kept, n.Content[i], n.Content[i+1])
		}
	}
	n.Content = kept
	return &n, nil
}

// Tariff is the contract as the tariff package takes it.
func (c *Contract) Tariff() tariff.Contract {
	t := tariff.Contract{
		Name: c.Name, Kind: c.Kind,
		ImportEURPerKWh: c.ImportEURPerKWh, HighEURPerKWh: c.HighEURPerKWh, LowEURPerKWh: c.LowEURPerKWh,
		SupplierFeeEURPerKWh: c.SupplierFeeEURPerKWh, FeedInCostEURPerKWh: c.FeedInCostEURPerKWh,
		EnergyTaxEURPerKWh: c.EnergyTaxEURPerKWh, VAT: c.VAT,
		NetMetering: c.NetMetering, LeastFeedInShare: c.LeastFeedInShare, VATOnExport: c.VATOnExport, EnergyTaxRefundOnStorage: c.EnergyTaxRefundOnStorage,
		GridTariffOnExport: c.GridTariffOnExport, PowerEURPerKWMonth: c.PowerTariffEURPerKWMonth,
	}
	if c.LowFromHour != nil {
		t.LowFromHour = *c.LowFromHour
	}
	if c.LowToHour != nil {
		t.LowToHour = *c.LowToHour
	}
	t.Bands, t.FeedInTiers = c.bands(), c.feedInTiers()
	for _, m := range c.GridTariffWinterMonths {
		t.GridTariff.Winter[m-1] = true
	}
	g := &t.GridTariff
	for i, to := range [...]**[24]float64{&g.Weekday, &g.Weekend, &g.WinterWeekday, &g.WinterWeekend} {
		if from := c.gridTariffs()[i].list; len(from) == 24 {
			*to = (*[24]float64)(from)
		}
	}
	return t
}

// ModeList is the study's modes, parsed.
func (s *Study) ModeList() ([]dispatch.Mode, error) {
	var modes []dispatch.Mode
	for _, name := range s.Modes {
		m, err := dispatch.ParseMode(name)
		if err != nil {
			return nil, err
		}
		modes = append(modes, m)
	}
	return modes, nil
}

//go:embed assumptions.csv
var assumptionsCSV string

// Assumption is one row of the table that specifies the study file: the code
// reads defaults and bounds from it, and the template, the report and the docs
// print it.
type Assumption struct {
	Key         string // contracts.* has a contract's kind, or none, in between
	Unit        string
	Default     string // YAML
	Least, Most *float64
	// Low and High are the ends of what is plausible, in the default's form, with
	// their source or "judgement": the band is drawn over them, but for household use
	// by type, which moves peaks alone. Empty where none is known.
	Low, High, RangeSource string
	Description            string
	// DescriptionNL is the description in Dutch, for the dashboard.
	DescriptionNL string
	Source        string
}

// Assumptions is the whole table, in order.
func Assumptions() []Assumption { return slices.Clone(assumptions()) }

var assumptions = sync.OnceValue(func() []Assumption {
	rows, err := csv.NewReader(strings.NewReader(assumptionsCSV)).ReadAll()
	if err != nil {
		panic(err) // embedded
	}
	bound := func(text string) *float64 {
		if text == "" {
			return nil
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic(err) // embedded
		}
		return &v
	}
	var out []Assumption
	for _, r := range rows[1:] {
		out = append(out, Assumption{r[0], r[1], r[2], bound(r[3]), bound(r[4]), r[5], r[6], r[7], r[8], r[9], r[10]})
	}
	return out
})

// contractKey splits a key of the table into the contract kind it is for (""
// for all) and the contract's own key.
func contractKey(key string) (kind, field string, ok bool) {
	rest, ok := strings.CutPrefix(key, "contracts.")
	if !ok {
		return "", "", false
	}
	if kind, field, found := strings.Cut(rest, "."); found {
		return kind, field, true
	}
	return "", rest, true
}

// The default study's last contract: what the dynamic one becomes when net metering
// ends.
const (
	nextName  = "dynamic_2027"
	nextRules = "2027-01-01"
)

// kinds are the other contracts of the default study, in order.
var kinds = []tariff.Kind{tariff.Single, tariff.Dual, tariff.Dynamic}

// Default is the built-in reference study.
func Default() *Study {
	s, err := parse(nil, nil)
	if err != nil {
		panic(err) // embedded
	}
	return s
}

// Load reads a study file ("" for the defaults) and applies key=value settings.
func Load(path string, settings []string) (*Study, error) {
	s, err := load(path, settings)
	if err != nil {
		return nil, &InputError{err}
	}
	return s, nil
}

// Parse reads the text of a study file.
func Parse(text []byte) (*Study, error) {
	user, err := document(bytes.NewReader(text))
	if err != nil {
		return nil, &InputError{err}
	}
	s, err := parse(user, nil)
	if err != nil {
		return nil, &InputError{err}
	}
	return s, nil
}

func load(path string, settings []string) (*Study, error) {
	var user *yaml.Node
	if path != "" {
		var err error
		if user, err = readFile(path); err != nil {
			return nil, err
		}
	}
	s, err := parse(user, settings)
	if err != nil {
		if path != "" {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return nil, err
	}
	s.dir = dirOf(path)
	for _, v := range s.variants {
		v.dir = s.dir
	}
	return s, nil
}

// InputError is wrong input: a study file, a setting or a data file.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }

func (e *InputError) Unwrap() error { return e.Err }
