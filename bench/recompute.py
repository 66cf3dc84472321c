"""Computes homes' years, or regions' peaks, again from a result folder alone.

    python3 bench/recompute.py FOLDER HOME [HOME ...]

computes with HiGHS and prints a JSON line for each home, contract and way to charge: {"home", "contract",
"mode", "energy_cost_eur", "wear_eur", "net_kwh"}, to be held against homes.csv. One
linear program has all sessions of the year, what net metering nets on what the home takes
less what it feeds in over the year, wear, and the caps on discharging. Nothing is taken from the Go code: the formula is
that of docs/method.md, sections "Contracts" and "The optimum". Homes with own meters
(data.meters) cannot be computed, as the folder holds their mean load only, nor can
studies with a power tariff, bands of power, tiers of feed-in or losses at any power, with heat pumps or a battery
at home, or in which prices or departures are not known.

    python3 bench/recompute.py FOLDER regions

prints a JSON line for each gemeente, contract, way to charge and season: its home
equivalents, counted from dwelling types (potential.gpkg) and home.use_* (study.yaml), and
peaks, to be held against potential_seasons.csv ("Peaks" in docs/method.md). The map must
be the built-in one, which the mean use is of.
"""
import csv
import json
import re
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

H = 0.25  # hours in a step


def columns(path):
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return {k: [r[k] for r in rows] for k in rows[0]}


def lp(x, prices, netted, net, sessions, mode):
    """The year's cheapest cost. Variables by plugged-in step: taken g, fed in e (kWh),
    charge c, discharge d (kW), stored s (kWh); and z, the year's netted kWh. Cost is
    that of energy, and of wear."""
    imp, exp = prices
    t = np.concatenate([np.arange(a, b) for a, b, _ in sessions])
    n, i = len(t), np.arange(len(t))
    g, e, c, d, s, z = i, n + i, 2 * n + i, 3 * n + i, 4 * n + i, 5 * n
    first = np.cumsum([0] + [b - a for a, b, _ in sessions[:-1]])
    last = np.append(first[1:], n) - 1
    eta = x["round_trip_efficiency"] ** 0.5
    end = x["departure_soc"] * x["battery_kwh"]
    start = np.maximum(0, end - eta * np.array([k for _, _, k in sessions]))
    away = np.ones(len(net), bool)
    away[t] = False
    alone = H * net[away]

    def matrix(parts, rows):
        r, k, v = (np.concatenate(p) for p in zip(*[(a, b, np.full(len(a), w)) for a, b, w in parts]))
        return coo_matrix((v, (r, k)), shape=(rows, 5 * n + 1)).tocsc()

    within = np.setdiff1d(i, first)
    a_eq = matrix([(i, g, 1.0), (i, e, -1.0), (i, c, -H), (i, d, H),
                   (n + i, s, 1.0), (n + within, s[within - 1], -1.0), (n + i, c, -H * eta), (n + i, d, H / eta)], 2 * n)
    b_eq = np.concatenate([H * net[t], np.zeros(n)])
    b_eq[n + first] = start
    limit = x["connection_kw"]
    one = np.zeros(n, int)
    a_ub = matrix([(i, c, 1 / x["charge_kw"]), (i, d, 1 / x["discharge_kw"]),
                   (n + i, c, 1.0), (n + i, d, -1.0), (2 * n + i, c, -1.0), (2 * n + i, d, 1.0),
                   (3 * n + one, g, 1.0), (3 * n + one, e, -1.0), (np.array([3 * n]), np.array([z]), -1.0),
                   (3 * n + 1 + one, d, H)], 3 * n + 2)
    b_ub = np.concatenate([np.ones(n), np.maximum(0, limit - net[t]), np.maximum(0, limit + net[t]), [-alone.sum()], [most_discharged(x)]])
    low, high = np.zeros(5 * n + 1), np.full(5 * n + 1, np.inf)
    high[c] = x["charge_kw"]
    high[d] = {"smart": 0, "v2h": np.minimum(x["discharge_kw"], np.maximum(0, net[t])), "v2g": x["discharge_kw"]}[mode]
    counts = [b - a for a, b, _ in sessions]
    low[s], high[s] = np.repeat(np.minimum(start, x["min_soc"] * x["battery_kwh"]), counts), x["battery_kwh"]
    low[s[last]] = high[s[last]] = end
    cost = np.concatenate([imp[t] - netted, netted - exp[t], np.zeros(n), np.full(n, H * x["wear_eur_per_kwh"]), np.zeros(n), [netted]])
    r = linprog(cost, a_ub, b_ub, a_eq, b_eq, np.column_stack([low, high]), method="highs")
    if r.status != 0:
        raise SystemExit(f"HiGHS: {r.message}")
    fixed = np.where(alone > 0, (imp[away] - netted) * alone, (exp[away] - netted) * alone).sum()
    wear = x["wear_eur_per_kwh"] * H * r.x[d].sum()
    return r.fun + fixed - wear, wear, alone.sum() + (r.x[g] - r.x[e]).sum()


