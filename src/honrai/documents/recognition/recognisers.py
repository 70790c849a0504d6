"""Reading one line of writing: what every recogniser promises, and the two Honrai has."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import onnxruntime

from honrai.documents.recognition.pages import Grey

_MODEL = Path(__file__).parent / "models" / "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48
_MIN_WIDTH, _MAX_WIDTH = 48, 2400
_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """One character read: its share of certainty (0 to 1), and what else it may be, likeliest first."""

    text: str
    share: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What a recogniser made of a crop."""

    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        """The characters in order."""
        return "".join(letter.text for letter in self.letters)

    @property
    def confidence(self) -> float:
        """The share of the least certain character; 0 for an empty line."""
        return min((letter.share for letter in self.letters), default=0.0)


class Recogniser(Protocol):
    """Reads a crop that holds one line.

    Every recogniser keeps to `alphabet` where one is given (never another character), returns an empty line for an empty crop, and
    the same line for the same crop.
    """

    name: str

    def read(self, crop: Grey, alphabet: str = "") -> Line:
        """Return the line on a grey crop, dark on light; `alphabet` lists the characters that may stand there."""


class PaddleRecogniser:
    """PP-OCRv6-small on a field's crop, with our own decoding: a character mask for each field.

    One thread per process: the work is spread by running more processes.
    """

    name = "pp-ocrv6-small"

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(_MODEL), options, providers=["CPUExecutionProvider"])
        letters = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._letters = ["", *letters, " "]
        self._index = {letter: number for number, letter in enumerate(self._letters)}
        self._masks: dict[str, np.ndarray] = {}

    def read(self, crop: Grey, alphabet: str = "") -> Line:
        """Return the line on a crop; see `Recogniser`."""
        if crop.size == 0 or int(crop.max()) - int(crop.min()) < 40:
            return Line(())
        (shares,) = self._session.run(None, {"x": _tensor(crop)})
        steps = shares[0]
        if not alphabet:
            return self._decoded(steps, np.arange(steps.shape[1]))
        mask = self._mask(alphabet)
        return self._decoded(steps[:, mask], mask)

    def knows(self, letter: str) -> bool:
        """Say whether the model has a character at all (﨑 it has not)."""
        return letter in self._index

    def _mask(self, alphabet: str) -> np.ndarray:
        if alphabet not in self._masks:
            self._masks[alphabet] = np.array([0, *sorted({self._index[one] for one in alphabet if one in self._index})])
        return self._masks[alphabet]

    def _decoded(self, steps: np.ndarray, classes: np.ndarray) -> Line:
        """Collapse the steps: repeats count once, blanks part them; the surest step of a run speaks for the character."""
        best = steps.argmax(axis=1)
        letters: list[Letter] = []
        start = 0
        for end in range(1, len(best) + 1):
            if end < len(best) and best[end] == best[start]:
                continue
            if best[start]:
                run = steps[start:end]
                letters.append(self._letter(run[run[:, best[start]].argmax()], classes))
            start = end
        return Line(tuple(letters))

    def _letter(self, shares: np.ndarray, classes: np.ndarray) -> Letter:
        order = np.argpartition(shares, -min(_OTHERS + 2, len(shares)))[-(_OTHERS + 2) :]
        order = order[np.argsort(-shares[order])]
        first, *rest = [(self._letters[classes[one]], float(shares[one])) for one in order if one]
        return Letter(first[0], first[1], tuple(rest[:_OTHERS]))


def _tensor(crop: Grey) -> np.ndarray:
    """Return a crop as the model wants it: 48 high, three channels, -1 to 1."""
    height, width = crop.shape
    wide = min(max(_MIN_WIDTH, round(width * _HEIGHT / height)), _MAX_WIDTH)
    scaled = cv2.resize(crop, (wide, _HEIGHT), interpolation=cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_LINEAR)
    channel = scaled.astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(channel, (1, 3, _HEIGHT, wide)).copy()


@cache
def default_recogniser() -> Recogniser:
    """Return this process's recogniser; loading the model takes a moment, so there is one."""
    return PaddleRecogniser()


def best_of(lines: Sequence[Line]) -> Line:
    """Return the line whose least certain character is surest."""
    return max(lines, key=lambda line: line.confidence)


def as_dict(line: Line) -> dict[str, Any]:
    """Return a line as JSON keeps it."""
    return {"text": line.text, "letters": [[one.text, round(one.share, 4), list(one.others)] for one in line.letters]}
