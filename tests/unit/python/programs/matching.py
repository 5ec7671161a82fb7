from dataclasses import dataclass


@dataclass
class P:
    x: int
    y: int = 0
def kind(v):
    match v:
        case 0 | 1:
            return "small"
        case int(n) if n > 10:
            return f"big {n}"
        case [a]:
            return a
        case [a, *rest]:
            return a, rest
        case {"type": t, **more}:
            return t, more
        case P(x=0):
            return "zero"
        case P(a, b):
            return a + b
        case str():
            return "text"
        case None:
            return "none"
        case _:
            return "other"
r = [kind(v) for v in (1, 50, [3], [1, 2, 3], {"type": "lstm", "u": 3}, P(0), P(1, 2), "s", None, 5.0)]
