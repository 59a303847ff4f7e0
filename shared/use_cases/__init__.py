"""One use case for each trigger: it reads through ports, the core decides, and the use case applies the decision."""
