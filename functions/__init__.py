"""The triggers: decode, call one use case, encode. No decisions here.

Engine and SDKs are imported when a function first runs: indexing the app must stay fast, as
tools/benchmarks/start_up.py measures.
"""
