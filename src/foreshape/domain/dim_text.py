"""Sizes as text."""

from __future__ import annotations

from foreshape.domain.polynomial import (
    ONE,
    Atom,
    Dim,
    DimLike,
    FloorDiv,
    Max,
    Min,
    Monomial,
    Var,
    as_atom,
    as_var,
    constant_part,
)


def show(d: DimLike) -> str:
    """Text as a person would write it: "len(data) - 10", "2*T", "(T - 1)//2", "?"."""
    if isinstance(d, int):
        return str(d)
    folded = _show_folded(d)
    if folded is not None:
        return folded
    positive: list[str] = []
    negative: list[str] = []
    for mono, coef in d.terms.items():
        if mono != ONE:
            (positive if coef > 0 else negative).append(_show_term(mono, abs(coef)))
    constant = d.terms.get(ONE, 0)
    if constant > 0:
        positive.append(str(constant))
    elif constant < 0:
        negative.append(str(-constant))
    text = " + ".join(positive)
    for part in negative:
        text = f"{text} - {part}" if text else f"-{part}"
    return text


def _show_folded(d: Dim) -> str | None:
    """x//d + k reads better as (x + d*k)//d."""
    if len(d.terms) != 2 or ONE not in d.terms:
        return None
    atom = as_atom(d - d.terms[ONE])
    if not isinstance(atom, FloorDiv) or not isinstance(atom.den, int):
        return None
    if constant_part(atom.num) == 0:
        return None
    return f"{_group(atom.num + atom.den * d.terms[ONE])}//{atom.den}"


def _show_term(mono: Monomial, coef: int) -> str:
    factors = sorted((_show_atom(atom), power) for atom, power in mono)
    parts = [text if power == 1 else f"{text}**{power}" for text, power in factors]
    if coef != 1:
        parts.insert(0, str(coef))
    return "*".join(f"({part})" if "//" in part and len(parts) > 1 and i > 0 else part for i, part in enumerate(parts))


def _show_atom(atom: Atom) -> str:
    if isinstance(atom, Var):
        return "?" if atom.name is None else atom.name
    if isinstance(atom, FloorDiv):
        return f"{_group(atom.num)}//{_group(atom.den)}"
    word = "min" if isinstance(atom, Min) else "max"
    texts = sorted((show(arg) for arg in atom.args), key=lambda text: (text.lstrip("-").isdigit(), text))
    return f"{word}({', '.join(texts)})"


def _group(d: DimLike) -> str:
    """Text that can stand beside an operator."""
    text = show(d)
    if isinstance(d, int) or as_var(d) is not None or isinstance(as_atom(d), (Min, Max)):
        return text
    return f"({text})"
