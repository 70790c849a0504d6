"""The screens of the life of a version: list, version, draft, consultation, gate, differences, ward variants, moving cases."""
