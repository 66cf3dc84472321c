package assume_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getij/getij/internal/assume"
)

// withoutUnit are the keys that are names, choices or counts of themselves, and
// withoutSource those that are the user's own to choose.
var (
	withoutUnit = []string{
		"study", "year", "seed", "behaviour.plug_in", "foresight", "departure.knowledge", "modes", "contracts.name", "contracts.kind", "contracts.preset", "contracts.net_metering", "contracts.vat_on_export",
		"contracts.energy_tax_refund_on_storage", "contracts.grid_tariff_on_export",
		"outlook.scenario", "outlook.charge_points", "potential.year", "potential.contract", "potential.season", "street.region", "street.dwelling", "street.coordinate",
	}
	withoutSource = []string{"study", "year", "seed", "contracts.name", "outlook.charge_points", "potential.contract", "potential.season", "street.region", "street.dwelling", "street.coordinate"}
)

func TestEveryAssumptionHasAUnitABoundAndASource(t *testing.T) {
	for _, a := range assume.Assumptions() {
		if a.Description == "" || a.DescriptionNL == "" || a.Description == a.DescriptionNL {
			t.Errorf("%s has no description", a.Key)
		}
		input := strings.HasPrefix(a.Key, "data.") // the manifest has the source of each
		if (a.Unit == "") != (input || slices.Contains(withoutUnit, a.Key)) {
			t.Errorf("%s has the unit %q", a.Key, a.Unit)
		}
		if (a.Source == "") != (input || slices.Contains(withoutSource, a.Key)) {
			t.Errorf("%s has the source %q", a.Key, a.Source)
		}
		if (a.Least == nil) != (a.Most == nil) || a.Least != nil && !(*a.Least < *a.Most) {
			t.Errorf("%s has a bound on one side, or none between: %v, %v", a.Key, a.Least, a.Most)
		}
	}
}
