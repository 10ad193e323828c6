"""Our own short loops over a loaded model's modules: prompts in bounded passes, decoding in static buffers.

A family that the project knows implements `protocol.FamilyRuntime`; `loop.answer_rows` does the rest. Linear
layers are called as modules, so that adapters around them take part.
"""
