"""Solves departures that are not known with HiGHS through scipy, as an independent oracle.

Reads one line a problem: the JSON of docs/dispatch.md with `hazard` (a chance per step)
and `penalty` (a list of [stored_kwh, eur_per_kwh]), and writes {"id", "cost_eur"} each.
A stochastic LP on the tree of departures: every departure has all variables of its own,
and equations say that two of them do the same while neither has left. Nothing is taken
from the Go code, and nothing of the recursion is used.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def solve(p):
    imp, exp, net = (np.array(p[k], dtype=float) for k in ("import_eur_per_kwh", "export_eur_per_kwh", "net_load_kw"))
    n, h = len(imp), p["step_minutes"] / 60.0
    bat, chg, mode, grid = p["battery"], p["charger"], p["mode"], p.get("grid") or {}
    eta_c, eta_d = chg["charge_efficiency"], chg["discharge_efficiency"]
    p_c, p_d = chg["charge_kw"], chg["discharge_kw"]
    most_d = {"v2g": np.full(n, p_d), "v2h": np.minimum(p_d, np.maximum(0, net)), "smart": np.zeros(n)}[mode]
    cost, low, high = [], [], []
    eq, ub = ([], []), ([], [])  # rows as {variable: factor}, and their right sides

    def var(c, least, most):
        cost.append(c)
        low.append(least)
        high.append(most)
        return len(cost) - 1

    def row(to, factors, right):
        to[0].append(factors)
        to[1].append(right)

    chances, left = [], 1.0
    for x in p["hazard"]:
        chances.append(left * x)
        left *= 1 - x
    chances.append(left)
    base = [h * (imp[t] * net[t] if net[t] > 0 else exp[t] * net[t]) for t in range(n)]
    fixed, powers = 0.0, []
    for leaves, chance in enumerate(chances):
        fixed += chance * sum(base[leaves:])
        stored, path = None, []
        for t in range(leaves):
            g = var(chance * imp[t], 0, None)
            e = var(-chance * exp[t], 0, None)
            c, d = var(0, 0, p_c), var(0, 0, most_d[t])
            s = var(0, bat["min_kwh"], bat["max_kwh"])
            row(eq, {g: 1, e: -1, c: -h, d: h}, net[t] * h)
            step = {s: 1, c: -h * eta_c, d: h / eta_d}
            if stored is None:
                row(eq, step, bat["start_kwh"])
            else:
                row(eq, {**step, stored: -1}, 0)
            if p_c > 0 and p_d > 0:
                row(ub, {c: 1 / p_c, d: 1 / p_d}, 1)
            if "import_limit_kw" in grid:
                row(ub, {c: 1, d: -1}, max(0, grid["import_limit_kw"] - net[t]))
            if "export_limit_kw" in grid:
                row(ub, {c: -1, d: 1}, max(0, grid["export_limit_kw"] + net[t]))
            stored = s
            path.append((c, d))
        powers.append(path)
        for want, price in p["penalty"]:
            if stored is None:
                fixed += chance * price * max(0, want - bat["start_kwh"])
            else:
                missing = var(chance * price, 0, None)
                row(ub, {stored: -1, missing: -1}, -want)
    for shorter, longer in zip(powers, powers[1:]):
        for (c, d), (c2, d2) in zip(shorter, longer):
            row(eq, {c: 1, c2: -1}, 0)
            row(eq, {d: 1, d2: -1}, 0)

    def matrix(rows):
        at = [(i, j, x) for i, r in enumerate(rows) for j, x in r.items()]
        i, j, x = zip(*at)
        return coo_matrix((x, (i, j)), shape=(len(rows), len(cost))).tocsr()

    if not cost:
        return fixed
    found = linprog(
        cost, A_eq=matrix(eq[0]) if eq[0] else None, b_eq=eq[1] or None,
        A_ub=matrix(ub[0]) if ub[0] else None, b_ub=ub[1] or None, bounds=list(zip(low, high)), method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10})
    if found.status != 0:
        raise SystemExit(f"problem {p['id']}: {found.message}")
    return found.fun + fixed


for line in sys.stdin:
    problem = json.loads(line)
    print(json.dumps({"id": problem["id"], "cost_eur": solve(problem)}), flush=True)
