package assume

import (
	"fmt"
	"math"
	"slices"

	"github.com/getij/getij/dispatch"
)

// Street is a group of homes behind one transformer or cable.
type Street struct {
	Homes            int     `yaml:"homes" json:"homes"`
	ChargePointShare float64 `yaml:"charge_point_share" json:"charge_point_share"`
	SolarShare       float64 `yaml:"solar_share" json:"solar_share"`
	HeatPumpShare    float64 `yaml:"heat_pump_share" json:"heat_pump_share"`
	CapacityKVA      float64 `yaml:"capacity_kva" json:"capacity_kva"` // 0: so many kW a home
	PowerFactor      float64 `yaml:"power_factor" json:"power_factor"`
	CapacityKWHome   float64 `yaml:"capacity_kw_per_home" json:"capacity_kw_per_home"`
	Draws            int     `yaml:"draws" json:"draws"`
	// The years: shares in some of them, a straight line between, and where none are given
	// the charge points of a region's outlook.
	Region            string    `yaml:"region" json:"region"`
	Dwelling          string    `yaml:"dwelling" json:"dwelling"`
	Years             []int     `yaml:"years,flow" json:"years"`
	ChargePointShares []float64 `yaml:"charge_point_share_by_year,flow" json:"charge_point_share_by_year"`
	SolarShares       []float64 `yaml:"solar_share_by_year,flow" json:"solar_share_by_year"`
	HeatPumpShares    []float64 `yaml:"heat_pump_share_by_year,flow" json:"heat_pump_share_by_year"`
	// Of what the charge points and cars are; empty: as those of the study.
	ChargerKW     []float64 `yaml:"charger_kw,flow" json:"charger_kw"`
	ChargerShares []float64 `yaml:"charger_shares,flow" json:"charger_shares"`
	BatteryKWh    []float64 `yaml:"battery_kwh,flow" json:"battery_kwh"`
	BatteryShares []float64 `yaml:"battery_shares,flow" json:"battery_shares"`
	// Coordinate is the case in which the middle street is coordinated, CONTRACT/MODE, or None.
	Coordinate string `yaml:"coordinate" json:"coordinate"`
}

// ChargePoints is how many of the street's homes have one.
func (s *Street) ChargePoints() int { return int(math.Round(s.ChargePointShare * float64(s.Homes))) }

// CapacityKW is what the street can carry, in both directions.
func (s *Street) CapacityKW() float64 {
	if s.CapacityKVA > 0 {
		return s.CapacityKVA * s.PowerFactor
	}
	return s.CapacityKWHome * float64(s.Homes)
}

// Country is the region of a street that stands for all gemeenten together.
const Country = "NL00"

// MeanDwelling is the dwelling of a street that is like those of its region.
const MeanDwelling = "mean"

// dwellings are the other types that a street can be of.
var dwellings = []string{"detached", "semi_detached", "terraced", "apartment"}

// DrivewayShare is the share of the street's dwellings with a driveway, NaN where they are
// those of the region.
func (s *Study) DrivewayShare() float64 {
	o := &s.Outlook
	switch s.Street.Dwelling {
	case dwellings[0]:
		return o.DrivewayShareDetached
	case dwellings[1]:
		return o.DrivewayShareSemiDetached
	case dwellings[2]:
		return o.DrivewayShareTerraced
	case dwellings[3]:
		return o.DrivewayShareApartment
	}
	return math.NaN()
}

// EachYear is every calendar year from the first of the street's years to the last.
func (s *Street) EachYear() (out []int) {
	for y := s.Years[0]; y <= s.Years[len(s.Years)-1]; y++ {
		out = append(out, y)
	}
	return out
}

// ShareIn is a share in a year: on a straight line between the street's years, or always the
// same where none are listed.
func (s *Street) ShareIn(year int, list []float64, always float64) float64 {
	if len(list) == 0 {
		return always
	}
	i, found := slices.BinarySearch(s.Years, year)
	switch {
	case found:
		return list[i]
	case i == 0:
		return list[0]
	case i == len(list):
		return list[i-1]
	}
	from, to := s.Years[i-1], s.Years[i]
	return list[i-1] + (list[i]-list[i-1])*float64(year-from)/float64(to-from)
}

// Fleet says whether a street is vehicles behind one connection, a depot or shared points:
// nothing else loads it.
func (s *Study) Fleet() bool {
	h, k := &s.Home, &s.Street
	pumps := k.HeatPumpShare > 0 || slices.ContainsFunc(k.HeatPumpShares, func(v float64) bool { return v > 0 })
	panels := k.SolarShare > 0 || slices.ContainsFunc(k.SolarShares, func(v float64) bool { return v > 0 })
	return h.LoadKWhPerYear == 0 && (s.Data.Meters == None || s.Data.Meters == Drawn) &&
		!(panels && h.SolarKWhPerYear > 0) && !(pumps && h.HeatPumpKWh > 0)
}

// CheckFleet refuses what makes no sense where a street is a fleet.
func (s *Study) CheckFleet() error {
	k := &s.Street
	const fleet = " in a street without load, solar panels and heat pumps, which is a fleet behind one connection"
	switch {
	case !s.Fleet():
		return nil
	case k.ChargePoints() == 0:
		return &ValueError{Key: "street.charge_point_share", Value: fmt.Sprint(k.ChargePointShare), Want: "some charge points were expected" + fleet + ": 1 for one each"}
	case slices.Contains(s.Modes, dispatch.V2H.String()):
		return &ValueError{Key: "modes", Value: fmt.Sprint(s.Modes), Want: "no v2h was expected" + fleet + ": there is no home to discharge into"}
	case k.Region != Country || k.Dwelling != MeanDwelling:
		return &ValueError{Key: "street.region", Value: k.Region, Want: "NL00, and a street.dwelling of mean, were expected" + fleet + ": the outlook is of charge points of homes; give street.charge_point_share_by_year"}
	}
	return nil
}

