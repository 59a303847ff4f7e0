"""Update runs: which exist, what they mean, what is written."""
