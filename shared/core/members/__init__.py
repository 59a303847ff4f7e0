"""Members: which are upgraded, up to date, skipped or blocked, and why."""
