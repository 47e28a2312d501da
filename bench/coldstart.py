"""`python -m bench.coldstart`: from command to READY, beside `import aiohttp.web`, alternating."""

import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

_ROUNDS = 15
_SERVE = [str(Path(sys.executable).with_name("mock-momo")), "serve", "--port", "0", "--log", "off"]
_IMPORT = [sys.executable, "-c", "import aiohttp.web"]


def main() -> None:
    """Print both medians and the median of the ratios, round by round."""
    serves, imports = [], []
    for _ in range(_ROUNDS):
        serves.append(_seconds_to_ready())
        imports.append(_seconds_to_import())
    ratios = [serve / bare for serve, bare in zip(serves, imports, strict=True)]
    print(f"mock-momo serve to READY   {statistics.median(serves) * 1000:6.0f} ms")
    print(f"import aiohttp.web         {statistics.median(imports) * 1000:6.0f} ms")
    print(
        f"ratio: median {statistics.median(ratios):.2f}, worst {max(ratios):.2f}, {_ROUNDS} rounds"
    )


def _seconds_to_ready() -> float:
    began = perf_counter()
    with subprocess.Popen(_SERVE, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            if line.startswith("READY "):
                break
        seconds = perf_counter() - began
        child.terminate()
    return seconds


def _seconds_to_import() -> float:
    began = perf_counter()
    subprocess.run(_IMPORT, check=True)
    return perf_counter() - began


if __name__ == "__main__":
    main()
