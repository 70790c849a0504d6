"""Undo: which content of a file came before the present one, given all its changes."""

from collections.abc import Iterable


def undo_stack(changes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the contents one can go back through, oldest first, the present one last.

    A change that goes back to the content before the last change is an undo: it takes that change off the stack.

    Args:
        changes: (before, after) addresses of each change of one file, oldest first; "" for no file.
    """
    stack: list[str] = []
    for before, after in changes:
        if not stack:
            stack.append(before)
        if len(stack) > 1 and stack[-2] == after:
            stack.pop()
        else:
            stack.append(after)
    return tuple(stack)
