"""Azure's own API specification: its schemas, and what it refuses of a request."""

from tools.emulator.specification.requests import check_specified, refuse_unknown
from tools.emulator.specification.schemas import MESH_PREVIEWS, definitions_of, schema_file, specified_type, validator

__all__ = [
    "MESH_PREVIEWS",
    "check_specified",
    "definitions_of",
    "refuse_unknown",
    "schema_file",
    "specified_type",
    "validator",
]
