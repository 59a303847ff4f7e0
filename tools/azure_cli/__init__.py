"""`./dev az`: the real Azure CLI, in a separate environment, signed in to the stack that `./dev up` started."""
