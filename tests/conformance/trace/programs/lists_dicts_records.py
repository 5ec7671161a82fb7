"""Experiments kept in lists of dicts, zip(*), sorting, sets, and arrays made from them at the end."""
import collections
import copy
import json
import random
import string

import numpy as np
from tensorflow import keras

random.seed(4)
np.random.seed(4)

records = []
for trial in range(24):
    n_pts = 30
    condition = ["control", "drug"][trial % 2]
    trace = np.cumsum(np.random.randn(n_pts)) + (2.0 if condition == "drug" else 0.0)
    records.append({
        "id": "".join(random.choices(string.ascii_lowercase, k=4)),
        "condition": condition,
        "trace": trace,
        "meta": {"age": random.randint(20, 60), "site": trial % 3},
    })

by_condition = collections.defaultdict(list)
for rec in records:
    by_condition[rec["condition"]].append(rec["trace"])
groups = {name: np.stack(traces) for name, traces in by_condition.items()}
control, drug = groups["control"], groups["drug"]
effect = drug.mean(axis=0) - control.mean(axis=0)
pooled = np.sqrt((control.var(axis=0, ddof=1) + drug.var(axis=0, ddof=1)) / 2)
cohens_d = effect / pooled

ages, sites = zip(*[(r["meta"]["age"], r["meta"]["site"]) for r in records])
ages = np.array(ages, dtype=float)
sites = np.array(sites)
site_onehot = (sites[:, None] == np.arange(3)).astype(float)
traces = np.array([r["trace"] for r in records])
binary = np.array([1 if r["condition"] == "drug" else 0 for r in records])
static = np.concatenate([ages[:, None] / 100, site_onehot], axis=1)
summary = np.array([[t.mean(), t.std(), t.min(), t.max(), np.ptp(t)] for t in traces])
features = np.hstack([summary, static])

ranked = sorted(records, key=lambda r: r["trace"][-1], reverse=True)
top = np.array([r["trace"] for r in ranked[:5]])
copied = copy.deepcopy(ranked[0])
copied["trace"] *= 0
still = ranked[0]["trace"]
text = json.dumps({"mean": effect.mean().item(), "ids": [r["id"] for r in records][:2]})
counter = collections.Counter(r["condition"] for r in records)
balance = np.array(list(counter.values()))

inputs = {"trace": traces[..., None], "static": static}
trace_in = keras.Input((30, 1), name="trace")
static_in = keras.Input((4,), name="static")
h = keras.layers.Conv1D(4, 5, activation="relu")(trace_in)
h = keras.layers.GRU(6)(h)
h = keras.layers.concatenate([h, static_in])
out = keras.layers.Dense(1, activation="sigmoid")(h)
model = keras.Model([trace_in, static_in], out)
model.compile("adam", "binary_crossentropy")
model.fit([inputs["trace"], inputs["static"]], binary, epochs=1, batch_size=7, verbose=0)
p = model.predict([inputs["trace"], inputs["static"]], verbose=0)[:, 0]
pairs = [(a, b) for a in p[binary == 1] for b in p[binary == 0]]
auc = np.mean([a > b for a, b in pairs])
boots = np.array([np.random.choice(effect, size=effect.size).mean() for _ in range(50)])
ci = np.percentile(boots, [2.5, 97.5])
null = np.array([traces[perm[:12]].mean(0) - traces[perm[12:]].mean(0)
                 for perm in (np.random.permutation(24) for _ in range(20))])
pvalue = (np.abs(null) >= np.abs(effect)).mean(axis=0)
print(auc, ci, pvalue.shape, cohens_d.shape, balance, len(text), still.shape, top.shape)
