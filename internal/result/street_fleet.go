package result

import "github.com/getij/getij/internal/street"

// fleetFindings are the sentences about a street that is vehicles behind one connection.
func (s *Street) fleetFindings() (out []Finding) {
	k := &s.Study.Street
	n := k.ChargePoints()
	add := func(about, key string, c *street.Case, alike int) {
		r := c.At(n)
		out = append(out, Finding{About: about, Key: "fleet." + key, Contract: c.Contract, Mode: c.Mode.String(), Numbers: map[string]float64{
			"vehicles": float64(n), "capacity": k.CapacityKW(), "draws": float64(k.Draws), "plugged": 100 * s.Manifest.PluggedEvening,
			"taken": r.PeakKW.P50, "taken_each": r.PeakKW.P50 / float64(n), "taken_share": 100 * r.PeakKW.P50 / k.CapacityKW(),
			"fed": r.FeedInKW.P50, "fed_low": r.FeedInKW.P5, "fed_high": r.FeedInKW.P95, "fed_each": r.FeedInKW.P50 / float64(n), "fed_share": 100 * r.FeedInKW.P50 / k.CapacityKW(),
			"taking": r.HoursBeyond.P50, "feeding": r.HoursBeyondFeedIn.P50, "holding": 100 * r.Holding, "failing": 100 * (1 - r.Holding), "fit": float64(c.Fit), "alike": float64(alike),
		}})
	}
	takes, likeTakes := s.most(func(c *street.Case) float64 { return c.At(n).PeakKW.P50 })
	feeds, likeFeeds := s.most(func(c *street.Case) float64 { return c.At(n).FeedInKW.P50 })
	least, likeLeast := s.most(func(c *street.Case) float64 { return -float64(c.Fit) })
	add(AboutStreet, "takes", takes, likeTakes)
	if feeds.At(n).FeedInKW.P50 > 0 {
		add(AboutStreet, "feeds", feeds, likeFeeds)
	}
	if least.Fit >= n {
		add(AboutStreet, "all", least, 0)
	} else {
		add(AboutStreet, "least", least, likeLeast)
	}
	for _, c := range s.Cases {
		key := "holds"
		if c.At(n).Fails() {
			key = "beyond"
		}
		add(AboutStreetCase, key, c, 0)
		add(AboutStreetRoom, "fits", c, 0)
	}
	return out
}

// about is a sentence's key: of vehicles where the street is a fleet.
func (s *Street) about(key string) string {
	if s.Study.Fleet() {
		return "fleet." + key
	}
	return "street." + key
}
