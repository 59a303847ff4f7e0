"""Tests of the emulator: world, releases, ARM, AKS, control plane and process."""
