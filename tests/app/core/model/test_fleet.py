"""A fleet's clusters, by its members."""

from __future__ import annotations

from shared.core.model.fleet import Fleet
from shared.core.model.unknown import Unknown
from tests.app.builders import FLEET, a_cluster, a_member


def test_a_fleet_has_the_clusters_of_joined_members_that_could_be_read() -> None:
    cluster = a_cluster()
    fleet = Fleet(
        FLEET,
        members=(
            a_member(cluster, name="one"),
            a_member(Unknown("no access"), name="two"),
            a_member(cluster, name="leaving", state="Leaving"),
        ),
    )

    assert fleet.clusters == (cluster,)
