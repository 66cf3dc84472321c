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
// e_t is what cannot be kept within; K is so dear, EUR 10 per kWh or four times what
// discharging a kWh and charging it again can cost, that the fewest kWh beyond the limits
// come first, and then the lowest cost. A kWh that would cost more than K to avoid, as by
// charging and discharging for the losses of it, is let be. Where base_t is beyond a limit itself, cars relieve it as far as they can: by what they give or, where
// too much is fed in, take.
//
// # The bound
//
// For any price p_t in [-K, K] on top of the tariff, with up_t and down_t what the limits
// leave to the cars, below 0 where these must relieve the homes,
//
//	D(p) = sum_i min_x [F_i(x) + h sum_t p_t u_i,t(x)] - h sum_t (max(p_t,0) up_t + max(-p_t,0) down_t)
//
// is at most the optimum. The inner minima are the sessions one by one, at prices moved by
// p: import and export alike, so that export stays at or below import. [dispatch] finds
// them; nothing of the search below is trusted.
//
// # The search
//
// Plan and price are found together by package tied. Parts of the year that share no
// session are searched by themselves. Sessions that have no choice, or that no limit can
// concern, keep what they do alone.
//
// [Plan.GapEUR] is what plan and bound leave open, excess at its price. Results do not
// depend on the number of processors.
package coordinate
