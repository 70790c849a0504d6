"""What keeps personal data where it may be: 個人番号 stay out of free text and forms."""