def most_discharged(x):
    """The lower of the caps on discharging, kWh a year; 0 in the study is none."""
    caps = x["discharge_cap_kwh_per_year"], x["discharge_cap_hours_per_year"] * x["discharge_kw"]
    return min([c for c in caps if c > 0], default=1e9)


def regular(x, prices, netted, net, sessions):
    """Full power from arrival until the energy is in."""
    exchange = net.copy()
    for a, b, left in sessions:
        for t in range(a, b):
            kw = max(0, min(x["charge_kw"], x["connection_kw"] - net[t], left / H))
            exchange[t] += kw
            left -= H * kw
    exchange *= H
    cost = np.where(exchange > 0, (prices[0] - netted) * exchange, (prices[1] - netted) * exchange).sum()
    return cost + netted * max(0, exchange.sum()), 0.0, exchange.sum()


def equivalents(folder, dwellings):
    """Home equivalents by gemeente: dwellings by type, each as its use against the mean."""
    text = (folder / "study.yaml").read_text()
    names = "detached", "semi_detached", "terraced", "apartment"
    use = np.array([float(re.search(rf"^ +use_{k}: (\S+)$", text, re.M).group(1)) for k in names])
    rows = sqlite3.connect(folder / "potential.gpkg").execute(
        f"SELECT code, {', '.join('dwellings_' + k for k in names)} FROM potential_gemeente").fetchall()
    types = np.array([r[1:] for r in rows], float)
    count = np.array([dwellings[r[0]] for r in rows])
    types *= (count / types.sum(axis=1))[:, None]  # types give the mix, dwellings the number
    return dict(zip([r[0] for r in rows], types @ use / (types.sum(axis=0) @ use) * count.sum()))


