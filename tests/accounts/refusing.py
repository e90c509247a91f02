"""A mail server that refuses one address, as a real one does when there is no such mailbox."""

from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.locmem import EmailBackend as Memory

REFUSED = "lijing@example.org"


class EmailBackend(Memory):
    def send_messages(self, messages):
        for message in messages:
            if REFUSED in message.to:
                raise SMTPRecipientsRefused({REFUSED: (550, b"no such mailbox")})
        return super().send_messages(messages)
