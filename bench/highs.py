"""Solves dispatch problems with HiGHS through scipy, as an independent oracle.

Reads one problem a line (the JSON of docs/dispatch.md) on standard input and
writes one JSON line each: {"id", "status", "cost_eur", "seconds"}. `seconds` is
the processor time of HiGHS' own call: the matrices are built before the clock starts.
The model is written from the formula in the dispatch package's documentation,
all variables kept, nothing taken from the Go code.
"""
import json
import sys
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def scale(p):
    """The largest price, or 1: HiGHS' tolerances are for costs around 1."""
    dearer = [p["threshold"]["eur_per_kwh"]] if "threshold" in p else []
    return max(abs(x) for x in p["import_eur_per_kwh"] + p["export_eur_per_kwh"] + dearer) or 1.0


def model(p):
    """Matrices of one problem; variables g, e, c, d, s and a, what is above the
    threshold, each n long."""
    imp = np.array(p["import_eur_per_kwh"], dtype=float)
    exp = np.array(p["export_eur_per_kwh"], dtype=float)
    n = len(imp)
    net = np.array(p.get("net_load_kw") or [0.0] * n, dtype=float)
    h = p.get("step_minutes", 15) / 60.0
    bat, chg, mode = p["battery"], p["charger"], p["mode"]
    eta_c, eta_d = chg["charge_efficiency"], chg["discharge_efficiency"]
    p_c, p_d = chg["charge_kw"], chg["discharge_kw"]
    grid = p.get("grid")
    i = np.arange(n)
    g, e, c, d, s, a = i, n + i, 2 * n + i, 3 * n + i, 4 * n + i, 5 * n + i
    wear = bat.get("wear_eur_per_kwh", 0.0)
    threshold = p.get("threshold")
    extra = threshold["eur_per_kwh"] if threshold else 0.0

    def matrix(parts, rows):
        r = np.concatenate([x[0] for x in parts])
        k = np.concatenate([x[1] for x in parts])
        v = np.concatenate([np.broadcast_to(x[2], x[0].shape) for x in parts])
        return coo_matrix((v, (r, k)), shape=(rows, 6 * n)).tocsc()

    a_eq = matrix(
        [(i, g, 1.0), (i, e, -1.0), (i, c, -h), (i, d, h),
         (n + i, s, 1.0), (n + i[1:], s[:-1], -1.0), (n + i, c, -h * eta_c), (n + i, d, h / eta_d)],
        2 * n)
    b_eq = np.concatenate([net * h, np.zeros(n)])
    b_eq[n] = bat["start_kwh"]

    parts, b_ub, rows = [], [], 0
    if p_c > 0 and p_d > 0:
        parts += [(i, c, 1 / p_c), (i, d, 1 / p_d)]
        b_ub.append(np.ones(n))
        rows += n
    for name, sign in ("import_limit_kw", 1.0), ("export_limit_kw", -1.0):
        if grid is not None and name in grid:
            parts += [(rows + i, c, sign), (rows + i, d, -sign)]
            b_ub.append(np.maximum(0, np.asarray(grid[name]) - sign * net))  # of all steps, or of each
            rows += n
    if threshold:
        parts += [(rows + i, g, 1.0), (rows + i, a, -1.0)]
        b_ub.append(h * np.array(threshold["import_kw"], dtype=float))
        rows += n
    cap_d = {"v2g": np.full(n, p_d), "v2h": np.minimum(p_d, np.maximum(0, net)), "smart": np.zeros(n)}[mode]
    low = np.concatenate([np.zeros(4 * n), np.full(n, bat["min_kwh"]), np.zeros(n)])
    high = np.concatenate([np.full(2 * n, np.inf), np.full(n, p_c), cap_d, np.full(n, bat["max_kwh"]), np.full(n, np.inf)])
    low[s[-1]] = high[s[-1]] = bat["end_kwh"]
    return dict(
        c=np.concatenate([imp, -exp, np.zeros(n), np.full(n, wear * h), np.zeros(n), np.full(n, extra)]) / scale(p),
        A_eq=a_eq, b_eq=b_eq,
        A_ub=matrix(parts, rows) if parts else None, b_ub=np.concatenate(b_ub) if parts else None,
        bounds=np.column_stack([low, high]))


def solve(m):
    return linprog(**m, method="highs-ds", options=dict(
        primal_feasibility_tolerance=1e-10, dual_feasibility_tolerance=1e-10))


def main():
    if "--overhead" in sys.argv:  # what a call costs before HiGHS does anything
        m = dict(c=np.array([1.0]), bounds=np.array([[0.0, 1.0]]))
        runs = []
        for _ in range(200):
            t = time.process_time()
            solve(m)
            runs.append(time.process_time() - t)
        print(json.dumps({"overhead_seconds": float(np.median(runs))}))
        return
    for line in sys.stdin:
        p = json.loads(line)
        # An end that rounding puts out of reach counts as reached (docs/dispatch.md).
        if not p["battery"]["min_kwh"] - 1e-9 <= p["battery"]["end_kwh"] <= p["battery"]["max_kwh"] + 1e-9:
            print(json.dumps({"id": p["id"], "status": "infeasible"}))
            continue
        m = model(p)
        t = time.process_time()
        r = solve(m)
        seconds = time.process_time() - t
        if r.status == 0:
            print(json.dumps({"id": p["id"], "status": "optimal", "cost_eur": r.fun * scale(p), "seconds": seconds}))
        elif r.status == 2:
            print(json.dumps({"id": p["id"], "status": "infeasible", "seconds": seconds}))
        else:
            print(json.dumps({"id": p["id"], "status": "failed", "reason": r.message}))


if __name__ == "__main__":
    main()
