"""Money out and money drawn: payee accounts, bank files (全銀協規定形式), their results and the month-end statement.

The rules: `rules.writing` and `rules.reading` for the files, `rules.reconciling` for a result against its request,
`rules.statement` for the month, `rules.payees` for an account before it is used. What a file looks like is data
(`data/layouts/*.yaml`), what one bank wants differently too (`data/adapters.yaml`); see `docs/reference/bank-files.md`.
"""
