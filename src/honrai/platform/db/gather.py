"""Several small tables that hang on one row, fetched in one round trip."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.db.models.functions import JSONObject


def gather(row: Model, *names: str) -> None:
    """Fetch the rows behind some reverse references of one row; `row.<name>.all()` then asks no more.

    What `prefetch_related` does with a query for each table; opening a case would spend a third of its time on these.
    For tables of few rows without binary columns.

    Args:
        row: a saved row.
        names: reverse references to it (`related_name`).
    """
    links = {name: row._meta.get_field(name) for name in names}
    parts = {name: ArraySubquery(_rows_of(link)) for name, link in links.items()}
    found = type(row)._default_manager.filter(pk=row.pk).values_list(*parts.values()).get()
    kept = row.__dict__.setdefault("_prefetched_objects_cache", {})
    for (name, link), values in zip(links.items(), found, strict=True):
        rows = getattr(row, name).all()
        rows._result_cache = [_instance(link.related_model, one) for one in values]
        rows._prefetch_done = True
        kept[name] = rows


def _rows_of(link: Any) -> Any:
    model = link.related_model
    columns = {field.attname: field.attname for field in model._meta.concrete_fields}
    return model.objects.filter(**{link.field.name: OuterRef("pk")}).order_by("pk").values(row=JSONObject(**columns))


def _instance(model: Any, values: dict[str, Any]) -> Any:
    fields = model._meta.concrete_fields
    made = [field.to_python(values[field.attname]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], made)
