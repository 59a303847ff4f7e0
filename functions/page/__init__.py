"""The status page: static files that the app serves itself, with the headers that keep other code out."""
