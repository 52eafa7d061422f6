"""The one family of errors, drawn as a tree; each message is one plain sentence: what is wrong, where, and what to do.

CrosslineError
├── UserError                 somebody can mend this by doing what the sentence says (exit code 1)
│   ├── DeliveryRefused       a whole delivery cannot be taken in
│   ├── RowRefused            one row of a delivery cannot be taken in; the rest can
│   ├── SelectorUnreadable    a telephone number, plate, postcode… that cannot be normalised
│   ├── NotPermitted          the viewer may not do this
│   ├── TooMuchAtOnce         a run would make due, or dispose of, more records than its cap allows
│   ├── MoveNotAllowed        a state does not lead to that state
│   ├── PolicyWaits           the policy has changed, and two people have not agreed to it yet
│   ├── SignInRefused         an identity provider's answer lets nobody in
│   ├── ProviderUnavailable   an identity provider does not answer, or not as one
│   └── FileUnreadable        a file given to a command cannot be read as what it should be
├── UsageError                the command's words are off (exit code 2)
└── InstallationError         the machine or the server lacks something the operator must give
    ├── DatabaseUnavailable
    └── DatabaseUnsuitable
"""


class CrosslineError(Exception):
    """Anything Crossline raises on purpose."""


class UserError(CrosslineError):
    """Somebody can mend this; the message says how."""


class DeliveryRefused(UserError):
    """A whole delivery cannot be taken in; nothing of it was stored."""


class RowRefused(UserError):
    """One row cannot be taken in. `column` names where, for the receipt."""

    def __init__(self, message: str, *, column: str = "") -> None:
        super().__init__(message)
        self.column = column


class SelectorUnreadable(UserError):
    """A value that claims to be a number, plate, postcode… and cannot be normalised."""


class NotPermitted(UserError):
    """The viewer may not do this."""


class MoveNotAllowed(UserError):
    """A state does not lead to that state."""


class PolicyWaits(UserError):
    """The policy has changed, and two people have not agreed to it yet; nothing was done."""


class TooMuchAtOnce(UserError):
    """A run would make due, or dispose of, more records than its cap allows; it did nothing."""


class SignInRefused(UserError):
    """An identity provider's answer lets nobody in. `reason` is for the audit, never for whoever tried; `guessed`: somebody
    tried something that they were not given."""

    def __init__(self, *, reason: str, guessed: bool = False) -> None:
        super().__init__("The identity provider's answer lets nobody in; begin the sign-in again.")
        self.reason, self.guessed = reason, guessed


class ProviderUnavailable(UserError):
    """An identity provider does not answer, or not as one does. `reason` is for the audit."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class FileUnreadable(UserError):
    """A file given to a command is not what it should be."""


class UsageError(CrosslineError):
    """The command's words are off."""


class InstallationError(CrosslineError):
    """The machine or the server lacks something the operator must give."""


class DatabaseUnavailable(InstallationError):
    """No PostgreSQL answers."""


class DatabaseUnsuitable(InstallationError):
    """A PostgreSQL answers, but cannot carry Crossline."""
