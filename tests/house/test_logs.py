"""A5: what a line of the log never holds."""

from kczg.logs import SHARED, without_secrets


def line(**given):
    return without_secrets(None, "info", given)


def test_A5_the_key_of_a_reset_link_is_not_logged():
    told = line(request="GET /password/new/1a-d7xk-0123abcdef/", event="request_started")
    assert told == {"request": "GET /password/new/1a-…/", "event": "request_started"}
    told = line(path="/password/new/1a-d7xk-0123abcdef/", event="fault at /password/new/1a-d7xk-0123abcdef/")
    assert "0123abcdef" not in str(told)


def test_A5_the_key_of_an_invitation_is_not_logged():
    assert line(request="GET /invitation/12-0123abcdef/") == {"request": "GET /invitation/12-…/"}
    assert "0123abcdef" not in str(
        line(path="/invitation/12-0123abcdef/", event="at /invitation/12-0123abcdef/")
    )


def test_A5_what_was_searched_for_is_not_logged():
    assert line(request="GET /office/audit/?person=李静&page=2") == {"request": "GET /office/audit/"}


def test_A5_every_line_goes_through_it():
    assert without_secrets in SHARED
