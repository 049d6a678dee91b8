"""Every scenario that can be played, by name."""

from __future__ import annotations

from guiyan.simulator import resignation_reversal
from guiyan.simulator.scenarios import Scenario

SCENARIOS = {
    item.key: item
    for item in (
        Scenario(
            "resignation-reversal",
            "离职反悔：辞职、撤回、同意，旧的离职不能再办",
            "A resignation taken back, and the old exit that can no longer be processed",
            resignation_reversal.play,
        ),
    )
}
