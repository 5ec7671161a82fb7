"""``unfitted-estimator``: a scaler, encoder or estimator is used before it is fitted."""

from __future__ import annotations

from typing import ClassVar

from foreshape.faults.base import Fault


class UnfittedEstimator(Fault):
    """estimator: its class ("MinMaxScaler")."""

    name: ClassVar[str] = "unfitted-estimator"
    summary: ClassVar[str] = "A scaler, encoder or estimator is used before it is fitted."

    estimator: str

    page: ClassVar[str] = """\
``transform``, ``inverse_transform`` and ``predict`` need what ``fit`` found in the training data. ``fit_transform`` does both.
"""
    faulty: ClassVar[str] = """\
import numpy as np
from sklearn.preprocessing import MinMaxScaler

scaler = MinMaxScaler()
scaled = scaler.transform(np.random.rand(100, 3))
"""
    fixed: ClassVar[str] = """\
import numpy as np
from sklearn.preprocessing import MinMaxScaler

scaler = MinMaxScaler()
scaled = scaler.fit_transform(np.random.rand(100, 3))
"""
