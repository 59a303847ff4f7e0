"""The ledger: one table of Azure Table Storage for what ARM does not store."""

from shared.azure.ledger.table_ledger import TableLedger

__all__ = ["TableLedger"]
