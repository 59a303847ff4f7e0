"""Checks the templates in `infra/` as far as that goes without Azure and without a Bicep compiler."""
