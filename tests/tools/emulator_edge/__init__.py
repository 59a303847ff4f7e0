"""Resource Graph, Event Grid, identity, certificates and release tracker of the emulator, on the wire."""
