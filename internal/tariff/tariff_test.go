package tariff

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/getij/getij/internal/series"
)

var (
	single  = Contract{Name: "single", Kind: Single, ImportEURPerKWh: 0.30, FeedInCostEURPerKWh: 0.13, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true}
	dual    = Contract{Name: "dual", Kind: Dual, HighEURPerKWh: 0.32, LowEURPerKWh: 0.28, LowFromHour: 23, LowToHour: 7, FeedInCostEURPerKWh: 0.13, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true}
	dynamic = Contract{Name: "dynamic", Kind: Dynamic, EnergyTaxEURPerKWh: 0.1228, VAT: 0.21, NetMetering: true}
)

var axis = series.NewYear(2024)

func at(t *testing.T, local string) int {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", local, series.Amsterdam())
	if err != nil {
		t.Fatal(err)
	}
	return axis.Index(v)
}

func prices(t *testing.T, c Contract, dayAhead float64) *Prices {
	t.Helper()
	d := make([]float64, axis.Len())
	for i := range d {
		d[i] = dayAhead
	}
	p, err := c.Prices(axis, d)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPricesOfTheReportsContracts(t *testing.T) {
	withoutNetting := func(c Contract) Contract { c.NetMetering = false; return c }
	withVAT := withoutNetting(dynamic)
	withVAT.VATOnExport = true
	for _, c := range []struct {
		name             string
		contract         Contract
		local            string
		dayAhead         float64
		imported, export float64
	}{
		{"single", single, "2024-01-01 12:00", 0, 0.30, 0.17},
		{"dual by day", dual, "2024-01-02 12:00", 0, 0.32, 0.19},
		{"dual at 22:45", dual, "2024-01-02 22:45", 0, 0.32, 0.19},
		{"dual at 23:00", dual, "2024-01-02 23:00", 0, 0.28, 0.15},
		{"dual at 06:45", dual, "2024-01-03 06:45", 0, 0.28, 0.15},
		{"dual at 07:00", dual, "2024-01-03 07:00", 0, 0.32, 0.19},
		{"dual on Saturday", dual, "2024-01-06 12:00", 0, 0.28, 0.15},
		{"dynamic", dynamic, "2024-01-01 12:00", 100, 0.2438, 0.2438},
		{"dynamic, negative", dynamic, "2024-01-01 12:00", -200, -0.1192, -0.1192},
		{"dynamic without net metering", withoutNetting(dynamic), "2024-01-01 12:00", 100, 0.2438, 0.1},
		{"dynamic without net metering, VAT back", withVAT, "2024-01-01 12:00", 100, 0.2438, 0.121},
		{"single without net metering", withoutNetting(single), "2024-01-01 12:00", 0, 0.30, (0.30-0.1228)/1.21 - 0.13},
	} {
		p := prices(t, c.contract, c.dayAhead)
		i := at(t, c.local)
		if math.Abs(p.ImportEURPerKWh[i]-c.imported) > 1e-12 || math.Abs(p.ExportEURPerKWh[i]-c.export) > 1e-12 {
			t.Errorf("%s: import %g and export %g, want %g and %g", c.name, p.ImportEURPerKWh[i], p.ExportEURPerKWh[i], c.imported, c.export)
		}
	}
}

// The network price follows season, day type and hour; a list that is not given has
// another's prices.
func TestGridTariffBySeasonAndDayType(t *testing.T) {
	at18 := func(price float64) *[24]float64 { return &[24]float64{18: price} }
	monday, saturday := series.Clock{Month: 7, Weekday: 0, QuarterOfDay: 72}, series.Clock{Month: 7, Weekday: 5, QuarterOfDay: 72}
	winterMonday, winterSaturday := monday, saturday
	winterMonday.Month, winterSaturday.Month = 1, 1
	winter := [12]bool{0: true}
	for _, c := range []struct {
		tariff GridTariff
		want   [4]float64 // weekday, weekend, and both in winter
	}{
		{GridTariff{Winter: winter}, [4]float64{}},
		{GridTariff{Weekday: at18(1), Winter: winter}, [4]float64{1, 1, 1, 1}},
		{GridTariff{Weekday: at18(1), Weekend: at18(2), Winter: winter}, [4]float64{1, 2, 1, 2}},
		{GridTariff{Weekday: at18(1), Weekend: at18(2), WinterWeekday: at18(3), Winter: winter}, [4]float64{1, 2, 3, 3}},
		{GridTariff{Weekday: at18(1), WinterWeekend: at18(4), Winter: winter}, [4]float64{1, 1, 1, 4}},
		{GridTariff{Weekday: at18(1), Weekend: at18(2), WinterWeekday: at18(3), WinterWeekend: at18(4), Winter: winter}, [4]float64{1, 2, 3, 4}},
		{GridTariff{WinterWeekday: at18(3), Winter: winter}, [4]float64{0, 0, 3, 3}},
	} {
		got := [4]float64{c.tariff.at(monday), c.tariff.at(saturday), c.tariff.at(winterMonday), c.tariff.at(winterSaturday)}
		if got != c.want {
			t.Errorf("%+v: at 18:00 on a weekday, in the weekend and both in winter it is %v, want %v", c.tariff, got, c.want)
		}
		if early := c.tariff.at(series.Clock{Month: 1, QuarterOfDay: 71}); early != 0 {
			t.Errorf("it is %g at 17:45", early)
		}
	}
}

func TestGridTariffByHour(t *testing.T) {
	c := dynamic
	c.GridTariff.Weekday = &[24]float64{18: 0.05}
	p := prices(t, c, 100)
	if i := at(t, "2024-05-01 18:30"); math.Abs(p.ImportEURPerKWh[i]-0.2938) > 1e-12 || math.Abs(p.ExportEURPerKWh[i]-0.2438) > 1e-12 {
		t.Errorf("at 18:30: import %g, export %g", p.ImportEURPerKWh[i], p.ExportEURPerKWh[i])
	}
	if i := at(t, "2024-05-01 19:00"); math.Abs(p.ImportEURPerKWh[i]-0.2438) > 1e-12 {
		t.Errorf("at 19:00: import %g", p.ImportEURPerKWh[i])
	}
	c.GridTariffOnExport = true
	if p, i := prices(t, c, 100), at(t, "2024-05-01 18:30"); math.Abs(p.ExportEURPerKWh[i]-0.1938) > 1e-12 {
		t.Errorf("paid on export too, at 18:30: %g", p.ExportEURPerKWh[i])
	}
}

func TestTaxRefundOnStorageNeverBeatsImport(t *testing.T) {
	c := dynamic
	c.NetMetering, c.EnergyTaxRefundOnStorage = false, true
	p := prices(t, c, 100)
	if math.Abs(p.StorageExportEURPerKWh[0]-0.2228) > 1e-12 || math.Abs(p.ExportEURPerKWh[0]-0.1) > 1e-12 {
		t.Errorf("storage earns %g, solar %g", p.StorageExportEURPerKWh[0], p.ExportEURPerKWh[0])
	}
	p = prices(t, c, -100)
	if p.StorageExportEURPerKWh[0] > p.ImportEURPerKWh[0] {
		t.Errorf("at a negative price storage earns %g, import costs %g", p.StorageExportEURPerKWh[0], p.ImportEURPerKWh[0])
	}
}

func TestMoneyPumpIsRefused(t *testing.T) {
	c := dynamic
	c.FeedInCostEURPerKWh = -0.05
	_, err := c.Prices(axis, make([]float64, axis.Len()))
	if err == nil || !strings.Contains(err.Error(), "money pump") {
		t.Errorf("got %v", err)
	}
}

// From 2027 to 2029 feeding in earns at least half of the bare price with a fixed
// contract, after feed-in cost; a dynamic contract pays the bare price of the step.
func TestFeedingInEarnsAtLeastAShareOfTheBarePrice(t *testing.T) {
	for _, c := range []struct {
		contract Contract
		netted   bool
		want     float64
	}{
		{single, false, 0.5 * (0.30 - 0.1228) / 1.21},
		{single, true, 0.30 - 0.13},
		{dynamic, false, 0.100},
	} {
		c.contract.NetMetering, c.contract.LeastFeedInShare = c.netted, 0.5
		if got := prices(t, c.contract, 100).ExportEURPerKWh[0]; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s, net metering %v: %.6f EUR/kWh, want %.6f", c.contract.Name, c.netted, got, c.want)
		}
	}
}

// What net metering nets is what stands between the import price and the bare price.
func TestWhatIsNetted(t *testing.T) {
	for _, c := range []struct {
		contract Contract
		want     float64
	}{
		{single, 0.30 - (0.30-0.1228)/1.21},
		{dynamic, 0.1228 + 0.21*0.100},
	} {
		if got := prices(t, c.contract, 100).NettedEURPerKWh; math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %.9f EUR/kWh, want %.9f", c.contract.Name, got, c.want)
		}
		c.contract.NetMetering = false
		if got := prices(t, c.contract, 100).NettedEURPerKWh; got != 0 {
			t.Errorf("%s without net metering nets %.9f EUR/kWh", c.contract.Name, got)
		}
	}
}
