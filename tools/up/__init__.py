"""`./dev up`: the stack stays up, for whoever wants to try something; `./dev time` moves its time."""
