package chart

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/cohort"
	"github.com/getij/getij/internal/dataset"
	"github.com/getij/getij/internal/figure"
	"github.com/getij/getij/internal/result"
	"github.com/getij/getij/internal/series"
	"github.com/getij/getij/internal/tariff"
)

var names = []string{"heatmap", "months", "ways-to-charge", "week", "day", "week-prices", "day-prices", "contracts", "heatmap-contracts", "spread", "coincidence"}

// made is a result with two contracts and four ways to charge.
func made() *result.Result {
	axis := series.NewYear(2024)
	wave := func(size float64) []float64 {
		out := make([]float64, axis.Len())
		for t := range out {
			h := float64(axis.Clock[t].QuarterOfDay) / 4
			out[t] = size * (1.3*math.Exp(-(h-3)*(h-3)/5) - math.Exp(-(h-19)*(h-19)/4))
		}
		return out
	}
	r := &result.Result{
		Study: &assume.Study{
			Name: "made", Year: 2024, Homes: 3, Potential: assume.Potential{Contract: "dynamic"},
			Contracts: []assume.Contract{{Name: "single"}, {Name: "dynamic"}},
		},
		Axis: axis, LoadKW: wave(-0.3), SolarKW: wave(0),
		Manifest: &result.Manifest{Provenance: result.Provenance{Inputs: []result.Input{{Report: dataset.Report{Kind: "prices"}, Synthetic: true}}}},
	}
	for _, contract := range []string{"single", "dynamic"} {
		for i, mode := range dispatch.Modes() {
			k := &result.Case{Contract: contract, Mode: mode, KW: wave(float64(i + 1))}
			k.Tabulate(axis)
			k.Summary = result.CaseSummary{EnergyCostEUR: 1000 - 100*float64(i), EveningMeanKW: axis.EveningMean(k.KW)}
			for _, v := range []float64{-1, 0, 1} {
				k.Homes = append(k.Homes, result.Home{EveningKW: v, DischargedKWh: 200 + 100*v, SavingEUR: 20 + 10*v})
			}
			for _, n := range []int{1, 10, 100} {
				k.Coincidence = append(k.Coincidence, cohort.Coincidence{
					Homes: n, PeakChargeKW: cohort.Spread{P5: 3, P50: 4, P95: 5}, PeakDischargeKW: cohort.Spread{P50: float64(i), P95: float64(i)},
				})
			}
			if mode != dispatch.Regular {
				k.StoredEURPerKWh = wave(0.1)
				k.StoredEURPerKWh[5] = math.NaN() // no car is plugged in
			}
			r.Cases = append(r.Cases, k)
		}
		p := &tariff.Prices{ImportEURPerKWh: wave(-0.2)}
		p.ExportEURPerKWh = p.ImportEURPerKWh
		if contract == "single" {
			p.ExportEURPerKWh = wave(-0.1)
		}
		p.StorageExportEURPerKWh = p.ExportEURPerKWh
		r.Prices = append(r.Prices, &result.Prices{Contract: contract, Prices: p})
	}
	return r
}

func choice(l figure.Language) Choice {
	return Choice{Language: l, Months: []int{0, 6}, Date: "2024-10-27"}
}

