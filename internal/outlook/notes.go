package outlook

import (
	"fmt"
	"strings"
)

// Notes say what was imputed or mended in the regions' figures.
func (c *Changes) Notes() (out []string) {
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
