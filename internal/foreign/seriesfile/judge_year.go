package seriesfile

import (
	"fmt"
	"math"
	"time"

	"github.com/getij/getij/internal/reference"
	"github.com/getij/getij/internal/series"
)

// knownYear is the year of which the market's prices are built in, as means by month
// and hour.
const knownYear = 2024

// sameMonth is how near the means by hour of a month are to those of the same prices,
// EUR/MWh on average: the two most alike months of 2024 are 4.0 apart, and a month whose
// rows were moved to another, of another length, stays within 2.4.
const sameMonth = 2.5

// apart is how far the means by hour of a month are from known ones.
func (m *monthShape) apart(known [24]float64) float64 {
	sum := 0.0
	for h, v := range known {
		sum += math.Abs(m.sum[h]/float64(m.n[h])-v) / 24
	}
	return sum
}

// wrongYear finds months with the prices of another month than they say: those of 2024
// are known. Of other years nothing is, but that theirs are not the same.
func (r *reading) wrongYear(s *series.Series) (refused string) {
	known, _ := reference.MonthHours()
	var moved, unlike []string
	off, months := 0.0, 0
	for _, m := range monthShapes(s) {
		for i, k := range known {
			of := time.Month(i + 1)
			if m.apart(k) > sameMonth || m.year == knownYear && m.month == of {
				continue
			}
			moved = append(moved, fmt.Sprintf("%s has those of %s %d", m.String(), of, knownYear))
		}
		if d := m.apart(known[m.month-1]); m.year == knownYear {
			if months++; d > sameMonth {
				unlike, off = append(unlike, m.month.String()), off+d
			}
		}
	}
	if len(moved) > 1 { // one may be by chance
		return fmt.Sprintf("has prices of other months than it says (%s): are its times those of another year, or were its months put together in another order?", some(moved))
	}
	if len(unlike) > 0 && (!r.areaSaid || sameArea(r.opt.Area, "NL")) {
		r.note("the prices are not those of the Dutch day-ahead market in %d in %d of %d months (%s; the means by hour are %.3g EUR/MWh off on average): are they of another area, or with a markup or taxes?", knownYear, len(unlike), months, some(unlike), off/float64(len(unlike)))
	}
	if len(unlike) == 0 && r.opt.Unit == "" {
		r.neverLow(s)
	}
	return ""
}

// A year of the market has hours of wind and sun: in 2024 the lowest price was
// -200 EUR/MWh, the mean 77. Taxes and a markup are on every hour.
const (
	lowestOfMean = 0.5
	yearOfPrices = 300 * 24 * time.Hour
)

// neverLow tells of a year whose lowest price is not low.
func (r *reading) neverLow(s *series.Series) {
	if s.End().Sub(s.Start) < yearOfPrices {
		return
	}
	least, sum := s.Values[0], 0.0
	for _, v := range s.Values {
		least, sum = min(least, v), sum+v
	}
	if mean := sum / float64(len(s.Values)); mean > 0 && least > lowestOfMean*mean {
		r.note("no price is below %.4g EUR/MWh, and the mean is %.4g: the market has low hours in every year, are these with a markup or taxes?", least, mean)
	}
}
