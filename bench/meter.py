"""Plans homes with a battery and a car behind one meter as one linear programme each with HiGHS.

Reads one home a line on standard input and writes a JSON line with its lowest cost:
{"cost_eur"}. The model is written from the comment of internal/tied's Meter, nothing
taken from its code.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def solve(q):
    h, net = q["step_hours"], q["net_kw"]
    n = len(net)
    cost, upper, equal, equal_to, less, less_than = [], [], [], [], [], []

    def variable(price, low=0, high=None):
        cost.append(price)
        upper.append((low, high))
        return len(cost) - 1

    taken = [[] for _ in range(n)]

    def storage(start_step, steps, b, k, most):
        stored = None
        for t in range(steps):
            c = variable(0, 0, k["charge_kw"])
            d = variable(h * b["wear"], 0, most(start_step + t))
            less.append([(c, 1 / k["charge_kw"]), (d, 1 / k["discharge_kw"])])
            less_than.append(1)
            end = t == steps - 1
            x = variable(0, b["end"] if end else b["min"], b["end"] if end else b["max"])
            equal.append([(x, 1), (c, -h * k["charge_efficiency"]), (d, h / k["discharge_efficiency"])] + ([(stored, -1)] if t else []))
            equal_to.append(0 if t else b["start"])
            stored = x
            taken[start_step + t] += [(c, 1), (d, -1)]

    storage(0, n, q["battery"], q["charger"], lambda t: q["charger"]["discharge_kw"])
    for s in q["cars"]:
        kw = s["charger"]["discharge_kw"]
        most = {"smart": lambda t: 0, "v2h": lambda t: min(kw, max(0, net[t])), "v2g": lambda t: kw}[s["mode"]]
        storage(s["from"], s["steps"], s["battery"], s["charger"], most)
    for t in range(n):
        g = variable(h * q["import"][t], 0, max(q["connection_kw"], net[t]))
        e = variable(-h * q["export"][t], 0, max(q["connection_kw"], -net[t]))
        equal.append([(g, 1), (e, -1)] + [(i, -v) for i, v in taken[t]])
        equal_to.append(net[t])

    def matrix(rows):
        at = [(r, c, v) for r, row in enumerate(rows) for c, v in row]
        r, c, v = zip(*at)
        return coo_matrix((v, (r, c)), shape=(len(rows), len(cost))).tocsc()

    found = linprog(cost, matrix(less), less_than, matrix(equal), equal_to, upper, method="highs")
    if found.status != 0:
        return {"reason": found.message}
    return {"cost_eur": found.fun}


for line in sys.stdin:
    if line.strip():
        print(json.dumps(solve(json.loads(line))), flush=True)
