package result

import (
	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/street"
)

// What the sentences about a street are about.
const (
	AboutStreet     = "street"      // all its cases
	AboutStreetCase = "street-case" // whether it holds with one
	AboutStreetRoom = "street-room" // how many charge points fit with one
	// In which year the street first fails, of all cases and of one.
	AboutStreetYears     = "street-years"
	AboutStreetCaseYears = "street-case-years"
	// What coordination takes and gives.
	AboutStreetCoordination = "street-coordination"
)

// Verdict says in some sentences whether the street holds.
func (s *Street) Verdict() string {
	f := Findings{Findings: s.Findings()}
	text := f.Tell(AboutStreet, "", "", false)
	if years := f.Tell(AboutStreetYears, "", "", false); years != "" {
		text += " " + years
	}
	return text
}

// Findings are the sentences about the street: of all its cases, and of each by itself.
func (s *Street) Findings() []Finding {
	k := &s.Study.Street
	n := k.ChargePoints()
	bare := &s.Cases[0].Growth[0]
	var out []Finding
	add := func(about, key string, c *street.Case, numbers map[string]float64) {
		f := Finding{About: about, Key: "street." + key, Numbers: numbers}
		numbers["homes"], numbers["points"], numbers["capacity"], numbers["draws"] = float64(k.Homes), float64(n), k.CapacityKW(), float64(k.Draws)
		if c != nil {
			f.Contract, f.Mode = c.Contract, c.Mode.String()
			r := c.At(n)
			numbers["taking"], numbers["feeding"] = r.HoursBeyond.P50, r.HoursBeyondFeedIn.P50
			numbers["holding"], numbers["failing"], numbers["fit"] = 100*r.Holding, 100*(1-r.Holding), float64(c.Fit)
		}
		out = append(out, f)
	}
	if s.Study.Fleet() {
		out = append(append(s.fleetFindings(), s.yearsFindings()...), s.coordinationFindings()...)
		return told(out, s)
	}
	add(AboutStreet, "bare", nil, map[string]float64{"taken": bare.PeakKW.P50, "fed": bare.FeedInKW.P50, "holding": 100 * bare.Holding})
	hours := func(c *street.Case) float64 { r := c.At(n); return r.HoursBeyond.P50 + r.HoursBeyondFeedIn.P50 }
	worst, likeWorst := s.most(hours)
	best, likeBest := s.most(func(c *street.Case) float64 { return -hours(c) })
	fits, likeFits := s.most(func(c *street.Case) float64 { return float64(c.Fit) })
	none := func() map[string]float64 { return map[string]float64{} }
	alike := func(n int) map[string]float64 { return map[string]float64{"alike": float64(n)} }
	if hours(worst) == hours(best) {
		add(AboutStreet, "same", best, none())
	} else {
		add(AboutStreet, "longest", worst, alike(likeWorst))
		add(AboutStreet, "shortest", best, alike(likeBest))
	}
	switch fits.Fit {
	case -1:
		add(AboutStreet, "none_bare", fits, none())
	case k.Homes:
		add(AboutStreet, "all", fits, alike(likeFits))
	case 0:
		add(AboutStreet, "none", fits, none())
	default:
		add(AboutStreet, "most", fits, alike(likeFits))
	}
	for _, c := range s.Cases {
		r := c.At(n)
		key := "both"
		switch {
		case r.Holding >= 1-street.MayFail:
			key = "holds"
		case r.HoursBeyond.P50 == 0 && r.HoursBeyondFeedIn.P50 == 0:
			key = "rarely"
		case r.HoursBeyondFeedIn.P50 == 0:
			key = "taking"
		case r.HoursBeyond.P50 == 0:
			key = "feeding"
		}
		add(AboutStreetCase, key, c, none())
		key = "fits"
		switch c.Fit {
		case -1:
			key = "fits_none_bare"
		case k.Homes:
			key = "fits_all"
		case 0:
			key = "fits_none"
		}
		add(AboutStreetRoom, key, c, none())
	}
	out = append(append(out, s.yearsFindings()...), s.coordinationFindings()...)
	return told(out, s)
}

// most is the first case with the most of something, and how many others have as much:
// regular charging, which is the same under any contract, counts once.
func (s *Street) most(of func(*street.Case) float64) (first *street.Case, alike int) {
	regular := false
	for _, c := range s.Cases {
		switch {
		case first == nil || of(c) > of(first):
			first, alike, regular = c, 0, c.Mode == dispatch.Regular
		case of(c) == of(first) && !(regular && c.Mode == dispatch.Regular):
			alike, regular = alike+1, regular || c.Mode == dispatch.Regular
		}
	}
	return first, alike
}

// told fills in the sentences, which say of how many contracts and ways to charge they are.
func told(out []Finding, s *Street) []Finding {
	contracts, modes := map[string]bool{}, map[string]bool{}
	for _, c := range s.Cases {
		contracts[c.Contract], modes[c.Mode.String()] = true, true
	}
	en, nl := languages()
	en.nameRules(s.Study.Contracts)
	nl.nameRules(s.Study.Contracts)
	for i := range out {
		out[i].Numbers["contracts"], out[i].Numbers["modes"] = float64(len(contracts)), float64(len(modes))
		out[i].EN, out[i].NL = en.tell(&out[i]), nl.tell(&out[i])
	}
	return out
}
