"""Read, check and apply procedure packs (no Django, no clock, no database).

Words: a *pack* is one procedure written once (docs/reference/pack-format.md); a *problem* says what in a pack is wrong
and how to mend it; a *deficiency* (不備) is what one application lacks; a *proposal* (決定案) is what the tables say an
official should decide. Start at `reading.read_pack`, then `forms.evaluate_form` and `proposing.propose`.
"""
