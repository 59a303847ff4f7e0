"""Runs the whole app, seeded and in virtual time, against a simulated Azure that fails, lags and is shared with people.

Everything of the app is real, from its functions to its adapters; the SDKs' clients are simulated. `simulated.py`
plays one seed, `laws/` judges it, and `command.py` plays many. docs/reliability.md explains what it shows.
"""
