"""Registers: small dated masters (banks, branches, schools, insurers, medical institutions, premises) and numbers we give out."""
