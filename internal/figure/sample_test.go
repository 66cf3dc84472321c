package figure

import (
	"math"
	"strings"
	"testing"
)

type chart interface{ Scene() (*Scene, error) }

var nan = math.NaN()

// wave is a made-up day of n quarters: charging at night, feeding in at night's
// beginning.
func wave(n int, size float64) []float64 {
	out := make([]float64, n)
	for q := range out {
		h := math.Mod(float64(q)/4, 24)
		out[q] = size * (1.3*math.Exp(-(h-3)*(h-3)/5) - math.Exp(-(h-19)*(h-19)/4))
	}
	return out
}

func table(size float64) (p HeatPanel) {
	for m := range p.KW {
		copy(p.KW[m][:], wave(96, size*(1+0.1*math.Sin(float64(m)))))
	}
	return p
}

func modes(n int) []Series {
	return []Series{
		{"regulier laden", wave(n, 0.4), ModeStyle(Regular), false},
		{"slim", wave(n, 0.8), ModeStyle(Smart), false},
		{"V2H", wave(n, 0.9), ModeStyle(V2H), false},
		{"V2G", wave(n, 2), ModeStyle(V2G), true},
	}
}

func square(x, y, size float64) []Point {
	return []Point{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
}

func contracts() []Contract {
	return []Contract{
		{"Enkeltarief", []ContractMode{{"regulier", ModeStyle(Regular), 1210, 0.77}, {"V2G", ModeStyle(V2G), nan, 0.75}}},
		{"Dynamisch", []ContractMode{{"regulier", ModeStyle(Regular), 1090, nan}, {"V2G", ModeStyle(V2G), -61, -0.96}}},
	}
}

// tradeoff has twelve variants near each other, some of them equal.
func tradeoff() (groups []TradeoffGroup) {
	for g, contract := range []string{"Enkeltarief", "Dynamisch tarief met regels vanaf 2027"} {
		group := TradeoffGroup{Label: contract}
		for v := range 12 {
			variant := TradeoffVariant{Label: []string{"salderen", "terugbetaalde belasting op opgeslagen energie, ook voor wie geen zonnepanelen heeft", "3,7 kW"}[v%3] + strings.Repeat("+", v/3)}
			for m, mode := range []string{Regular, Smart, V2H, V2G} {
				cost, kw := 1200-float64(100*g*m)+float64(v%5*7), 3+float64(m)*float64(v%4)/3
				variant.Cases = append(variant.Cases, TradeoffCase{mode, mode, cost, []float64{kw, kw + 1, kw + 1}})
			}
			group.Variants = append(group.Variants, variant)
		}
		groups = append(groups, group)
	}
	return groups
}

// samples draws one of every chart, with a missing value in each.
func samples(f Frame) map[string]chart {
	hole := table(2)
	hole.KW[4][30] = nan
	hole.Label = "Dynamisch tarief met saldering en met belasting op opslag"
	day, week := modes(96), modes(672)
	day[1].KW[50], week[1].KW[300] = nan, nan
	growth := Growth{
		Frame: f, Years: []int{2025, 2030, 2040, 2050}, Unit: "thuislaadpunten",
		Areas: []GrowthArea{
			{"personenauto's", ModeStyle(V2G), []float64{1e5, nan, 1.2e6, 1.9e6}},
			{"bestelauto's", ModeStyle(V2H), []float64{0, 5e4, 1e5, 3e5}},
		},
		Lines: []GrowthLine{{"laag", []float64{1e5, 2e5, 1e6, 2.1e6}}, {"hoog", []float64{1e5, 6e5, nan, 2.3e6}}},
		Mark:  2040,
	}
	return map[string]chart{
		"heatmap":  Heatmap{Frame: f, Panels: []HeatPanel{hole}, Tooltips: true},
		"heatmaps": Heatmap{Frame: f, Panels: []HeatPanel{hole, table(0.4), table(1)}},
		"days":     DayProfiles{Frame: f, Panels: []DayPanel{{Title: "Januari, gemiddelde van honderd huishoudens met een eigen oprit", Series: day}, {Title: "Juli", Series: modes(96), Base: wave(96, 1)}}},
		"unnamed":  DayProfiles{Frame: f, Panels: []DayPanel{{Series: day[1:2]}}},
		"duration": Duration{Frame: f, Series: []Series{{"regulier laden", []float64{90, nan, 20, -10}, ModeStyle(Regular), false}, {"V2G", []float64{120, 30, 0, -70}, ModeStyle(V2G), false}}, Hours: 8784, CapacityKW: 60, Unit: "kW van de straat", Below: "uren van het jaar, van hoog naar laag", Of: "Bereikt in"},
		"week":     WeekProfiles{Frame: f, Series: week},
		"contracts": Contracts{
			Frame: f, Contracts: contracts(),
		},
		"tradeoff": Tradeoff{Frame: f, Peaks: []string{"Avondpiek, 17–21 u", "Nachtpiek", "Hoogste kwartier van heel het jaar"}, Groups: tradeoff()},
		"spread": Spread{
			Frame: f,
			Cases: []SpreadCase{{"V2H, dynamisch", ModeStyle(V2H)}, {"V2G, dynamisch", ModeStyle(V2G)}, {"V2G, dubbel", ModeStyle(V2G)}},
			Panels: []SpreadPanel{
				{"Ontladen door de auto in huis en aan het net samen", "kWh per huishouden per jaar, gemeten aan de meter", 0, []Percentile{{310, 840, 1290}, {1150, 3060, 5240}, {0, 0, 0}}, [][]float64{{100, 840, 2000}, {1000, 6000}, nil}},
				{"Besparing", "EUR per jaar", 0, []Percentile{{-40, 240, 410}, {110, 480, 930}, {nan, nan, nan}}, nil},
			},
		},
		"coincidence": Coincidence{
			Frame: f, Homes: []int{1, 2, 5, 10, 100, 1000}, MarkHomes: 40,
			Modes: []CoincidenceMode{
				{"regulier", ModeStyle(Regular), []Percentile{{11, 11, 11}, {6, 8, 11}, {4, 5, 6}, {nan, nan, nan}, {2, 2, 2.2}, {1.5, 1.5, 1.5}}, nil},
				{
					"V2G", ModeStyle(V2G),
					[]Percentile{{11, 11, 11}, {6, 8, 11}, {4, 5, 6}, {3, 4, 5}, {2, 2, 2.2}, {1.6, 1.6, 1.6}},
					[]Percentile{{-11, -11, -11}, {-9, -8, -7}, {-7, -6, -5}, {-5, -4, -3}, {-3, -2, -2}, {-2, -2, -2}},
				},
			},
		},
		"adoption": Adoption{
			Frame: f, ChargePoints: []int{0, 10, 40}, CapacityKW: 60, Below: "woningen met een laadpunt, van 40", Of: "Laadpunten",
			Modes: []CoincidenceMode{
				{"regulier", ModeStyle(Regular), []Percentile{{40, 50, 55}, {70, 80, 90}, {130, 140, 170}}, []Percentile{{-36, -22, -11}, {-36, -22, -11}, {-36, -21, -10}}},
				{"V2G", ModeStyle(V2G), []Percentile{{40, 50, 55}, {80, 96, 110}, {220, 255, 290}}, []Percentile{{-36, -22, -11}, {-70, -60, -50}, {-210, -190, -160}}},
			},
		},
		"growth": growth,
		"tornado": Tornado{Frame: f, KW: -0.41, Room: 4, Rows: []TornadoRow{
			{"Aansluitgedrag van de huishoudens", []TornadoEnd{{"altijd", -2}}},
			{"Laadvermogen", []TornadoEnd{{"3,7 kW", -0.2}, {"22 kW", -0.9}}},
			{"Accu", []TornadoEnd{{"50 kWh", -0.43}, {"100 kWh", -0.5}}},
		}},
		"distributions": Distributions{
			Frame: f, First: "waargenomen sessies van huishoudens", Second: "getrokken door de simulatie", LastLook: ModeStyle(Smart),
			Panels: []Distribution{
				{"Aankomsttijd", "uur", 6, "grootste afstand 0,01", []float64{0, 12, 24}, []float64{0, 0.4, 1}, []float64{0, 0.45, 1}},
				{"Gemiddelde verbindingsduur van een gebruiker", "uur", 0, "grootste afstand 0,15; tussen helften van de gegevens 0,20", []float64{0, 12, 24}, []float64{nan, 0.4, 1}, []float64{0, 0.45, 1}},
				{"Energie", "kWh", 0, "", []float64{0, 0.12, 0.24}, []float64{0, 0.4, 1}, []float64{0, nan, 1}},
				{"Sessies", "per week", 0, "", []float64{0, 12000, 24000}, []float64{0, 0.4, 1}, []float64{0, 0.45, 1}},
			},
		},
		"map": Map{
			Frame: f, Legend: "kW per woning", Unit: "kW", Circles: "MW per gemeente", Aside: "schematische grenzen",
			Regions: []Region{
				{"Noord", [][]Point{square(0, 10, 10)}, 1, 5},
				{"Zuid", [][]Point{square(0, 0, 10), square(3, 3, 2)}, 2, 40},
				{"Oost", [][]Point{square(10, 0, 10)}, nan, nan},
				{"West", [][]Point{square(-10, 0, 10)}, 3.5, 0},
			},
		},
	}
}

// eachSample draws every chart wide, narrow and on the narrowest sheet.
func eachSample(t *testing.T, test func(t *testing.T, s *Scene)) {
	t.Helper()
	for size, f := range map[string]Frame{
		"wide":      {},
		"narrow":    {Width: NarrowWidth},
		"narrowest": {Width: minWidth},
		"bare":      {Bare: true, Width: 1150},
		"phone":     {Bare: true, Width: 300},
	} {
		f.Title = "Gemiddeld vermogen van een huishouden dat met de auto teruglevert aan het net & meer <dan dat>"
		f.Subtitle, f.Note, f.Language = "100 huishoudens, dynamisch contract", "Bron: eigen berekening", Dutch
		for name, c := range samples(f) {
			t.Run(name+" "+size, func(t *testing.T) {
				s, err := c.Scene()
				if err != nil {
					t.Fatal(err)
				}
				test(t, s)
			})
		}
	}
}
