// Package dispatch finds the cheapest way to charge and discharge one car
// during one plug-in session, exactly and without a general LP solver.
//
// # The problem
//
// A session has steps t = 1..n of h hours. At step t the home without the car
// takes net_t kW (load less solar, negative when it feeds in), energy costs
// import_t and earns export_t EUR/kWh. The decision is c_t and d_t >= 0, the
// charge and discharge power in kW at the meter side of the charger:
//
//	minimise   sum_t import_t*g_t - export_t*e_t + wear*h*d_t
//	                 + extra*max(0, g_t - h*threshold_t)          [EUR]
//	with       g_t - e_t = h*(net_t + c_t - d_t),  g_t, e_t >= 0  [kWh]
//	           s_t = s_{t-1} + h*eta_c*c_t - h*d_t/eta_d          [kWh]
//	           s_min <= s_t <= s_max,  s_0 = start,  s_n = end
//	           c_t/P_c + d_t/P_d <= 1   (one inverter: it may split a step
//	                                     in time, never do both at once)
//	           -export_limit_t <= net_t + c_t - d_t <= import_limit_t
//
// Smart adds d_t = 0 and V2H adds d_t <= max(0, net_t). Where the home alone
// is already beyond a connection limit, the limit of that step is the home's
// own net load: the car then makes nothing worse. [Schedule.BentSteps] counts
// those steps.
//
// Wear and the threshold are 0 unless given. Both serve ties between sessions: a cap on
// what is discharged in a year is a price on it, added to wear; a price of the highest
// power of a month is a search for that power, above which energy is made dearer, and
// [Schedule.ThresholdEURPerKW] says where to.
//
// # The method
//
// The cost of one step as a function of the change in stored energy x,
// f_t(x) = min over c, d, is convex and piecewise linear with at most a
// handful of pieces (step.go derives them). So the cheapest cost W_t(s) of
// reaching s at the end of step t is convex and piecewise linear too:
//
//	W_t(s) = min_x W_{t-1}(s-x) + f_t(x),   cut to [s_min, s_max]
//
// W_t is kept as its sorted list of (slope, width) pieces. Steps after each other whose
// pieces have the same slopes, such as the quarters of an hour with one price, are a run
// and solved as one step: energy charged in one and discharged in another of them brings
// nothing, and what all together charge, or discharge, can be spread over them within the
// battery's bounds. A run inserts its few pieces into that list and cuts both ends;
// nothing else of W_t is stored but the two slopes at which the cuts were made. For the
// sessions of a [Year] each slope has a place of its own, and nothing is searched.
//
// Those two are enough to walk back. The marginal value of stored energy mu_t,
// the multiplier of the storage equation, is constant between moments at which
// the battery is full or empty, and
//
//	mu_t = clamp(mu_{t+1}, slope cut at the empty end, slope cut at the full end)
//
// (the same clamping that solves total-variation problems in one dimension: the
// dual of storage is a fused lasso; see Papers). A step charges where it is cheaper
// than mu_t, discharges where it earns more, and is free where it ties; the
// ties are filled forward in time. The result satisfies the optimality
// conditions of the linear programme, and [Certify] checks that independently
// for any schedule: its duality gap is the proof.
//
// # Not knowing when the car leaves
//
// A session whose end is not known has a [Departure]: h_t, the chance that a car that
// is still there at the start of step t leaves then, and pen(s), what it costs to leave
// with s stored. [Policy] finds the lowest expected cost from every step and every
// stored energy on,
//
//	V_t(s) = h_t*pen(s) + (1-h_t) * min_x [f_t(x) + V_{t+1}(s+x)],   V_n(s) = pen(s)
//
// by the same lists of pieces, backward in time. It keeps U_t = V_t times the chance
// to be there until t, S_t after the departures of t:
//
//	U_t(s) = (S_{t-1}-S_t)*pen(s) + min_x [S_t*f_t(x) + U_{t+1}(s+x)]
//
// A step inserts the pieces of S_t*f_t(-x) and cuts both ends, as without departures.
// The penalty adds a constant to all slopes between two of its kinks: so the list is
// kept in spans, one between any two kinks, each with one number that is added to all
// its slopes. The pieces that a step inserts push others across the kinks; only those
// are touched, and no order changes, as the penalty is convex.
//
// What is remembered of a step is what stored energy is worth after it, -U_{t+1}'/S_t.
// A step then uses a piece of f_t for as long as stored energy is worth more than the
// piece costs: thresholds in stored energy, one a piece, which also answer a net load
// that turns out other than was planned for ([Policy.Move]). While the car stays
// nothing else is learnt, so that from one start and known prices a policy follows one
// path, cut off where the car leaves ([Policy.Play]).
//
// Energy above the highest kink is worth nothing to a car that leaves: what it takes
// along is lost to the cost. The policies of 500 trees of departures equal a stochastic
// linear programme in HiGHS to 1e-12 EUR.
//
// # Losses at low power
//
// A charger that loses some power however little it moves has an efficiency that falls at
// low power; then a step's cost is not convex. [Solver.SolveIdle] solves the convex hulls
// exactly, which gives a bound, and a schedule that pays its real losses; idle.go has the
// formula. HiGHS finds the same bounds, and of small sessions the best schedule between them.
//
// # Conventions
//
// Power in kW, positive charge_kw takes from the grid; energy in kWh; money in
// EUR; the time of a step in hours. Among schedules of equal cost the solver
// always returns the same one: it charges, and discharges, as early as it can.
//
// # Accuracy and failures
//
// No iteration and no step size are involved: the cost is exact up to rounding
// (differences from an independent solver stay below 1e-9 EUR in the tests, at
// prices up to 1 EUR/kWh). Energies are consistent to 1e-9 kWh, and an end that
// is out of reach by no more than [EndToleranceKWh] counts as reached; both in
// proportion to what rounding adds up to where the steps together can move more
// than 1e5 kWh, or the battery times the steps makes more than 1e6 kWh. Input that is not a
// problem, or beyond [MaxKW] and the other bounds, gives an [*InputError], an end
// out of reach an [*InfeasibleError]. Every number of an answer is finite.
//
// # Time and memory
//
// A run costs the search for its few pieces in the list: n steps take n*log(n), some
// tens of ns a step for a session of an evening (docs/decisions/0034 has a table) and
// 3 us where n is 100,000, no two prices are the same and the battery is never full or
// empty.
// [Solver.SolveContext] can be stopped on the way.
//
// A [Solver] keeps scratch memory and a [Schedule] belongs to the caller; once
// both have seen the longest session, solving allocates nothing. A Solver is
// for one goroutine at a time.
//
// # Papers
//
// P.L. Davies and A. Kovac, Local extremes, runs, strings and multiresolution,
// The Annals of Statistics 29(1), 2001, 1-65: the taut string, which walks
// between two bounds as mu_t does.
//
// N.A. Johnson, A dynamic programming algorithm for the fused lasso and
// L0-segmentation, Journal of Computational and Graphical Statistics 22(2),
// 2013, 246-260, doi:10.1080/10618600.2012.681238: the forward pass that keeps a
// sorted list, cuts both ends, and clamps on the way back; for squares, where we
// have pieces.
//
// C. Lu and D.S. Hochbaum, A unified approach for a 1D generalized total
// variation problem, Mathematical Programming, 2021,
// doi:10.1007/s10107-021-01633-2: the same for any convex functions.
//
// M.U. Hashmi, A. Mukhopadhyay, A. Busic and J. Elias, Storage optimal control
// under net metering policies, arXiv:2002.01524, 2020: a battery with losses,
// a buying and a lower selling price and a net load, solved by thresholds of the
// multiplier, in time that grows with n*n.
package dispatch
