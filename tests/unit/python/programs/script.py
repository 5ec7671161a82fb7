# What real scripts do around their models
import argparse, csv, glob, json, logging, math, os, pickle, random, re, shutil, string, subprocess, sys, tempfile, time, warnings
from collections import Counter, defaultdict, deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, asdict, replace
from enum import Enum
from functools import partial, wraps, cached_property, lru_cache
from itertools import chain, islice, product, starmap, takewhile, pairwise, repeat, tee, compress, dropwhile, filterfalse
from pathlib import Path
from typing import List, Dict, Optional, NamedTuple, Tuple

warnings.filterwarnings("ignore")
logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
random.seed(42)
BASE = os.path.dirname(os.path.abspath("x.py"))
DATA = Path(BASE) / "data"


@dataclass
class Config:
    units: int = 32
    layers: List[int] = field(default_factory=lambda: [64, 32])
    name: str = "model"
    dropout: Optional[float] = None

    @property
    def depth(self):
        return len(self.layers)


class Mode(Enum):
    TRAIN = "train"
    TEST = "test"


class Sample(NamedTuple):
    x: list
    y: int = 0


def timed(f):
    @wraps(f)
    def inner(*args, **kwargs):
        start = time.time()
        out = f(*args, **kwargs)
        logger.info("took %.2f", time.time() - start)
        return out
    return inner


@timed
def windows(data, size, step=1):
    out = []
    for i in range(0, len(data) - size + 1, step):
        out.append(data[i:i + size])
    return out


def batches(seq, n):
    for i in range(0, len(seq), n):
        yield seq[i:i + n]


@contextmanager
def section(name):
    print(name)
    yield len(name)


class Vocab:
    PAD, UNK = 0, 1

    def __init__(self, texts, min_count=1):
        counter = Counter(w for t in texts for w in t.lower().split())
        self.words = ["<pad>", "<unk>"] + sorted(w for w, c in counter.items() if c >= min_count)
        self.index = {w: i for i, w in enumerate(self.words)}

    def __len__(self):
        return len(self.words)

    def __contains__(self, w):
        return w in self.index

    def encode(self, text, maxlen=None):
        ids = [self.index.get(w, self.UNK) for w in text.lower().split()]
        if maxlen is not None:
            ids = ids[:maxlen] + [self.PAD] * max(0, maxlen - len(ids))
        return ids

    @classmethod
    def from_file(cls, path):
        with open(path) as f:
            return cls(f.readlines())

    @staticmethod
    def clean(text):
        return re.sub(r"[^\w\s]", "", text).strip()

    @cached_property
    def size(self):
        return len(self) + 1


cfg = Config(units=64)
cfg2 = replace(cfg, name="other")
cfg_dict = asdict(cfg)
depth = cfg.depth, cfg.layers[0], cfg.dropout is None, cfg == Config(units=64)
mode = Mode.TRAIN
mode_is = mode is Mode.TRAIN, mode == Mode.TEST, mode.value, Mode("test").name, [m.value for m in Mode]
s = Sample([1, 2])
s_y = s.y, s[0], len(s), s._replace(y=3).y, s._asdict()["y"]
w = windows(list(range(10)), 4, step=2)
w_n = len(w), len(w[0]), w[-1]
bs = [len(b) for b in batches(list(range(10)), 4)]
with section("abc") as n:
    inside = n
texts = ["The cat sat", "the dog ran away", "A bird"]
vocab = Vocab(texts)
enc = [vocab.encode(t, maxlen=4) for t in texts]
enc_info = len(vocab), vocab.size, "cat" in vocab, "zebra" in vocab, {len(e) for e in enc}
clean = Vocab.clean("Hello, world!")
n_train = int(len(texts) * 0.7)
train, test = texts[:n_train], texts[n_train:]
steps = math.ceil(len(texts) / 2)
pairs = list(pairwise([1, 2, 3]))
tw = list(takewhile(lambda v: v < 3, [1, 2, 5, 1])), list(dropwhile(lambda v: v < 3, [1, 2, 5, 1]))
ff = list(filterfalse(lambda v: v % 2, range(5))), list(compress("abc", [1, 0, 1]))
sm = list(starmap(pow, [(2, 3), (3, 2)]))
t1, t2 = tee([1, 2])
tt = list(t1), list(t2)
grid = [dict(zip(("lr", "units"), c)) for c in product([0.1, 0.01], [16, 32])]
ngrams = [tuple("abcd"[i:i + 2]) for i in range(3)]
by_len = defaultdict(list)
for t in texts:
    by_len[len(t)].append(t)
