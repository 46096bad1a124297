"""From a spec and a seed to finished pairs: load, resolve, simulate, trace, accept, film, write.

One scene, in this process. A process films one scene and ends (Blender keeps memory): `supervise`
starts a fresh one for each.
"""

from __future__ import annotations

import importlib.metadata
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import accept, storage, story
from generator.accept import Refusal
from generator.draft import Attempts, Draft, draft
from generator.errors import ButforError, PairError, UsageError
from generator.jobs import Job
from generator.layers import ARRAYS
from generator.pair import FactualFilm, PairWriter, is_pair, open_pair, pair_id, write_motion
from generator.quadmask import compose

if TYPE_CHECKING:
    from generator.scene.load import LoadedSpec
    from generator.scene.scene import Intervention, Scene

Progress = Callable[..., None]
"""Called as progress(event, **facts): `stage` name, `frame` done total, `pair` path skipped, `note` text."""


@dataclass
class Summary:
    """What came of a job."""

    made: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)
    """Interventions that did not meet `accept`, and why."""


@dataclass(frozen=True)
class Order:
    """A job read and understood: what is to be filmed, before anything is simulated."""

    job: Job
    root: Path
    spec: LoadedSpec | None
    """None for a stored scene, which is filmed as it is."""
    origin: dict[str, str] | None
    """File name, sha256 and text of the spec that the scene came from, if that is known."""
    scene: Scene
    """The first draw."""
    only: frozenset[str] | None
    """The interventions wanted; None for all."""

    def path(self, intervention: Intervention) -> Path:
        return self.root / pair_id(self.scene.name, self.scene.seed, intervention.name)


def produce(job: Job, progress: Progress = lambda event, **facts: None) -> Summary:
    """Make every pair of one scene that is not complete yet.

    Raises ButforError for whatever the user can mend. Whatever happens, no folder stands under its
    final name unless it is complete, and none is left under a temporary one.
    """
    root = Path(job.out)
    storage.make_root(root)
    storage.clear_stale(root)
    order = _load(job, root)
    summary = Summary()
    if _all_complete(order, summary, progress):
        return summary
    made, attempts = _draw(order, progress)
    summary.refused.update(made.refused)
    for name, reason in made.refused.items():
        progress("note", text=f"{made.scene.name} seed {made.scene.seed}: {name} left out: {reason}")
    wanted = []
    for intervention in made.scene.interventions:
        if intervention.name not in made.counterfactuals:
            continue
        if _complete(order, intervention):
            _skip(order.path(intervention), summary, progress)
            continue
        wanted.append(intervention)
    if wanted:
        _film(order, made, attempts, wanted, summary, progress)
    if not summary.made and not summary.skipped:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in summary.refused.items())
        raise ButforError(f"{made.scene.name} seed {made.scene.seed}: no pair is worth keeping ({reasons})")
    return summary


# --- what to make -----------------------------------------------------------------------------


def _load(job: Job, root: Path) -> Order:
    from generator.scene.load import load_scene, load_spec
    from generator.scene.resolve import resolve

    path = Path(job.spec)
    if path.suffix != ".json":
        spec = load_spec(path)
        scene = resolve(spec, job.seed, 0, frames=job.frames, fps=job.fps, size=job.size)
        name = os.fsencode(spec.path.name).decode(errors="replace")  # metadata are UTF-8, names need not be
        origin = {"file": name, "sha256": spec.sha256, "text": spec.text}
        return Order(job, root, spec, origin, scene, None)
    scene = load_scene(path)
    changes: dict[str, Any] = {}
    if job.fps is not None and job.fps != scene.fps:
        raise UsageError(f"{path} is a stored scene, filmed at {scene.fps:g} fps: --fps cannot change that")
    if job.frames is not None:
        if job.frames > scene.frames:
            raise UsageError(f"{path} is a stored scene of {scene.frames} frames: --frames can only cut it")
        poses = scene.camera.poses[: job.frames]
        changes = {"frames": job.frames, "camera": scene.camera.model_copy(update={"poses": poses})}
    if job.size is not None:
        changes["size"] = job.size
    if changes:
        scene = scene.model_copy(update=changes)
    # A pair's own metadata stands for that pair; a bare scene for all its interventions.
    try:
        metadata = open_pair(path.parent).metadata
    except PairError:
        return Order(job, root, None, None, scene, None)
    return Order(job, root, None, metadata.get("spec"), scene, frozenset([metadata["intervention"]["name"]]))


