"""Every limit of the import bench, in one place. Units are in the names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What the bench refuses to read. A file past a limit is unusable as a whole; nothing of it is loaded."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 400 * 1024 * 1024
    unpack_ratio: int = 200
    archive_members: int = 2_000
    sheets: int = 50
    rows: int = 60_000
    columns: int = 200
    cell_characters: int = 4_000
    header_search_rows: int = 30


LIMITS = Limits()

EARLIEST_YEAR = 1940
"""No employment, birth or contract of a living employee is read as lying before this year."""

WAGE_MONTH_MIN_YUAN = 200
WAGE_MONTH_MAX_YUAN = 500_000
"""A monthly wage outside these is probably in another unit; the bench asks."""

PROBATION_MONTHS_ASK = 24
"""A probation longer than this is more likely a slip of the pen; the bench asks."""

WORKING_AGE_YEARS_MIN = 16
"""Labour Law Art. 15: nobody under 16 may be employed."""
