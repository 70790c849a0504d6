"""parameters.yaml: the dated amounts, limits and days of a pack, read by the kernel and reported as pack problems."""

from honrai.kernel.parameter_file import read_parameters as read_file
from honrai.kernel.parameters import InvalidParameters, Parameters
from honrai.procedures.rules.shape import Problems

NONE = Parameters("parameters.yaml", {})
_REMEDY = "単位・出典・始まる日を書いた値にしてください(docs/reference/pack-format.md)"


def read_parameters(raw: bytes, problems: Problems) -> Parameters:
    """Return the parameters of a pack; each thing wrong is recorded with parameter, day and remedy."""
    try:
        return read_file(raw.decode("utf-8"), problems.file)
    except UnicodeDecodeError:
        problems.add("", "文字コードが UTF-8 ではありません", "UTF-8 で保存し直してください")
    except InvalidParameters as error:
        for problem in error.problems:
            where = f"{problem.parameter}({problem.on} から)" if problem.on else problem.parameter
            problems.add(where, problem.message, _REMEDY)
    return NONE
