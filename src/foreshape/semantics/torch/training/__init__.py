"""Rules of what a training loop is made of: gradients, optimizers, schedules, mixed precision, saving, compiling, devices."""

from __future__ import annotations

PARTS = (
    "modes",
    "gradients",
    "functions",
    "optimizers",
    "schedules",
    "precision",
    "saving",
    "wrapping",
    "devices",
    "logging",
)
