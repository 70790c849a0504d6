"""A life event against the packs it opens: every name exists, nothing is asked in two ways, every question has its page."""

from collections.abc import Iterator, Mapping

from honrai.intake.life_events.rules.definition import Fill, LifeEvent, Rows, Step
from honrai.intake.life_events.rules.planning import advise
from honrai.kernel.errors import Invalid
from honrai.procedures.api import FeelError, Field, Pack, Problem, used_names

_SPELL = "綴りを直すか、定義を足してください"
_TODAY = {"today", "today.year", "today.month", "today.day"}


def check_event(file: str, event: LifeEvent, packs: Mapping[str, Pack]) -> tuple[Problem, ...]:
    """Return what is wrong between a life event and the packs, and every example that does not come out.

    Args:
        file: name of the file, for the problems.
        event: well formed.
        packs: code -> pack in force.
    """
    found = [*_steps(event, packs), *_expressions(event)]
    if not found:
        found = [
            *_own(event, packs),
            *_fills(event, packs),
            *_merged(event, packs),
            *_twice(event, packs),
            *_placed(event, packs),
        ]
    if not found:
        found = [*_examples(event)]
    return tuple(Problem(file, *one) for one in found)


Found = tuple[str, str, str]


def _steps(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    repeated = {page.id for page in event.pages if page.repeat}
    days = {field.id for field in event.questions if field.type == "date_era"}
    for step in event.steps:
        at = f"procedures.{step.id}"
        if step.pack and step.pack not in packs:
            yield f"{at}.pack", f"手続「{step.pack}」がありません", "公開されている手続のコードにしてください"
        elif step.pack and "web" not in packs[step.pack].identity.channels:
            yield f"{at}.pack", "オンラインで受け付けない手続です", "pack を消して案内だけにしてください"
        if step.each and step.each not in repeated:
            yield f"{at}.each", f"繰り返すページ「{step.each}」がありません", _SPELL
        if step.deadline and step.deadline.since not in days:
            yield f"{at}.deadline.since", f"日付の質問「{step.deadline.since}」がありません", _SPELL
        if not step.pack and (step.fills or step.attach or step.each):
            yield at, "パックのない手続に fills・attach・each があります", "消すか、pack を書いてください"


def _expressions(event: LifeEvent) -> Iterator[Found]:
    known = {f"q.{field.id}" for field in event.questions} | _TODAY
    for field in event.questions:
        yield from _names(f"questions.{field.id}.required_if", field.required_if, known)
    for page in event.pages:
        known |= {field.id for field in page.fields} | ({page.id} if page.repeat else set())
    for page in event.pages:
        for field in page.fields:
            readable = _columns(event, page.id) if page.repeat else known
            yield from _names(f"pages.{page.id}.{field.id}.required_if", field.required_if, readable)
    for step in event.steps:
        at = f"procedures.{step.id}"
        answers = {name for name in known if name.startswith("q.")} | _TODAY
        yield from _names(f"{at}.when", step.when, answers)
        yield from _names(f"{at}.only", step.only, known | _columns(event, step.each))
        for name, fill in step.fills.items():
            for text, each in _texts(fill, step.each):
                yield from _names(f"{at}.fills.{name}", text, known | _columns(event, each))


def _texts(fill: Fill, each: str) -> Iterator[tuple[str, str]]:
    if isinstance(fill, str):
        yield fill, each
        return
    for rows in fill:
        yield from ((text, rows.each) for text in rows.values.values())


def _columns(event: LifeEvent, each: str) -> set[str]:
    page = next((page for page in event.pages if page.id == each), None)
    return {f"row.{field.id.removeprefix(each + '.')}" for field in page.fields} if page else set()


def _names(at: str, text: str, known: set[str]) -> Iterator[Found]:
    if not text:
        return
    try:
        used = used_names(text)
    except FeelError as error:
        yield at, f"式として読めません: {error}", "docs/explanation/feel.md の書き方にしてください"
        return
    for name in sorted(used - known):
        yield at, f"「{name}」がありません", _SPELL


def _own(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    """Our own questions are kept beside those of the packs: an id may not mean two things."""
    own = {field.id for page in event.pages for field in page.fields}
    asked = {field.id for step in _opened(event) for field in _unfilled(step, packs[step.pack])}
    for name in sorted(own & asked):
        yield f"pages.{name}", f"「{name}」は手続の欄と同じidです", "別のidにするか、fills でその欄を埋めてください"


def _fills(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    own = {field.id: field for page in event.pages if not page.repeat for field in page.fields}
    for step in _opened(event):
        pack, at = packs[step.pack], f"procedures.{step.id}"
        single = {field.id: field for field in pack.form.fields if not field.many}
        sections = {section.id: section for section in pack.form.sections if section.repeat}
        for name, fill in step.fills.items():
            if isinstance(fill, str):
                if name not in single:
                    yield f"{at}.fills.{name}", f"手続「{step.pack}」に欄「{name}」がありません", _SPELL
                else:
                    source = own.get(fill) or _row_source(event, step, fill)
                    yield from _same_kind(f"{at}.fills.{name}", single[name], source)
            elif name not in sections:
                yield f"{at}.fills.{name}", f"手続「{step.pack}」に繰り返す区分「{name}」がありません", _SPELL
            else:
                columns = {field.id.removeprefix(name + ".") for field in sections[name].fields}
                yield from _columns_exist(f"{at}.fills.{name}", fill, columns)
        papers = {one.id for one in pack.form.attachments}
        for one in step.attach:
            if one not in papers:
                yield f"{at}.attach", f"手続「{step.pack}」に添付「{one}」がありません", _SPELL


def _row_source(event: LifeEvent, step: Step, fill: str) -> Field | None:
    if not step.each or not fill.startswith("row."):
        return None
    name = f"{step.each}.{fill.removeprefix('row.')}"
    return next((field for field in event.page(step.each).fields if field.id == name), None)


def _columns_exist(at: str, fill: tuple[Rows, ...], columns: set[str]) -> Iterator[Found]:
    for rows in fill:
        for column in rows.values:
            if column not in columns:
                yield at, f"列「{column}」がありません", _SPELL


def _same_kind(at: str, wanted: Field, source: Field | None) -> Iterator[Found]:
    """A question that stands for a pack's field asks for the same kind of thing, and as firmly."""
    if source is None:
        return
    if source.type != wanted.type and not {source.type, wanted.type} <= {"text", "person_name"}:
        yield at, f"型が違います({source.id} は {source.type}、{wanted.id} は {wanted.type})", "型をそろえてください"
    unknown = [one for one in source.options if one not in wanted.options]
    if unknown:
        yield at, f"選択肢「{'・'.join(unknown)}」が手続にありません", "選択肢をそろえるか、式で読み替えてください"
    if wanted.required and not (source.required or source.required_if):
        yield at, f"「{wanted.label}」は手続では必須です", f"「{source.id}」を required にしてください"


def _merged(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    first: dict[str, tuple[str, Field]] = {}
    for step in _opened(event):
        for field in _unfilled(step, packs[step.pack]):
            if field.id in event.apart:
                continue
            before, other = first.setdefault(field.id, (step.pack, field))
            if before != step.pack and _question(other) != _question(field):
                message = (
                    f"欄「{field.id}」が {before}（{other.label}・{other.type}）と"
                    f" {step.pack}（{field.label}・{field.type}）で違います"
                )
                remedy = "fills で1つの質問に対応させるか、apart に書いて別々に聞いてください"
                yield f"procedures.{step.id}.{field.id}", message, remedy
    yield from _papers(event, packs)


def _twice(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    """A field filled from a question of ours in one procedure and asked by another would be asked twice."""
    own = {field.id for page in event.pages for field in page.fields}
    filled: dict[str, str] = {}
    for step in _opened(event):
        for name, fill in step.fills.items():
            if isinstance(fill, str) and (fill in own or fill.replace("row.", f"{step.each}.", 1) in own):
                filled[name] = step.pack
    for step in _opened(event):
        for field in _unfilled(step, packs[step.pack]):
            if field.id in filled and field.id not in event.apart:
                message = f"欄「{field.id}」は {filled[field.id]} では埋まり、{step.pack} では聞くので、二度聞くことになります"
                yield f"procedures.{step.id}.{field.id}", message, "この手続の fills でも埋めてください"


def _papers(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    """One photo serves several procedures only under one name."""
    labels: dict[str, tuple[str, str]] = {}
    for step in _opened(event):
        for one in packs[step.pack].form.attachments:
            before, label = labels.setdefault(one.id, (step.pack, one.label))
            if label != one.label and one.id not in event.papers:
                message = f"添付「{one.id}」の名前が {before} と {step.pack} で違います"
                yield f"procedures.{step.id}.{one.id}", message, "papers に、まとめた名前を書いてください"
    names = {one.id for code in event.packs for one in packs[code].form.attachments}
    for name in event.papers:
        if name not in names:
            yield f"papers.{name}", f"添付「{name}」がどの手続にもありません", _SPELL


def _question(field: Field) -> tuple[str, str, tuple[str, ...], bool]:
    return field.label, field.type, field.options, field.many


def _placed(event: LifeEvent, packs: Mapping[str, Pack]) -> Iterator[Found]:
    takes = [take for page in event.pages for take in page.takes]
    told: set[str] = set()
    for step in _opened(event):
        for field in _unfilled(step, packs[step.pack]):
            if field.id in told or any(field.id == take or field.id.startswith(take + ".") for take in takes):
                continue
            told.add(field.id)
            message = f"手続「{step.pack}」の欄「{field.id}」がどのページにもありません"
            yield "pages", message, "どれかのページの takes に書くか、fills で埋めてください"


def _examples(event: LifeEvent) -> Iterator[Found]:
    questions = {field.id for field in event.questions}
    for index, example in enumerate(event.examples):
        at = f"examples[{index}]"
        unknown = [*sorted(example.answers.keys() - questions)]
        unknown += sorted(example.expect.keys() - {step.id for step in event.steps})
        if unknown:
            yield at, f"「{'・'.join(unknown)}」がありません", _SPELL
            continue
        try:
            come = {one.step.id: one.due_on for one in advise(event, example.answers, example.on)}
        except Invalid as error:
            yield at, f"答えが質問に合いません: {error.message}", "答えを直してください"
            continue
        if come != dict(example.expect):
            differing = sorted(set(come.items()) ^ set(example.expect.items()), key=str)
            said = "、".join(f"{name}={day}" for name, day in differing)
            yield at, f"「{example.title}」が例のとおりになりません（{said}）", "規則か例を直してください"


def _opened(event: LifeEvent) -> list[Step]:
    return [step for step in event.steps if step.pack]


def _unfilled(step: Step, pack: Pack) -> Iterator[Field]:
    for section in pack.form.sections:
        if not (section.repeat and section.id in step.fills):
            yield from (field for field in section.fields if field.id not in step.fills)