def _request(order: Order) -> dict[str, Any]:
    """What decides how a pair comes out; kept with it, so that another request is noticed."""
    return {
        "spec_sha256": order.origin["sha256"] if order.origin else None,
        "quality": order.job.quality,
        "frames": order.scene.frames,
        "fps": order.scene.fps,
        "size": list(order.scene.size),
        "layers": sorted(order.job.layers),
    }


def _complete(order: Order, intervention: Intervention) -> bool:
    """Whether this very pair is there. Raises PairError if something else stands in its place."""
    path = order.path(intervention)
    if path.exists() and not path.is_dir():
        raise PairError(f"{path} is a file and stands in the way of a pair: choose another --out")
    if order.job.force or not path.is_dir():
        return False
    if not is_pair(path):
        raise PairError(f"{path} is there but is no pair: remove it, or use --force or another --out")
    made, asked = open_pair(path).metadata.get("request", {}), _request(order)
    other = [key for key in asked if made.get(key) != asked[key]]
    if other:
        what = ", ".join(f"{key.replace('_sha256', '')} {_show(made.get(key))}" for key in other)
        raise PairError(
            f"{path} is there, made with other settings ({what}): --force makes it again, "
            f"another --out keeps both"
        )
    return True


def _show(value: object) -> str:
    if isinstance(value, list):
        return (
            "x".join(map(str, value)) if all(isinstance(v, int) for v in value) else ",".join(map(str, value))
        )
    return str(value)[:12]


def _skip(path: Path, summary: Summary, progress: Progress) -> None:
    summary.skipped.append(path)
    progress("pair", path=str(path), skipped=True)


def _all_complete(order: Order, summary: Summary, progress: Progress) -> bool:
    """Whether every pair is there already: then nothing need be simulated to know it."""
    interventions = [i for i in order.scene.interventions if order.only is None or i.name in order.only]
    if not all(_complete(order, intervention) for intervention in interventions):
        return False
    for intervention in interventions:
        _skip(order.path(intervention), summary, progress)
    return True


def _draw(order: Order, progress: Progress) -> tuple[Draft, Attempts]:
    """The first draw of this seed with a pair worth filming; a stored scene is taken as it is."""
    from generator.scene.resolve import resolve

    job, spec, scene = order.job, order.spec, order.scene
    most = scene.accept.attempts if spec is not None else 1
    attempts = Attempts()
    for attempt in range(most):
        if attempt and spec is not None:
            scene = resolve(spec, job.seed, attempt, frames=job.frames, fps=job.fps, size=job.size)
        progress("stage", name="simulating", attempt=attempt)
        outcome = draft(scene, order.only, judge=spec is not None)
        attempts.add(outcome)
        if isinstance(outcome, Draft) and outcome.counterfactuals:
            return outcome, attempts
    raise ButforError(
        f"{scene.name} seed {job.seed}: none of {most} draws gives a pair that `accept` wants "
        f"({attempts.reasons()}; the last: {attempts.last}); mend the scene, loosen `accept`, or try another"
        " --seed"
    )


# --- filming ----------------------------------------------------------------------------------


def _film(
    order: Order,
    made: Draft,
    attempts: Attempts,
    wanted: list[Intervention],
    summary: Summary,
    progress: Progress,
) -> None:
    """Film the factual world once and every wanted counterfactual one beside it."""
    from generator.render.film import FilmOptions, SceneFilm

    job, root, scene = order.job, order.root, made.scene
    progress("stage", name="filming", pairs=len(wanted))
    options = FilmOptions(
        quality=job.quality,  # type: ignore[arg-type]  # checked by the command line
        device=job.device,
        threads=job.threads,
        layers=tuple(layer for layer in job.layers if layer in ARRAYS and layer != "ids"),  # type: ignore[misc]
    )
    chosen = {i.name: made.counterfactuals[i.name] for i in wanted}
    index = {body.name: i for i, body in enumerate(scene.bodies)}
    taken = {i.name: [index[name] for name in i.remove] for i in wanted}
    film = SceneFilm(scene, made.factual, chosen, options, made.visibility)
    shared: FactualFilm | None = None
    writers: list[PairWriter] = []
    own_seconds = 0.0
    try:
        shared = FactualFilm(root, scene, job.layers)
        for intervention in wanted:
            writers.append(PairWriter(root, scene, intervention, job.layers))
        for frame in film:
            began = time.process_time()
            shared.add(frame)
            for writer in writers:
                name = writer.intervention.name
                view = frame.views[name]
                quad = compose(
                    frame.ids, view.hidden_ids, view.ids, taken[name], view.moved,
                    frame.rgb, view.rgb, frame.index, view.same,
                )  # fmt: skip
                writer.add(frame, quad)
            own_seconds += time.process_time() - began
            progress("frame", done=frame.index + 1, total=scene.frames)
        progress("stage", name="writing")
        began = time.process_time()
        shared.close()
        for writer in writers:
            writer.close(shared)
        own_seconds += time.process_time() - began
        report = dict(film.report)
        made.seconds["write"] = own_seconds
        for writer in list(writers):
            _finish(order, made, attempts, writer, report, summary, progress)
    except BaseException:
        for writer in writers:
            writer.discard()
        raise
    finally:
        if shared is not None:
            shared.discard()


