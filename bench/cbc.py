"""Solves dispatch problems with CBC (Debian's coinor-cbc), as a peer of getij's solver.

Reads and writes the lines of bench/highs.py, whose model it solves. `seconds` is processor
time of CBC alone: of a process that reads and solves a problem, less that of one that only
reads it.
"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

import highs


def mps(m, path):
    """Writes one problem in free MPS format."""
    rows = [("E", b, "e%d" % i) for i, b in enumerate(m["b_eq"])]
    if m["A_ub"] is not None:
        rows += [("L", b, "u%d" % i) for i, b in enumerate(m["b_ub"])]
    first = len(m["b_eq"])
    with open(path, "w", encoding="ascii") as f:
        f.write("NAME x FREE\nROWS\n N cost\n")
        f.writelines(" %s %s\n" % (kind, name) for kind, _, name in rows)
        f.write("COLUMNS\n")
        for k, cost in enumerate(m["c"]):
            f.write(" x%d cost %r\n" % (k, float(cost)))
            for matrix, start in (m["A_eq"], 0), (m["A_ub"], first):
                if matrix is not None:
                    for i in range(matrix.indptr[k], matrix.indptr[k + 1]):
                        f.write(" x%d %s %r\n" % (k, rows[start + matrix.indices[i]][2], float(matrix.data[i])))
        f.write("RHS\n")
        f.writelines(" rhs %s %r\n" % (name, float(b)) for _, b, name in rows if b)
        f.write("BOUNDS\n")
        for k, (low, high) in enumerate(m["bounds"]):
            f.write(" LO b x%d %r\n" % (k, float(low)))
            f.write(" PL b x%d\n" % k if high == float("inf") else " UP b x%d %r\n" % (k, float(high)))
        f.write("ENDATA\n")


def run(*command):
    """Processor seconds of a process of CBC."""
    def used():
        u = resource.getrusage(resource.RUSAGE_CHILDREN)
        return u.ru_utime + u.ru_stime

    before = used()
    subprocess.run(["cbc", *command, "-quit"], check=True, capture_output=True)
    return used() - before


def main():
    with tempfile.TemporaryDirectory() as folder:
        path, answer = os.path.join(folder, "p.mps"), os.path.join(folder, "p.sol")
        for line in sys.stdin:
            p = json.loads(line)
            mps(highs.model(p), path)
            seconds = run("-import", path, "-primalTolerance", "1e-9", "-dualTolerance", "1e-9", "-solve", "-solution", answer) - run("-import", path)
            with open(answer, encoding="utf-8") as f:
                said = f.readline().strip()
            found = re.fullmatch(r"Optimal - objective value (\S+)", said)
            if found:
                print(json.dumps({"id": p["id"], "status": "optimal", "cost_eur": float(found[1]) * highs.scale(p), "seconds": seconds}))
            else:
                print(json.dumps({"id": p["id"], "status": "failed", "reason": said}))


if __name__ == "__main__":
    main()
