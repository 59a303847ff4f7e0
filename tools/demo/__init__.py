"""The demo: real releases played through the real app on the local stack."""
