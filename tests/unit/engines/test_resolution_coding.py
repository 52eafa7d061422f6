"""Words of mentions are numbers that are equal where the words are, also in columns that are compared with one another."""

from crossline.engines.resolution.coding import NO_WORD, NULL, alike, coded

from .matching_mentions import some_mentions


def test_columns_that_are_compared_share_their_numbers() -> None:
    assert ("fore", "fore_set", "mid", "sur") in alike()
    assert ("full", "monikers") in alike()
    assert ("dob_day", "dob_month") in alike()
    assert ("pnc",) in alike()


def test_numbers_lead_back_to_the_words() -> None:
    prepared = some_mentions(60, 11)
    made = coded(prepared)
    for name in ("fore", "sur", "mid", "pnc", "agency"):
        words, codes = made.words[name], made.columns[name]
        read = [None if code == NULL else words.of[code].as_py() for code in codes.tolist()]
        assert read == prepared.column(name).to_pylist()
        assert words.code("no mention says this") == NO_WORD
    assert made.words["fore"].code("cole") == made.words["sur"].code("cole") >= 0
    phones = made.lists["phones"]
    spans = zip(phones.starts.tolist(), phones.lengths.tolist(), strict=True)
    held = [None if length == NULL else phones.values[start : start + length].tolist() for start, length in spans]
    said = [None if each is None else made.words["phones"].of.take(each).to_pylist() for each in held]
    assert said == prepared.column("phones").to_pylist()
    known = [bool(each & made.bits["pnc"]) for each in made.known.tolist()]
    assert known == [each is not None for each in prepared.column("pnc").to_pylist()]
