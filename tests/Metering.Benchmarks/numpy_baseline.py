"""The work of the analytics kernels as one writes it in numpy and scipy, on the same data; prints seconds and results as JSON.

Usage: numpy_baseline.py FOLDER. FOLDER holds year.csv (temperature, use, then ten drivers), hours.csv (temperature, use) and
counter.csv (milliseconds, register). Times are the least of some runs, one thread.
"""
import itertools
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
from scipy import stats

FOLDER = sys.argv[1]
year = np.loadtxt(os.path.join(FOLDER, "year.csv"), delimiter=",")
hours = np.loadtxt(os.path.join(FOLDER, "hours.csv"), delimiter=",")
counter = np.loadtxt(os.path.join(FOLDER, "counter.csv"), delimiter=",", dtype=np.int64)
x, y, drivers = year[:, 0], year[:, 1], year[:, 2:]
results = {}


def best(name, work, runs):
    least, value = float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        value = work()
        least = min(least, time.perf_counter() - start)
    results[name] = {"seconds": least, "value": float(value)}


def sse(columns, target):
    matrix = np.column_stack([np.ones(len(target))] + columns)
    b, _, _, _ = np.linalg.lstsq(matrix, target, rcond=None)
    rest = target - matrix @ b
    return float(rest @ rest)


def below(c):
    return np.minimum(x - c, 0)


def above(c):
    return np.maximum(x - c, 0)


def caltrack():
    f = 32 + 1.8 * x
    total = ((y - y.mean()) ** 2).sum()
    best_r2 = -1.0
    for h, c in itertools.chain(((h, None) for h in range(30, 91)), ((None, c) for c in range(30, 91)), ((h, c) for h in range(30, 91) for c in range(h, 91))):
        columns = ([np.maximum(h - f, 0)] if h is not None else []) + ([np.maximum(f - c, 0)] if c is not None else [])
        if any((column > 0).sum() < 10 or column.sum() < 20 for column in columns):
            continue
        matrix = np.column_stack([np.ones(len(y))] + columns)
        b, _, rank, _ = np.linalg.lstsq(matrix, y, rcond=None)
        if rank < matrix.shape[1] or (b[1:] < 0).any() or b[0] < 0:
            continue
        rest = y - matrix @ b
        n, p = matrix.shape
        best_r2 = max(best_r2, 1 - (rest @ rest / (n - p)) / (total / (n - 1)))
    return best_r2


def grid(points):
    return np.linspace(np.sort(x)[5], np.sort(x)[-6], points)


def towt():
    temperature, use = hours[:, 0], hours[:, 1]
    n = len(use)
    how = np.arange(n) % 168
    month = np.minimum(np.arange(n) // 730, 11)
    edges = np.array([-1.1, 7.2, 12.8, 18.3, 23.9, 32.2])
    bins = [np.minimum(temperature, edges[0])] + [np.clip(temperature - a, 0, b - a) for a, b in zip(edges, edges[1:])] + [np.maximum(temperature - edges[-1], 0)]
    total = 0.0
    for m in range(12):
        weight = np.where(month == m, 1.0, np.where((month == (m + 1) % 12) | (month == (m - 1) % 12), 0.5, 0.0))
        rows = weight > 0
        matrix = np.zeros((rows.sum(), 168 + len(bins)))
        matrix[np.arange(rows.sum()), how[rows]] = 1
        for j, column in enumerate(bins):
            matrix[:, 168 + j] = column[rows]
        root = np.sqrt(weight[rows])
        b, _, _, _ = np.linalg.lstsq(matrix * root[:, None], use[rows] * root, rcond=None)
        total += float((matrix @ b)[month[rows] == m].sum())
    return total


def ols():
    matrix = np.column_stack([np.ones(12), drivers[:12, 0], drivers[:12, 1]])
    target = y[:12]
    n, p = matrix.shape
    b, _, _, _ = np.linalg.lstsq(matrix, target, rcond=None)
    rest = target - matrix @ b
    squares = rest @ rest
    errors = np.sqrt(np.diag(np.linalg.inv(matrix.T @ matrix)) * squares / (n - p))
    tails = 2 * stats.t.sf(np.abs(b / errors), n - p)
    total = ((target - target.mean()) ** 2).sum()
    return stats.f.sf((total - squares) / (p - 1) / (squares / (n - p)), p - 1, n - p) + 0 * tails.sum()


def subsets():
    least = float("inf")
    n = len(y)
    for mask in range(1024):
        columns = [drivers[:, j] for j in range(10) if mask >> j & 1]
        least = min(least, n * np.log(sse(columns, y) / n) + (len(columns) + 1) * np.log(n))
    return least


def intervals():
    times, register = counter[:, 0], counter[:, 1]
    rises = np.diff(register)
    rises[rises < 0] += 2**32
    unwrapped = np.concatenate([[0], np.cumsum(rises)])
    borders = np.arange(times[0], times[-1] + 1, 900_000)
    at_borders = np.interp(borders, times, unwrapped)
    return np.diff(at_borders).sum() + unwrapped[-1] - at_borders[-1]


best("calTrackDaily", caltrack, 2)
best("threeParameters", lambda: min(sse([above(c)], y) for c in grid(200)), 3)
best("fourParameters", lambda: min(sse([below(c), above(c)], y) for c in grid(200)), 3)
best("fiveParameters", lambda: min(sse([below(a), above(b)], y) for a, b in itertools.combinations(grid(100), 2)), 1)
best("towtTwelveModels", towt, 2)
best("leastSquares12", ols, 50)
best("subsets10", subsets, 2)
best("counterTo15Minutes", intervals, 5)
best("vectorSum", lambda: counter[:, 1].copy().sum(), 20)
print(json.dumps(results))
