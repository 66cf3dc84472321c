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
	// WearEURPerKWh is what each kWh costs that the charger gives, at its meter
	// side: 0 or more.
	WearEURPerKWh float64
}

// Charger has powers at its meter side and one-way efficiencies in (0, 1].
type Charger struct {
	ChargeKW            float64
	DischargeKW         float64
	ChargeEfficiency    float64 // stored kWh per kWh taken from the meter
	DischargeEfficiency float64 // kWh delivered at the meter per stored kWh
}

// Grid is the connection of the home. Its zero value never binds.
type Grid struct {
	ImportLimit Limit
	ExportLimit Limit
}

// Limit is the most power in one direction, made by [LimitKW]. The zero value
// is no limit.
type Limit struct {
	kW  float64
	set bool
}

// LimitKW limits to kW, of 0 or more: 0 lets nothing through.
func LimitKW(kW float64) Limit { return Limit{kW, true} }

// KW is the limit, or +Inf where there is none.
func (l Limit) KW() float64 {
	if l.set {
		return l.kW
	}
	return math.Inf(1)
}

func (g *Grid) limits() (importKW, exportKW float64) {
	return g.ImportLimit.KW(), g.ExportLimit.KW()
}

// StepLimits are limits of the connection that differ by step, beside those of [Grid]: of
// both the lower one holds. The zero value never binds.
type StepLimits struct {
	ImportKW []float64 // per step, 0 or more, +Inf is no limit; none: the grid's alone
	ExportKW []float64
}

// Threshold makes energy dearer that the home takes above a power. Its zero value
// does nothing.
type Threshold struct {
	ImportKW  []float64 // per step, 0 or more; none: there is no threshold
	EURPerKWh float64   // on top of the import price, 0 or more
}

// Problem is one session. The slices have one value per step and are only read.
type Problem struct {
	StepHours       float64   // length of a step, 0.25 for a quarter
	ImportEURPerKWh []float64 // price of energy taken
	ExportEURPerKWh []float64 // price of energy fed in, never above import
	NetLoadKW       []float64 // home load less solar, without the car
	Battery         Battery
	Charger         Charger
	Grid            Grid
	StepLimits      StepLimits
	Threshold       Threshold
	Mode            Mode
}

// LimitsKW are the limits of the connection in step t, +Inf where there is none.
func (p *Problem) LimitsKW(t int) (importKW, exportKW float64) {
	importKW, exportKW = p.Grid.limits()
	return p.stepLimits(t, importKW, exportKW)
}

// stepLimits are the limits of step t, of those of the grid and the step's own.
func (p *Problem) stepLimits(t int, importKW, exportKW float64) (float64, float64) {
	if kW := p.StepLimits.ImportKW; len(kW) > 0 && kW[t] < importKW {
		importKW = kW[t]
	}
	if kW := p.StepLimits.ExportKW; len(kW) > 0 && kW[t] < exportKW {
		exportKW = kW[t]
	}
	return importKW, exportKW
}

// hasStepLimits says whether limits differ by step.
func (p *Problem) hasStepLimits() bool {
	return len(p.StepLimits.ImportKW) > 0 || len(p.StepLimits.ExportKW) > 0
}

// Schedule is an answer, in the caller's memory: the slices are reused by the
// next Solve when they are long enough.
type Schedule struct {
	CostEUR           float64   // of the home's whole exchange with the grid, and of wear
	ChargeKW          []float64 // >= 0, at the meter side
	DischargeKW       []float64 // >= 0, at the meter side
	StoredKWh         []float64 // at the end of each step
	MarginalEURPerKWh []float64 // value of one more stored kWh during each step; empty for Regular
	BentSteps         int       // steps at which the home alone was beyond a connection limit
	// ThresholdEURPerKW is what a threshold that is 1 kW higher saves in each step, at
	// the margin: a subgradient of the cost. Empty without a threshold, and for Regular.
	ThresholdEURPerKW []float64
}

// EndToleranceKWh is how far out of reach an end may be and still count as
// reached: room for rounding in the caller's own arithmetic. What the rounding of the
// session's own sums adds up to comes on top, which matters only for chargers and batteries
// far beyond those of a home.
const EndToleranceKWh = 1e-9