lens = sorted(by_len), sum(len(v) for v in by_len.values())
buffer = deque(maxlen=3)
for i in range(5):
    buffer.append(i)
buf = list(buffer), buffer[-1], buffer.maxlen
def make_adder(k):
    def add(x, *, scale=1):
        return (x + k) * scale
    return add
add3 = make_adder(3)
adds = add3(4), add3(4, scale=2), list(map(make_adder(1), [1, 2])), partial(add3, scale=3)(1)
def f(*args, sep=",", **kw):
    return len(args), sep, sorted(kw)
fs = f(1, 2, a=1), f(*[1, 2, 3], **{"sep": ";", "z": 2})
try:
    value = {}["missing"]
except KeyError as e:
    value = "caught"
else:
    value = "none"
finally:
    done = True
result = None
for i in range(5):
    if i == 3:
        result = i
        break
else:
    result = -1
k = 0
while k < 5:
    k += 2
total = 0
for i, (a, b) in enumerate(zip([1, 2, 3], [4, 5, 6])):
    if i == 1:
        continue
    total += a * b
match_out = None
match {"type": "lstm", "units": 3}:
    case {"type": "gru"}:
        match_out = 1
    case {"type": "lstm", "units": u}:
        match_out = u
walrus = [y for v in range(4) if (y := v * 2) > 2]
ternary = "big" if total > 10 else "small"
chained = 1 < 2 < 3, 1 < 3 < 2
lam = sorted([(1, "b"), (0, "a")], key=lambda p: p[1])[0]
nested = {"layers": [{"units": 3}, {"units": 4}]}
units = [layer["units"] for layer in nested["layers"]]
nested["layers"][0]["units"] += 10
flat = list(chain.from_iterable([[1], [2, 3]])), sum([[1], [2]], [])
transposed = list(map(list, zip(*[[1, 2], [3, 4]])))
gen = (x * x for x in range(4))
gen_first, gen_rest = next(gen), list(gen)
fmt = f"{cfg.name}-{cfg.units:04d}-{0.5:.1%}", "{0[a]}".format({"a": 1}), f"{'x'!r}"
path_name = Path("runs/exp1/model.h5").stem, os.path.join("a", "b", "c.txt"), "a/b/c".split("/")[-1]
stats = {"mean": sum([1, 2, 3]) / 3, "max": max([1, 2, 3])}
msg = ", ".join(f"{key}={val:.2f}" for key, val in stats.items())
one_hot = [[1 if i == j else 0 for j in range(3)] for i in range(3)]
matrix_shape = len(one_hot), len(one_hot[0])
padded = [row + [0] * (4 - len(row)) for row in [[1], [1, 2, 3]]]
chars = sorted(set("hello"))
char_to_i = {c: i for i, c in enumerate(chars)}
ids = [char_to_i[c] for c in "hello"]
seqs = [(ids[i:i + 3], ids[i + 3]) for i in range(len(ids) - 3)]
xs, ys = zip(*seqs)
class Base:
    registry = {}
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.registry[cls.__name__] = cls
    def area(self):
        return 0
    def describe(self):
        return f"{type(self).__name__}:{self.area()}"
class Square(Base):
    def __init__(self, side):
        super().__init__()
        self._side = side
    @property
    def side(self):
        return self._side
    @side.setter
    def side(self, v):
        if v < 0:
            raise ValueError("negative")
        self._side = v
    def area(self):
        return self.side ** 2
    def __eq__(self, other):
        return isinstance(other, Square) and self.side == other.side
    def __add__(self, other):
        return Square(self.side + other.side)
    def __getitem__(self, i):
        return [self.side] * 4 if isinstance(i, slice) else self.side
    def __iter__(self):
        yield from (self.side,) * 4
    def __call__(self, k):
        return self.side * k
sq = Square(3)
sq.side = 4
sq_out = sq.area(), sq.describe(), sq == Square(4), (sq + Square(1)).side, sq[0], sq[1:], list(sq), sq(2)
isin = isinstance(sq, Base), issubclass(Square, Base), hasattr(sq, "side"), getattr(sq, "nope", None)
setattr(sq, "extra", [1])
sq.extra.append(2)
extra = sq.extra, vars(sq)["extra"]
counter = 0
def bump():
    global counter
    counter += 1
    return counter
bumps = bump(), bump(), counter
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    inc()
    return inc()
nl = outer()
def recursive(d):
    return 1 + max((recursive(v) for v in d.values()), default=0) if isinstance(d, dict) else 0
rec = recursive({"a": {"b": {}}})
