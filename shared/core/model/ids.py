"""Azure resource ids, compared without case as Azure does (AKS writes `resourcegroups` in lower case)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shared.errors import InvalidInputError

_NAME = r"(?!\.{1,2}(?:/|\Z))[^/\\<>*%&:?#'\"`]+"
"""A part of an id: none of the characters that ARM forbids in names, no quotes, and neither `.` nor `..`.

So an id means the same in a URL, a query and a log, and no part of it can stand for another one.
"""
_ID = re.compile(
    rf"/subscriptions/{_NAME}/resourceGroups/{_NAME}/providers/{_NAME}(?:/{_NAME}/{_NAME})+", re.IGNORECASE
)
MAXIMUM_LENGTH = 500
"""Characters. Ids in a fleet have less than 400; keys of the ledger, of which they are a part, hold 512."""


CLUSTER_TYPE = "microsoft.containerservice/managedclusters"
FLEET_TYPE = "microsoft.containerservice/fleets"
MEMBER_TYPE = f"{FLEET_TYPE}/members"
STRATEGY_TYPE = f"{FLEET_TYPE}/updatestrategies"
PROFILE_TYPE = f"{FLEET_TYPE}/autoupgradeprofiles"
RUN_TYPE = f"{FLEET_TYPE}/updateruns"
"""Types of resources, as `ResourceId.type` has them."""


@dataclass(frozen=True, slots=True)
class ResourceId:
    """The id of a resource in a resource group; equal to any other spelling of the same id."""

    key: str
    text: str = field(compare=False)

    @classmethod
    def parse(cls, text: str, field: str = "resource id") -> ResourceId:
        """Parse an id.

        Raises:
            InvalidInputError: the text is not the id of a resource in a resource group, is longer than
                `MAXIMUM_LENGTH`, or has characters that no name has.
        """
        if len(text) > MAXIMUM_LENGTH or not text.isprintable() or _ID.fullmatch(text) is None:
            raise InvalidInputError(
                field, text, "/subscriptions/{id}/resourceGroups/{name}/providers/{provider}/{type}/{name}…"
            )
        return cls(text.lower(), text)

    @classmethod
    def parse_of_type(cls, text: str, kind: str, field: str) -> ResourceId:
        """Parse the id of a resource of one type, given as `type` has it.

        Raises:
            InvalidInputError: the text is no id, or that of another type.
        """
        resource_id = cls.parse(text, field)
        if resource_id.type != kind:
            raise InvalidInputError(field, text, f"the id of a resource of type {kind}")
        return resource_id

    @property
    def name(self) -> str:
        """The last name in the id."""
        return self.text.rpartition("/")[2]

    @property
    def type(self) -> str:
        """Provider and type names in lower case, such as `microsoft.containerservice/fleets/members`."""
        parts = self.key.split("/")
        return "/".join([parts[6], *parts[7::2]])

    @property
    def subscription(self) -> str:
        """The subscription's id."""
        return self.text.split("/")[2]

    @property
    def resource_group(self) -> str:
        """The resource group's name."""
        return self.text.split("/")[4]

    @property
    def parent(self) -> ResourceId:
        """The id of the resource this one lies in; only for a child resource."""
        return ResourceId.parse(self.text.rsplit("/", 2)[0])

    def child(self, kind: str, name: str) -> ResourceId:
        """The id of a child resource of the given type and name."""
        return ResourceId.parse(f"{self.text}/{kind}/{name}")

    def __str__(self) -> str:
        return self.text


def normalize_region(name: str) -> str:
    """The region's name as ARM writes it: `westus2` for `West US 2`."""
    return name.replace(" ", "").lower()
