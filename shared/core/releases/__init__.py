"""What is new in a region, and since when."""
