"""The overview: what an evaluation leaves in the ledger for people, so that showing it costs no sweep."""
