"""The same model on columns: decisions as Polars expressions, exact to the last yen. Needs the extra `columns`."""
