"""`./dev up`: the stack stays up, to try things with; `./dev time` moves its time."""
