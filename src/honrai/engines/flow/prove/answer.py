"""The answers of a proof of soundness."""

from dataclasses import dataclass
from typing import Literal

FlawName = Literal["stuck", "left", "endless", "twice", "dead"]

_WORDS: dict[str, str] = {
    "stuck": "「{at}」で待ち続け、終わりまで進めない道筋があります。",
    "left": "終了に着いた道があっても「{at}」に仕事が取り残され、手続が終わりません。",
    "endless": "「{at}」から先は回り続け、終わりに着けません。",
    "twice": "「{at}」に二つの流れが同時に着き、同じ仕事が二重に行われます。",
    "dead": "「{at}」は、どの道筋でも行われません。",
}
_REMEDIES: dict[str, str] = {
    "stuck": "合流を分岐と同じ種類にするか、途中で抜ける道も合流につないでください。",
    "left": "合流を分岐と同じ種類にするか、途中で抜ける道も合流につないでください。",
    "endless": "繰り返しから抜ける道を加えてください。",
    "twice": "並行の分岐は並行の合流で閉じてください。",
    "dead": "つながりを直すか、要素を取り除いてください。",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One way in which a flow is not sound, with a shortest example.

    `kind`: "stuck" (a token waits for ever: no option to complete), "left" (the same although an end was reached: no
    proper completion), "endless" (it can go on but never end), "twice" (two tokens on one way at once), "dead"
    (elements that no case ever reaches). `scope` is the id of the process or sub-process, `elements` the ids of where
    it shows and `names` what these are called on the diagram (the id where they have no name), `path` the ids of the
    nodes and flows passed on the way there, in an order in which they can happen.
    """

    kind: FlawName
    scope: str
    elements: tuple[str, ...]
    names: tuple[str, ...]
    path: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """Return what is wrong, in Japanese."""
        return _WORDS[self.kind].format(at="」「".join(self.names))

    @property
    def remedy(self) -> str:
        """Return how to mend it, in Japanese."""
        return _REMEDIES[self.kind]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A scope that could not be decided, and why. Whoever asks treats it as a failure."""

    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The result: sound only where there is no flaw and nothing is undecided. `states` is how many were looked at."""

    flaws: tuple[Flaw, ...]
    undecided: tuple[Undecided, ...]
    states: int

    @property
    def sound(self) -> bool:
        """Say whether soundness is proved."""
        return not self.flaws and not self.undecided
