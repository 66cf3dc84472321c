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
// p: import and export alike, so that export stays at or below import.
//
// # The search
//
// D is raised by a proximal bundle method whose model is kept per session: each schedule
// that the solver found is a column, and the model of a session is the cheapest of its
// columns. The next price maximises model less (p-centre)^2 h/(2 stiffness); it is found
// from the dual of that, a quadratic programme in the columns' weights,
//
//	minimise  sum_i sum_k w_ik F_ik + h sum_t psi_t(sum_ik w_ik u_ik,t),   sum_k w_ik = 1
//
// with psi_t' the signal: centre_t + stiffness_t * what is beyond the limit, cut at 0 and at
// K. Weight goes from a session's dearest column to its cheapest, session after session:
// no linear algebra. The centre moves when D has risen by a tenth of what the model
// promised. As the model is the sum of thousands of small ones, some dozen rounds are enough.
//
// # The plan
//
// The weighted mean of a session's columns is a schedule of that session, as X_i is convex
// (a mean may charge for one part of a step and discharge for another, as the inverter may).
// Once the model promises little more, the weights are moved within the limits at the
// bound's signal by the method of multipliers, a hair farther than needed. The plan that is
// kept goes towards all that is found on the way, as far as that is cheaper with what is
// beyond the limits at its price: a mean of plans is one too.
//
// [Plan.GapEUR] is what plan and bound leave open. In groups that no plan keeps within the
// limits it holds what is beyond them at K, and the gap closes more slowly.
//
// Sessions are solved again only where the signal changed, and weights moved only there.
// Results do not depend on the number of processors.
package coordinate
