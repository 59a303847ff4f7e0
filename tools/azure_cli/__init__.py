"""`./dev az`: the real Azure CLI, in an environment of its own, signed in to the stack that `./dev up` started."""
