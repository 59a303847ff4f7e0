"""Which version and which node images a profile's clusters go to."""
