"""How every screen looks and behaves: page frame, components, forms, tables, keys.

The look follows the Digital Agency design system (tokens in `static/ui/tokens.css`). `/ui/` shows every component.
"""
