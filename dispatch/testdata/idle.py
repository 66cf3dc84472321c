"""A charger with idle loss, solved by HiGHS through scipy, for TestIdleLoss....

Reads one problem a line (the JSON of docs/dispatch.md and idle_kw) and writes a line with
"bound", the linear programme over the convex hulls of the steps' costs, and "best", the
mixed-integer programme in which every step charges, discharges or rests. Both are written
from the formula, in other variables than the Go code's.
"""
import json
import sys

import numpy as np
from scipy.optimize import LinearConstraint, Bounds, milp


def solve(p):
    imp, exp = np.array(p["import_eur_per_kwh"]), np.array(p["export_eur_per_kwh"])
    n, h, idle = len(imp), p["step_minutes"] / 60, p["idle_kw"]
    net = np.array(p.get("net_load_kw") or [0.0] * n)
    bat, chg, grid = p["battery"], p["charger"], p.get("grid") or {}
    pc, pd, wear = chg["charge_kw"], chg["discharge_kw"], bat.get("wear_eur_per_kwh", 0.0)
    a = chg["charge_efficiency"] + (idle / pc if pc else 0)
    b = 1 / (1 / chg["discharge_efficiency"] - (idle / pd if pd else 0))
    most_c = np.minimum(pc, np.maximum(0, grid.get("import_limit_kw", 1e9) - net))
    most_d = np.minimum(pd, np.maximum(0, grid.get("export_limit_kw", 1e9) + net))
    if p["mode"] == "smart":
        most_d = 0 * most_d
    if p["mode"] == "v2h":
        most_d = np.minimum(most_d, np.maximum(0, net))

    def cost(t, kw):
        y = net[t] + kw
        return h * ((imp if y > 0 else exp)[t] * y + wear * max(0, -kw))

    def stored(kw):
        return h * (a * kw - idle if kw > 0 else kw / b - idle if kw < 0 else 0.0)

    # Over the hulls: weights of points of each step, in the order of the steps.
    points = []
    for t in range(n):
        kws = list(np.linspace(0, most_c[t], 13)) if most_c[t] > 0 else [0.0]
        kws += list(-np.linspace(0, most_d[t], 13)[1:]) if most_d[t] > 0 else []
        if -most_d[t] < -net[t] < most_c[t] and -net[t] != 0:
            kws.append(-net[t])
        points.append([(stored(k), cost(t, k)) for k in kws] + [(-h * idle, cost(t, 0))])
    m = sum(map(len, points))
    rows, low, high, k = [], [], [], 0
    path = np.zeros(m)
    for t in range(n):
        one = np.zeros(m)
        one[k:k + len(points[t])] = 1
        path = path.copy()
        path[k:k + len(points[t])] = [x for x, _ in points[t]]
        k += len(points[t])
        rows += [one, path]
        last = t == n - 1
        low += [1, (bat["end_kwh"] if last else bat["min_kwh"]) - bat["start_kwh"]]
        high += [1, (bat["end_kwh"] if last else bat["max_kwh"]) - bat["start_kwh"]]
    c = np.array([e for q in points for _, e in q])
    bound = milp(c, constraints=LinearConstraint(np.array(rows), low, high), bounds=Bounds(0, 1))

    # Every step one thing: c, d, g, e, s, whether it charges or discharges, and
    # for how much of the step it is on without either.
    C, D, G, E, S, Z, Y, W = (np.arange(n) + i * n for i in range(8))
    A, lo, hi = [], [], []

    def row(terms, least, most):
        r = np.zeros(8 * n)
        for j, v in terms:
            r[j] += v
        A.append(r), lo.append(least), hi.append(most)

    for t in range(n):
        row([(G[t], 1), (E[t], -1), (C[t], -h), (D[t], h)], net[t] * h, net[t] * h)
        before = [(S[t - 1], -1)] if t else []
        start = 0 if t else bat["start_kwh"]
        row([(S[t], 1), (C[t], -h * a), (Z[t], h * idle), (D[t], h / b), (Y[t], h * idle), (W[t], h * idle)] + before, start, start)
        row([(C[t], 1), (Z[t], -most_c[t])], -np.inf, 0)
        row([(D[t], 1), (Y[t], -most_d[t])], -np.inf, 0)
        row([(Z[t], 1), (Y[t], 1), (W[t], 1)], 0, 1)
    big = 1e4
    # A meter runs one way: with import >= export it needs no binary.
    ub = np.concatenate([most_c, most_d, np.full(n, big), np.full(n, big), np.full(n, bat["max_kwh"]), np.ones(3 * n)])
    lb = np.zeros(8 * n)
    lb[S], lb[S[-1]], ub[S[-1]] = bat["min_kwh"], bat["end_kwh"], bat["end_kwh"]
    obj = np.concatenate([np.zeros(n), np.full(n, wear * h), imp, -exp, np.zeros(4 * n)])
    whole = np.concatenate([np.zeros(5 * n), np.ones(2 * n), np.zeros(n)])
    best = milp(obj, constraints=LinearConstraint(np.array(A), lo, hi), bounds=Bounds(lb, ub), integrality=whole,
                options={"mip_rel_gap": 1e-9})
    return {"bound": bound.fun if bound.status == 0 else None, "best": best.fun if best.status == 0 else None}


for line in sys.stdin:
    print(json.dumps(solve(json.loads(line))), flush=True)
