"""Commands that run the product: up, serve, worker."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import click
import yaml

from guiyan.config.cli import start

STOP_SECONDS_MAX = 15
RESTARTS_MAX = 5
CONNECTIONS_MAX = 800  # a browser keeps several open without using them; each is a file, and 1,024 is a common limit
HEADER_SECONDS_MAX = 10  # also how long a connection may be idle
DEMO_CODE = "demo"
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104  only compared


@dataclass(frozen=True)
class Web:
    """Where and how the web server listens."""

    host: str
    port: int
    tls_cert: Path | None
    tls_key: Path | None
    threads: int

    @property
    def reach(self) -> str:
        """The host name under which this machine reaches the server."""
        return "127.0.0.1" if self.host in ANY_ADDRESS else self.host

    @property
    def address(self) -> str:
        """The address to type into a browser on this machine."""
        return f"{'https' if self.tls_cert else 'http'}://{self.reach}:{self.port}"

    def command(self) -> list[str]:
        """The server's command line."""
        words = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error",
            "--host", self.host, "--port", str(self.port), "--workers", "1",
            "--blocking-threads", str(self.threads), "--backpressure", str(CONNECTIONS_MAX),
            "--http1-header-read-timeout", str(HEADER_SECONDS_MAX * 1000), "--workers-kill-timeout", "10",
        ]  # fmt: skip
        if self.tls_cert and self.tls_key:
            words += ["--ssl-certificate", str(self.tls_cert), "--ssl-keyfile", str(self.tls_key)]
            words += ["--ssl-protocol-min", "tls1.2"]
        return [*words, "guiyan.config.wsgi:application"]

    def environment(self) -> dict[str, str]:
        """The environment of the server and its worker."""
        extra = {"DJANGO_SETTINGS_MODULE": "guiyan.config.settings", "GUIYAN_TLS": "1" if self.tls_cert else "0"}
        return {**os.environ, **extra}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _is_free(host: str, port: int) -> bool:
    """Tell whether nobody listens there. Raises ``OSError`` when nobody could."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def _require_free(host: str, port: int) -> None:
    try:
        if _is_free(host, port):
            return
    except OSError as error:
        raise click.ClickException(
            f"不能在 {host} 端口 {port} 上监听：{error.strerror}。 "
            f"Nothing can listen on {host} port {port}: choose others with --host and --port."
        ) from error
    raise click.ClickException(
        f"端口 {port} 已被占用，请用 --port 换一个。 Port {port} is in use: choose another with --port."
    )


def _web_options(function: Callable[..., None]) -> Callable[..., None]:
    file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
    port, threads = click.IntRange(1, 65535), click.IntRange(1, 256)
    for option in (
        click.option("--threads", default=8, show_default=True, type=threads, help="Requests served at the same time."),
        click.option("--tls-key", type=file, help="Private key (PEM, PKCS#8, not encrypted)."),
        click.option("--tls-cert", type=file, help="Certificate chain (PEM)."),
        click.option("--port", default=8000, show_default=True, envvar="GUIYAN_PORT", type=port),
        click.option("--host", default="127.0.0.1", show_default=True, envvar="GUIYAN_HOST"),
    ):
        function = option(function)
    return function


def _web(host: str, port: int, tls_cert: Path | None, tls_key: Path | None, threads: int) -> Web:
    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert and --tls-key go together")
    if tls_cert and tls_key:
        _require_pair(tls_cert, tls_key)
    _require_free(host, port)
    return Web(host, port, tls_cert, tls_key, threads)


def _require_pair(cert: Path, key: Path) -> None:
    """Refuse a certificate and key that the server could not use, before anything starts."""
    text = key.read_bytes()
    if b"-----BEGIN PRIVATE KEY-----" not in text:
        raise click.ClickException(
            f"{key}：要没有口令的 PKCS#8 私钥（PEM）。 A private key in PKCS#8 without a passphrase is wanted: "
            f"openssl pkcs8 -topk8 -nocrypt -in {key}"
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (ssl.SSLError, ValueError) as error:
        raise click.ClickException(
            f"{cert} 与 {key} 不是一对证书和私钥。 They are not a certificate and its private key (PEM)."
        ) from error


class Family:
    """The processes that serve together. One that ends is started again a few times; then all stop."""

    def __init__(self) -> None:
        self._members: dict[str, tuple[list[str], dict[str, str], subprocess.Popen[bytes]]] = {}
        self._restarts: dict[str, int] = {}
        self.stopping = threading.Event()

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start a member under ``name``."""
        self._members[name] = (command, environment, subprocess.Popen(command, env=environment))

    def watch(self) -> int:
        """Wait until told to stop. Returns 0, or 1 when a member kept ending by itself."""
        while not self.stopping.wait(0.3):
            for name, (command, environment, process) in list(self._members.items()):
                if process.poll() is None:
                    continue
                self._restarts[name] = self._restarts.get(name, 0) + 1
                if self._restarts[name] > RESTARTS_MAX:
                    click.echo(f"{name} 反复退出，已停止。 {name} keeps ending; stopped.", err=True)
                    return 1
                time.sleep(min(2.0 ** self._restarts[name] / 4, 8))
                self.start(name, command, environment)
        return 0

    def stop(self) -> None:
        """End every member, politely first."""
        for _, _, process in self._members.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS_MAX
        for _, _, process in self._members.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def _signals(family: Family) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        family.stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _web_answers(web: Web, family: Family, seconds: float = 30.0) -> bool:
    """Wait until the web server listens. Returns whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not family.stopping.is_set():
        with contextlib.suppress(OSError), socket.create_connection((web.reach, web.port), 1):
            return True
        time.sleep(0.1)
    return False


def _read_init(path: Path) -> dict[str, str]:
    """Return what a first start needs to know. Raises ``click.ClickException`` that names what is wrong."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: is not YAML in UTF-8") from error
    wanted = {"company", "code", "admin_username", "admin_name", "admin_password"}
    if not isinstance(told, dict) or set(told) != wanted:
        raise click.ClickException(f"{path}: needs exactly the keys {', '.join(sorted(wanted))}")
    unusable = sorted(key for key, value in told.items() if not isinstance(value, str | int) or not str(value).strip())
    if unusable:
        raise click.ClickException(f"{path}: a text is wanted for {', '.join(unusable)}")
    return {key: str(value).strip() for key, value in told.items()}


