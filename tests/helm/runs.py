"""Runs of Helm and of rolecall over one chart; Helm's answers are kept in a folder."""

import functools
import glob
import hashlib
import json
import os
import re
import subprocess
import tempfile
from dataclasses import asdict, dataclass

NAMES = re.compile(r"'[^']*'(, '[^']*')+")
HELM_SECONDS = 180
OUR_SECONDS = 60


@dataclass(frozen=True)
class Job:
    """A chart, and a values file to render it with (empty: none)."""

    chart: str
    values: str = ""

    @property
    def path(self):
        return f"{self.chart} {os.path.relpath(self.values, self.chart)}" if self.values else self.chart

    @property
    def flags(self):
        return ["-f", self.values] if self.values else []


@dataclass(frozen=True)
class Asked:
    """What is asked of every chart: release, namespace, and arguments that both programs take alike."""

    release: str
    namespace: str
    more: tuple = ()


@dataclass(frozen=True)
class Answer:
    """What a program said."""

    code: int
    stdout: str
    stderr: str

    @property
    def refuses(self):
        return self.code != 0


def find_charts(places):
    """All folders with a Chart.yaml that are not below another chart's charts/, by name, without repeats."""
    charts = set()
    for place in places:
        if os.path.isfile(place):
            with open(place, encoding="utf-8") as file:
                charts.update(os.path.abspath(line.strip()) for line in file if line.strip())
            continue
        for folder, folders, files in os.walk(os.path.abspath(place)):
            if "Chart.yaml" in files:
                charts.add(folder)
                folders[:] = [name for name in folders if name != "charts"]
    return sorted(charts)


def all_jobs(charts, with_ci):
    """Each chart with its defaults and, if wanted, with each values file that its own tests use."""
    for chart in charts:
        yield Job(chart)
        if with_ci:
            pattern = os.path.join(glob.escape(chart), "ci", "*values*.yaml")
            yield from (Job(chart, values) for values in sorted(glob.glob(pattern)))


def run(command, seconds, environment=None):
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, env=environment, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return Answer(124, "", f"no answer within {seconds} seconds")
    return Answer(done.returncode, decode(done.stdout), decode(done.stderr))


def decode(data):
    return data.decode("utf-8", "surrogateescape")


class Helm:
    """The real Helm, asked once or twice for each chart; later runs read the cache."""

    def __init__(self, program, cache, asked):
        self.program, self.cache, self.asked = program, cache, asked
        self.home = tempfile.TemporaryDirectory(prefix="helm-home-")
        self.version = run([program, "version", "--short"], 30, self.environment()).stdout.strip() if program else ""
        if cache:
            os.makedirs(cache, exist_ok=True)
            self.version = self.version or read_text(os.path.join(cache, "VERSION"))
            write_text(os.path.join(cache, "VERSION"), self.version)

    def environment(self):
        home = self.home.name
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELM_", "KUBE"))}
        places = {f"HELM_{name}_HOME": home for name in ("CACHE", "CONFIG", "DATA")}
        return {**kept, **places, "KUBECONFIG": os.devnull}

    def ask(self, job, turn):
        """The answer of the first or second run (`turn` 1 or 2)."""
        path = None
        if self.cache:
            path = os.path.join(self.cache, f"{self.key(job)}-{turn}.json")
            kept = read_text(path)
            if kept:
                return Answer(**json.loads(kept))
        if not self.program:
            raise SystemExit(f"no answer of helm in the cache for {job.path}; give --helm")
        asked = self.asked
        command = [self.program, "template", asked.release, job.chart, "--namespace", asked.namespace, *job.flags, *asked.more]
        answer = run(command, HELM_SECONDS, self.environment())
        if path:
            write_text(path, json.dumps(asdict(answer)))
        return answer

    def key(self, job):
        """A digest of all that Helm's answer depends on."""
        asked = "\0".join([self.version, self.asked.release, self.asked.namespace, job.path, *self.asked.more])
        return hashlib.sha256(asked.encode() + content(job.chart)).hexdigest()[:32]


@functools.cache
def content(folder):
    """The names and digests of all files below a folder."""
    parts = []
    for place, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(place, name)
            parts.append(os.path.relpath(path, folder).encode("utf-8", "surrogateescape") + b"\0")
            try:
                with open(path, "rb") as file:
                    parts.append(hashlib.sha256(file.read()).digest())
            except OSError:
                parts.append(b"unreadable")
    return b"".join(parts)


def ours(program, job, asked):
    command = [program, "render", job.chart, "--release", asked.release, "-n", asked.namespace, *job.flags, *asked.more]
    return run(command, OUR_SECONDS)


def read_text(path):
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write_text(path, text):
    partial = f"{path}.{os.getpid()}.{id(text)}"
    with open(partial, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.replace(partial, path)


def reason(stderr):
    """The heart of Helm's message: what is wrong, without the frames that lead there and without hints."""
    text = stderr[stderr.rfind("\nError: ") + 1 :] if "\nError: " in stderr else stderr
    text = text.removeprefix("Error: ").replace("Use --debug flag to render out invalid YAML", "").strip()
    author = re.search(r"execution error at \([^)]*\): (.*)", text, re.DOTALL)
    if author:
        return author.group(1)
    frames = list(re.finditer(r"(?:executing \"[^\"]*\" )?at <[^\n]*?>:\s+", text))
    if frames:
        text = text[frames[-1].end() :]
    text = re.sub(r"^(error calling \w+: )+", "", text) or text
    missing = re.search(r"missing in charts/ directory: .*", text)
    return missing.group(0) if missing else text


def same_reason(helm, mine):
    """Whether our message holds Helm's reason, however it is wrapped and framed.

    Of what a schema finds wrong Helm tells in another order at each run.
    """
    wanted, said = reason(helm), squeezed(mine)
    lines = [squeezed(NAMES.sub(sorted_names, line)) for line in wanted.split("\n")]
    return squeezed(wanted) in said or "schema(s)" in wanted and all(line in said for line in lines)


def sorted_names(match):
    return ", ".join(sorted(match.group(0).split(", ")))


def squeezed(text):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return re.sub(r"[\s│├╰╭─┬·▶|]+", "", text)