// toleranceKWh is [EndToleranceKWh] and what rounding adds up to over the steps, which is
// another sum for each way to charge: each step's change in stored energy keeps its digits to [sameShare] of
// what the charger can move, each stored energy to 1e-15 of the battery's size.
func (p *Problem) toleranceKWh() float64 {
	steps := float64(len(p.ImportEURPerKWh))
	return EndToleranceKWh + steps*(sameShare*p.stepReachKWh()+1e-15*p.Battery.MaxKWh)
}

// stepReachKWh is how far apart the stored energies after a step can be.
func (p *Problem) stepReachKWh() float64 {
	c := &p.Charger
	return p.StepHours * (c.ChargeKW*c.ChargeEfficiency + c.DischargeKW/c.DischargeEfficiency)
}

// InputError says which field of a problem is not usable.
type InputError struct {
	Field string  // of Problem, e.g. "ImportEURPerKWh" or "Battery.MinKWh"
	Step  int     // index from 0, or -1 when the field has no steps
	Value float64 // the offending value
	Want  string  // what was expected, in words and in the names of Problem
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

// The bounds of what a problem may hold. Within them no number overflows and
// energies keep their digits; no session of a car comes near them.
const (
	MinStepHours  = 1e-6
	MaxStepHours  = 1e4
	MaxEURPerKWh  = 1e6 // of a price, either sign
	MaxKW         = 1e6 // of a power, either sign
	MaxKWh        = 1e6 // of a stored energy
	MinEfficiency = 0.01
)

// check validates everything that a solve relies on.
func (p *Problem) check() error {
	if err := p.checkFields(); err != nil {
		return err
	}
	return p.checkSteps()
}

// checkFields validates all but the values of the steps.
func (p *Problem) checkFields() error {
	n := len(p.ImportEURPerKWh)
	if n == 0 {
		return &InputError{"ImportEURPerKWh", -1, 0, "at least one step is needed"}
	}
	for _, f := range [...]struct {
		name     string
		steps    int
		optional bool
	}{
		{"ExportEURPerKWh", len(p.ExportEURPerKWh), false},
		{"NetLoadKW", len(p.NetLoadKW), false},
		{"Threshold.ImportKW", len(p.Threshold.ImportKW), true},
		{"StepLimits.ImportKW", len(p.StepLimits.ImportKW), true},
		{"StepLimits.ExportKW", len(p.StepLimits.ExportKW), true},
	} {
		if f.steps != n && (f.steps > 0 || !f.optional) {
			return &InputError{f.name, -1, float64(f.steps), fmt.Sprintf("this many values, but ImportEURPerKWh has %d; give one value per step", n)}
		}
	}
	if p.Mode < 0 || int(p.Mode) >= len(modeNames) {
		return &InputError{"Mode", -1, float64(p.Mode), "not a mode of this package"}
	}
	b, c := &p.Battery, &p.Charger
	if p.inBounds() {
		return nil
	}
	fields := [...]struct {
		name               string
		value, least, most float64
	}{
		{"StepHours", p.StepHours, MinStepHours, MaxStepHours},
		{"Battery.MinKWh", b.MinKWh, 0, MaxKWh},
		{"Battery.MaxKWh", b.MaxKWh, 0, MaxKWh},
		{"Battery.StartKWh", b.StartKWh, 0, MaxKWh},
		{"Battery.EndKWh", b.EndKWh, 0, MaxKWh},
		{"Battery.WearEURPerKWh", b.WearEURPerKWh, 0, MaxEURPerKWh},
		{"Threshold.EURPerKWh", p.Threshold.EURPerKWh, 0, MaxEURPerKWh},
		{"Charger.ChargeKW", c.ChargeKW, 0, MaxKW},
		{"Charger.DischargeKW", c.DischargeKW, 0, MaxKW},
		{"Charger.ChargeEfficiency", c.ChargeEfficiency, MinEfficiency, 1},
		{"Charger.DischargeEfficiency", c.DischargeEfficiency, MinEfficiency, 1},
		{"Grid.ImportLimit", p.Grid.ImportLimit.KW(), 0, math.Inf(1)},
		{"Grid.ExportLimit", p.Grid.ExportLimit.KW(), 0, math.Inf(1)},
	}
	for i := range fields {
		if f := &fields[i]; !(f.value >= f.least && f.value <= f.most) { // NaN fails too
			want := fmt.Sprintf("from %g to %g was expected", f.least, f.most)
			if math.IsInf(f.most, 1) {
				want = fmt.Sprintf("%g or more was expected", f.least)
			}
			return &InputError{f.name, -1, f.value, want}
		}
	}
	if b.MinKWh > b.MaxKWh {
		return &InputError{"Battery.MinKWh", -1, b.MinKWh, fmt.Sprintf("at most Battery.MaxKWh (%g) was expected", b.MaxKWh)}
	}
	if b.StartKWh < b.MinKWh || b.StartKWh > b.MaxKWh {
		return &InputError{"Battery.StartKWh", -1, b.StartKWh, fmt.Sprintf("between Battery.MinKWh (%g) and Battery.MaxKWh (%g) was expected", b.MinKWh, b.MaxKWh)}
	}
	return nil
}

// inBounds says the same of all fields at once, but not which is wrong.
func (p *Problem) inBounds() bool {
	b, c := &p.Battery, &p.Charger
	importKW, exportKW := p.Grid.limits()
	return p.StepHours >= MinStepHours && p.StepHours <= MaxStepHours &&
		b.MinKWh >= 0 && b.MinKWh <= b.StartKWh && b.StartKWh <= b.MaxKWh && b.MaxKWh <= MaxKWh && b.EndKWh >= 0 && b.EndKWh <= MaxKWh &&
		b.WearEURPerKWh >= 0 && b.WearEURPerKWh <= MaxEURPerKWh && p.Threshold.EURPerKWh >= 0 && p.Threshold.EURPerKWh <= MaxEURPerKWh &&
		c.ChargeKW >= 0 && c.ChargeKW <= MaxKW && c.DischargeKW >= 0 && c.DischargeKW <= MaxKW &&
		c.ChargeEfficiency >= MinEfficiency && c.ChargeEfficiency <= 1 && c.DischargeEfficiency >= MinEfficiency && c.DischargeEfficiency <= 1 &&
		importKW >= 0 && exportKW >= 0
}

func (p *Problem) checkSteps() error {
	for t, kW := range p.Threshold.ImportKW {
		if !(kW >= 0) {
			return &InputError{"Threshold.ImportKW", t, kW, "0 or more was expected"}
		}
	}
	if err := p.checkStepLimits(); err != nil {
		return err
	}
	exp, net := p.ExportEURPerKWh, p.NetLoadKW
	for t, imp := range p.ImportEURPerKWh {
		// One comparison chain passes every good step: NaN fails it too.
		if imp <= MaxEURPerKWh && exp[t] <= imp && exp[t] >= -MaxEURPerKWh && net[t] <= MaxKW && net[t] >= -MaxKW {
			continue
		}
		switch {
		case !(math.Abs(imp) <= MaxEURPerKWh):
			return outOfBounds("ImportEURPerKWh", t, imp, MaxEURPerKWh)
		case !(math.Abs(exp[t]) <= MaxEURPerKWh):
			return outOfBounds("ExportEURPerKWh", t, exp[t], MaxEURPerKWh)
		case !(math.Abs(net[t]) <= MaxKW):
			return outOfBounds("NetLoadKW", t, net[t], MaxKW)
		default:
			return &InputError{"ExportEURPerKWh", t, exp[t], fmt.Sprintf(
				"at most the import price (%g) was expected: where feeding in pays more than taking costs, the meter itself is a money pump and there is no lowest cost", imp)}
		}
	}
	return nil
}

func (p *Problem) checkStepLimits() error {
	for t, kW := range p.StepLimits.ImportKW {
		if !(kW >= 0) {
			return &InputError{"StepLimits.ImportKW", t, kW, "0 or more was expected"}
		}
	}
	for t, kW := range p.StepLimits.ExportKW {
		if !(kW >= 0) {
			return &InputError{"StepLimits.ExportKW", t, kW, "0 or more was expected"}
		}
	}
	return nil
}

func outOfBounds(field string, t int, value, most float64) error {
	return &InputError{field, t, value, fmt.Sprintf("from %g to %g was expected", -most, most)}
}
