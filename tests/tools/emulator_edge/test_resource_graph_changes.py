"""Resource Graph: what changes between queries."""

from tests.tools.emulator_edge.edge import Edge
from tests.tools.emulator_edge.rows import cluster, member
from tools.emulator.resource_graph import Tables
from tools.json_value import Json

QUERY = "resources | project id, name, version = properties.currentKubernetesVersion | order by name asc"
MEMBERS = "aksresources | project name | order by name asc"


def found(edge: Edge) -> list[tuple[Json, Json]]:
    return [(row["name"], row["version"]) for row in edge.query(QUERY).json()["data"]]


def test_rows_that_are_new_changed_and_gone_show_at_once(edge: Edge) -> None:
    kept, changed, gone = (cluster(name) for name in ("kept", "changed", "gone"))
    edge.tables = Tables(2, resources=[kept, changed, gone])
    assert found(edge) == [("changed", "1.30.5"), ("gone", "1.30.5"), ("kept", "1.30.5")]
    edge.tables = Tables(3, resources=[cluster("new"), kept, cluster("changed", version="1.31.1")])
    assert found(edge) == [("changed", "1.31.1"), ("kept", "1.30.5"), ("new", "1.30.5")]


def test_a_row_that_comes_back_is_there_once(edge: Edge) -> None:
    row = cluster("a")
    for version, rows in enumerate(([row], [], [row], [cluster("a")], [row]), 2):
        edge.tables = Tables(version, resources=rows)
        assert len(found(edge)) == len(rows)


def test_each_table_changes_on_its_own(edge: Edge) -> None:
    one = cluster("a")
    edge.tables = Tables(2, resources=[one], aksresources=[member("a", one)])
    assert edge.query(MEMBERS).json()["data"] == [{"name": "a"}]
    edge.tables = Tables(3, resources=[one], aksresources=[member("b", one)])
    assert edge.query(MEMBERS).json()["data"] == [{"name": "b"}]
    assert found(edge) == [("a", "1.30.5")]


def test_a_version_that_is_loaded_already_is_not_read_again(edge: Edge) -> None:
    edge.tables = Tables(2, resources=[cluster("a")])
    assert len(found(edge)) == 1
    edge.tables = Tables(2)
    assert len(found(edge)) == 1
