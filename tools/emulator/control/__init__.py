"""The emulator's own endpoints, for tests and the demo."""

from tools.emulator.control.routes import ControlPlane

__all__ = ["ControlPlane"]
