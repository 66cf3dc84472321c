package dispatch

import (
	"fmt"
	"math"
)

// Mode is what the charger may do.
type Mode int

const (
	// V2G charges and discharges at the lowest cost, into home and grid.
	V2G Mode = iota
	// V2H charges and discharges at the lowest cost, discharging only into
	// the home's own load.
	V2H
	// Smart charges at the lowest cost and never discharges.
	Smart
	// Regular charges at full power from the start until the end energy is
	// reached, whatever the price.
	Regular
)

var modeNames = [...]string{V2G: "v2g", V2H: "v2h", Smart: "smart", Regular: "regular"}

// Modes lists all modes, from the least to the most freedom.
func Modes() []Mode { return []Mode{Regular, Smart, V2H, V2G} }

// String gives the name used in files: regular, smart, v2h or v2g.
func (m Mode) String() string {
	if m < 0 || int(m) >= len(modeNames) {
		return fmt.Sprintf("Mode(%d)", int(m))
	}
	return modeNames[m]
}

// ParseMode reads a name as [Mode.String] writes it.
func ParseMode(name string) (Mode, error) {
	for m, s := range modeNames {
		if s == name {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("mode %q is unknown: use regular, smart, v2h or v2g", name)
}

// Battery is the car's battery as seen by one session, in stored kWh.
type Battery struct {
	MinKWh   float64 // lowest stored energy allowed
	MaxKWh   float64 // highest stored energy allowed
	StartKWh float64 // stored on arrival
	EndKWh   float64 // stored on departure
}

// Charger has powers at its meter side and one-way efficiencies in (0, 1].
type Charger struct {
	ChargeKW            float64
	DischargeKW         float64
	ChargeEfficiency    float64 // stored kWh per kWh taken from the meter
	DischargeEfficiency float64 // kWh delivered at the meter per stored kWh
}

// Grid is the connection of the home. Both limits are positive numbers.
type Grid struct {
	ImportLimitKW float64
	ExportLimitKW float64
}

// NoLimit is the [Grid] of a connection that never binds.
func NoLimit() Grid { return Grid{ImportLimitKW: math.Inf(1), ExportLimitKW: math.Inf(1)} }

// Problem is one session. The slices have one value per step and are only read.
type Problem struct {
	StepHours       float64   // length of a step, 0.25 for a quarter
	ImportEURPerKWh []float64 // price of energy taken
	ExportEURPerKWh []float64 // price of energy fed in, never above import
	NetLoadKW       []float64 // home load less solar, without the car
	Battery         Battery
	Charger         Charger
	Grid            Grid
	Mode            Mode
}

// Schedule is an answer, in the caller's memory: the slices are reused by the
// next Solve when they are long enough.
type Schedule struct {
	CostEUR           float64   // of the home's whole exchange with the grid
	ChargeKW          []float64 // >= 0, at the meter side
	DischargeKW       []float64 // >= 0, at the meter side
	StoredKWh         []float64 // at the end of each step
	MarginalEURPerKWh []float64 // value of one more stored kWh during each step; empty for Regular
	BentSteps         int       // steps at which the home alone was beyond a connection limit
}

// EndToleranceKWh is how far out of reach an end may be and still count as
// reached: room for rounding in the caller's own arithmetic, no more.
const EndToleranceKWh = 1e-9

// InputError says which field of a problem is not usable.
type InputError struct {
	Field string  // as in the JSON form, e.g. "import_eur_per_kwh"
	Step  int     // index from 0, or -1 when the field has no steps
	Value float64 // the offending value
	Want  string  // what was expected, in words
}

func (e *InputError) Error() string {
	if e.Step >= 0 {
		return fmt.Sprintf("%s[%d] is %g: %s", e.Field, e.Step, e.Value, e.Want)
	}
	return fmt.Sprintf("%s is %g: %s", e.Field, e.Value, e.Want)
}

// InfeasibleError says that no schedule can end at the wanted energy.
type InfeasibleError struct {
	EndKWh     float64 // wanted
	LowestKWh  float64 // lowest end that can be reached
	HighestKWh float64 // highest end that can be reached
}

func (e *InfeasibleError) Error() string {
	return fmt.Sprintf("the end of %g kWh cannot be reached: within the time, power and limits of this session the battery can end between %.6g and %.6g kWh",
		e.EndKWh, e.LowestKWh, e.HighestKWh)
}

// check validates everything that a solve relies on.
func (p *Problem) check() error {
	n := len(p.ImportEURPerKWh)
	if n == 0 {
		return &InputError{"import_eur_per_kwh", -1, 0, "at least one step is needed"}
	}
	if len(p.ExportEURPerKWh) != n {
		return &InputError{"export_eur_per_kwh", -1, float64(len(p.ExportEURPerKWh)), fmt.Sprintf("this many values, but import_eur_per_kwh has %d; give one value per step", n)}
	}
	if len(p.NetLoadKW) != n {
		return &InputError{"net_load_kw", -1, float64(len(p.NetLoadKW)), fmt.Sprintf("this many values, but import_eur_per_kwh has %d; give one value per step", n)}
	}
	if p.Mode < 0 || int(p.Mode) >= len(modeNames) {
		return &InputError{"mode", -1, float64(p.Mode), "not a mode of this package"}
	}
	if !(p.StepHours > 0) || math.IsInf(p.StepHours, 0) {
		return &InputError{"step_minutes", -1, p.StepHours * 60, "a positive number of minutes was expected"}
	}
	b, c := &p.Battery, &p.Charger
	for _, f := range [...]struct {
		name  string
		value float64
	}{
		{"battery.min_kwh", b.MinKWh},
		{"battery.max_kwh", b.MaxKWh},
		{"battery.start_kwh", b.StartKWh},
		{"battery.end_kwh", b.EndKWh},
		{"charger.charge_kw", c.ChargeKW},
		{"charger.discharge_kw", c.DischargeKW},
	} {
		if !(f.value >= 0) || math.IsInf(f.value, 0) {
			return &InputError{f.name, -1, f.value, "a finite number of 0 or more was expected"}
		}
	}
	for _, f := range [...]struct {
		name  string
		value float64
	}{
		{"charger.charge_efficiency", c.ChargeEfficiency},
		{"charger.discharge_efficiency", c.DischargeEfficiency},
	} {
		if !(f.value > 0 && f.value <= 1) {
			return &InputError{f.name, -1, f.value, "an efficiency above 0 and at most 1 was expected"}
		}
	}
	if !(p.Grid.ImportLimitKW >= 0) {
		return &InputError{"grid.import_limit_kw", -1, p.Grid.ImportLimitKW, "0 or more was expected"}
	}
	if !(p.Grid.ExportLimitKW >= 0) {
		return &InputError{"grid.export_limit_kw", -1, p.Grid.ExportLimitKW, "0 or more was expected"}
	}
	if b.MinKWh > b.MaxKWh {
		return &InputError{"battery.min_kwh", -1, b.MinKWh, fmt.Sprintf("at most battery.max_kwh (%g) was expected", b.MaxKWh)}
	}
	if b.StartKWh < b.MinKWh || b.StartKWh > b.MaxKWh {
		return &InputError{"battery.start_kwh", -1, b.StartKWh, fmt.Sprintf("between battery.min_kwh (%g) and battery.max_kwh (%g) was expected", b.MinKWh, b.MaxKWh)}
	}
	return p.checkSteps()
}

// largest is a bound on prices and powers: beyond it sums lose their digits,
// and no real value comes near.
const largest = 1e12

func (p *Problem) checkSteps() error {
	exp, net := p.ExportEURPerKWh, p.NetLoadKW
	for t, imp := range p.ImportEURPerKWh {
		// One comparison chain passes every good step: NaN fails it too.
		if imp <= largest && exp[t] <= imp && exp[t] >= -largest && net[t] <= largest && net[t] >= -largest {
			continue
		}
		switch {
		case !(math.Abs(imp) <= largest):
			return &InputError{"import_eur_per_kwh", t, imp, "a finite price in EUR/kWh was expected"}
		case !(math.Abs(exp[t]) <= largest):
			return &InputError{"export_eur_per_kwh", t, exp[t], "a finite price in EUR/kWh was expected"}
		case !(math.Abs(net[t]) <= largest):
			return &InputError{"net_load_kw", t, net[t], "a finite power in kW was expected"}
		default:
			return &InputError{"export_eur_per_kwh", t, exp[t], fmt.Sprintf(
				"at most the import price (%g) was expected: where feeding in pays more than taking costs, the meter itself is a money pump and there is no lowest cost", imp)}
		}
	}
	return nil
}