def regions(folder):
    profiles = columns(folder / "profiles.csv")
    clock = [datetime.fromisoformat(t).astimezone(ZoneInfo("Europe/Amsterdam")) for t in profiles["utc_start"]]
    cell = np.array([96 * (t.month - 1) + 4 * t.hour + t.minute // 15 for t in clock])
    month, quarter = np.divmod(np.arange(12 * 96), 96)
    mean = lambda name: np.bincount(cell, np.array(profiles[name], float)) / np.bincount(cell)
    solar = float(re.search(r"^ +dwellings_with_solar: (\S+)$", (folder / "study.yaml").read_text(), re.M).group(1)) * mean("home_solar_kw")
    load = mean("home_load_kw")
    evening, night = (quarter >= 68) & (quarter < 84), (quarter >= 84) | (quarter < 28)
    seasons = {"winter": np.isin(month, [10, 11, 0, 1]), "summer": np.isin(month, [4, 5, 6, 7]), "year": month >= 0}
    table = columns(folder / "potential_seasons.csv")
    chain = columns(folder / "charge_points.csv")
    dwellings = {c: float(d) for c, d, y in zip(chain["code"], chain["dwellings"], chain["year"]) if y == table["year"][0]}
    homes = equivalents(folder, dwellings)
    cars = {}
    for code, contract, mode, season, points, adoption in zip(*(table[k] for k in (
            "code", "contract", "mode", "season", "home_charge_points", "adoption"))):
        if code not in homes:
            continue
        if (contract, "regular") not in cars:
            cars[contract, "regular"] = mean(f"{contract}_regular_kw")
        regular = cars[contract, "regular"]
        if (contract, mode) not in cars:
            cars[contract, mode] = float(adoption) * mean(f"{contract}_{mode}_kw") + (1 - float(adoption)) * regular
        without = homes[code] * load - dwellings[code] * solar
        peak = lambda kw, window: kw[window & seasons[season]].max()
        this = without + float(points) * cars[contract, mode]
        print(json.dumps({
            "code": code, "contract": contract, "mode": mode, "season": season, "home_equivalents": homes[code],
            "evening_peak_kw_without_ev": peak(without, evening), "evening_peak_kw_regular": peak(without + float(points) * regular, evening),
            "evening_peak_kw": peak(this, evening), "night_peak_kw": peak(this, night)}))


def main(folder, wanted):
    text = (folder / "study.yaml").read_text()
    own = re.sub(r"^ +battery_\w+: .*\n", "", text[:text.index("\ncar:") + 1], flags=re.M) + text[text.index("\ncar:") + 1:]  # the home's battery is none
    x = {k: float(re.search(rf"^ +{k}: (\S+)$", own, re.M).group(1)) for k in (
        "connection_kw", "battery_kwh", "min_soc", "departure_soc", "charge_kw", "discharge_kw", "round_trip_efficiency",
        "wear_eur_per_kwh", "discharge_cap_kwh_per_year", "discharge_cap_hours_per_year")}
    if re.search(r"^ +(?:power_tariff_eur_per_kw_month|idle_loss_kw|heat_pump_share): (?!0$)|^home:\n(?: .*\n)*? +battery_kwh: (?!0$)|^foresight: (?!perfect$)|^ +knowledge: (?!known$)|^ +meters: (?!none$)|^ +(?:power_bands_kw|feed_in_tiers_from_kwh): (?!\[\]$)", text, re.M):
        raise SystemExit("a study with a power tariff, bands of power, tiers of feed-in, losses at any power or loads of single homes (data.meters), or in which prices or departures are not known, cannot be computed again here")
    profiles, price = columns(folder / "profiles.csv"), columns(folder / "prices.csv")
    number = lambda table, name: np.array(table[name], float)
    net = number(profiles, "home_load_kw") - number(profiles, "home_solar_kw")
    at = {t: i for i, t in enumerate(profiles["utc_start"])}
    sessions = columns(folder / "sessions.csv")
    summary = json.loads((folder / "summary.json").read_text())
    for home in wanted:
        own = [(at[a], at.get(b, len(net)), float(k)) for h, a, b, k in zip(*sessions.values()) if int(h) == home]
        for case in summary["cases"]:
            name, mode = case["contract"], case["mode"]
            netted = next(c["netted_eur_per_kwh"] for c in summary["contracts"] if c["contract"] == name)
            exp = np.where(net >= 0, number(price, name + "_storage_export_eur_per_kwh"), number(price, name + "_export_eur_per_kwh"))
            prices = number(price, name + "_import_eur_per_kwh"), exp
            cost, wear, kwh = regular(x, prices, netted, net, own) if mode == "regular" else lp(x, prices, netted, net, own, mode)
            print(json.dumps({"home": home, "contract": name, "mode": mode, "energy_cost_eur": cost, "wear_eur": wear, "net_kwh": kwh}), flush=True)


if __name__ == "__main__":
    if sys.argv[2:] == ["regions"]:
        regions(Path(sys.argv[1]))
    else:
        main(Path(sys.argv[1]), [int(h) for h in sys.argv[2:]])
