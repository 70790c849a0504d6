"""A section of a manual as HTML and as typst source: the handbook on paper says what it says on the screen."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_DEEPEST = 4


def to_html(text: str) -> SafeString:
    """Return Markdown as HTML: headings, lists, tables; anything that is not Markdown is shown as text."""
    return SafeString(PARSER.render(text))


def quoted(text: str) -> str:
    """Return a typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def to_typst(text: str, *, level: int = 3) -> str:
    """Return Markdown as typst source; every word is a quoted string, so nothing written is taken for typst.

    Args:
        text: Markdown as `to_html` reads it.
        level: level of its outermost headings.
    """
    return "".join(_Writer(level).blocks(PARSER.parse(text)))


class _Writer:
    """Writes blocks; headings never go down by more than one level, as PDF/UA asks."""

    def __init__(self, level: int) -> None:
        self.first = self.allowed = level

    def blocks(self, tokens: Sequence[Token]) -> Iterator[str]:
        """Yield each block of a token list."""
        at = 0
        while at < len(tokens):
            end = _close(tokens, at)
            write = _BLOCKS.get(tokens[at].type, _Writer._plain)
            yield write(self, tokens[at : end + 1])
            at = end + 1

    def _heading(self, tokens: Sequence[Token]) -> str:
        wanted = self.first + max(0, int(tokens[0].tag[1:]) - 3)
        level = min(wanted, self.allowed, _DEEPEST)
        self.allowed = level + 1
        return f"#heading(level: {level}, [{_inline(tokens[1])}])\n"

    def _paragraph(self, tokens: Sequence[Token]) -> str:
        return f"#par[{_inline(tokens[1])}]\n"

    def _list(self, tokens: Sequence[Token]) -> str:
        inner, items = tokens[1:-1], []
        at = 0
        while at < len(inner):
            end = _close(inner, at)
            items.append("[" + "".join(self.blocks(inner[at + 1 : end])) + "]")
            at = end + 1
        if tokens[0].type == "bullet_list_open":
            return f"#list({', '.join(items)})\n"
        start = tokens[0].attrs.get("start", 1)
        return f"#enum(start: {int(start)}, {', '.join(items)})\n"

    def _quote(self, tokens: Sequence[Token]) -> str:
        return "#quote(block: true)[" + "".join(self.blocks(tokens[1:-1])) + "]\n"

    def _code(self, tokens: Sequence[Token]) -> str:
        return f"#raw(block: true, {quoted(tokens[0].content.rstrip())})\n"

    def _table(self, tokens: Sequence[Token]) -> str:
        cells = [f"[{_inline(tokens[n + 1])}]" for n, one in enumerate(tokens) if one.type in ("th_open", "td_open")]
        columns = sum(one.type == "th_open" for one in tokens)
        head, rest = cells[:columns], cells[columns:]
        return f"#table(columns: {columns}, table.header({', '.join(head)}), {', '.join(rest)})\n"

    def _rule(self, _: Sequence[Token]) -> str:
        return "#line(length: 100%, stroke: 0.4pt)\n"

    def _plain(self, tokens: Sequence[Token]) -> str:
        return f"#par[#{quoted(''.join(one.content for one in tokens))};]\n"


_BLOCKS: Mapping[str, Callable[[_Writer, Sequence[Token]], str]] = {
    "heading_open": _Writer._heading,
    "paragraph_open": _Writer._paragraph,
    "bullet_list_open": _Writer._list,
    "ordered_list_open": _Writer._list,
    "blockquote_open": _Writer._quote,
    "fence": _Writer._code,
    "code_block": _Writer._code,
    "table_open": _Writer._table,
    "hr": _Writer._rule,
}
_SPANS = {
    "strong_open": "#strong[",
    "em_open": "#emph[",
    "strong_close": "];",
    "em_close": "];",
    "softbreak": '#" ";',
    "hardbreak": "#linebreak();",
}


def _inline(token: Token) -> str:
    return "".join(_SPANS.get(one.type) or _span(one) for one in token.children or ())


def _span(token: Token) -> str:
    if token.type == "code_inline":
        return f"#raw({quoted(token.content)});"
    return f"#{quoted(token.content)};" if token.content else ""


def _close(tokens: Sequence[Token], at: int) -> int:
    """Return where the block that opens here closes."""
    if tokens[at].nesting != 1:
        return at
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    return len(tokens) - 1
