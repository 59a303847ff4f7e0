"""What the emulator says on the wire, held against the SDK's models and against recorded sessions."""
