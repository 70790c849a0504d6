"""Changes: periods of keeping, holds, disposal, the end of a contract."""
