package study

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/inputs"
	"github.com/getij/getij/internal/street"
)

// streetYears are the years of the outlook, with what the street has in each.
func (r *workbench) streetYears(ctx context.Context) ([]street.Year, error) {
	s, k := r.Study, &r.Study.Street
	if s.Fleet() && len(k.ChargePointShares) == 0 {
		return nil, nil // the outlook is of homes
	}
	points := func(year int) (float64, error) { return k.ShareIn(year, k.ChargePointShares, 0), nil }
	if len(k.ChargePointShares) == 0 {
		var err error
		if points, err = r.outlookPoints(ctx); err != nil {
			return nil, err
		}
	}
	var out []street.Year
	for _, year := range k.EachYear() {
		share, err := points(year)
		if err != nil {
			return nil, err
		}
		y := street.Year{Year: year, ChargePoints: int(math.Round(min(share, 1) * float64(k.Homes)))}
		y.Solar, y.HeatPump = k.ShareIn(year, k.SolarShares, k.SolarShare), k.ShareIn(year, k.HeatPumpShares, k.HeatPumpShare)
		y.Has = inputs.HasOf(s.Seed, s.Homes, y.Shares)
		out = append(out, y)
	}
	return out, nil
}

// outlookPoints are the home charge points per dwelling of the street's region by year: of
// all its dwellings, or of those of the street's type, which have one as often as others
// where they have a driveway.
func (r *workbench) outlookPoints(ctx context.Context) (func(year int) (float64, error), error) {
	k := &r.Study.Street
	regions, f, err := r.readForecast(ctx)
	if err != nil {
		return nil, err
	}
	at, ok := regions.Set.Index(k.Region)
	if !ok {
		return nil, r.noRegion(regions)
	}
	h := &f.Base.Homes[at]
	perPoint := 1 / h.Dwellings
	if driveways := r.Study.DrivewayShare(); !math.IsNaN(driveways) {
		perPoint = driveways / h.WithDriveway
	}
	if math.IsNaN(perPoint) || math.IsInf(perPoint, 0) {
		return nil, &assume.ValueError{Key: "street.region", Value: k.Region, Want: fmt.Sprintf("a region with dwellings that have a driveway was expected: this one has %.0f of %.0f", h.WithDriveway, h.Dwellings)}
	}
	of := regions.Set.At(at).Name
	if k.Dwelling != assume.MeanDwelling {
		of = strings.ReplaceAll(k.Dwelling, "_", "-") + " dwellings in " + of
	}
	r.outlookOf = fmt.Sprintf("%s, scenario %s", of, r.Study.Outlook.Scenario)
	return func(year int) (float64, error) {
		y, err := f.Year(year, r.Study.Outlook.Scenario)
		if err != nil {
			return 0, err
		}
		return y.PointsByRegion[at] * perPoint, nil
	}, nil
}

// noRegion says that the street's region is not one of the study's, and what is near.
func (r *workbench) noRegion(regions *Regions) error {
	k := &r.Study.Street
	want := fmt.Sprintf("NL00 or the code of one of the %d regions of data.regions (%s) was expected", regions.Set.Len(), r.Study.Data.Regions)
	for i := range regions.Set.Len() {
		if x := regions.Set.At(i); strings.EqualFold(x.Name, k.Region) || strings.EqualFold(x.Code, k.Region) {
			want += fmt.Sprintf("; %s is %s", x.Name, x.Code)
			break
		}
	}
	if len(k.Region) > 2 && r.Study.Data.Regions == assume.Reference && (strings.HasPrefix(k.Region, "BU") || strings.HasPrefix(k.Region, "WK")) {
		want += ": the built-in regions end at gemeenten; name CBS's wijken and buurten under data.regions (docs/regions.md)"
	}
	return &assume.ValueError{Key: "street.region", Value: k.Region, Want: want}
}
