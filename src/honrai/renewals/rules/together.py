"""Many letters as one typst document: the library and the template run once for each, so that one file costs one compilation."""

_DATA = '#let data = json(bytes(sys.inputs.at("data")))'
_IMPORT = '#import "/honrai/letter.typ": *'


def one_source(template: str, library: str) -> str:
    """Return a template that prints `template` once for each entry of `data.all`.

    Args:
        template: the letter of a pack.
        library: text of `/honrai/letter.typ`, which reads the data of one letter.

    Raises:
        ValueError: template or library are not shaped as every letter of a pack is.
    """
    if _DATA not in library or _IMPORT not in template:
        raise ValueError("the letter does not begin as letters of packs do")
    body = template.replace(_IMPORT, "")
    letter = f"#let one(data) = [\n{library.replace(_DATA, '')}\n{body}\n]\n"
    return f"#let every = data.all\n{letter}#for each in every {{ one(each) }}\n"
