"""What happens to each member: upgraded, up to date, skipped or blocked."""
