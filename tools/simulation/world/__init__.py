"""The simulated Azure. It knows nothing of the app: neither its code nor its rules."""