func drawn(t *testing.T, name string, c Choice, f figure.Frame) (*Chart, *figure.Scene) {
	t.Helper()
	chart, err := Of(made(), name, c)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	s, err := chart.Scene(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return chart, s
}

func texts(s *figure.Scene) (out []string) {
	for _, it := range s.Items {
		if text, ok := it.(figure.Text); ok {
			out = append(out, text.S)
		}
	}
	return out
}

// A file stands alone; on a page the words are the page's.
func TestAFigureOnAPageIsThePictureOfTheFileWithoutItsWords(t *testing.T) {
	for _, name := range names {
		chart, file := drawn(t, name, choice(figure.English), figure.Frame{})
		_, bare := drawn(t, name, choice(figure.English), figure.Frame{Bare: true})
		all := strings.Join(texts(file), " ")
		for _, words := range []string{chart.Title, "made, 2024: mean of 3 homes", "Synthetic: prices."} {
			if !strings.Contains(all, words) {
				t.Errorf("%s: the file does not say %q: %s", name, words, all)
			}
		}
		for _, text := range texts(bare) {
			if !slices.Contains(texts(file), text) && !strings.HasPrefix(text, "−") && !strings.ContainsAny(text, "0123456789") {
				t.Errorf("%s: the page's picture says %q, the file's does not", name, text)
			}
			if text == chart.Title {
				t.Errorf("%s: the title stands twice on the page", name)
			}
		}
		if len(bare.Marks) == 0 || len(bare.Table) < 2 {
			t.Errorf("%s cannot be read", name)
		}
	}
}

func TestNoEnglishInADutchFigure(t *testing.T) {
	english := []string{"charging", "feeding", "kW per home", "local time", "Regular", "Household", "Way to", "Time", "Mean", "mean", "Energy cost", "homes", "January", "year"}
	for _, name := range names {
		chart, s := drawn(t, name, choice(figure.Dutch), figure.Frame{})
		all := append(texts(s), chart.Title, chart.Subtitle, chart.Note, chart.Source, s.Desc)
		for _, c := range s.Table {
			all = append(all, c.Label, c.Unit)
			all = append(all, c.Text...)
		}
		for _, text := range all {
			for _, word := range english {
				if strings.Contains(text, word) && text != "V2G" {
					t.Errorf("%s says %q in Dutch", name, text)
				}
			}
		}
	}
}

func TestTheSameNumbersGiveTheSameBytes(t *testing.T) {
	for _, name := range names {
		var one, two bytes.Buffer
		for _, b := range []*bytes.Buffer{&one, &two} {
			_, s := drawn(t, name, choice(figure.English), figure.Frame{})
			if err := s.SVG(b); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestTheTableOfADayIsThatDay(t *testing.T) {
	_, s := drawn(t, "day", choice(figure.English), figure.Frame{Bare: true})
	if n := len(s.Table[0].Text); n != 100 || s.Marks[0].N != 100 {
		t.Fatalf("the day that the clock goes back has %d quarters, %d of them to read", n, s.Marks[0].N)
	}
	whole := made()
	first := 0
	for whole.Axis.Clock[first].YearDay != 300 { // 27 October of a leap year, from 0
		first++
	}
	last := s.Table[len(s.Table)-1]
	for i, v := range last.Values {
		if want := whole.Case("dynamic", dispatch.V2G).KW[first+i]; v != want {
			t.Fatalf("quarter %d is %g, want %g", i, v, want)
		}
	}
}

func TestV2HStandsBesideV2GOnlyWhenItIsAskedFor(t *testing.T) {
	c := choice(figure.English)
	_, without := drawn(t, "week", c, figure.Frame{})
	c.Mode = figure.V2H
	_, with := drawn(t, "week", c, figure.Frame{})
	if slices.Contains(texts(without), "V2H") || !slices.Contains(texts(with), "V2H") {
		t.Errorf("without: %v, with: %v", texts(without), texts(with))
	}
}

func TestAChoiceThatTheStudyDoesNotHaveIsNamed(t *testing.T) {
	for want, ask := range map[string]struct {
		name string
		c    Choice
	}{
		"name":     {"pie", Choice{}},
		"contract": {"week", Choice{Contract: "q"}},
		"mode":     {"week", Choice{Mode: "fast"}},
		"months":   {"months", Choice{Months: []int{0, 12}}},
		"months ":  {"months", Choice{}},
		"date":     {"day", Choice{Date: "2023-01-01"}},
		"date ":    {"day", Choice{Date: "today"}},
	} {
		_, err := Of(made(), ask.name, ask.c)
		var choice *ChoiceError
		if !errors.As(err, &choice) || choice.Field != strings.TrimSpace(want) {
			t.Errorf("%+v: %v, want an error about %s", ask, err, want)
		}
	}
}

// Prices are those of the contract, with what stored energy is worth where the way to
// charge has a choice; a price for both directions is one line.
func TestPricesAreThoseOfTheContractAndTheWayToCharge(t *testing.T) {
	r := made()
	for _, c := range []struct {
		name, contract, mode, date string
		labels                     []string
		rows                       int
	}{
		{"week-prices", "single", "v2g", "", []string{"Taking", "Feeding in", "Stored, V2G"}, 7 * 96},
		{"week-prices", "dynamic", "regular", "", []string{"Taking, feeding in"}, 7 * 96},
		{"day-prices", "dynamic", "smart", "2024-10-27", []string{"Taking, feeding in", "Stored, Smart"}, 100},
	} {
		made, err := Of(r, c.name, Choice{Contract: c.contract, Mode: c.mode, Date: c.date})
		if err != nil {
			t.Fatal(err)
		}
		s, err := made.Scene(figure.Frame{})
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, column := range s.Table[1:] {
			if column.Unit != "EUR/kWh" || column.Power || len(column.Values) != c.rows {
				t.Errorf("%s: %s in %s, %d values", c.name, column.Label, column.Unit, len(column.Values))
			}
			labels = append(labels, column.Label)
		}
		if !slices.Equal(labels, c.labels) {
			t.Errorf("%s of %s, %s shows %v, want %v", c.name, c.contract, c.mode, labels, c.labels)
		}
		for _, text := range texts(s) {
			if text == "charging" || text == "feeding in" {
				t.Errorf("%s calls a price %s", c.name, text)
			}
		}
	}
	week, err := Of(r, "week-prices", Choice{Contract: "single", Mode: "v2g"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := week.Scene(figure.Frame{})
	if err != nil {
		t.Fatal(err)
	}
	at := r.Axis.Clock[0].QuarterOfWeek()
	if got, want := s.Table[1].Values[at], r.Axis.ByWeek(r.Prices[0].ImportEURPerKWh)[at]; math.Abs(got-want) > 1e-9 {
		t.Errorf("the price is %v, want %v", got, want)
	}
}
