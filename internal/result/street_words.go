package result

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getij/getij/dispatch"
	"github.com/getij/getij/internal/assume"
)

// CaseName is a case's, with the rule that decides most of what feeding in pays.
func (s *Street) CaseName(contract string, mode dispatch.Mode) string {
	if mode == dispatch.Regular { // the same under any contract
		return "regular charging"
	}
	netting := "without net metering"
	if s.NetMetering(contract) {
		netting = "with net metering"
	}
	way := "smart charging"
	if mode != dispatch.Smart {
		way = strings.ToUpper(mode.String())
	}
	return fmt.Sprintf("%s under the contract %s, %s", way, contract, netting)
}

// NetMetering says whether a contract of the street has it.
func (s *Street) NetMetering(contract string) bool { return netMetering(s.Study, contract) }

// NetMetering says whether a contract of the study has it.
func (r *Result) NetMetering(contract string) bool { return netMetering(r.Study, contract) }

func netMetering(s *assume.Study, contract string) bool {
	return slices.ContainsFunc(s.Contracts, func(k assume.Contract) bool { return k.Name == contract && k.NetMetering })
}

// Title says which street it is.
func (s *Street) Title() string {
	k := &s.Study.Street
	if s.Study.Fleet() {
		return fmt.Sprintf("%s: a fleet of %s behind %s kW in both directions, %d", s.Study.Name, many(k.ChargePoints(), "vehicle"), s.capacityKW(), s.Axis.Year)
	}
	return fmt.Sprintf("%s: a street of %s, %d with a charge point, %s kW in both directions, %d", s.Study.Name, many(k.Homes, "home"), k.ChargePoints(), s.capacityKW(), s.Axis.Year)
}

// capacityKW is what the street can carry, to a tenth of a kW.
func (s *Street) capacityKW() string {
	return fmt.Sprint(math.Round(10*s.Study.Street.CapacityKW()) / 10)
}

func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
