// Package coordinate finds the cheapest schedules of many cars whose homes share one
// transformer or cable, within what that can carry in both directions, and proves how
// good they are.
//
// What enters: the sessions of all cars as problems of package dispatch, the load of the
// group without cars, and its limits. What leaves: a schedule for every session, a lower
// bound on what any such plan costs, and the price on top of the tariff at which that
// bound was found. Power in kW, positive is taken from the grid; money in EUR.
//
// # The problem
//
// Session i has a convex set X_i of schedules x and costs F_i(x) EUR, which [dispatch]
// minimises exactly; u_i,t(x) is its car's power. With base_t the load without cars:
//
//	minimise    sum_i F_i(x_i) + K h sum_t e_t,   e_t >= 0
//	with        -feed-in limit - e_t <= base_t + sum_i u_i,t <= limit + e_t
//
// Where base_t is beyond a limit itself, the limit is base_t: what the homes do is not the
// cars' fault, and they make nothing worse. e_t is what cannot be kept within at all; K is
// so dear, EUR 10 per kWh, that it is used only there.
//
// # The bound
//
// For any price p_t in [-K, K] on top of the tariff, with up_t and down_t what the limits
// leave to the cars,
//
//	D(p) = sum_i min_x [F_i(x) + h sum_t p_t u_i,t(x)] - h sum_t (max(p_t,0) up_t + max(-p_t,0) down_t)
//
// is at most the optimum. The inner minima are the sessions one by one, at prices moved by
// p: import and export alike, so that export stays at or below import. [dispatch] finds
// them; nothing of the search below is trusted.
//
// # The search
//
// Plan and price are found together, by an interior-point method for the linear programme
// of all sessions (Mehrotra's predictor and corrector). Every limit has a slack and a
// price, whose product goes to 0 for all alike; a round is one Newton step. What makes it
// fast is that its equations fall apart:
//
//   - A step's charge c and discharge d have a Hessian Q of two by two, from the slacks and
//     prices of c >= 0, d >= 0, the inverter, the connection and the meter's kink. What
//     they would do at a price of power and a worth mu_t of what is stored follows from it.
//
//   - A session's steps are a chain. What is stored after step t can move by e_t per unit
//     of its worth, with Theta_t the pull of a battery that is nearly full or empty:
//
//     e_{t+1} = b'Q^-1 b + e_t / (1 + Theta_t e_t)
//
//     forward, and the moves themselves backward. All terms are positive: nothing cancels.
//
//   - Only the price of power ties sessions. How a session's power falls as prices rise has
//     a closed form over pairs of its steps, the same recursion; summed over the sessions
//     it is a matrix with a row for every step in which a limit can bind, and no wider than
//     the longest session. Its Cholesky factor gives the step of all prices.
//
// So a round costs a pass over all sessions and one banded factorisation, in proportion to
// the number of cars, and some 10 to 35 rounds are enough whatever their number. Parts of
// the year that share no session are searched by themselves. Sessions that have no choice,
// or that no limit can concern, keep what they do alone.
//
// The plan is the middle of all that are as good: where many schedules cost the same, each
// car does a little of each.
//
// [Plan.GapEUR] is what plan and bound leave open, excess at its price. Results do not
// depend on the number of processors.
//
// # Two storages behind one meter
//
// A home's battery and its car are tied by the meter: what both take is paid for with the
// home's own load, at the import price above nothing and the export price below. That is
// the same search with another tie: the price of power behind the meter lies between export
// and import, and says on which side of nothing the home is. At that price battery and car
// are solved by themselves for the bound ([SolveMeter]). Where no car is plugged in, the
// battery has the tariff itself. A battery chains the whole year, so it is planned in windows
// of days that look ahead further than they decide; the gap says what that misses.
//
// # Papers
//
// S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM Journal
// on Optimization 2(4), 1992, 575-601, doi:10.1137/0802028.
package coordinate
