"""The formulas that several libraries share, over sizes known and symbolic, without any library's name in them.

Two ways to fail:

- What sizes decide is returned: a `Result` with the shape that the call gives if it succeeds, and the `Need`s that must
  hold for it to succeed. A need that is not settled can be learnt or reported by the caller.
- What sizes cannot change (rank, axes, subscripts) is raised: a subclass of `ShapeError` with typed fields.
"""