def _ask() -> dict[str, str]:
    if not sys.stdin.isatty():
        raise click.ClickException("第一次启动需要公司与管理员：请用 --init FILE。 The first start needs --init FILE.")
    return {
        "company": click.prompt("公司全称 Company name"),
        "code": click.prompt("公司代码 Company code (lower-case letters)", default="company"),
        "admin_username": click.prompt("管理员登录名 Administrator's user name", default="admin"),
        "admin_name": click.prompt("管理员姓名 Administrator's name"),
        "admin_password": click.prompt("管理员密码 Password", hide_input=True, confirmation_prompt=True),
    }


def _first_start(answers: dict[str, str]) -> None:
    from guiyan.simulator import setup  # noqa: PLC0415  needs Django

    with start.refusing_plainly():
        setup.company(**answers, now=start.wall())


def _company_is_there() -> bool:
    """Tell whether somebody can sign in to a real tenant: a first start that broke off is done again."""
    from guiyan.simulator import setup  # noqa: PLC0415  needs Django

    return setup.anybody_can_sign_in()


def _make_demo() -> None:
    from guiyan.simulator import setup  # noqa: PLC0415  needs Django

    setup.demonstration(DEMO_CODE, now=start.wall(), say=lambda text: click.echo(f"  {text}"))


def _mailbox_ports(web: Web) -> tuple[int, int]:
    """Return two free ports for the demonstration's mailbox: SMTP and its page, near the web server's."""
    found: list[int] = []
    for port in range(web.port + 1, web.port + 200):
        with contextlib.suppress(OSError, OverflowError):
            found += [port] if _is_free("127.0.0.1", port) else []
        if len(found) == 2:
            return found[0], found[1]
    raise click.ClickException("no free port for the demonstration's mailbox")


