"""Runs: the specification of a run, the run that is wanted, and what an existing run means."""
