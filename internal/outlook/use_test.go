package outlook_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/getij/getij/internal/outlook"
	"github.com/getij/getij/internal/region"
)

// equivalentsEach are the home equivalents per dwelling of a region.
func equivalentsEach(t testing.TB, f *outlook.Forecast, code string) float64 {
	t.Helper()
	h := f.Base.Homes[at(t, f, code)]
	return h.Equivalents / h.Dwellings
}

// own is a region of the user's, in a gemeente if its code says so.
func own(code string, figures outlook.Figures) part {
	if code == "A" {
		return part{region.Region{Code: code, Level: "onderstation"}, figures}
	}
	return cbs(code, figures)
}

// The dwellings of the country use what they use, however it is shared out: each region
// by its types, all of them as much as before.
func TestHomeEquivalentsShareOutTheUseOfTheCountry(t *testing.T) {
	c, f := nederland(t), byGemeente(t)
	equivalents, dwellings := 0.0, 0.0
	for _, g := range c.Gemeenten {
		h := f.Base.Homes[at(t, f, g.Code)]
		equivalents += h.Equivalents
		dwellings += h.Dwellings
	}
	near(t, "home equivalents of all gemeenten", equivalents, dwellings, 0.001*float64(len(c.Gemeenten)))
	near(t, "those of the country", f.Base.Homes[0].Equivalents, equivalents, 1e-4)
	near(t, "Amsterdam, flats", equivalentsEach(t, f, c.byName["Amsterdam"].Code), 0.745, 0.001)
	near(t, "Borger-Odoorn, detached houses", equivalentsEach(t, f, c.byName["Borger-Odoorn"].Code), 1.319, 0.001)
}

// CBS StatLine 81528NED, 2024, which nothing here was made from: electricity delivered
// to the mean dwelling of the first gemeenten by name, against the country's 2,550 kWh.
// The types come closer to it than the same use everywhere, and within a fifth.
func TestUseByTypeIsNearWhatIsDelivered(t *testing.T) {
	c, f := nederland(t), byGemeente(t)
	off, offAlike := 0.0, 0.0
	for name, kwh := range map[string]float64{
		"Aa en Hunze": 3040, "Aalsmeer": 2810, "Aalten": 2790, "Achtkarspelen": 2690, "Alblasserdam": 2550, "Albrandswaard": 2840,
		"Alkmaar": 2260, "Almelo": 2630, "Almere": 2700, "Alphen aan den Rijn": 2580, "Alphen-Chaam": 3380, "Altena": 3030,
		"Ameland": 2880, "Amersfoort": 2440, "Amstelveen": 2490, "Amsterdam": 1890,
	} {
		got, want := equivalentsEach(t, f, c.byName[name].Code), kwh/2550
		near(t, name, got, want, 0.2)
		off += math.Abs(got-want) / 16
		offAlike += math.Abs(1-want) / 16
	}
	if off > 0.6*offAlike {
		t.Errorf("by type the use is %.3f off, the same use everywhere %.3f", off, offAlike)
	}
}

// Dwellings of one type use what that type does, scaled to the country; unknown types
// are the gemeente's mix, else the country's, which is the mean.
func TestUseFollowsTheTypesOfARegion(t *testing.T) {
	c := nederland(t)
	all := func(set func(f *outlook.Figures) *float64) outlook.Figures {
		return known(func(f *outlook.Figures) {
			f.Detached, f.SemiDetached, f.Terraced, f.Apartment = 0, 0, 0, 0
			*set(f) = 1000
		})
	}
	each := func(code string, figures outlook.Figures) float64 {
		return equivalentsEach(t, forecast(t, nil, own(code, figures)), code)
	}
	flats := each("A", all(func(f *outlook.Figures) *float64 { return &f.Apartment }))
	for _, x := range []struct {
		what string
		of   func(f *outlook.Figures) *float64
		use  float64
	}{
		{"detached", func(f *outlook.Figures) *float64 { return &f.Detached }, report.UseDetached},
		{"semi-detached and corner", func(f *outlook.Figures) *float64 { return &f.SemiDetached }, report.UseSemiDetached},
		{"terraced", func(f *outlook.Figures) *float64 { return &f.Terraced }, report.UseTerraced},
	} {
		near(t, x.what+" against flats", each("A", all(x.of))/flats, x.use/report.UseApartment, 1e-5)
	}
	alone := known(func(f *outlook.Figures) { f.Dwellings = 1000 })
	near(t, "types unknown, no gemeente", each("A", alone), 1, 1e-9)
	ams := c.byName["Amsterdam"].Code
	near(t, "types unknown, in Amsterdam", each("BU"+ams[2:]+"0101", alone), equivalentsEach(t, byGemeente(t), ams), 1e-5)
}

// Only the ratios between the types count; without any use there is no mean.
func TestOnlyRatiosOfUseCount(t *testing.T) {
	c := nederland(t)
	var codes []string
	var figures []outlook.Figures
	for _, g := range c.Gemeenten {
		codes, figures = append(codes, g.Code), append(figures, figuresOf(g.Counts))
	}
	flats := own("A", known(func(f *outlook.Figures) { f.Detached, f.SemiDetached, f.Terraced, f.Apartment = 0, 0, 0, 1000 }))
	with := func(factor float64) (float64, error) {
		a := report
		for _, use := range []*float64{&a.UseDetached, &a.UseSemiDetached, &a.UseTerraced, &a.UseApartment} {
			*use *= factor
		}
		n, err := outlook.NewNational(codes, figures, &a)
		if err != nil {
			return 0, err
		}
		f, err := outlook.New(forecast(t, nil, flats).Set, []outlook.Figures{outlook.Unknown(), flats.figures}, n, &a, nil)
		if err != nil {
			return 0, err
		}
		return f.Base.Homes[0].Equivalents, nil
	}
	as, err := with(1)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := with(2)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "1,000 flats, all uses doubled", twice, as, 1e-9)
	if _, err := with(0); fmt.Sprint(err) != "household use by dwelling type is [0 0 0 0] for detached, semi-detached and corner, terraced and apartments: above 0 was expected" {
		t.Errorf("got %v", err)
	}
}
