"""The api-versions in which the emulator serves AKS."""

from typing import Final

STABLE: Final = frozenset(
    f"{month}-{day}"
    for month, day in (
        ("2024-01", "01"), ("2024-02", "01"), ("2024-05", "01"), ("2024-07", "01"), ("2024-08", "01"),
        ("2024-09", "01"), ("2025-01", "01"), ("2025-02", "01"), ("2025-03", "01"), ("2025-04", "01"),
        ("2025-05", "01"), ("2025-07", "01"), ("2025-08", "01"), ("2025-09", "01"), ("2025-10", "01"),
        ("2026-01", "01"), ("2026-02", "01"), ("2026-03", "01"), ("2026-04", "01"), ("2026-05", "01"),
        ("2026-06", "01"), ("2026-07", "01"), ("2026-08", "01"),
    )
)  # fmt: skip
PREVIEW: Final = frozenset(
    {
        "2024-04-02-preview",
        "2025-02-02-preview",
        "2025-04-02-preview",
        "2025-06-02-preview",
        "2025-08-02-preview",
        "2025-10-02-preview",
        "2026-01-02-preview",
        "2026-06-02-preview",
    }
)
ALL: Final = STABLE | PREVIEW

OLD_NODE_IMAGE_LIST: Final = "2024-04-02-preview"
"""The one preview in which the list of node images is called `values`, not `value`."""
