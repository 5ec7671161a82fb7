# lists
a = [5, 3, 8, 1]
a.insert(1, 9)
a.extend(range(3))
a.remove(9)
b = a.pop(), a.pop(0), len(a)
a.sort()
c = a[::-1]
a.reverse()
d = a[:2] + a[-2:], a[1:-1], a[::2], a[100:], a[-100:2], a[3:1]
e = a.copy()
e[1:3] = [10, 20, 30]
e[0] = -1
del e[2]
del e[-1]
f = [[0] * 3 for _ in range(2)]
f[0][1] = 5
g = [[0] * 3] * 2
g[0][1] = 7
h = [1, [2, [3, 4]]]
i = h[1][1][0]
j = list("hello")
j[1:1] = ["x"]
k = [1, 2] * 3 == [1, 2, 1, 2, 1, 2], [1] < [2], (1, 2) == [1, 2], [1, 2] != [1, 3]
l = [x for row in [[1, 2], [3]] for x in row if x != 2]
m = [(x, y) for x in range(2) for y in "ab"]
a += [100]
n = a
n.append(7)
o = len(a), 7 in a, 100 not in a
p = [*range(3), *"ab"]
q, *r = p
*s, t = p
u, (v, w) = 1, (2, 3)
x = y = []
x.append(1)
z = [None] * 3
z[1] = "b"
aa = ["b", "a", "C"]
aa.sort(key=str.lower)
ab = sorted(aa, key=lambda w: (len(w), w), reverse=True)
ac = sorted([3, 1, 2])[-1], sorted((3, 1)), sorted("cab"), sorted({"b": 1, "a": 2})
ad = list(map(lambda p, q: p + q, [1, 2], [10, 20]))
ae = [len(w) for w in "the quick brown".split()]
af = max(ae), min(ae), sum(ae), sum(ae) / len(ae)
ag = list(zip(ae, ae[1:]))
ah = [ae[i:i + 2] for i in range(0, len(ae), 2)]
ai = list(range(10, 0, -3)), range(5)[2], range(0, 10, 2)[1:3], len(range(7, 3)), 4 in range(5)
aj = tuple([1, 2]) + (3,), (1,) * 3, (1, 2, 3)[1:]
ak = [1, 2, 3].count(2), [[]] * 2, [] or [1], not []
al = list(enumerate(["a", "b"], start=10))
am = dict(enumerate("ab")), dict(a=1, b=2), dict([("x", 1)]), dict(zip("ab", [1, 2]))
# dicts
da = {"a": 1, "b": 2}
da["c"] = 3
da.update({"d": 4}, e=5)
db = list(da), list(da.values()), list(da.items())[0]
dc = da.get("zz"), da.get("a", 9), da.setdefault("f", 6), da.setdefault("a", 0), da.pop("b"), da.pop("q", None)
dd = {v: k for k, v in da.items()}
de = {k: v for k, v in da.items() if v > 3}
df = da.copy()
df.clear()
dg = {**da, "a": 100}
dh = da | {"new": 1}
di = len(da), "a" in da, "zz" in da, bool(df)
dj = {i: i ** 2 for i in range(4)}
dk = dict.fromkeys(["x", "y"], 0), dict.fromkeys("ab")
dl = [k for k in da if k != "a"]
dm = {"n": {"m": [1, 2]}}
dm["n"]["m"].append(3)
dn = dm["n"]["m"][-1]
for k, v in da.items():
    last = k, v
do = sorted(da.items(), key=lambda kv: -kv[1])
dp = max(da, key=da.get), min(da.values())
dq = da == dict(da), da != {}
del da["a"]
dr = list(reversed([1, 2, 3])), da.popitem()
words = "the cat the dog the end".split()
counts = {}
for w in words:
    counts[w] = counts.get(w, 0) + 1
vocab = {w: i + 1 for i, w in enumerate(sorted(set(words)))}
encoded = [vocab[w] for w in words]
maxlen = max(encoded)
inv = {i: w for w, i in vocab.items()}
# sets
sa = {1, 2, 3} & {2, 3, 4}, {1, 2} | {3}, {1, 2} - {2}, {1, 2} ^ {2, 3}
sb = set("hello")
sc = len(sb), {1, 2} <= {1, 2, 3}, {1}.issubset([1, 2]), {1, 2} == {2, 1}
sd = set()
sd.add(3)
sd.add(3)
sd.update([4, 5], [6])
sd.discard(9)
sd.remove(4)
se = sorted(sd), frozenset([1, 1]), list({3, 1, 2})
# strings
ta = "Hello, World".lower().replace(",", "").split()
tb = "a b c".title(), "x".join(["1", "2"]), "abc"[::-1], "abc"[-1], "abc"[1:], "ab" * 2, "a" in "abc"
tc = "%s is %d" % ("x", 3), "%.2f" % 3.14159, f"{3.14159:.1f} {'a':>3} {5:03d} {1 + 1}", "{:>5}|{:<5}".format("a", "b")
td = "a,b;c".split(","), "  x ".strip(), "xxabcxx".strip("x"), "line1\nline2".splitlines(), "abc".startswith(("a", "z"))
te = str(5), str(1.5), str(None), str([1, "a"]), repr("a"), str(True), str((1,)), str({"a": 1})
tf = "abc".isalpha(), "12".isdigit(), "abc".find("z"), ord("a"), chr(98), "abc".encode(), b"abc"[0], b"abc"[1:]
tg = "a-b-c".rsplit("-", 1), "a.b".partition("."), "abc" < "abd", "a" == "a", len("abc"), "é".upper()
th = int("10", 2), int("0x1f", 16), float("1e3"), int(-3.7), int(True), float("inf") > 1, complex(1, 2)
ti = 7 // 2, -7 // 2, 7 % 3, -7 % 3, 2 ** 10, 7 / 2, 1e3, 0.1 + 0.2, 5 & 3, 5 | 3, 5 ^ 3, 1 << 4, ~5
tj = round(0.5), round(1.5), round(2.675, 2), round(1234, -2), abs(-2.5), (3.7).is_integer(), (5).bit_length()
tk = bool(""), bool("a"), bool([]), bool(0.0), bool({}), not 1, 1 and 2, 0 or "x", None or 3
tl = [c.upper() for c in "abc" if c in "ac"], "".join(reversed("abc")), "".join(sorted("cab"))
tm = "a\tb".expandtabs(4), "abc".zfill(5), "abc".ljust(5, "."), "ab".center(6, "*"), "aXbX".count("X")
tn = "abc".translate(str.maketrans("ab", "xy")), "hello world".capitalize(), "Hello".swapcase()
