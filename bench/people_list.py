"""The list of people against a bare Django view, interleaved in one run: `python bench/people_list.py [rounds]`.

Ten thousand people of one tenant in forty-one units, each with a head; the list shows fifty a page, found by pinyin,
sorted by name, to an HR lead who is one of them. The bare view is Django's own ``ListView``: fifty a page of one table
of ten thousand rows, narrowed by ``contains``, counted, sorted, ten plain columns through a small template; it stands
behind the same middleware and sign-in, on the same server. Both are asked for another text and page each turn, so that
neither is measured on the page that it has just shown. The tables are vacuumed and analysed after loading, as
PostgreSQL does by itself within a minute. Prints limits and results (medians), the part of the page that htmx fetches
while one types, and the number of queries; exits 1 when a limit is passed.
"""

# ruff: noqa: PLC0415  the settings read GUIYAN_HOME when they are imported, so imports come after it is set

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

PEOPLE = 10_000
RATIO_MAX = 2.5
DOMAIN_QUERIES_MAX = 8
FRAME_QUERIES_MAX = 5
ROUNDS = 100
WARM_ROUNDS = 15
PASSWORD = "a-long-password-7"
WORDS = ("wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "zhu", "guo", "gao")
PAGES = 5
FRAGMENT = {"HX-Request": "true", "HX-Target": "people-list"}
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
POSTS = ("工程师", "客服", "操作工")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉梅国建文辉力"


def roster() -> bytes:
    """Return a tidy roster of ten thousand people as an Excel file."""
    import xlsxwriter

    dice = Random(7)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("在职花名册")
    heads = [
        "工号",
        "姓名",
        "性别",
        "一级部门",
        "岗位",
        "入职时间",
        "合同类型",
        "合同起始",
        "合同终止",
        "联系电话",
        "基本工资",
    ]
    sheet.write_row(0, 0, heads)
    for number in range(PEOPLE):
        name = dice.choice(FAMILY) + dice.choice(GIVEN) + dice.choice(GIVEN)
        begun = date(2018, 1, 1) + timedelta(days=dice.randrange(2900))
        until = begun.replace(year=begun.year + 3, day=min(begun.day, 28)) - timedelta(days=1)
        phone = f"13{dice.randrange(10**9):09d}"
        row = [
            f"N{number:06d}", name, dice.choice("男女"), f"第{number % 40 + 1}事业部", dice.choice(POSTS),
            begun.isoformat(), "固定期限", begun.isoformat(), until.isoformat(), phone, 8000 + dice.randrange(9000),
        ]  # fmt: skip
        sheet.write_row(number + 1, 0, row)
    book.close()
    return out.getvalue()


def prepare(home: Path) -> None:
    """Make an installation in ``home`` with a tenant of ten thousand people and an account that sees them all."""
    home.chmod(0o755)
    os.environ |= {"GUIYAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bare.settings", "GUIYAN_DEMO": "1"}
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
    os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(Path(__file__).parent))
    import django
    import psycopg

    django.setup()
    from guiyan.people.actions import load_import
    from guiyan.people.importing.build import build_plan
    from guiyan.platform import database, embedded, tenancy
    from guiyan.platform.actions import create_account, grant_role
    from guiyan.platform.ids import new_id
    from guiyan.platform.permissions import SYSTEM
    from guiyan.platform.tenancy import provision

    now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    embedded.shared().start()
    provision.prepare_database()
    provision.migrate()
    tenant = provision.create_tenant("bench", "基准公司", now=now)
    with tenancy.session(tenant):
        start = time.perf_counter()
        plan = build_plan(roster(), "roster.xlsx", as_of=date(2026, 11, 24))
        load_import(SYSTEM, plan, request_id=new_id(), now=now)
        print(f"loaded {PEOPLE} people in {time.perf_counter() - start:.1f} s")
        person_id = lead_units(now)
        user_id = create_account(
            SYSTEM, username="lead", display_name="李主任", password=PASSWORD, person_id=person_id,
            must_change_password=False, now=now,
        )  # fmt: skip
        grant_role(SYSTEM, user_id=user_id, role="hr_lead", now=now)
    with psycopg.connect(**database.admin(), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def lead_units(now: datetime) -> UUID:
    """Give every unit one of its people as its head; return one of those."""
    from guiyan.people.actions import set_unit_manager
    from guiyan.people.models import Assignment
    from guiyan.platform.ids import new_id
    from guiyan.platform.permissions import SYSTEM

    heads = dict(Assignment.objects.order_by("unit_id", "-pk").values_list("unit_id", "spell__person_id"))
    for unit_id, person_id in heads.items():
        set_unit_manager(SYSTEM, unit_id, person_id, now.date(), request_id=new_id(), now=now)
    return next(iter(heads.values()))


def list_of(turn: int) -> str:
    """Return the address of the list to ask for in a turn."""
    return f"/people/?q={WORDS[turn % len(WORDS)]}&sort=name&page={turn % PAGES + 1}"


def bare_of(turn: int) -> str:
    """Return the address of the bare view to ask for in a turn: about as many rows are found."""
    return f"/bare/?q={10 + turn % len(WORDS)}&page={turn % PAGES + 1}"


def count_queries() -> tuple[int, int]:
    """Return how many queries a page of the list makes: of the domain, and of the frame (tenancy, session, account).

    BEGIN and COMMIT are no queries.
    """
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from guiyan.platform import tenancy
    from guiyan.platform.tenancy import directory

    client = Client(headers={"host": "127.0.0.1"})
    page = client.get("/accounts/login/")
    assert page.status_code == 200
    client.post("/accounts/login/", {"login": "lead", "password": PASSWORD})
    client.get(list_of(0))
    tenant = directory.by_code("bench")
    assert tenant is not None
    with tenancy.session(tenant), CaptureQueriesContext(connections["default"]) as seen:
        assert client.get(list_of(1)).status_code == 200
    statements = [query["sql"] for query in seen.captured_queries if query["sql"] not in {"BEGIN", "COMMIT"}]
    frame = [text for text in statements if is_frame(text)]
    return len(statements) - len(frame), len(frame)


def is_frame(statement: str) -> bool:
    """Return whether a statement serves tenancy, session or account rather than the page."""
    table = re.search(r'FROM "?(\w+)"?', statement)
    if table is None:
        return True
    roles_that_follow = "AS employed" in statement
    return roles_that_follow or table[1] in {"django_session", "platform_user", "platform_rolegrant"}


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(rounds: int) -> float:
    """Return the median ratio of the list's time to the bare view's, fetched in turn over one kept connection."""
    import httpx

    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "1",
        "guiyan.config.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=30) as client:
            wait(client)
            sign_in(client)
            whole: list[float] = []
            bare: list[float] = []
            part: list[float] = []
            for turn in range(-WARM_ROUNDS, rounds):
                for path, headers, times in (
                    (list_of(turn), None, whole),
                    (bare_of(turn), None, bare),
                    (list_of(turn), FRAGMENT, part),
                ):
                    start = time.perf_counter()
                    answer = client.get(path, headers=headers)
                    took = time.perf_counter() - start
                    assert answer.status_code == 200
                    assert answer.text.count("<tr>") >= 50, path
                    if turn >= 0:
                        times.append(took * 1000)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    listed, fragment, plain = (statistics.median(times) for times in (whole, part, bare))
    print(f"list {listed:.1f} ms, bare view {plain:.1f} ms; fragment of the list {fragment:.1f} ms")
    return listed / plain


def wait(client: object) -> None:
    """Wait until the server answers."""
    import httpx

    assert isinstance(client, httpx.Client)
    for _ in range(150):
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def sign_in(client: object) -> None:
    """Sign in through the product's own page."""
    import httpx

    assert isinstance(client, httpx.Client)
    page = client.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    told = {"login": "lead", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert client.post("/accounts/login/", data=told, headers={"Referer": str(page.url)}).status_code == 200


def main() -> int:
    """Prepare, measure, print, and say by the exit status whether the limits hold."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    home = Path(tempfile.mkdtemp(prefix="guiyan-bench-", dir="/tmp"))
    try:
        prepare(home)
        domain, frame = count_queries()
        print(f"queries of the domain: {domain} (limit {DOMAIN_QUERIES_MAX})")
        print(f"queries of tenancy and session: {frame} (limit {FRAME_QUERIES_MAX})")
        ratio = measure(rounds)
        print(f"ratio list / bare view: {ratio:.2f} (limit {RATIO_MAX})")
        return int(ratio > RATIO_MAX or domain > DOMAIN_QUERIES_MAX or frame > FRAME_QUERIES_MAX)
    finally:
        from guiyan.platform import embedded
        from guiyan.platform.db.base import pools

        pools.close()
        embedded.shared().stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
