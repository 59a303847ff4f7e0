"""Everything that helps to develop and try the app. Never deployed."""
