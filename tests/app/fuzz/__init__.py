"""Fuzz: random inputs, structured and raw, over every function that takes one, in process on a world in memory.

`./dev fuzz` runs many; `test_fuzz.py` a few hundred. The functions come from the app's index, so that a new route is
fuzzed as soon as it is registered.
"""
