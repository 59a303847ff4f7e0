"""Local stand-in for Azure: ARM, Resource Graph, Event Grid, identity and time. For development only, never deployed."""
