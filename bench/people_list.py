"""The list of people against a bare Django view, interleaved in one run: `python bench/people_list.py [rounds]`.

Ten thousand people of one tenant; the list shows fifty a page, filtered by text and unit, sorted by pinyin; the bare
view reads fifty rows of the same table through a template, behind the same middleware, on the same server. Prints the
limit and the result (median of the rounds) and the number of queries of a page; exits 1 when a limit is passed.
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

PEOPLE = 10_000
RATIO_MAX = 2.5
DOMAIN_QUERIES_MAX = 8
FRAME_QUERIES_MAX = 5
ROUNDS = 60
PASSWORD = "a-long-password-7"
LIST = "/people/?q=wang&sort=name"
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
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(Path(__file__).parent))
    import django

    django.setup()
    from guiyan.people.actions import load_import
    from guiyan.people.importing.build import build_plan
    from guiyan.platform import embedded, tenancy
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
        words = {"username": "lead", "display_name": "李主任", "password": PASSWORD, "must_change_password": False}
        user_id = create_account(SYSTEM, now=now, **words)
        grant_role(SYSTEM, user_id=user_id, role="hr_lead", now=now)


def count_queries() -> tuple[int, int]:
    """Return how many queries a page of the list makes: of the domain, and of the frame (tenancy, session, account)."""
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from guiyan.platform import tenancy
    from guiyan.platform.tenancy import directory

    client = Client(headers={"host": "127.0.0.1"})
    page = client.get("/accounts/login/")
    assert page.status_code == 200
    client.post("/accounts/login/", {"login": "lead", "password": PASSWORD})
    client.get(LIST)
    tenant = directory.by_code("bench")
    assert tenant is not None
    with tenancy.session(tenant), CaptureQueriesContext(connections["default"]) as seen:
        assert client.get(LIST).status_code == 200
    statements = [query["sql"] for query in seen.captured_queries]
    frame = [text for text in statements if is_frame(text)]
    return len(statements) - len(frame), len(frame)


def is_frame(statement: str) -> bool:
    """Return whether a statement serves tenancy, session or account rather than the list."""
    table = re.search(r'FROM "(\w+)"', statement)
    own = {"django_session", "platform_user", "platform_rolegrant"}
    if table is None:
        return not statement.startswith("SELECT")
    return table[1] in own or (table[1] == "people_person" and "EXISTS" in statement and "LIMIT 1" in statement)


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
            listed, bare = [], []
            for turn in range(rounds + 5):
                for path, times in ((LIST, listed), ("/bare/", bare)):
                    start = time.perf_counter()
                    answer = client.get(path)
                    took = time.perf_counter() - start
                    assert answer.status_code == 200
                    assert answer.text.count("<tr") >= 50, path
                    if turn >= 5:
                        times.append(took)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    ratio = statistics.median(listed) / statistics.median(bare)
    print(f"list {statistics.median(listed) * 1000:.1f} ms, bare view {statistics.median(bare) * 1000:.1f} ms")
    return ratio


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
