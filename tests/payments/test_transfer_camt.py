"""CAMT.053: what a bank booked is read from any version of it; bombs, lies and pieces are refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hectograph.money import Money
from hectograph.payments.processors.transfer import camt, reference
from hectograph.payments.processors.transfer.lines import Line, StatementRefused

REF, OTHER = reference.make("a1"), reference.make("a2")
IBAN = "DE89370400440532013000"


BOOKED = "<Sts><Cd>BOOK</Cd></Sts>"
DAY = "<BookgDt><Dt>2026-11-24</Dt></BookgDt>"
PAYER = (
    "<RltdPties><Dbtr><Nm>Anna Canary</Nm></Dbtr>"
    "<DbtrAcct><Id><IBAN>DE02100100100006820101</IBAN></Id></DbtrAcct></RltdPties>"
)


def entry(
    amount: str = "25.00",
    *,
    side: str = "CRDT",
    status: str = BOOKED,
    details: str = "",
    code: str = "EUR",
    day: str = DAY,
) -> str:
    return (
        f'<Ntry><Amt Ccy="{code}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}{day}<AcctSvcrRef>X1</AcctSvcrRef>'
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def details(text: str = REF, amount: str = "", where: str = "<RmtInf><Ustrd>{}</Ustrd></RmtInf>") -> str:
    money = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    return f"<TxDtls>{money}{PAYER}{where.format(text)}</TxDtls>"


def document(
    *entries: str,
    version: str = "camt.053.001.08",
    iban: str = IBAN,
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
    return (
        f'{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><BkToCstmrStmt>'
        f"<Stmt>{account}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def kept(raw: bytes) -> list[tuple[str, Money]]:
    return [(line.reference, line.money) for line in camt.read(raw, IBAN)]


def refusal(raw: bytes, iban: str = IBAN) -> str:
    with pytest.raises(StatementRefused) as error:
        camt.read(raw, iban)
    assert (error.value.__cause__, error.value.__context__) == (None, None)
    return error.value.message


@pytest.mark.parametrize("version", ["camt.053.001.02", "camt.053.001.04", "camt.053.001.08", "camt.053.001.12"])
def test_every_version_is_read(version: str) -> None:
    (line,) = camt.read(document(entry(details=details()), version=version), IBAN)
    assert line == Line(REF, Money(2500, "EUR"), date(2026, 11, 24), line.hash, is_numbered=True)


@pytest.mark.parametrize(
    "where",
    [
        "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{}</Ref></CdtrRefInf></Strd></RmtInf>",
        "<RmtInf><Ustrd>Spende {} danke</Ustrd></RmtInf>",
        "<RmtInf><Ustrd>first line</Ustrd><Ustrd>{}</Ustrd></RmtInf>",
        "<Refs><EndToEndId>{}</EndToEndId></Refs>",
        "<RmtInf><Strd><AddtlRmtInf>{}</AddtlRmtInf></Strd></RmtInf>",
    ],
)
def test_a_reference_is_found_wherever_banks_put_it(where: str) -> None:
    assert kept(document(entry(details=details(reference.shown(REF), where=where)))) == [(REF, Money(2500, "EUR"))]


def test_payments_that_a_bank_put_together_are_told_apart() -> None:
    both = details(REF, "10.00") + details(OTHER, "15.00")
    assert kept(document(entry(details=both))) == [(REF, Money(1000, "EUR")), (OTHER, Money(1500, "EUR"))]


def test_parts_that_do_not_add_up_are_refused() -> None:
    assert "add up" in refusal(document(entry(details=details(REF, "10.00") + details(OTHER, "15.01"))))


def test_what_went_out_is_negative() -> None:
    assert kept(document(entry(side="DBIT", details=details()))) == [(REF, Money(-2500, "EUR"))]


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>INFO</Cd></Sts>"])
def test_what_is_only_announced_is_passed_over(status: str) -> None:
    assert kept(document(entry(status=status, details=details()))) == []


@pytest.mark.parametrize("status", ["<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>"])
def test_what_is_booked_is_taken_in_both_spellings(status: str) -> None:
    assert len(kept(document(entry(status=status, details=details())))) == 1


def test_a_time_of_day_is_cut_to_its_day() -> None:
    day = "<BookgDt><DtTm>2026-11-24T23:59:00+01:00</DtTm></BookgDt>"
    assert camt.read(document(entry(day=day)), IBAN)[0].on == date(2026, 11, 24)


def test_a_foreign_currency_stays_itself() -> None:
    assert kept(document(entry("500", code="JPY", details=details()))) == [(REF, Money(500, "JPY"))]


def test_equal_bookings_are_two_and_the_same_again_in_another_file() -> None:
    twice = camt.read(document(entry(details=details()), entry(details=details())), IBAN)
    assert len({line.hash for line in twice}) == 2
    assert [line.hash for line in camt.read(document(entry(details=details())), IBAN)] == [twice[0].hash]


def test_no_name_or_account_of_a_payer_comes_out() -> None:
    shown = repr(camt.read(document(entry(details=details("Anna Canary"))), IBAN))
    assert "Canary" not in shown
    assert "DE02" not in shown


def test_a_statement_of_another_account_is_refused() -> None:
    assert "another account" in refusal(document(entry(), iban="DE02100100100006820101"))


@pytest.mark.parametrize(
    "amount", ["", "-5.00", "+5", "1,50", "1e3", "NaN", "25.005", "٢", "1 000", "9" * 14, "<b>5</b>", "5.000001"]
)
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    assert "no amount" in refusal(document(entry(amount)))


@pytest.mark.parametrize(
    "broken",
    [
        entry(side="BOTH"),
        entry(code="euro"),
        entry(code=""),
        entry(day="<BookgDt><Dt>yesterday</Dt></BookgDt>"),
        entry(day=""),
    ],
)
def test_a_booking_amiss_refuses_the_whole(broken: str) -> None:
    assert "Nothing of it was kept" in refusal(document(entry(details=details()), broken))


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        BOMB.replace("&a0;", "&a;"),
        '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-',
        '<?xml version="1.0" encoding="EBCDIC-CP-US"?>',
        '<?xml version="1.0" encoding="no-such"?>',
    ],
)
def test_entities_and_odd_encodings_are_refused(head: str) -> None:
    assert "XML" in refusal(document(entry(details=details()), head=head))


def test_an_encoding_that_banks_use_is_read() -> None:
    raw = document(entry(details=details(f"für {REF}")), head='<?xml version="1.0" encoding="ISO-8859-1"?>').decode()
    assert kept(raw.encode("latin-1")) == [(REF, Money(2500, "EUR"))]


def test_wrongly_declared_letters_are_refused() -> None:
    assert "XML" in refusal(document(entry(details=details("für"))).decode().encode("latin-1"))


@pytest.mark.parametrize(
    "raw", [b"", b"<", b"<x/>", b"\0", b"{}", b"<Document/>", b"\xff\xfe<\0", b"Date;Amount;Message\n"]
)
def test_what_is_no_statement_is_refused(raw: bytes) -> None:
    assert "Nothing of it was kept" in refusal(raw)


def test_a_deep_nest_is_refused() -> None:
    assert "XML" in refusal(b"<a>" * 100_000)


WHOLE = document(entry(details=details()), entry("1.00"), entry("2.00", side="DBIT"))


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_off_anywhere_is_refused(at: int) -> None:
    assert "Nothing of it was kept" in refusal(WHOLE[:at])


@given(st.lists(st.tuples(st.integers(1, 10**12), st.booleans(), st.sampled_from([REF, OTHER, "rent"])), max_size=6))
def test_what_a_bank_wrote_is_what_is_read(rows: list[tuple[int, bool, str]]) -> None:
    entries = [
        entry(f"{minor // 100}.{minor % 100:02d}", side="CRDT" if came else "DBIT", details=details(text))
        for minor, came, text in rows
    ]
    assert kept(document(*entries)) == [
        (text if text.startswith("RF") else "", Money(minor if came else -minor, "EUR")) for minor, came, text in rows
    ]


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(raw: bytes) -> None:
    assert "Nothing of it was kept" in refusal(raw)
