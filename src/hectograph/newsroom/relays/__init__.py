"""Ways for small mails to leave other than SMTP."""
