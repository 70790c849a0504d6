"""The door to procedures: drafts and their files, published versions, the version in force, running it."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from honrai.procedures.drafts import DraftView, InquiryView, draft_files, draft_view, drafts_of, inquiries_of
from honrai.procedures.operations.comparing import decide_difference, import_variant
from honrai.procedures.operations.consulting import answer, ask, dispose
from honrai.procedures.operations.drafting import (
    remove_file,
    replace_files,
    start_draft,
    start_draft_from_zip,
    withdraw,
    write_file,
)
from honrai.procedures.operations.gating import cancel_gate, judge_change, start_gate
from honrai.procedures.operations.learning import Closed, forget_closed, remember_closed
from honrai.procedures.operations.moving import apply_move, change_map, plan_move
from honrai.procedures.operations.publishing import publish
from honrai.procedures.operations.submitting import publish_inner, submit
from honrai.procedures.paper import form_map, form_pdf, version_of_page
from honrai.procedures.ports import Casework, RunningCase, ports
from honrai.procedures.printing.form import paper_pdf
from honrai.procedures.printing.markdown import to_html as manual_html
from honrai.procedures.queries import Runnable, Version, files_of, in_force, runnable, version_on
from honrai.procedures.rules.columns import ColumnsDifferError, Roll, column_type, propose_all, with_results
from honrai.procedures.rules.contexts import case_values, context, fill, read_facts
from honrai.procedures.rules.entries import (
    CoreEntry,
    PayableRule,
    WorkedPayable,
    WrittenEntry,
    work_out_entries,
    work_out_payables,
)
from honrai.procedures.rules.expressions import FeelError, is_true, parsed, used_names
from honrai.procedures.rules.fields import TYPES as FIELD_TYPES
from honrai.procedures.rules.forms import Deficiency, evaluate_form, visible
from honrai.procedures.rules.letters import Address, Contact, LetterFacts, Office, letter_data
from honrai.procedures.rules.model import (
    Attachment,
    Fact,
    Field,
    Form,
    Letter,
    ManualSection,
    Outcome,
    Pack,
    Precedent,
    Section,
    StandardPeriod,
)
from honrai.procedures.rules.nature import ALLOWED as OUTCOME_KINDS
from honrai.procedures.rules.nature import NEEDS_APPEAL as APPEAL_KINDS
from honrai.procedures.rules.nature import OPEN as OPEN_KINDS
from honrai.procedures.rules.paper.layout import paper_of
from honrai.procedures.rules.paper.model import Box, Mark, Paper
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.proposing import NoProposalError, Proposal, propose
from honrai.procedures.rules.read_form import read_field
from honrai.procedures.rules.shape import Node, Problems, load_yaml, unique
from honrai.procedures.rules.sources import files_of_folder, files_of_zip
from honrai.procedures.rules.telling import CoreFacts, seen_by_entries

__all__ = [
    "APPEAL_KINDS",
    "FIELD_TYPES",
    "LETTER_LIBRARY",
    "OPEN_KINDS",
    "OUTCOME_KINDS",
    "Address",
    "Attachment",
    "Box",
    "Casework",
    "Closed",
    "ColumnsDifferError",
    "Contact",
    "CoreEntry",
    "CoreFacts",
    "Deficiency",
    "DraftView",
    "Fact",
    "FeelError",
    "Field",
    "Form",
    "InquiryView",
    "Letter",
    "LetterFacts",
    "ManualSection",
    "Mark",
    "NoProposalError",
    "Node",
    "Office",
    "Outcome",
    "Pack",
    "Paper",
    "PayableRule",
    "Precedent",
    "Problem",
    "Problems",
    "Proposal",
    "Roll",
    "Runnable",
    "RunningCase",
    "Section",
    "StandardPeriod",
    "Version",
    "WorkedPayable",
    "WrittenEntry",
    "answer",
    "apply_move",
    "ask",
    "cancel_gate",
    "change_map",
    "column_type",
    "context_of",
    "decide_difference",
    "dispose",
    "draft_files",
    "draft_view",
    "drafts_of",
    "evaluate_form",
    "files_of",
    "files_of_folder",
    "files_of_zip",
    "fill",
    "forget_closed",
    "form_map",
    "form_pdf",
    "import_variant",
    "in_force",
    "inquiries_of",
    "is_true",
    "judge_change",
    "letter_data",
    "load_yaml",
    "manual_html",
    "needed",
    "paper_of",
    "paper_pdf",
    "parsed",
    "plan_move",
    "ports",
    "propose",
    "propose_all",
    "publish",
    "publish_inner",
    "read_facts",
    "read_field",
    "remember_closed",
    "remove_file",
    "replace_files",
    "runnable",
    "seen_by_entries",
    "start_draft",
    "start_draft_from_zip",
    "start_gate",
    "submit",
    "unique",
    "used_names",
    "version_of_page",
    "version_on",
    "visible",
    "with_results",
    "withdraw",
    "work_out_entries",
    "work_out_payables",
    "write_file",
]

#: The folder letters import `/honrai/letter.typ` from.
LETTER_LIBRARY = Path(__file__).parent / "typst"


def context_of(
    pack: Pack,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    on: date,
    *,
    channel: str = "",
    attached: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what the conditions of a form may read, from raw answers and facts, with the parameters of a day."""
    answers = fill(pack.form, values).values
    return context(pack, answers, read_facts(pack, facts), case_values(on, channel), attached, pack.parameters.at(on))


def needed(attachment: Attachment, seen: Mapping[str, Any]) -> bool:
    """Say whether a paper must be handed in, given the context of the form."""
    return attachment.required or bool(attachment.required_if and is_true(attachment.required_if, seen))
