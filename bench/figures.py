"""Rounds, medians and lines of a result. Machines drift, so only ratios within one run are evidence."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

calibrations: list[float] = []


def calibrate() -> float:
    """CPU ms of a fixed loop, the best of three: what the machine gives right now. Kept for the summary."""
    best = 9e9
    for _ in range(3):
        start = time.process_time()
        total = 0
        for number in range(400_000):
            total += number * number
        best = min(best, time.process_time() - start)
    calibrations.append(best * 1000)
    return best * 1000


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one side: requests a second and ms of server CPU a request."""

    rate: float
    cpu: float


def interleaved(rounds: int, *sides: Callable[[], Sample]) -> list[tuple[Sample, ...]]:
    """Measure all sides `rounds` times in turn; each round another one begins, the result keeps the order given."""
    found = []
    for number in range(rounds):
        calibrate()
        samples: dict[int, Sample] = {}
        for turn in range(len(sides)):
            side = (number + turn) % len(sides)
            samples[side] = sides[side]()
        found.append(tuple(samples[side] for side in range(len(sides))))
    return found


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def report(name: str, ratios: Sequence[float], *, goal: str, detail: str = "") -> None:
    """Print the median ratio with its range beside the goal, which is text such as `>= 0.45` or `<= 2`."""
    sign, _space, number = goal.partition(" ")
    ratio = middle(ratios)
    if number:
        met = "met   " if (ratio >= float(number) if sign == ">=" else ratio <= float(number)) else "MISSED"
        aim = f"{met} goal {goal}"
    else:
        aim = ""
    print(f"{name:<52}{ratio:>7.2f}  ({min(ratios):.2f}–{max(ratios):.2f})  {aim:<22}{detail}", flush=True)


def report_rate(name: str, pairs: Sequence[tuple[Sample, Sample]], goal: str = "") -> None:
    """Print our rate as a part of the limit's."""
    ours, limit = (middle([pair[side].rate for pair in pairs]) for side in (0, 1))
    ratios = [mine.rate / bare.rate for mine, bare in pairs]
    report(f"{name}: rate", ratios, goal=goal, detail=f"{ours:.0f} of {limit:.0f} a second")


def report_cost(name: str, pairs: Sequence[tuple[Sample, Sample]], goal: str = "") -> None:
    """Print our server CPU as a multiple of the limit's."""
    ours, limit = (middle([pair[side].cpu for pair in pairs]) for side in (0, 1))
    ratios = [mine.cpu / bare.cpu for mine, bare in pairs]
    report(f"{name}: server CPU", ratios, goal=goal, detail=f"{ours:.2f} against {limit:.2f} ms")


def report_time(name: str, pairs: Sequence[tuple[Sample, Sample]], goal: str = "") -> None:
    """Print our time as a multiple of the limit's."""
    ours, limit = (middle([1000 / pair[side].rate for pair in pairs]) for side in (0, 1))
    ratios = [bare.rate / mine.rate for mine, bare in pairs]
    report(f"{name}: time", ratios, goal=goal, detail=f"{ours:.2f} against {limit:.2f} ms")


def summary() -> None:
    """Print how steady the machine was: above 1.2 between the best and worst calibration, measure again."""
    calibrate()
    low, high = min(calibrations), max(calibrations)
    print(f"calibration loop {middle(calibrations):.1f} ms ({low:.1f}–{high:.1f}, {high / low:.2f}× apart)")
