package seriesfile

import (
	"time"

	"github.com/getij/getij/internal/dataset"
)

// tooShort says what a study makes of load that is shorter than a year.
func (r *reading) tooShort(imp *Import) {
	s := imp.Series[0].Series
	if covered := s.End().Sub(s.Start); r.kind == dataset.Load && covered < 365*24*time.Hour {
		r.note("it covers %.1f days: a study refuses load of less than a whole year (365 days); import the files of a year together", covered.Hours()/24)
	}
}
