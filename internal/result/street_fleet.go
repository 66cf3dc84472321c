package result

import "github.com/getij/getij/internal/street"

// fleetFindings are the sentences about a street that is vehicles behind one connection.
func (s *Street) fleetFindings() (out []Finding) {
	k := &s.Study.Street
	n := k.ChargePoints()
	add := func(about, key string, c *street.Case) {
		r := c.At(n)
		out = append(out, Finding{About: about, Key: "fleet." + key, Contract: c.Contract, Mode: c.Mode.String(), Numbers: map[string]float64{
			"vehicles": float64(n), "capacity": k.CapacityKW(), "draws": float64(k.Draws), "plugged": 100 * s.Manifest.PluggedEvening,
			"taken": r.PeakKW.P50, "taken_each": r.PeakKW.P50 / float64(n), "taken_share": 100 * r.PeakKW.P50 / k.CapacityKW(),
			"fed": r.FeedInKW.P50, "fed_low": r.FeedInKW.P5, "fed_high": r.FeedInKW.P95, "fed_each": r.FeedInKW.P50 / float64(n), "fed_share": 100 * r.FeedInKW.P50 / k.CapacityKW(),
			"taking": r.HoursBeyond.P50, "feeding": r.HoursBeyondFeedIn.P50, "holding": 100 * r.Holding, "failing": 100 * (1 - r.Holding), "fit": float64(c.Fit),
		}})
	}
	takes, feeds, least := s.Cases[0], s.Cases[0], s.Cases[0]
	for _, c := range s.Cases {
		if c.At(n).PeakKW.P50 > takes.At(n).PeakKW.P50 {
			takes = c
		}
		if c.At(n).FeedInKW.P50 > feeds.At(n).FeedInKW.P50 {
			feeds = c
		}
		if c.Fit < least.Fit {
			least = c
		}
	}
	add(AboutStreet, "takes", takes)
	if feeds.At(n).FeedInKW.P50 > 0 {
		add(AboutStreet, "feeds", feeds)
	}
	if least.Fit >= n {
		add(AboutStreet, "all", least)
	} else {
		add(AboutStreet, "least", least)
	}
	for _, c := range s.Cases {
		key := "holds"
		if c.At(n).Fails() {
			key = "beyond"
		}
		add(AboutStreetCase, key, c)
		add(AboutStreetRoom, "fits", c)
	}
	return out
}
