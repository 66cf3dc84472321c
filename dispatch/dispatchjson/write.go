package dispatchjson

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/getij/getij/dispatch"
)

// AppendAnswer appends the answer to p as one line of JSON. err is what Solve
// returned: nil or a [*dispatch.InfeasibleError].
func AppendAnswer(b []byte, p *Named, s *dispatch.Schedule, err error) []byte {
	b = append(b, `{"id":`...)
	id, _ := json.Marshal(p.ID) // a string always marshals
	b = append(b, id...)
	if err != nil {
		reason, _ := json.Marshal(err.Error())
		b = append(b, `,"status":"infeasible","reason":`...)
		b = append(b, reason...)
		return append(b, '}', '\n')
	}
	b = append(b, `,"status":"optimal","cost_eur":`...)
	b = appendRounded(b, s.CostEUR, 1e12)
	b = append(b, `,"power_kw":[`...)
	for t := range s.ChargeKW {
		if t > 0 {
			b = append(b, ',')
		}
		b = appendRounded(b, s.ChargeKW[t]-s.DischargeKW[t], 1e9)
	}
	b = append(b, ']')
	b = appendList(b, "charge_kw", s.ChargeKW)
	b = appendList(b, "discharge_kw", s.DischargeKW)
	b = appendList(b, "stored_kwh", s.StoredKWh)
	if p.Mode != dispatch.Regular {
		b = appendList(b, "marginal_value_eur_per_kwh", s.MarginalEURPerKWh)
	}
	if len(s.ThresholdEURPerKW) > 0 {
		b = appendList(b, "threshold_value_eur_per_kw", s.ThresholdEURPerKW)
	}
	if s.BentSteps > 0 {
		b = append(b, `,"steps_with_home_beyond_limit":`...)
		b = strconv.AppendInt(b, int64(s.BentSteps), 10)
	}
	return append(b, '}', '\n')
}

func appendList(b []byte, name string, values []float64) []byte {
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":[`...)
	for t, v := range values {
		if t > 0 {
			b = append(b, ',')
		}
		b = appendRounded(b, v, 1e9)
	}
	return append(b, ']')
}

func appendRounded(b []byte, v, scale float64) []byte {
	r := math.Round(v*scale) / scale
	if r == 0 { // also -0
		return append(b, '0')
	}
	return strconv.AppendFloat(b, r, 'g', -1, 64)
}

// Append appends a problem as one line of JSON, as [Reader] reads it.
func Append(b []byte, p *Named) []byte {
	b = append(b, `{"id":`...)
	id, _ := json.Marshal(p.ID)
	b = append(b, id...)
	number := func(before string, v float64) {
		b = append(b, before...)
		b = strconv.AppendFloat(b, v, 'g', -1, 64)
	}
	list := func(name string, values []float64) {
		b = append(b, `,"`...)
		b = append(b, name...)
		b = append(b, `":[`...)
		for t, v := range values {
			if t > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendFloat(b, v, 'g', -1, 64)
		}
		b = append(b, ']')
	}
	number(`,"step_minutes":`, p.StepHours*60)
	list("import_eur_per_kwh", p.ImportEURPerKWh)
	list("export_eur_per_kwh", p.ExportEURPerKWh)
	list("net_load_kw", p.NetLoadKW)
	number(`,"battery":{"min_kwh":`, p.Battery.MinKWh)
	number(`,"max_kwh":`, p.Battery.MaxKWh)
	number(`,"start_kwh":`, p.Battery.StartKWh)
	number(`,"end_kwh":`, p.Battery.EndKWh)
	if p.Battery.WearEURPerKWh != 0 {
		number(`,"wear_eur_per_kwh":`, p.Battery.WearEURPerKWh)
	}
	number(`},"charger":{"charge_kw":`, p.Charger.ChargeKW)
	number(`,"discharge_kw":`, p.Charger.DischargeKW)
	number(`,"charge_efficiency":`, p.Charger.ChargeEfficiency)
	number(`,"discharge_efficiency":`, p.Charger.DischargeEfficiency)
	b = append(b, '}')
	b = appendGrid(b, &p.Problem)
	if len(p.Threshold.ImportKW) > 0 {
		number(`,"threshold":{"eur_per_kwh":`, p.Threshold.EURPerKWh)
		list("import_kw", p.Threshold.ImportKW)
		b = append(b, '}')
	}
	b = append(b, `,"mode":"`...)
	b = append(b, p.Mode.String()...)
	return append(b, "\"}\n"...)
}

// anyKW stands for no limit in a list of them: no charger and no home has as much.
const anyKW = 1e9

// appendGrid appends the limits of the connection: a number where they are the same in all
// steps, else a list.
func appendGrid(b []byte, p *dispatch.Problem) []byte {
	before := `,"grid":{`
	for _, limit := range [...]struct {
		name    string
		kW      float64
		bySteps []float64
	}{
		{"import_limit_kw", p.Grid.ImportLimit.KW(), p.StepLimits.ImportKW},
		{"export_limit_kw", p.Grid.ExportLimit.KW(), p.StepLimits.ExportKW},
	} {
		if len(limit.bySteps) == 0 && math.IsInf(limit.kW, 1) {
			continue
		}
		b = append(b, before...)
		b = append(b, '"')
		b = append(b, limit.name...)
		b = append(b, `":`...)
		before = ","
		if len(limit.bySteps) == 0 {
			b = strconv.AppendFloat(b, limit.kW, 'g', -1, 64)
			continue
		}
		for t, kW := range limit.bySteps {
			b = append(b, map[bool]byte{true: '[', false: ','}[t == 0])
			b = strconv.AppendFloat(b, min(kW, limit.kW, anyKW), 'g', -1, 64)
		}
		b = append(b, ']')
	}
	if before == "," {
		b = append(b, '}')
	}
	return b
}
