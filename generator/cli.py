"""The command line: parses, hands over, prints, and turns every fault into one line and an exit code.

Nothing heavy is imported here: `--help`, `check SPEC` and `schema` answer at once.
"""

from __future__ import annotations

import argparse
import codecs
import gc
import io
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from generator.errors import ButforError, UsageError

EXAMPLES = """examples:
  python -m generator render scenes/dominoes.yaml --quality draft
  python -m generator render scenes/dominoes.yaml --count 100 --workers 4 --out renders
  python -m generator check scenes/*.yaml renders --deep
  python -m generator inspect renders/dominoes-s0000-ball
"""
LAYERS = ("depth", "normal", "flow", "amodal", "ids", "lossless")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 failed, 2 wrong use, 128 + n stopped by signal n."""
    _open_streams()
    parser = make_parser()
    try:
        options, unknown = parser.parse_known_args(arguments)
        if unknown:
            options.parser.error(unknown_words(unknown, options.parser))
    except SystemExit as stop:  # argparse has printed its one line
        return int(stop.code or 0)
    _print_anything()
    gc.disable()  # quick commands end before there is anything to collect: a fifth of their time
    try:
        return int(options.run(options))
    except ButforError as error:
        fail(error, options.debug)
        return error.exit_code
    except BrokenPipeError:  # `| head`
        _forget(sys.stdout)
        return 0
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(ButforError(f"{where}{error.strerror or error}"), options.debug)
        return 1
    except Exception as error:
        fail(
            ButforError(f"a defect of ours: {type(error).__name__}: {error} (--debug shows where)"),
            options.debug,
        )
        return 1


def _print_anything() -> None:
    """An arrow in a terminal that knows only ASCII becomes `?`; a file's odd name stays what it is."""

    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        try:
            return codecs.lookup_error("surrogateescape")(error)
        except UnicodeError:
            return codecs.lookup_error("replace")(error)

    codecs.register_error("butfor", handle)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="butfor")


