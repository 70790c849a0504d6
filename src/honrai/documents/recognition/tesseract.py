"""A second recogniser: Tesseract as its own program, for comparison and where the first is in doubt."""

import subprocess
from shutil import which

import cv2
import numpy as np

from honrai.documents.recognition.pages import Grey
from honrai.documents.recognition.recognisers import Letter, Line

_LINE_OF_TEXT = "7"
_TIMEOUT = 20
_PERCENT = 100


class TesseractRecogniser:
    """Reads a crop with the installed Tesseract (languages jpn, else eng); its certainty is per word, shared by the letters."""

    name = "tesseract"

    def __init__(self) -> None:
        program = which("tesseract")
        if program is None:
            raise FileNotFoundError("Tesseractがありません。tesseract-ocr-jpn を入れてください。")
        self._program = program
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=True, timeout=_TIMEOUT)
        self._language = "jpn" if "jpn" in listed.stdout.split() else "eng"

    def read(self, crop: Grey, alphabet: str = "") -> Line:
        """Return the line on a crop; see `Recogniser`."""
        if crop.size == 0 or int(crop.max()) - int(crop.min()) < 40:
            return Line(())
        framed = cv2.copyMakeBorder(crop, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=int(np.percentile(crop, 85)))
        done, packed = cv2.imencode(".png", framed)
        assert done, "a crop can be packed"
        command = [self._program, "-", "-", "-l", self._language, "--psm", _LINE_OF_TEXT, "--dpi", "200"]
        if alphabet:
            command += ["-c", f"tessedit_char_whitelist={alphabet}"]
        told = subprocess.run(
            [*command, "tsv"], input=packed.tobytes(), capture_output=True, check=True, timeout=_TIMEOUT
        )
        return Line(tuple(_letters(told.stdout.decode("utf-8"), alphabet)))


def _letters(table: str, alphabet: str) -> list[Letter]:
    found = []
    for row in table.splitlines()[1:]:
        *_, certain, text = row.split("\t")
        share = max(0.0, float(certain)) / _PERCENT
        found += [Letter(one, share) for one in text if not one.isspace() and (not alphabet or one in alphabet)]
    return found