// checkStreet holds the lists of shares to the street's years.
func (s *Study) checkStreet() error {
	k := &s.Street
	if k.Dwelling != MeanDwelling && !slices.Contains(dwellings, k.Dwelling) {
		return &ValueError{Key: "street.dwelling", Value: k.Dwelling, Want: "mean, detached, semi_detached, terraced or apartment was expected"}
	}
	if len(k.Years) == 0 {
		return &ValueError{Key: "street.years", Value: "[]", Want: "at least one year was expected"}
	}
	for i, year := range k.Years {
		if i > 0 && year <= k.Years[i-1] {
			return &ValueError{Key: "street.years", Value: fmt.Sprint(k.Years), Want: "years that rise were expected"}
		}
	}
	for _, list := range []struct {
		key    string
		values []float64
	}{{"charge_point_share_by_year", k.ChargePointShares}, {"solar_share_by_year", k.SolarShares}, {"heat_pump_share_by_year", k.HeatPumpShares}} {
		if n := len(list.values); n != 0 && n != len(k.Years) {
			return &ValueError{Key: "street." + list.key, Value: fmt.Sprintf("a list of %d", n), Want: fmt.Sprintf("%d shares, one for each of street.years, or an empty list were expected", len(k.Years))}
		}
	}
	if err := s.checkStreetCars(); err != nil {
		return err
	}
	if len(k.ChargePointShares) > 0 && (k.Region != Country || k.Dwelling != MeanDwelling) {
		return &ValueError{Key: "street.charge_point_share_by_year", Value: fmt.Sprint(k.ChargePointShares), Want: "an empty list was expected where street.region or street.dwelling choose whose outlook gives the charge points: give one or the other"}
	}
	return nil
}

// homeChargerKW is the most that a charger at a home has: three phases of 32 A.
const homeChargerKW = 22

// checkStreetCars holds what chargers and cars are drawn from to what can be computed.
func (s *Study) checkStreetCars() error {
	k := &s.Street
	for _, x := range []struct {
		key, shares string
		of, values  []float64
	}{{"charger_kw", "charger_shares", k.ChargerKW, k.ChargerShares}, {"battery_kwh", "battery_shares", k.BatteryKWh, k.BatteryShares}} {
		sum := 0.0
		for _, v := range x.values {
			sum += v
		}
		switch {
		case len(x.of) != len(x.values):
			return &ValueError{Key: "street." + x.shares, Value: fmt.Sprintf("a list of %d", len(x.values)), Want: fmt.Sprintf("%d shares, one for each of street.%s, were expected", len(x.of), x.key)}
		case len(x.of) > 0 && math.Abs(sum-1) > 1e-6:
			return &ValueError{Key: "street." + x.shares, Value: fmt.Sprint(x.values), Want: fmt.Sprintf("shares that add up to 1 were expected, and these to %g", sum)}
		}
	}
	if most := max(homeChargerKW, s.Home.ConnectionKW); len(k.ChargerKW) > 0 && slices.Max(k.ChargerKW) > most && !s.Fleet() {
		return &ValueError{Key: "street.charger_kw", Value: fmt.Sprint(slices.Max(k.ChargerKW)), Want: fmt.Sprintf("at most %g kW was expected behind homes' connections of %g kW: a home's charger has three phases of 32 A at most; for a fleet set home.load_kwh_per_year, street.solar_share and street.heat_pump_share to 0", most, s.Home.ConnectionKW)}
	}
	for i := range max(1, len(k.ChargerKW)) {
		for j := range max(1, len(k.BatteryKWh)) {
			if err := s.StreetHome(i, j).checkIdleLoss(); err != nil {
				return fmt.Errorf("street.charger_kw: %w", err)
			}
		}
	}
	return nil
}

// StreetHome is the study with a street's charger and car, by their places in the lists.
func (s *Study) StreetHome(charger, car int) *Study {
	own, k := *s, &s.Street
	if len(k.ChargerKW) > 0 {
		own.Charger.ChargeKW = k.ChargerKW[charger]
		own.Charger.DischargeKW = min(s.Charger.DischargeKW, own.Charger.ChargeKW)
	}
	if len(k.BatteryKWh) > 0 {
		own.Car.BatteryKWh = k.BatteryKWh[car]
	}
	return &own
}

// CarsNote says what chargers and cars are drawn from, or "".
func (s *Street) CarsNote() string {
	list := func(values, shares []float64, unit string) (out string) {
		for i, v := range values {
			if i > 0 {
				out += ", "
			}
			out += fmt.Sprintf("%g %s (%g %%)", v, unit, math.Round(1000*shares[i])/10)
		}
		return out
	}
	note := ""
	if len(s.ChargerKW) > 0 {
		note = "chargers are drawn: " + list(s.ChargerKW, s.ChargerShares, "kW") + "; phases are not computed, and chargers of one phase load theirs more than this tells"
	}
	if len(s.BatteryKWh) > 0 {
		if note != "" {
			note += ". "
		}
		note += "cars are drawn: " + list(s.BatteryKWh, s.BatteryShares, "kWh")
	}
	return note
}
