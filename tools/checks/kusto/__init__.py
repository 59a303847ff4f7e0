"""The project's queries in Kusto's language, and Microsoft's own parser to check them with."""
