package household

import (
	"embed"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"

	"github.com/getij/getij/internal/series"
)

// Heat is the power of heat pumps in a drawn year's weather: an air-source pump that warms
// rooms and water, without another source of heat beside it.
//
// Coincidence: all pumps of a seed have the same weather. Each has a use of its own, hours
// of its own (a thermostat that is set earlier or later), and modulates; below its least
// power it goes on and off, by itself. So on mild days pumps differ, and on the coldest day
// all run at once, as nothing but the pump warms the home.
type Heat struct {
	Celsius []float64 // mean of each day
	need    []float64 // per step; mean 1
}

const (
	// coldSigma and warmSigma are how far days are from the month's mean in January and
	// July, K, and coldMemory what is left of that the next day: a judgement, held to the
	// degree days and ice days of De Bilt by a test.
	coldSigma, warmSigma, coldMemory = 3.9, 2.9, 0.8
	// pumpSigma is the spread of pumps' yearly use, lognormal, and hoursSigma that of their
	// hours; leastPower is the share of its highest power below which a pump goes on and
	// off: judgements.
	pumpSigma, hoursSigma, leastPower = 0.35, 1.0, 0.3
)

//go:embed tables/heat_by_hour.csv tables/temperature_by_month.csv
var tables embed.FS

// heatTables are the temperature of months, and the share of a day's heat by class of
// temperature and hour.
var heatTables = sync.OnceValue(func() (out struct {
	celsius [12]float64
	share   [10][24]float64
},
) {
	for month, row := range numbers("tables/temperature_by_month.csv") {
		out.celsius[month] = row[1]
	}
	for hour, row := range numbers("tables/heat_by_hour.csv") {
		for class, v := range row[1:] {
			out.share[class][hour] = v
		}
	}
	return out
})

// numbers reads an embedded table.
func numbers(name string) (out [][]float64) {
	file, err := tables.Open(name)
	if err != nil {
		panic(err) // embedded
	}
	r := csv.NewReader(file)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err)
	}
	for _, row := range rows[1:] {
		values := make([]float64, len(row))
		for i, text := range row {
			if values[i], err = strconv.ParseFloat(text, 64); err != nil {
				panic(err)
			}
		}
		out = append(out, values)
	}
	return out
}

// NewHeat draws a year's weather, and what pumps take in it.
func NewHeat(axis *series.Axis, seed uint64) *Heat {
	days := int(axis.Clock[len(axis.Clock)-1].YearDay) + 1
	h := &Heat{Celsius: make([]float64, days), need: make([]float64, axis.Len())}
	r := rand.New(rand.NewPCG(seed^0xc01d, 0))
	table := heatTables()
	passing, fresh := r.NormFloat64(), math.Sqrt(1-coldMemory*coldMemory)
	for d := range h.Celsius {
		passing = coldMemory*passing + fresh*r.NormFloat64()
		// Between the middles of months; January is far from the mean, July near it.
		at := (float64(d) + 0.5) * 12 / float64(days)
		m := int(at+0.5) + 11
		part := at + 0.5 - math.Floor(at+0.5)
		winter := (1 + math.Cos(2*math.Pi*(at-0.5)/12)) / 2
		h.Celsius[d] = table.celsius[m%12]*(1-part) + table.celsius[(m+1)%12]*part + passing*(warmSigma+(coldSigma-warmSigma)*winter)
	}
	power := make([]float64, days)
	for d := range power {
		// Buildings answer the last days' temperature, the last most (BDEW).
		t, weight := 0.0, 0.0
		for back, w := 0, 1.0; back < 4; back, w = back+1, w/2 {
			t += w * h.Celsius[max(0, d-back)]
			weight += w
		}
		power[d] = dayHeat(t/weight) / performance(h.Celsius[d])
	}
	mean := 0.0
	for t, c := range axis.Clock {
		class := min(max(int(math.Ceil(h.Celsius[c.YearDay]/5))+3, 0), len(table.share)-1)
		h.need[t] = power[c.YearDay] * table.share[class][c.Hour()]
		mean += h.need[t] / float64(len(h.need))
	}
	for t := range h.need {
		h.need[t] /= mean
	}
	return h
}

// dayHeat is the heat that a single-family house takes on a day of this temperature, hot
// water included, of any unit: BDEW, VKU, GEODE 2015, the profile for windy places, as in
// When2Heat.
func dayHeat(celsius float64) float64 {
	const a, b, c, d = 1.3819663, -37.4124155, 6.1723179, 0.0396284
	sigmoid := a/(1+math.Pow(b/(min(celsius, 35)-40), c)) + d
	return sigmoid + max(-0.0672159*celsius+1.1167138, -0.0019982*celsius+0.135507)
}

// performance is an air-source pump's heat by its electricity at an outside temperature,
// for radiators of 40 degrees at 0 outside: Ruhnau 2019, the curve of When2Heat with its
// correction of 0.85 for real homes.
func performance(celsius float64) float64 {
	lift := max(15, 40-celsius-celsius)
	return 0.85 * (6.0801 - 0.0941*lift + 0.0005*lift*lift)
}

// Draw draws the power of a home's pump in kW, which over many homes takes as much in a
// year as is given. The same seed and number give the same pump.
func (h *Heat) Draw(meanKWhPerYear float64, seed uint64, number int) []float64 {
	r := rand.New(rand.NewPCG(seed^0x4ea7, uint64(number)))
	use := math.Exp(pumpSigma*r.NormFloat64() - pumpSigma*pumpSigma/2)
	shift := int(math.Round(hoursSigma / series.StepHours * min(max(r.NormFloat64(), -2), 2)))
	out := make([]float64, len(h.need))
	meanKW := use * meanKWhPerYear / (series.StepHours * float64(len(out)))
	for t := range out {
		out[t] = meanKW * h.need[min(max(t-shift, 0), len(out)-1)]
	}
	least := leastPower * slices.Max(out)
	owed := r.Float64() * least // of what was needed and not taken
	for t, kW := range out {
		if kW >= least {
			continue
		}
		if owed += kW; owed >= least {
			out[t], owed = least, owed-least
		} else {
			out[t] = 0
		}
	}
	return out
}

// MeanKW is the power of many pumps, per pump.
func (h *Heat) MeanKW(kWhPerYear float64) []float64 {
	out := make([]float64, len(h.need))
	meanKW := kWhPerYear / (series.StepHours * float64(len(out)))
	for t, need := range h.need {
		out[t] = meanKW * need
	}
	return out
}