def _finish(
    order: Order,
    made: Draft,
    attempts: Attempts,
    writer: PairWriter,
    report: dict[str, Any],
    summary: Summary,
    progress: Progress,
) -> None:
    """Metadata, motion and previews of one filmed pair; then its name."""
    from generator.physics.poses import film_counterfactual, film_factual
    from generator.preview import make_previews

    scene, intervention = made.scene, writer.intervention
    name = intervention.name
    reason = accept.refuse_film(scene, writer.tally) if order.spec is not None else None
    if reason is not None:
        summary.refused[name] = reason
        writer.discard()
        progress("note", text=f"{scene.name} seed {scene.seed}: {name} left out: {reason}")
        return
    factual, counterfactual = film_factual(made.factual), made.counterfactuals[name]
    other = film_counterfactual(scene, made.factual, counterfactual)
    write_motion(
        writer.folder / "motion.npz",
        scene.fps,
        {"factual": made.factual, "counterfactual": counterfactual},
        {"factual": factual, "counterfactual": other},
    )
    changes = story.effects(scene, factual, other)
    told = story.tell(scene, intervention.remove, changes)
    affected = [c["affected"] + c["overlap"] for c in writer.tally.by_frame]
    make_previews(writer.folder, told, intervention.before, intervention.after, affected, scene.fps)
    metadata = {
        "story": told,
        "captions": {"before": intervention.before, "after": intervention.after},
        "scene_name": scene.name,
        "seed": scene.seed,
        "attempt": scene.attempt,
        "attempts": attempts.to_json(),
        "intervention": {"name": name, "remove": list(intervention.remove)},
        "frames": scene.frames,
        "fps": scene.fps,
        "size": list(scene.size),
        "request": _request(order),
        "effects": [change.to_json() for change in changes],
        "bodies": [
            {
                "id": number + 1, "name": body.name, "noun": body.noun, "motion": body.motion,
                "mass": body.mass, "removed": body.name in intervention.remove,
            }
            for number, body in enumerate(scene.bodies)
        ],
        "camera": {"motion": scene.camera.motion, **_dict(report.get("camera"))},
        "causal": made.records[name].to_json(),
        "sanity": made.sanity[name].to_json(),
        "render": {key: value for key, value in report.items() if key != "camera"},
        "cpu_seconds": {
            **{stage: round(seconds, 2) for stage, seconds in made.seconds.items()},
            "film": round(sum(_dict(report.get("cpu_seconds")).values()), 2),
            "so_far": round(time.process_time(), 2),
        },
        "versions": versions(),
        "licences": licences(scene),
        "layers": sorted(order.job.layers),
        "spec": order.origin,
        "scene": scene.model_dump(mode="json"),
    }  # fmt: skip
    path = writer.finish(metadata, _flicker(report, name))
    summary.made.append(path)
    progress("pair", path=str(path), skipped=False, story=told)


def _flicker(report: dict[str, Any], intervention: str) -> dict[str, float]:
    """Mean step from frame to frame where nothing changes, of each world; unknown under a moving camera."""
    steadiness = _dict(report.get("steadiness"))
    worlds = {"factual": "factual", "counterfactual": intervention}
    measured = {world: _dict(steadiness.get(key)).get("flicker") for world, key in worlds.items()}
    return {f"flicker_{world}": float(value) for world, value in measured.items() if value is not None}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def versions() -> dict[str, str]:
    """Of everything whose version can change a pair."""
    names = (
        "butfor",
        "bpy",
        "pybullet",
        "numpy",
        "embreex",
        "pyoidn",
        "coacd",
        "trimesh",
        "av",
        "opencv-python-headless",
    )
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def licences(scene: Scene) -> list[dict[str, str]]:
    """Of what was made by others and shows in the picture."""
    found = []
    for light in scene.lights:
        if light.kind == "hdri":
            found.append({"what": f"environment {light.name}", "licence": "CC0-1.0", "from": "Blender"})
    for body in scene.bodies:
        if body.shape.kind == "mesh":
            found.append(
                {
                    "what": f"mesh {Path(body.shape.file).name}",
                    "licence": "see its source",
                    "sha256": body.shape.sha256,
                }
            )
    return found
