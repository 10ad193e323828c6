# transformers leaves AutoProcessor.register untyped.
"""Phi-3.5-vision (``phi3_v``), natively on transformers 5: importing this registers it with the Auto classes.

Written from the published tensors and outputs; code that comes with a checkpoint is never run.
"""

from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, AutoProcessor

from kurabe.models.families.phi3v.modeling import Phi3VForCausalLM, Phi3VModel
from kurabe.models.families.phi3v_core.configuration import Phi3VConfig, RopeSide, rope_side
from kurabe.models.families.phi3v_core.family import FAMILY, Phi3V
from kurabe.models.families.phi3v_core.processing import Phi3VProcessor

AutoConfig.register(Phi3VConfig.model_type, Phi3VConfig, exist_ok=True)
AutoModelForImageTextToText.register(Phi3VConfig, Phi3VForCausalLM, exist_ok=True)
AutoModelForCausalLM.register(Phi3VConfig, Phi3VForCausalLM, exist_ok=True)
AutoProcessor.register(Phi3VConfig, Phi3VProcessor, exist_ok=True)

__all__ = [
    "FAMILY",
    "Phi3V",
    "Phi3VConfig",
    "Phi3VForCausalLM",
    "Phi3VModel",
    "Phi3VProcessor",
    "RopeSide",
    "rope_side",
]
