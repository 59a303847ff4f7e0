"""The actions of the custom roles, as their files list them."""

import json

from tools.checks.infra.sources import INFRA

ROLE_ACTIONS: list[str] = json.loads((INFRA / "role-actions.json").read_text())
PROFILE_ACTIONS: list[str] = json.loads((INFRA / "profile-role-actions.json").read_text())
ALERT_ACTIONS: list[str] = json.loads((INFRA / "alert-role-actions.json").read_text())

BROAD = {"everything"}
"""The ways of deploying that choose the wildcard."""
