"""The emulator's own endpoints, for tests and the demo."""

from emulator.control.routes import ControlPlane

__all__ = ["ControlPlane"]
