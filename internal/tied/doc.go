// Package tied plans storages that share what passes a meter, a cable or a transformer:
// their schedules and the price of power at which each would choose its own, found
// together by an interior-point search.
//
// What enters: storages, which are sessions of package dispatch with their prices, and for
// each step in which they are tied what their power together costs, a [Tie]. What leaves:
// schedules, and a price per step in EUR/kW. Power in kW, positive is taken; money in EUR.
// Nothing of the search has to be trusted: solved by itself at the price, each storage gives
// a bound on what any plan costs.
//
// # The search
//
// It is Mehrotra's predictor and corrector for the linear programme of all storages. Every
// limit has a slack and a price, whose product goes to 0 for all alike; a round is one
// Newton step. What makes it fast is that its equations fall apart:
//
//   - A step's charge c and discharge d have a Hessian Q of two by two, from the slacks and
//     prices of c >= 0, d >= 0, the inverter, the connection and the meter's kink. What
//     they would do at a price of power and a worth mu_t of what is stored follows from it.
//
//   - A storage's steps are a chain. What is stored after step t can move by e_t per unit
//     of its worth, with Theta_t the pull of a battery that is nearly full or empty:
//
//     e_{t+1} = b'Q^-1 b + e_t / (1 + Theta_t e_t)
//
//     forward, and the moves themselves backward. All terms are positive: nothing cancels.
//
//   - Only the price of power ties storages. How a storage's power falls as prices rise has
//     a closed form over pairs of its steps, the same recursion; summed over the storages
//     it is a matrix with a row for every tie, and no wider than the longest storage. Its
//     Cholesky factor gives the step of all prices.
//
// So a round costs a pass over all storages and one banded factorisation, and some 10 to 35
// rounds are enough whatever their number. The plan is the middle of all that are as good:
// where many schedules cost the same, each storage does a little of each.
//
// # Two storages behind one meter
//
// A home's battery and its car are tied by the meter: what both take is paid for with the
// home's own load, at the import price above nothing and the export price below. The price
// of power behind the meter lies between export and import, and says on which side of
// nothing the home is. At that price battery and car are solved by themselves for the bound
// ([SolveMeter]). Where no car is plugged in, the battery has the tariff itself.
//
// As a step ties two storages at most, its price is eliminated in the step, and the chain
// above is one of two by two, battery and car: a round costs time in proportion to the
// steps, and there is no matrix.
//
// A home's year is one such chain. Where rounding lets the search move no more, the best
// that it had stands, and the gap says what that leaves open. In the last rounds rounding
// spoils prices before plans: they are those of the round that left least open.
//
// # Papers
//
// S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM Journal
// on Optimization 2(4), 1992, 575-601, doi:10.1137/0802028.
package tied
