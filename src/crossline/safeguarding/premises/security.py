"""Row security of the register of premises, as SQL that a migration runs."""

from __future__ import annotations

from typing import Final

from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.safeguarding.anchored import anchored, hanging, of_seen, record_seen, signed_now

WHO_KEEPS: Final = frozenset({Role.SAFEGUARDING})
"""Who registers premises, visits, reviews and says who is a victim: of the agency that registered them, or of the centre."""

_P: Final = "premises_premises"
_S: Final = "premises_premisesstep"
_E: Final = "premises_premisesentry"
_T: Final = "premises_victimtenant"

_REGISTERED: Final = (
    f"EXISTS (SELECT FROM {_P} p WHERE p.id = {_T}.premises_id AND p.owner_id = {_T}.owner_id) "
    f"AND {_T}.by_agency IN ({_T}.owner_id, '{CENTRE}') AND {record_seen(f'{_T}.record_id')}"
)

PREMISES: Final = (
    anchored(_P, added=f"{signed_now(_P, WHO_KEEPS)} AND {_P}.owner_id = {_P}.by_agency")
    + hanging(
        _S,
        _P,
        "premises_id",
        added=f"{signed_now(_S, WHO_KEEPS)} AND {of_seen(_S, _P, 'premises_id', agency='by_agency')}",
    )
    + hanging(
        _E,
        _P,
        "premises_id",
        added=f"{signed_now(_E, WHO_KEEPS)} AND {of_seen(_E, _P, 'premises_id', agency='by_agency')}",
    )
    # Whoever writes it sees the premises; whoever reads it need not, but sees the tenant and the record.
    + anchored(
        _T, added=f"{signed_now(_T, WHO_KEEPS)} AND {_REGISTERED}", read=record_seen(f"{_T}.record_id"), labels="police"
    )
)
