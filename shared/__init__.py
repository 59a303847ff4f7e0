"""The auto-upgrade engine: a pure core, the use cases, and adapters to Azure."""
