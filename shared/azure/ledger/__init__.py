"""The ledger: one table of Azure Table Storage that remembers what ARM cannot."""

from shared.azure.ledger.table_ledger import TableLedger

__all__ = ["TableLedger"]