def _greet(web: Web, *, mailbox_port: int | None) -> None:
    click.echo("")
    click.secho(f"  归雁已启动  Guiyan is up: {web.address}", bold=True)
    if mailbox_port is not None:
        from guiyan.simulator import setup  # noqa: PLC0415  needs Django

        click.echo(f"  演示邮箱 Mailbox of the demonstration: http://127.0.0.1:{mailbox_port}")
        click.echo(f"  演示账号 Demonstration accounts, 密码 password: {setup.DEMO_PASSWORD}")
        for account in setup.demonstration_accounts(DEMO_CODE):
            click.echo(f"    {account.username:<12} {account.name}　{account.roles}")
        click.echo("  接下来：用林晓的账号登录，打开「员工档案」。 Next: sign in as linxiao, open the people.")
    click.echo("  按 Ctrl-C 停止。 Ctrl-C stops it.\n")


@click.command()
@click.option("--demo", is_flag=True, help="Make and serve the demonstration company (loopback only).")
@click.option(
    "--init",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="YAML with company and first administrator; used by the first start only.",
)
@_web_options
def up(*, demo: bool, init: Path | None, **listening: Any) -> None:
    """Prepare everything, then serve web and worker until Ctrl-C."""
    if demo and not _is_loopback(listening["host"]):
        raise click.UsageError("演示只在本机提供。 --demo serves on a loopback address only.")
    if demo and init:
        raise click.UsageError("--demo 与 --init 不能同用。 --demo and --init exclude each other.")
    answers = _read_init(init) if init else None
    web = _web(**listening)
    if demo:
        os.environ["GUIYAN_DEMO"] = "1"
    click.echo("准备数据库… preparing the database…")
    start.database_ready(prepare=True)
    if demo:
        _make_demo()
    elif not _company_is_there():
        _first_start(answers or _ask())
    elif answers:
        click.echo(f"公司已经建立，没有再用 {init}。 A company is here already: {init} was not used again.", err=True)
    family = Family()
    with _signals(family):
        try:
            if demo:
                ports = _mailbox_ports(web)
                os.environ["GUIYAN_SMTP_PORT"] = str(ports[0])
                words = ["mailbox", "--smtp-port", str(ports[0]), "--web-port", str(ports[1])]
                family.start("mailbox", [sys.executable, "-m", "guiyan", *words], web.environment())
            family.start("worker", [sys.executable, "-m", "guiyan", "worker"], web.environment())
            family.start("web", web.command(), web.environment())
            if _web_answers(web, family):
                _greet(web, mailbox_port=ports[1] if demo else None)
            sys.exit(family.watch())
        finally:
            family.stop()


@click.command()
@_web_options
def serve(**listening: Any) -> None:
    """Serve the web application alone (run `guiyan worker` beside it)."""
    web = _web(**listening)
    start.database_ready()
    family = Family()
    with _signals(family):
        try:
            family.start("web", web.command(), web.environment())
            sys.exit(family.watch())
        finally:
            family.stop()


@click.command()
@click.option(
    "--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs run at the same time."
)
def worker(concurrency: int) -> None:
    """Run jobs, deadlines and the ledger's sequencer until stopped."""
    start.database_ready()
    from guiyan.config import working  # noqa: PLC0415  needs Django

    working.run(concurrency)


@click.command(hidden=True)
@click.option("--smtp-port", required=True, type=int)
@click.option("--web-port", required=True, type=int)
def mailbox(smtp_port: int, web_port: int) -> None:
    """Run the demonstration's mail server and its page on loopback until stopped."""
    from guiyan.integrations.fake import mailbox as post  # noqa: PLC0415  only this command needs it

    running = post.start(smtp_port, web_port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    stop.wait()
    running.stop()


COMMANDS = (up, serve, worker, mailbox)
