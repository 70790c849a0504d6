"""Operations of contact."""
