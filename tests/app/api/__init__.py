"""The description of the HTTP API: made from the app's functions and from the types of its documents."""
