"""Servers that fail as real ones do: one without such a mailbox, a gateway that is away."""

from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.locmem import EmailBackend as Memory

REFUSED = "lijing@example.org"


class EmailBackend(Memory):
    def send_messages(self, messages):
        for message in messages:
            if REFUSED in message.to:
                raise SMTPRecipientsRefused({REFUSED: (550, b"no such mailbox")})
        return super().send_messages(messages)


class NoGateway:
    """A gateway for text messages that can't be reached."""

    def send(self, to, text):
        raise ConnectionRefusedError(f"no gateway for {to}")
