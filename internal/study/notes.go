package study

import "fmt"

// Notes are what a reader of the results must know, in a sentence each: what is
// synthetic, and what was mended or cut.
func (r *Result) Notes() []string {
	var out []string
	if note := r.SyntheticNote(); note != "" {
		out = append(out, note+" (set data.* in a study file to use your own)")
	}
	for _, in := range r.Inputs {
		for _, m := range in.Mends {
			out = append(out, fmt.Sprintf("%s: %s, %d times (%s)", in.File, m.What, m.Count, m.Where[0]))
		}
	}
	c := r.Changes
	share := func(n int, kwh float64) string {
		return fmt.Sprintf("%d of %d sessions, %.1f %% of their energy", n, c.SessionsTotal, 100*kwh/c.SessionsTotalKWh)
	}
	if c.SessionsCutBattery > 0 {
		out = append(out, "sessions took more than the battery holds between its lowest and its departure charge and were cut to it: "+share(c.SessionsCutBattery, c.SessionsCutBatteryKWh))
	}
	if c.SessionsCutTime > 0 {
		out = append(out, "sessions took more than the charger brings in their time and were cut to it: "+share(c.SessionsCutTime, c.SessionsCutTimeKWh))
	}
	if c.SessionsMovedWeeks != 0 {
		out = append(out, fmt.Sprintf("real sessions were moved by %d weeks to %d, keeping season and weekday", c.SessionsMovedWeeks, r.Study.Year))
	}
	if c.SessionsOutside > 0 {
		out = append(out, fmt.Sprintf("%d sessions fall outside %d after that and were left out", c.SessionsOutside, r.Study.Year))
	}
	if c.SessionsTooShort > 0 {
		out = append(out, fmt.Sprintf("%d sessions of less than a quarter-hour were lengthened to one", c.SessionsTooShort))
	}
	if c.HomesSharingUser > 0 {
		out = append(out, fmt.Sprintf("there are %d users for %d homes: %d homes repeat a user", c.Users, r.Study.Homes, c.HomesSharingUser))
	}
	if c.StepsBeyondConnection > 0 {
		out = append(out, fmt.Sprintf("in %d quarter-hours a home alone exceeds its connection while a car is plugged in; the limit was taken as the home's own exchange", c.StepsBeyondConnection))
	}
	return out
}
