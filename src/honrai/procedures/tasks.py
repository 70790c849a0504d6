"""The jobs of the procedures chapter, gathered where the job worker looks for them."""

from honrai.procedures.operations.gating import gate_step
from honrai.procedures.operations.moving import move_step

__all__ = ["gate_step", "move_step"]
