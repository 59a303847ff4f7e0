"""Local stand-in for Azure: ARM, Resource Graph, Event Grid, identity, time. For development only, never deployed."""
