"""Certificates of the local stack."""

import ssl
import stat
from pathlib import Path

from tests.tools.emulator_edge.edge import Edge
from tools.emulator.tls import make_certificates


def test_only_the_owner_can_read_the_servers_key(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path / "new" / "tls")
    assert stat.S_IMODE(certificates.server_key_pem.stat().st_mode) == 0o600


def test_key_and_certificate_belong_together(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server_crt_pem, certificates.server_key_pem)


def test_a_second_start_replaces_the_files_of_the_first(tmp_path: Path) -> None:
    first = make_certificates(tmp_path).ca_pem.read_bytes()
    second = make_certificates(tmp_path)
    assert second.ca_pem.read_bytes() != first
    assert stat.S_IMODE(second.server_key_pem.stat().st_mode) == 0o600


def test_the_server_is_trusted_under_address_and_name(edge: Edge) -> None:
    port = edge.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost"):
        assert edge.http.get(f"https://{host}:{port}/webpage/parsed_data.json").status_code == 200
