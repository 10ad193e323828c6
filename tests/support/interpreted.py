"""Triton kernels without a GPU: interpreted, in a process of their own; and compiled for an H100."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

VARIABLE = "TRITON_INTERPRET"
INTERPRETS = os.environ.get(VARIABLE) == "1"


def run(file: str) -> None:
    """Run a file's tests by Triton's interpreter, of which it has to be told before it is imported."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file]
    done = subprocess.run(command, env={**os.environ, VARIABLE: "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def compiled(
    kernel: Any,
    kinds: Mapping[str, str],
    constants: Mapping[str, Any],
    aligned: Iterable[str] = (),
    **options: Any,
) -> Any:
    """Compile a kernel for an H100.

    Args:
        kernel: The kernel.
        kinds: Triton's names for the types of arguments; "i32" where none is given.
        constants: Arguments that are compiled in.
        aligned: Arguments that are multiples of 16.
        options: Of the compiler.
    """
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    names = kernel.arg_names
    signature = {name: kinds.get(name, "i32") for name in names} | dict.fromkeys(constants, "constexpr")
    attributes = {(names.index(name),): [["tt.divisibility", 16]] for name in aligned}
    options |= importlib.import_module("kurabe.models.runtime.kernels.triton").FUSING
    source = ASTSource(fn=kernel, signature=signature, constexprs=dict(constants), attrs=attributes)
    return triton.compile(source, target=GPUTarget("cuda", 90, 32), options=options)