def fail(error: Exception, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    tell(str(error).splitlines() or [type(error).__name__])


def tell(faults: Iterable[str]) -> None:
    say((f"error: {line}" for line in faults), sys.stderr)


def say(lines: Iterable[str], stream: TextIO) -> None:
    """Print lines; a reader who has gone away changes nothing about how the work went."""
    try:
        for line in lines:
            print(line, file=stream)
        stream.flush()
    except BrokenPipeError:
        _forget(stream)


def _forget(stream: TextIO) -> None:
    """Let what is still written to a stream without a reader go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _open_streams() -> None:
    """Where a shell closed stdin, stdout or stderr (`2>&-`), put /dev/null: no file may take its place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, this one
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115  # stay open to the end
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        print(f"error: {message} (see `{self.prog} --help`)", file=sys.stderr)
        raise SystemExit(2)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """As argparse's own, and with what was probably meant."""
        if action.choices is not None and value not in action.choices:
            known = ", ".join(map(str, action.choices))
            message = f"no such {action.metavar or 'value'}{meant(value, action.choices)}; there are {known}"
            raise argparse.ArgumentError(action, f"{value!r}: {message.lower()}")


def unknown_words(unknown: Sequence[str], parser: argparse.ArgumentParser) -> str:
    """What to say of words on the command line that no option or argument takes."""
    first = unknown[0]
    if not first.startswith("-"):
        return f"{first!r} is one word too many"
    return f"no such option: {first}{meant(first.partition('=')[0], parser._option_string_actions)}"


def meant(word: str, known: Iterable[str]) -> str:
    """` (did you mean "render"?)`, or the empty string."""
    from generator.scene.source import suggest

    return suggest(word, known)


def make_parser() -> Parser:
    parser = Parser(
        prog="python -m generator",
        description="Counterfactual video pairs: what happened, and what would have happened otherwise.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common = Parser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show where in the code an error came from")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    render = commands.add_parser("render", parents=[common], help="make the pairs of a scene")
    render.add_argument(
        "spec", metavar="SPEC", type=path, help="a scene (.yaml), or a pair's metadata.json to make again"
    )
    render.add_argument(
        "--out", metavar="DIR", type=path, default="renders", help="where pairs go (default: renders)"
    )
    render.add_argument("--seed", metavar="N", type=whole, default=None, help="first seed (default: 0)")
    render.add_argument("--count", metavar="N", type=positive, default=1, help="how many seeds (default: 1)")
    render.add_argument(
        "--quality", choices=("draft", "standard", "final"), default="standard",
        help="draft to look at motion, standard to train, final to publish (default: standard)",
    )  # fmt: skip
    render.add_argument("--frames", metavar="N", type=positive, help="instead of the spec's")
    render.add_argument("--size", metavar="WxH", type=size, help="instead of the spec's; both even")
    render.add_argument("--fps", metavar="N", type=positive, help="instead of the spec's")
    render.add_argument(
        "--workers", metavar="N", type=positive, default=1, help="scenes at a time (default: 1)"
    )
    render.add_argument(
        "--device", metavar="auto|cpu|gpu:N", type=device, default="auto", help="(default: auto)"
    )
    render.add_argument(
        "--threads", metavar="N", type=threads, help="for each worker (default: cores / workers)"
    )
    render.add_argument(
        "--layers", metavar="A,B", type=layers, default=(), help=f"also keep: {', '.join(LAYERS)}"
    )
    render.add_argument("--force", action="store_true", help="make pairs again that are there")
    render.add_argument("--quiet", action="store_true", help="print only the previews' paths and errors")
    render.set_defaults(run=run_render, parser=render)

    check = commands.add_parser("check", parents=[common], help="is it sound? lists every fault")
    check.add_argument("paths", metavar="PATH", type=path, nargs="+", help="specs, pairs, folders of pairs")
    check.add_argument("--deep", action="store_true", help="decode the videos of pairs and measure again")
    check.set_defaults(run=run_check, parser=check)

    schema = commands.add_parser("schema", parents=[common], help="print the JSON Schema of scene specs")
    schema.set_defaults(run=run_schema, parser=schema)

    inspect = commands.add_parser("inspect", parents=[common], help="tell a pair's story in words")
    inspect.add_argument("paths", metavar="PAIR", type=path, nargs="+", help="a pair's folder")
    inspect.set_defaults(run=run_inspect, parser=inspect)
    return parser


# --- commands ---------------------------------------------------------------------------------


def run_render(options: argparse.Namespace) -> int:
    from generator import storage
    from generator.jobs import Job
    from generator.scene.source import SPEC_ENDINGS
    from generator.supervise import Stopped, supervise

    spec = Path(options.spec)
    if not spec.exists():
        raise UsageError(f"{spec}: no such file")
    if spec.is_dir() and (spec / "metadata.json").is_file():
        spec = spec / "metadata.json"
    if spec.is_file() and spec.suffix != ".json" and spec.suffix.lower() not in SPEC_ENDINGS:
        raise UsageError(f"{spec}: not a spec (.yaml) or a stored scene (.json)")
    if spec.suffix == ".json" and (options.seed is not None or options.count != 1):
        raise UsageError(f"{spec} is one stored scene: --seed and --count do not apply")
    _sound_before_starting(spec)
    gc.enable()
    storage.make_root(Path(options.out))
    first = options.seed or 0
    threads = options.threads or max(1, (os.cpu_count() or 1) // options.workers)
    seeds = range(first, first + options.count)
    jobs = (
        Job(
            spec=str(spec), out=options.out, seed=seed, quality=options.quality, frames=options.frames,
            fps=options.fps, size=options.size, device=options.device, threads=threads,
            layers=options.layers, force=options.force,
        )
        for seed in seeds
    )  # fmt: skip
    try:
        outcome = supervise(jobs, len(seeds), options.workers, options.quiet, options.debug)
    except Stopped as stop:
        print("stopped; nothing half-made is left, the same command goes on from here", file=sys.stderr)
        return 128 + stop.number
    storage.clear_stale(Path(options.out))  # what was still dying when its turn to be cleared came
    tell(line for error in outcome.errors for line in error.splitlines())
    say((str(Path(path) / "preview.mp4") for path in sorted([*outcome.skipped, *outcome.made])), sys.stdout)
    return outcome.exit_code


def _sound_before_starting(spec: Path) -> None:
    """A spec that is not sound is told here, at once, and not by each worker."""
    from generator.scene.load import load_scene, load_spec

    if spec.suffix == ".json":
        load_scene(spec)
    else:
        load_spec(spec)


def run_check(options: argparse.Namespace) -> int:
    from generator.check import check

    if any(Path(path).is_dir() for path in options.paths):
        gc.enable()
    findings = check([Path(path) for path in options.paths], options.deep)
    notes = {path: f" ({note})" for path, note in findings.notes.items()}
    say((f"{path}: sound{notes.get(path, '')}" for path in findings.sound), sys.stdout)
    tell(findings.faults)
    return 1 if findings.faults else 0


def run_schema(options: argparse.Namespace) -> int:
    import json

    from generator.scene.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0


def run_inspect(options: argparse.Namespace) -> int:
    from generator.pair import open_pair
    from generator.story import describe

    for number, path in enumerate(options.paths):
        if not Path(path).exists():
            raise UsageError(f"{path}: no such folder")
        if number:
            print()
        print(describe(open_pair(Path(path)).metadata))
    return 0


# --- values -----------------------------------------------------------------------------------


def path(text: str) -> str:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty path (is a variable of your shell not set?)")
    return text


def whole(text: str) -> int:
    return _number(text, 0, "a whole number from 0")


def positive(text: str) -> int:
    return _number(text, 1, "a whole number from 1")


def _number(text: str, least: int, wanted: str) -> int:
    found = _digits(text)
    if found is None or found < least:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not {wanted}")
    if found >= 2**31:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is too large: at most {2**31 - 1}")
    return found


def _digits(text: str) -> int | None:
    """The number that plain digits spell, else None (`²` and `٣` are digits, too, for `str.isdigit`)."""
    if not text.isascii() or not text.isdigit():
        return None
    return int(text.lstrip("0")[:20] or "0")  # Python refuses to read thousands of digits


def threads(text: str) -> int:
    found = positive(text)
    if found > 1024:
        raise argparse.ArgumentTypeError(f"{text!r}: Cycles has at most 1024 threads")
    return found


def size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    found = _digits(width) or 0, _digits(height) or 0
    if not cross or not all(found):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a size such as 672x384")
    if any(side % 2 or not 16 <= side <= 8192 for side in found):
        raise argparse.ArgumentTypeError(f"{text[:40]!r}: both sides must be even, from 16 to 8192")
    return found


def device(text: str) -> str:
    kind, _, number = text.partition(":")
    if text not in ("auto", "cpu") and not (kind == "gpu" and _digits(number) is not None):
        raise argparse.ArgumentTypeError(f"{text!r} is not auto, cpu or gpu:N")
    return text


def layers(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for layer in wanted:
        if layer not in LAYERS:
            raise argparse.ArgumentTypeError(
                f"{layer!r} is not a layer{meant(layer, LAYERS)}: choose from {', '.join(LAYERS)}"
            )
    return wanted


if __name__ == "__main__":
    raise SystemExit(main())
