import math, random, itertools, functools, collections, copy, json, os, sys, re, time, datetime, argparse, string, operator, heapq
from collections import Counter, defaultdict, OrderedDict, deque, namedtuple
from functools import partial, reduce, lru_cache
from pathlib import Path
sys.argv = ["prog"]
a = math.ceil(10 / 3), math.floor(2.7), math.sqrt(16), math.prod([2, 3, 4]), math.log2(8), math.gcd(12, 18), math.pi
b = list(itertools.chain([1, 2], "ab"))
c = list(itertools.product([0, 1], repeat=2))
d = list(itertools.islice(itertools.count(5), 3))
e = list(itertools.combinations("abc", 2)), list(itertools.permutations([1, 2, 3], 2))
f = [(k, len(list(g))) for k, g in itertools.groupby("aabbb")]
g = list(itertools.accumulate([1, 2, 3]))
h = list(itertools.zip_longest([1, 2, 3], "a", fillvalue=0))
i = list(zip("abc", itertools.count()))
j = list(zip([1, 2, 3, 4], itertools.cycle([0, 1])))
k = Counter("hello world".split())
l = Counter("mississippi").most_common(2)
dd = defaultdict(list)
for n, w in enumerate(["x", "y", "x"]):
    dd[w].append(n)
m = dict(dd)
q = deque([1, 2, 3], maxlen=3)
q.append(4)
q2 = q.popleft(), q[0], len(q)
Point = namedtuple("Point", ["x", "y"])
p = Point(1, y=2)
p1 = p.x + p.y, p[0], len(p)
px, py = p
r = reduce(lambda x, y: x * y, [1, 2, 3, 4])
add5 = partial(operator.add, 5)
s = add5(3)
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
t = fib(4)
u = copy.deepcopy({"a": [1, 2]})
u["a"].append(3)
v = json.loads('{"units": 32, "layers": [1, 2]}')
w = json.dumps({"a": 1})
x = os.path.join("data", "train", "x.csv"), os.path.splitext("model.h5"), os.path.basename("a/b.txt")
y = str(Path("data") / "raw" / "f.csv")
z = Path("data/x.tar.gz").suffix, Path("a/b/c").name, Path("a/b").parent.name
aa = os.environ.get("FORESHAPE_NOT_SET", "1")
os.environ["TF_CPP"] = "3"
ab = os.environ["TF_CPP"]
ac = re.sub(r"[^a-z]", "", "he11o w0rld"), re.findall(r"\d+", "a1b22"), re.split(r",\s*", "a, b,c")
ad = re.match(r"(\w+)=(\d+)", "units=32").group(2)
ae = time.time()
af = datetime.datetime.now().strftime("%Y")
parser = argparse.ArgumentParser(description="x")
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--epochs", type=int, default="5")
parser.add_argument("--verbose", action="store_true")
parser.add_argument("--no-bias", dest="bias", action="store_false")
parser.add_argument("--units", type=int, nargs="+", default=[64, 32])
parser.add_argument("--name")
args = parser.parse_args()
ag = args.batch_size, args.lr, args.epochs, args.verbose, args.bias, args.units, args.name
ah = vars(args)["batch_size"]
args2 = parser.parse_args(["--batch-size", "8", "--verbose", "--units", "1", "2"])
ai = args2.batch_size, args2.verbose, args2.units
aj = string.ascii_lowercase[:3], string.punctuation
ak = random.randint(1, 5), random.random(), random.choice([1, 2, 3]), random.sample(range(10), 3)
al = [3, 1, 2]
random.shuffle(al)
am = sorted([("b", 2), ("a", 1)], key=operator.itemgetter(1))
an = list(map(str, range(3)))
ao = heapq.nlargest(2, [1, 5, 3])
ap = OrderedDict([("a", 1), ("b", 2)])
ap.move_to_end("a")
aq = sys.version_info[0]
ar = list(range(10))[::-2], list(reversed(range(3)))
at = [list(t) for t in zip(*[[1, 2, 3], [4, 5, 6]])]
au = {k: len(list(v)) for k, v in itertools.groupby(sorted("banana"))}
av = "%d of %s" % (3, "x"), "{:.2f}".format(3.14159), "{a}-{b}".format(a=1, b="z")
aw = " a b ".strip().split(" "), "abc".upper().center(9, "*"), "a-b".partition("-")
it = iter([1, 2, 3, 4, 5, 6])
ax = list(zip(it, it))
ay = [*"abc"], {*[1, 2, 2]}, {**{"a": 1}, "b": 2}
az = max("apple", "fig", key=len), min([3, 1, 2]), max([1, 2], default=0), max([], default=-1)
ba = divmod(17, 5), pow(2, 10), pow(3, 4, 5), abs(-3), round(2.5), round(-1.55, 1), bin(5), hex(255)
bb = all([]), any([]), all(x > 0 for x in [1, 2]), sum([[1], [2]], []), sum(x for x in (1, 2))
bc = isinstance(True, int), isinstance(1.0, (int, float)), isinstance("a", str), callable(len)
bd = type(1) is int, type("a") == str, type([]).__name__
be = getattr(args, "missing", 3), hasattr(args, "lr"), hasattr([], "append")
bf = list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3]))
bg = "x" in {"x": 1}, 3 in [1, 2], "b" in "abc", (1, 2) in [(1, 2)]
bh = [1, 2, 3].index(2), "banana".count("a"), (1, 2, 1).count(1), "abc".find("c")
bi = bytes(3), "é".encode("utf-8"), b"ab".decode()
