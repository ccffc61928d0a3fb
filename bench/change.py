"""`python -m bench.with_django bench.change COUNT`: publishes changed stories one by one to a warm worker in a process of its
own, and prints the seconds from the committed publication to the last file renamed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time

from hectograph.stories import queue
from hectograph.stories.story import Story


def publish(pk: int, number: int) -> float:
    """Change and publish a story as the editor's form does; the clock starts when that is committed. The queue's row
    goes when the last file is in place."""
    story = Story.objects.get(pk=pk)
    story.title = f"{story.title} again {number}"
    revision = story.save_revision()
    revision.publish()
    started = time.perf_counter()
    while queue.waiting():
        time.sleep(0.001)
    return time.perf_counter() - started


def main(count: int) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "hectograph.newsroom.command.main", "work"], stdout=subprocess.DEVNULL
    )
    try:
        ids = random.Random(5).sample(list(Story.objects.values_list("pk", flat=True)), count + 3)
        while queue.waiting():
            time.sleep(0.05)
        time.sleep(3)
        seconds = [publish(pk, number) for number, pk in enumerate(ids)][3:]
        print(json.dumps({"seconds": seconds}))
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
