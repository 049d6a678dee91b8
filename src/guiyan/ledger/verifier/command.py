"""What the verifier says, and its command line. In a pack this text stands behind `verify.py`, as one file."""

from __future__ import annotations

import argparse
import hashlib
import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from guiyan.ledger.verifier.verify import PACK_BYTES_MAX, TYPES, Checked, Refused, check, need

PINS = Path("~/.guiyan/log-keys.txt")


def clean(text: str) -> str:
    """Text fit for a terminal: without control and direction characters, and without line breaks of any kind."""
    kinds = ((each, unicodedata.category(each)) for each in text)
    return "".join("\ufffd" if kind[0] == "C" or kind in ("Zl", "Zp") else each for each, kind in kinds)


def beijing(text: str) -> str:
    """A time of the log (UTC) by the clock of Beijing; as it stands when it is no time."""
    try:
        return (datetime.fromisoformat(text[:-1]) + timedelta(hours=8)).isoformat(" ", "milliseconds")
    except (ValueError, OverflowError):
        return text


def report(pack: Checked) -> list[str]:
    """What a valid or consistent pack says, in Chinese and English."""
    simulated = ["", "*** 模拟，不是证据 / SIMULATION, NOT EVIDENCE ***", ""] if pack.origin.startswith("sim/") else []
    lines = [*simulated, f"案件 Case: {clean(pack.case['title'])}", f"日志 Log: {pack.origin} ({pack.size})"]
    lines += [f"恢复前的日志 Log before a restore: {log.origin} ({log.size})" for log in pack.logs[:-1]]
    lines += [f"步骤 Steps: {len(pack.steps)}（北京时间 / Beijing time, UTC+8）"]
    for step in pack.steps:
        entry, role = step.fields, clean(step.fields["actor"]["role"])
        label = " / ".join(TYPES.get(entry["type"], ("（未知类型）", entry["type"]))) + f" [{role}]"
        place = f"#{step.index} {step.leaf.hex()}{_of(step.log, pack)}"
        lines.append(f"  {entry['cseq']:>3}  {beijing(entry['t'])}  {label}  {place}")
    lines += [f"附件 Documents: {len(pack.documents)}", *(f"  {name}" for name in pack.documents), *pack.remarks]
    lines += [f"披露 Disclosed: {len(pack.disclosed)}"]
    for item in pack.disclosed:
        where = _of(item["log"], pack) if len(pack.logs) > 1 else ""
        lines.append(f"  #{item['index']}{where} {clean(item['field'])} = {clean(item['value'])}")
    lines += [
        "时间是系统自己的记录；本包没有可信时间戳可查。",
        "Times are the system's own record; this pack carries no trusted time stamp to check.",
        "导出之后的步骤不在本包中；输入的内容是否属实，本程序不能证明。",
        "Steps after the export are not in here; whether what was entered is true cannot be proved by this program.",
    ]
    for log in reversed(pack.logs):
        known = "（已确认 confirmed）" if log.key_confirmed and not pack.key_confirmed else ""
        lines += [f"公钥 Key: {log.vkey}{known}"]
        lines += [f"公钥指纹 Fingerprint (SHA-256): {hashlib.sha256(log.vkey.encode()).hexdigest()}"]
    if pack.key_confirmed:
        lines += ["结论：有效，公钥与您在包外持有的一致。", "RESULT: VALID, key confirmed from outside the pack."]
        return lines + simulated
    places = "; ".join(clean(place) for place in pack.case["published"]) or "—"
    lines += [
        "结论：前后一致，但公钥还没有得到确认。请把上面的指纹与包外的来源核对：单位公布的公钥、当事人手中的回执、仲裁机构存档。",
        "RESULT: CONSISTENT, KEY NOT CONFIRMED. Compare the fingerprint with a source outside the pack (the employer's",
        "publication, a receipt that a party holds, the tribunal's file), then run again with --log-key.",
        f"本包自称公布于 The pack says it is published at: {places}",
    ]
    return lines + simulated


def _of(log: str, pack: Checked) -> str:
    """Which part of the log a step lies on; nothing while there is only one."""
    return f" {log.rpartition('/')[2]}" if len(pack.logs) > 1 else ""


def _examine(options: argparse.Namespace) -> Checked:
    path = Path(options.pins) if options.pins else PINS.expanduser()
    try:
        lines = path.read_text("utf-8-sig").split("\n") if options.pins or path.exists() else []
        receipts = [Path(receipt).read_bytes() for receipt in options.receipt]
        need(Path(options.pack).stat().st_size <= PACK_BYTES_MAX, "too-large")
        data = Path(options.pack).read_bytes()
    except (OSError, ValueError, RuntimeError) as error:
        raise Refused("unreadable", error) from None
    pins = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return check(data, [key.strip() for key in options.log_key], pins, receipts)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="离线验证归雁证据包 / check a Guiyan evidence pack offline"
    )
    parser.add_argument("pack", help="PACK.zip")
    parser.add_argument("--log-key", action="append", default=[], metavar="VKEY", help="日志公钥 / key of the log")
    parser.add_argument("--pins", metavar="FILE", help=f"公钥清单 / keys you trust, one a line (default {PINS})")
    parser.add_argument("--receipt", action="append", default=[], metavar="FILE", help="您的回执 / a receipt you hold")
    try:
        options = parser.parse_args(words)
    except SystemExit as stop:  # argparse would say 2, which here means a key that nobody confirmed
        return 64 if stop.code else 0
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        pack = _examine(options)
    except Refused as refusal:
        lines = [f"结论：拒绝 [{refusal.code}] {refusal.zh}：{clean(refusal.about)}"]
        lines += [f"RESULT: REFUSED [{refusal.code}] {refusal.en}: {clean(refusal.about)}"]
        code = 1
    else:
        lines, code = report(pack), 0 if pack.key_confirmed else 2
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
