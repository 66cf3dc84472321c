"""Coordinates groups of cars as one linear programme each with HiGHS, as an independent oracle.

Reads one group a line on standard input and writes a JSON line with its lowest cost, what
is beyond the limits at its price included, and that excess: {"cost_eur", "excess_kwh"}.
The model is written from the comment of internal/coordinate, nothing taken from its code.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def solve(q):
    base, most, feed_in = np.array(q["base_kw"], float), q["most_kw"], q["most_feed_in_kw"]
    steps = len(base)
    cost, upper = [], []
    equal, equal_to, less, less_than = [], [], [], []  # rows of (column, value)

    def variable(price, most=None):
        cost.append(price)
        upper.append((0, most))
        return len(cost) - 1

    over = [variable(q["excess_eur_per_kwh"] * 0.25) for _ in range(2 * steps)]
    taken = [[] for _ in range(steps)]
    for s in q["sessions"]:
        b, k, h = s["battery"], s["charger"], s["step_minutes"] / 60
        stored = None
        n = len(s["net_load_kw"])
        for t in range(n):
            net, imp, exp = s["net_load_kw"][t], s["import_eur_per_kwh"][t], s["export_eur_per_kwh"][t]
            give = {"smart": 0, "v2h": max(0, net), "v2g": None}[s["mode"]]
            c, d = variable(0, k["charge_kw"]), variable(h * b.get("wear_eur_per_kwh", 0), k["discharge_kw"] if give is None else min(give, k["discharge_kw"]))
            g, e = variable(imp * h), variable(-exp * h)
            equal.append([(g, 1), (e, -1), (c, -1), (d, 1)])
            equal_to.append(net)
            x = variable(0)
            upper[x] = (b["min_kwh"], b["max_kwh"]) if t < n - 1 else (b["end_kwh"], b["end_kwh"])
            equal.append([(x, 1), (c, -h * k["charge_efficiency"]), (d, h / k["discharge_efficiency"])] + ([(stored, -1)] if t else []))
            equal_to.append(0 if t else b["start_kwh"])
            stored = x
            if k["charge_kw"] > 0 and k["discharge_kw"] > 0:
                less.append([(c, 1 / k["charge_kw"]), (d, 1 / k["discharge_kw"])])
                less_than.append(1)
            grid = s.get("grid", {})
            for limit, sign in ("import_limit_kw", 1), ("export_limit_kw", -1):
                if limit in grid:
                    less.append([(c, sign), (d, -sign)])
                    less_than.append(max(0, grid[limit] - sign * net))
            taken[s["from"] + t] += [(c, 1), (d, -1)]
    for t in range(steps):
        less.append(taken[t] + [(over[2 * t], -1)])
        less_than.append(most - base[t])
        less.append([(i, -v) for i, v in taken[t]] + [(over[2 * t + 1], -1)])
        less_than.append(feed_in + base[t])

    def matrix(rows):
        at = [(r, c, v) for r, row in enumerate(rows) for c, v in row]
        r, c, v = zip(*at)
        return coo_matrix((v, (r, c)), shape=(len(rows), len(cost))).tocsc()

    found = linprog(cost, matrix(less), less_than, matrix(equal), equal_to, upper, method="highs")
    if found.status != 0:
        return {"reason": found.message}
    return {"cost_eur": found.fun, "excess_kwh": 0.25 * sum(found.x[i] for i in over)}


for line in sys.stdin:
    if line.strip():
        print(json.dumps(solve(json.loads(line))), flush=True)
