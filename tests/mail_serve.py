"""`tests.desk_serve` that is killed on its way to the mail server. `HALT=before|after python -m tests.mail_serve …`"""

from __future__ import annotations

import os
import signal
from typing import Any

from bot import serving
from bot.__main__ import main
from bot.mail import sending
from tests.desk_serve import build

_post = sending.post


async def post(*given: Any) -> None:
    """SIGKILL before the letter has gone out, or after that and before it is noted."""
    if os.environ["HALT"] == "after":
        await _post(*given)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    serving.build = build  # type: ignore[assignment]
    if "HALT" in os.environ:
        sending.post = post
    main()
