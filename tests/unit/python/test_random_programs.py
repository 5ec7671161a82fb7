# ruff: noqa: E501
"""Random straight-line programs over Python's own types: what comes out is what Python computes, and what it raises."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .harness import check_against_python, check_symbolic

# a placeholder stands for a variable of that kind: L list of ints, T tuple of ints, D dict str -> int, S text, I int,
# F float, E set of ints, P list of pairs; N is a small number written out, K a key, W a word
TEMPLATES: dict[str, list[str]] = {
    "L": [
        "[N, N, N]", "list(range(N))", "L[N:N]", "L[::N1]", "L + L", "L * N1", "[v + N for v in L]", "sorted(L)", "sorted(L, reverse=True)",
        "list(reversed(L))", "list(T)", "[v for v in L if v > N]", "list(map(abs, L))", "L[-N:]", "L[:-N]", "[len(S), I]", "list(D.values())",
        "[a * b for a, b in P]", "[i * v for i, v in enumerate(L)]", "L.copy()", "[*L, I]", "sorted(E)", "[I] * N1", "L or [N]",
        "[v % N1 for v in L]", "list(filter(None, L))", "sum([L, L], [])", "[ord(c) for c in S]", "L[::-1]", "[x for p in P for x in p]",
        "sorted(L, key=lambda v: -v)", "[v if v > N else -v for v in L]", "list(itertools.accumulate(L))", "list(itertools.chain(L, T))",
        "list(itertools.islice(L, N))", "[sum(p) for p in P]", "[int(c) for c in str(I)]",
    ],
    "T": ["tuple(L)", "T + T", "T[N:]", "(N, N)", "T * N1", "(I, N)", "tuple(sorted(L))", "tuple(v * 2 for v in L)", "divmod(I, N1)"],
    "D": [
        "{K: N, K: I}", "dict(zip('abc', L))", "{**D, K: I}", "{k: v + 1 for k, v in D.items()}", "D.copy()", "dict(D, a=N)",
        "{c: S.count(c) for c in S}", "dict.fromkeys('ab', I)", "D | D", "{str(v): v for v in L}", "dict(sorted(D.items()))",
        "dict(Counter(S))", "{k: i for i, k in enumerate(D)}",
    ],
    "S": [
        "W", "S + S", "S.upper()", "S[N:]", "S * N1", "'-'.join(str(v) for v in L)", "str(I)", "S[::-1]", "S.replace('a', W)", "f'{I:03d}{S}'",
        "''.join(sorted(S))", "S.title()", "'%s=%d' % (S, I)", "'{}:{}'.format(S, I)", "str(L)", "repr(T)", "S.strip('a')", "max(S + 'a')", "S.zfill(N)",
        "'yes' if I > N else 'no'", "','.join(D)", "str(D)",
    ],
    "I": [
        "N", "len(L)", "len(S)", "len(D)", "sum(L)", "I + I", "I - N", "I * N", "I // N1", "I % N1", "abs(I)", "L.count(N)", "max(I, N)",
        "min(L + [N])", "max(T + (N,))", "S.find('a')", "D.get(K, N)", "len(E)", "int(F)", "L[0] if L else N", "len(L[N:])", "sum(v for v in L if v % 2)",
        "len(P)", "round(F)", "math.floor(F)", "math.ceil(I / N1)", "-I", "I ** 2", "len(set(S))", "sum(D.values())", "len(list(zip(L, T)))",
        "next(iter(L), N)", "any(v > N for v in L) + 0", "int(str(I))", "min(I, N, 3)", "len(range(N, I))", "functools.reduce(lambda a, b: a + b, L, N)",
        "bool(L) + 0", "isinstance(I, int) + 0", "sum(len(k) for k in D)", "(lambda a, b=N: a - b)(I)", "max(D.values(), default=N)",
    ],
    "F": ["I / N1", "F * 2", "F + I", "float(N)", "sum(L) / (len(L) or 1)", "round(F, 1)", "math.sqrt(abs(I))", "abs(F)", "max(F, 0.5)", "F - F"],
    "E": ["set(L)", "E | E", "E & E", "E - E", "{N, I}", "set(T)", "{v % N1 for v in L}", "E ^ E"],
    "P": ["list(zip(L, L))", "list(enumerate(L))", "[(N, I), (I, N)]", "sorted(P)", "P[::-1]", "P + P", "list(zip(L, T))", "[(b, a) for a, b in P]",
          "list(itertools.pairwise(L))", "sorted(P, key=lambda p: p[1])", "list(itertools.product(L[:2], T[:2]))"],
}  # fmt: skip
ACTIONS = [
    "L.append(I)", "L.extend(T)", "L.insert(N, I)", "L.sort()", "L.reverse()", "L += [I]", "D[K] = I", "D.update(a=I)", "E.add(I)", "I += N",
    "S += W", "D.pop(K, None)", "L[0:1] = [I, I]", "D.setdefault(K, N)", "E.discard(N)", "F *= 2", "E.update(L)", "L.clear()",
    "for v in L[:4]:\n    I += v", "if I > N:\n    I = N\nelse:\n    S = W", "n = I\nwhile n > 50:\n    n //= 2",
    "for k, v in D.items():\n    L.append(v)", "for i in range(N):\n    if i == 2:\n        continue\n    L.append(i)",
    "try:\n    I = L[N]\nexcept IndexError:\n    I = 0", "try:\n    I = D[K]\nexcept KeyError:\n    S = W", "a, *b = [*L, N]\nI = a",
    "for a, b in P:\n    if a > b:\n        break\n    I = b",
]  # fmt: skip
RISKY = ["I = L[N]", "I = T[N]", "I = D[K]", "S = S[N]", "L.pop()", "L.remove(N)", "I = L.index(N)", "I = int(S)", "del D[K]", "I = max(L)",
         "S = S + I", "I = I // (N - 1)", "L = L + T", "a, b = T", "I = I[0]", "E.remove(N)", "S = L.shape", "I = len(I)", "P = [p[2] for p in P]",
         "F = F + S", "L[N] = I", "I = L[S]", "I = L[F]", "del L[N]", "I = {L: 1}", "S = S.join(L)"]  # fmt: skip
HEADER = "import math, itertools, functools\nfrom collections import Counter\n"
KINDS = "LTDSIFEP"


def fill(template: str, names: dict[str, list[str]], rng: random.Random) -> str:
    """Put variables and numbers where the placeholders are."""
    found: list[str] = []
    for position, letter in enumerate(template):
        before = template[position - 1] if position else " "
        after = template[position + 1] if position + 1 < len(template) else " "
        alone = not (before.isalnum() or before in "_'\"") and not (after.isalpha() or after in "_'\"")
        if alone and letter in KINDS and not after.isdigit():
            found.append(rng.choice(names[letter]))
        elif alone and letter == "N":
            found.append(str(rng.randint(1, 4) if after == "1" else rng.randint(0, 5)))
        elif letter == "1" and before == "N":
            continue
        elif alone and letter == "K":
            found.append(repr(rng.choice("abcxyz")))
        elif alone and letter == "W":
            found.append(repr(rng.choice(["", "a", "abc", "Hello world", "12", "b-a"])))
        else:
            found.append(letter)
    return "".join(found)


def program(rng: random.Random, length: int, risky: bool) -> str:
    """A random program; with ``risky``, its last statement may raise."""
    names = {"L": ["l0"], "T": ["t0"], "D": ["d0"], "S": ["s0"], "I": ["i0"], "F": ["f0"], "E": ["e0"], "P": ["p0"]}
    lines = [
        "l0 = [3, 1, 2]", "t0 = (4, 5)", "d0 = {'a': 1, 'b': 2}", "s0 = 'banana'", "i0 = 7", "f0 = 2.5", "e0 = {1, 2}", "p0 = [(1, 2)]"
    ]  # fmt: skip
    for number in range(1, length):
        if rng.random() < 0.3:
            lines.append(fill(rng.choice(ACTIONS), names, rng))
            continue
        kind = rng.choice(KINDS)
        text = fill(rng.choice(TEMPLATES[kind]), names, rng)
        name = f"{kind.lower()}{number}"
        lines.append(f"{name} = {text}")
        names[kind].append(name)
    if risky:
        lines.append(fill(rng.choice(RISKY), names, rng))
    return HEADER + "\n".join(lines) + "\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(3, 14), st.booleans())
def test_random_programs(seed: int, length: int, risky: bool) -> None:
    source = program(random.Random(seed), length, risky)
    check_against_python(source)


SYMBOLIC = [
    "data[1:]", "data[:-1]", "data[::2]", "data + data", "data * 2", "[v + 1 for v in data]", "list(zip(data, data[1:]))", "list(enumerate(data))",
    "list(reversed(data))", "sorted(data, reverse=True)", "sum(data)", "max(data)", "min(data)", "len(data)", "data[0]", "data[-1]", "data[n - 1]",
    "tuple(data)", "data[2:5]", "data[n // 2:]", "data[:n // 3]", "math.ceil(n / 4)", "n // 3", "n % 5", "-(-n // 4)", "max(n, 5)", "min(n, 9)",
    "abs(n - 4)", "list(range(0, n, 3))", "len(range(2, n))", "[data[i:i + 3] for i in range(n - 3)]", "[0] * n", "list(map(lambda v: v * 2, data))",
    "[[v] * 2 for v in data]", "{v: 0 for v in data}", "dict(zip(data, data))", "set(data)", "list(itertools.chain(data, [1]))", "data[-3:]",
    "[data[i] for i in range(n - 1)]", "list(itertools.pairwise(data))", "[(v, v + 1) for v in data]", "int(n / 2)", "[v for v in data][1:]",
    "[v for v in data if v > 2]", "list(itertools.combinations(data, 2))", "sum(v for v in data)", "list(zip(*[data, data]))", "data[n - 2:]",
    "[len(w) for w in [data[i:i + 2] for i in range(n)]]", "all(v >= 0 for v in data)", "round(n / 3)", "list(zip(data, 'abcdef'))", "[[0] * n] * 3",
    "[list(range(n)) for _ in range(n)]", "(n, n + 1)", "n * (n - 1) // 2", "[i for i in range(n) for _ in range(2)]", "data[:100]", "data[5:2]",
    "list(filter(None, data))", "[sum(data[i:i + 3]) for i in range(n - 2)]", "data.index(0)", "3 in data", "deque(data, maxlen=3)", "Counter(data)",
]  # fmt: skip


@pytest.mark.parametrize("text", SYMBOLIC)
def test_symbolic_length(text: str) -> None:
    """One analysis with ``n`` symbolic agrees with every length that is tried."""
    source = f"import math, itertools\nfrom collections import Counter, deque\ndata = list(range(n))\nresult = {text}\nsize = len([result])\n"
    for n in (8, 13):
        check_symbolic(source, n=n)
