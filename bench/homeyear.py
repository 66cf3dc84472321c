"""Solves homes' years as one linear programme each with HiGHS, as an independent oracle.

Reads one year a line on standard input and writes a JSON line with its lowest cost, wear
included: {"cost_eur"}. All ties between sessions are in it: net metering settled on what
is taken less what is fed in, a cap on what is discharged, a price of each month's highest
import. The model is written from docs/method.md, nothing taken from the Go code.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def solve(y):
    tiers = y.get("feed_in_tiers") or [[0.0, 0.0, 0.0]]
    ends = [t[0] for t in tiers[1:]] + [np.inf]
    costs = [lowest(y, limit, end, tiers) + band + tier[2]
             for limit, band in y.get("bands") or [[np.inf, 0.0]] for tier, end in zip(tiers, ends)]
    return min(costs)


def lowest(y, limit_kw, fed_in_to_kwh, tiers):
    """The lowest cost with import up to limit_kw and a year's feed-in up to
    fed_in_to_kwh, fees a year left out; infinite where that cannot be."""
    h = 0.25
    imp, exp, net, month = (np.array(y[k], float) for k in ("import_eur_per_kwh", "export_eur_per_kwh", "net_kw", "month"))
    month = month.astype(int) - 1
    steps, tax, k = len(imp), y["netted_eur_per_kwh"], y["power_eur_per_kw_month"]
    t = np.concatenate([np.arange(s["arrive"], s["depart"]) for s in y["sessions"]])
    count = [s["depart"] - s["arrive"] for s in y["sessions"]]
    n, i = len(t), np.arange(len(t))
    first = np.cumsum([0] + count[:-1])
    last = first + count - 1
    g, e, c, d, s, z, p = i, n + i, 2 * n + i, 3 * n + i, 4 * n + i, 5 * n, 5 * n + 1 + np.arange(12)
    fee = 5 * n + 13
    size = 5 * n + 14
    away = np.ones(steps, bool)
    away[t] = False
    alone = h * net[away]
    if alone.max(initial=0) > h * limit_kw + 1e-9:
        return np.inf

    rows, cols, vals, right = [], [], [], []

    def add(terms, b):
        at = len(right)
        m = len(b)
        for col, v in terms:
            rows.append(at + np.arange(m))
            cols.append(np.broadcast_to(col, m))
            vals.append(np.broadcast_to(v, m))
        right.extend(b)

    def matrix():
        out = coo_matrix((np.concatenate(vals), (np.concatenate(rows), np.concatenate(cols))), shape=(len(right), size)).tocsc(), np.array(right, float)
        for part in rows, cols, vals, right:
            part.clear()
        return out

    eta = y["one_way_efficiency"]
    add([(g, 1.0), (e, -1.0), (c, -h), (d, h)], h * net[t])
    inner = np.setdiff1d(i, first)
    add([(s[first], 1.0), (c[first], -h * eta), (d[first], h / eta)], np.array([x["start_kwh"] for x in y["sessions"]]))
    if len(inner):
        add([(s[inner], 1.0), (s[inner - 1], -1.0), (c[inner], -h * eta), (d[inner], h / eta)], np.zeros(len(inner)))
    a_eq, b_eq = matrix()

    pc, pd, limit = y["charge_kw"], y["discharge_kw"], y["connection_kw"]
    if pc > 0 and pd > 0:
        add([(c, 1 / pc), (d, 1 / pd)], np.ones(n))
    add([(c, 1.0), (d, -1.0)], np.maximum(0, limit - net[t]))
    add([(c, -1.0), (d, 1.0)], np.maximum(0, limit + net[t]))
    add([(c, 1.0), (d, -1.0), (p[month[t]], -1.0)], -net[t])  # a month's highest import
    for j in range(n):
        rows.append(np.array([len(right)])), cols.append(np.array([g[j]])), vals.append(np.array([1.0]))
        rows.append(np.array([len(right)])), cols.append(np.array([e[j]])), vals.append(np.array([-1.0]))
    rows.append(np.array([len(right)])), cols.append(np.array([z])), vals.append(np.array([-1.0]))
    right.append(-alone.sum())
    if y["most_discharged_kwh"] is not None:
        for j in range(n):
            rows.append(np.array([len(right)])), cols.append(np.array([d[j]])), vals.append(np.array([h]))
        right.append(y["most_discharged_kwh"])
    solar = -alone[alone < 0].sum()  # fed in while the car is away
    before = 0.0
    for i_tier, (start, price, _) in enumerate(tiers):  # the fee lies on or above each tier's line
        if i_tier:
            before += tiers[i_tier - 1][1] * (start - tiers[i_tier - 1][0])
        for j in range(n):
            rows.append(np.array([len(right)])), cols.append(np.array([e[j]])), vals.append(np.array([price]))
        rows.append(np.array([len(right)])), cols.append(np.array([fee])), vals.append(np.array([-1.0]))
        right.append(price * (start - solar) - before)
    if np.isfinite(fed_in_to_kwh):
        for j in range(n):
            rows.append(np.array([len(right)])), cols.append(np.array([e[j]])), vals.append(np.array([1.0]))
        right.append(fed_in_to_kwh - solar)
    a_ub, b_ub = matrix()

    low, high = np.zeros(size), np.full(size, np.inf)
    high[g] = h * limit_kw
    high[c] = pc
    high[d] = {"smart": 0.0, "v2h": np.minimum(pd, np.maximum(0, net[t])), "v2g": pd}[y["mode"]]
    low[s], high[s] = np.repeat([x["least_kwh"] for x in y["sessions"]], count), y["battery_kwh"]
    low[s[last]] = high[s[last]] = y["end_kwh"]
    for m in range(12):
        low[p[m]] = max(0.0, net[away & (month == m)].max(initial=0.0))
    cost = np.concatenate([imp[t] - tax, tax - exp[t], np.zeros(n), np.full(n, h * y["wear_eur_per_kwh"]), np.zeros(n), [tax], np.full(12, k), [1.0]])
    r = linprog(cost, a_ub, b_ub, a_eq, b_eq, np.column_stack([low, high]), method="highs-ds",
                options=dict(primal_feasibility_tolerance=1e-10, dual_feasibility_tolerance=1e-10))
    if r.status == 2:
        return np.inf
    if r.status != 0:
        raise SystemExit(f"HiGHS: {r.message}")
    return r.fun + np.where(alone > 0, (imp[away] - tax) * alone, (exp[away] - tax) * alone).sum()


for line in sys.stdin:
    print(json.dumps({"cost_eur": solve(json.loads(line))}))
