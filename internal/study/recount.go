package study

import (
	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/outlook"
)

// Outlook is the forecast of regions that are read already, under the assumptions of a
// study; its own charge points have no part in it.
func (r *Regions) Outlook(s *assume.Study) (*outlook.Forecast, error) {
	a := outlookAssumptions(s)
	n, err := national(a)
	if err != nil {
		return nil, err
	}
	return outlook.New(r.Set, r.Figures, n, a, nil)
}
