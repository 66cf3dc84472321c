package study

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getij/getij/internal/assume"
	"github.com/getij/getij/internal/potential"
	"github.com/getij/getij/internal/region"
	"github.com/getij/getij/internal/result"
)

// notes are what a reader of the results must know, in a sentence each: what is
// synthetic, and what was mended or cut.
func (r *workbench) notes() []string {
	var out []string
	if note := r.Manifest.SyntheticNote(); note != "" {
		out = append(out, note+" (set data.* in a study file to use your own)")
	}
	for _, in := range r.Manifest.Inputs {
		for _, n := range in.Notes {
			if in.Kind != "regions" || in.File != assume.Reference && in.File != assume.Schematic {
				out = append(out, in.File+": "+n)
			}
		}
		for _, m := range in.Mends {
			out = append(out, fmt.Sprintf("%s: %s, %d times (%s)", in.File, m.What, m.Count, m.Where[0]))
		}
	}
	if note := r.Study.Prices.Note(); note != "" {
		out = append(out, note)
	}
	if note := rewardNote(r.Study); note != "" {
		out = append(out, note)
	}
	for i := range r.Study.Contracts {
		if note := r.Study.Contracts[i].RulesNote(); note != "" {
			out = append(out, note)
		}
	}
	c := r.Manifest.Changes
	share := func(n int, kwh float64) string {
		return fmt.Sprintf("%d of %d sessions, %.1f %% of their energy", n, c.SessionsTotal, 100*kwh/c.SessionsTotalKWh)
	}
	if missing := 1 - c.SessionsTotalKWh/r.askedKWh; r.askedKWh > 0 && missing > 0.001 { // less is rounding
		homes := float64(r.Study.Homes)
		out = append(out, fmt.Sprintf("cars need %.0f kWh a year of their own charge points on average, and their sessions bring %.0f at most: %.1f %% is missing from this study; more behaviour.sessions_per_week, or a larger battery, charger or connection would bring it", r.askedKWh/homes, c.SessionsTotalKWh/homes, 100*missing))
	}
	if c.SessionsCutBattery > 0 {
		out = append(out, "sessions took more than the battery holds from empty to its charge at departure and were cut to it: "+share(c.SessionsCutBattery, c.SessionsCutBatteryKWh))
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
	if !slices.Contains(r.Study.Modes, "regular") {
		out = append(out, "the study has no mode regular, which savings and peaks are held against: add it to modes to have them")
	}
	if r.regional != nil {
		if r.Study.Potential.KWPerChargePoint.Rule == potential.Computed && !slices.Contains(r.Study.Modes, "v2g") {
			out = append(out, "the study has no mode v2g, so nothing is fed in: add it to modes, or set potential.kw_per_charge_point to report or a number of kW")
		}
		if n := r.Study.Homes; n < result.LeastHomes {
			out = append(out, fmt.Sprintf("regions count all their cars as the mean of the study's homes, which are only %d: %d or more give a steadier mean", n, result.LeastHomes))
		}
		out = append(out, r.regional.notes()...)
	}
	return out
}

// notes say what was imputed or mended in the regions' figures.
func (g *regional) notes() (out []string) {
	if g.Schematic {
		out = append(out, "the map is schematic: gemeenten are real with their figures of 2023, their outlines are not (set data.regions to the CBS file for real ones and for wijken and buurten, docs/data.md)")
	}
	for i := range g.Set.Len() {
		if region.Invented(g.Set.At(i).Code) {
			out = append(out, "wijken and buurten are invented: they exist nowhere, and share out the figures of their gemeente by rules of our own")
			break
		}
	}
	c := &g.forecast.Changes
	add := func(n int, format string, args ...any) {
		if n > 0 {
			out = append(out, fmt.Sprintf("regions: %d ", n)+fmt.Sprintf(format, args...))
		}
	}
	add(c.NothingKnown, "with neither dwellings nor households, counted as empty")
	add(c.NoDwellings, "without a number of dwellings: taken from their households and the dwellings per household of their gemeente in 2023, else of the country")
	add(c.NoTypes, "without dwelling types: driveways and household use follow the mix of their gemeente in 2023, else of the country, whose use is the mean")
	add(c.TooFewTypes, "with dwelling types for far fewer dwellings than households: scaled up to the households")
	add(c.NoCars, "without a number of cars: taken from the cars per household of their gemeente in 2023, else of similar gemeenten")
	add(c.NoVans, "without a number of vans: taken from the vans per household of their gemeente in 2023, else of similar gemeenten")
	add(c.Driveways, "with more driveways than dwellings: held to their dwellings")
	add(c.SmallLeaseCars, "with far more cars per household than similar gemeenten, as where leasing companies register: held to what is usual, the rest of their gemeente gets the difference")
	add(c.SmallLeaseVans, "with far more vans per household than similar gemeenten: held to what is usual, the rest of their gemeente gets the difference")
	if len(c.LeaseCars) > 0 {
		out = append(out, "leasing companies register cars in "+strings.Join(c.LeaseCars, ", ")+": the number of similar gemeenten is used there")
	}
	if len(c.LeaseVans) > 0 {
		out = append(out, "leasing companies register vans in "+strings.Join(c.LeaseVans, ", ")+": the number of similar gemeenten is used there")
	}
	return out
}
