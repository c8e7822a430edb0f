"""TLS: unmodified clients, and a certificate that is replaced while they ask."""

import contextlib
import datetime
import ipaddress
import os
import signal
import socket
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import yaml
from command import names
from conftest import connect, until
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ASKING = 4
REQUESTS_EACH = 250


class Authority:
    """Makes certificates for 127.0.0.1."""

    def __init__(self, path):
        self.path, self.key = path, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test's authority")])
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        signs = dict.fromkeys(
            ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment"]
            + ["key_agreement", "encipher_only", "decipher_only"],
            False,
        )
        usage = x509.KeyUsage(key_cert_sign=True, crl_sign=True, **signs)
        begun = self.begun(self.name, self.key).add_extension(constraints, critical=True)
        cert = begun.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())
        path.write_bytes(cert.public_bytes(serialization.Encoding.PEM))

    def begun(self, name, key):
        """What every certificate has."""
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateBuilder(self.name, name, key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(own, critical=False)
        of = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(of, critical=False)
        return builder.not_valid_after(now + datetime.timedelta(days=30))

    def write_pair(self, cert_path, key_path):
        """A new certificate and its key, in place of what was there; gives its serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        begun = self.begun(x509.Name([]), key).add_extension(here, critical=True)
        cert = begun.sign(self.key, hashes.SHA256())
        cert_path.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
        key_path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return cert.serial_number


@contextlib.contextmanager
def serving(directory, *flags):
    """A server that speaks TLS, and that reads its certificates again at a hang-up."""
    path = directory / "clouds.yaml"
    argv = [os.environ["GUICHET_BIN"], "serve", "--dev", *flags]
    argv += ["--listen", "127.0.0.1:0", "--write-clouds-yaml", path]
    with (
        open(directory / "log", "w") as log,
        subprocess.Popen(
            argv,
            stdout=subprocess.DEVNULL,
            stderr=log,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        ) as server,
    ):
        try:
            until(lambda: path.exists() and path.read_text().endswith("\n"), "the clouds.yaml")
            yield server, yaml.safe_load(path.read_text())["clouds"]
        finally:
            server.terminate()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "ca.pem")


def place_of(cloud):
    """Host and port."""
    host, port = cloud["auth"]["auth_url"].removeprefix("https://").split("/")[0].split(":")
    return host, int(port)


def serial_shown(cloud):
    """The serial number of the certificate that a new connection is shown."""
    context = ssl.create_default_context(cafile=cloud["cacert"])
    with socket.create_connection(place_of(cloud)) as tcp:
        with context.wrap_socket(tcp, server_hostname=place_of(cloud)[0]) as tls:
            return int(tls.getpeercert()["serialNumber"], 16)


def test_the_command_works_with_what_the_service_writes_down(tmp_path, monkeypatch):
    with serving(tmp_path, "--tls-self-signed") as (_, clouds):
        assert Path(clouds["guichet"]["cacert"]).exists()
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
        assert "m1.tiny" in names("flavor list")
        endpoint = connect(clouds["guichet"]).compute.get_endpoint()
        assert endpoint.startswith("https://")


def test_a_certificate_is_replaced_in_the_middle_of_a_thousand_requests(tmp_path, authority):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    first = authority.write_pair(cert, key)
    flags = ["--tls-cert", cert, "--tls-key", key, "--tls-ca", authority.path]
    with serving(tmp_path, *flags) as (server, clouds):
        cloud, answered = clouds["guichet"], []
        assert serial_shown(cloud) == first
        sdk = connect(cloud)
        token, url = sdk.auth_token, sdk.compute.get_endpoint()

        def kept(_):
            """Over one connection."""
            with requests.Session() as session:
                ask(session.get)

        def new(_):
            """Over a connection for each."""
            ask(requests.get)

        def ask(get):
            for _ in range(REQUESTS_EACH):
                headers = {"X-Auth-Token": token}
                answer = get(f"{url}/flavors", headers=headers, verify=cloud["cacert"])
                answered.append(answer.status_code)

        with ThreadPoolExecutor(ASKING) as pool:
            asking = [pool.submit(way, n) for n in range(ASKING // 2) for way in (kept, new)]
            total = ASKING * REQUESTS_EACH
            until(lambda: len(answered) > total // 2, "half of the requests")
            second = authority.write_pair(cert, key)
            server.send_signal(signal.SIGHUP)
            until(lambda: serial_shown(cloud) == second, "the new certificate")
            assert len(answered) < total, "all were answered before it was there"
            for one in asking:
                one.result()
        assert answered == [200] * total
        assert sdk.compute.find_flavor("m1.tiny")


def test_who_shows_no_certificate_where_one_is_wanted_is_not_let_in(tmp_path, authority):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    authority.write_pair(cert, key)
    flags = ["--tls-cert", cert, "--tls-key", key, "--tls-ca", authority.path]
    with serving(tmp_path, *flags, "--tls-client-ca", authority.path) as (_, clouds):
        cloud = clouds["guichet"]
        with pytest.raises(requests.exceptions.RequestException):
            requests.get(cloud["auth"]["auth_url"], verify=cloud["cacert"], timeout=20)
        shown = {"cert": (str(cert), str(key))}
        answer = requests.get(cloud["auth"]["auth_url"], verify=cloud["cacert"], **shown)
        assert answer.status_code == 300
