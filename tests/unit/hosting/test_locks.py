"""File locks: shared or alone, and gone with their holder."""

from pathlib import Path

from crossline.hosting.locks import FileLock, held_alone, is_held


def test_sharers_keep_out_whoever_wants_it_alone(tmp_path: Path) -> None:
    first, second, alone = (FileLock(tmp_path / "lock") for _ in range(3))
    first.share()
    second.share()
    assert not alone.try_take()
    first.close()
    assert not alone.try_take()
    second.release()
    assert alone.try_take()
    assert not second.try_share()
    alone.close()
    assert second.try_share()
    second.close()


def test_a_lock_is_held_while_the_block_lasts(tmp_path: Path) -> None:
    with held_alone(tmp_path / "lock"):
        assert is_held(tmp_path / "lock")
        waiting = FileLock(tmp_path / "lock")
        assert not waiting.try_take(seconds=0.05)
        waiting.close()
    assert not is_held(tmp_path / "lock")
