"""The jobs of claims: one a piece, one a part; any number of workers, each thing done once."""

from datetime import datetime

from honrai.platform.jobs.api import job


@job("claims.read_piece")
def read_piece(*, now: datetime, piece: int) -> None:
    """Read one piece of a claim file."""
    from honrai.claims.operations import reading

    reading.read(piece, now=now)


@job("claims.judge_part")
def judge_part(*, now: datetime, judging: int, part: int) -> None:
    """Judge one part of a run."""
    from honrai.claims.operations import judging as work

    work.judge(judging, part, now=now)
