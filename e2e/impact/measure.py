"""Measures a pod on its node, from its start on, by what the kernel accounts to its cgroups and by asking it.

  measure.py check                                   says which version of cgroups the node has, or why it cannot measure
  measure.py PORT WARM_UP REPETITIONS SECONDS        measures one pod

It is started before the pod, says "ready", and takes the pod's UID in a line. The pod is on the node's network, so that
it can be asked as soon as it listens. When it has answered, it is asked on, one request after the other: WARM_UP seconds,
then as often as REPETITIONS for SECONDS each. What was measured is printed as JSON: bytes, nanoseconds, and points in
time in nanoseconds since 1970.

The node's root is below /host.
"""

import glob
import http.client
import json
import os
import re
import select
import sys
import time

HOST = "/host"
CGROUPS = HOST + "/sys/fs/cgroup"
# The CRI's own record of a container, whose times have fractions of a second, which those of the API have not.
RECORDS = [
    HOST + root + "/io.containerd.grpc.v1.cri/containers"
    for root in ("/var/lib/containerd", "/var/lib/rancher/k3s/agent/containerd")
]
# As often is the pod asked until it answers, and are its cgroups read until then.
EVERY = 0.002
GIVE_UP = 120


class Version2:
    name = "v2"
    roots = [CGROUPS]

    def __init__(self, pod):
        self.pod = os.path.join(CGROUPS, pod)

    def children(self):
        return subdirectories(self.pod)

    def cpu(self, child=""):
        return field(os.path.join(self.pod, child, "cpu.stat"), "usage_usec") * 1000

    def peak(self, child=""):
        return number(os.path.join(self.pod, child, "memory.peak"))

    def memory(self):
        return number(os.path.join(self.pod, "memory.current"))

    def resident(self):
        return field(os.path.join(self.pod, "memory.stat"), "anon")


class Version1:
    name = "v1"
    roots = [CGROUPS + "/memory", CGROUPS + "/cpuacct"]

    def __init__(self, pod):
        self.pod, self.accounts = (os.path.join(root, pod) for root in self.roots)

    def children(self):
        return subdirectories(self.pod)

    def cpu(self, child=""):
        return number(os.path.join(self.accounts, child, "cpuacct.usage"))

    def peak(self, child=""):
        return number(os.path.join(self.pod, child, "memory.max_usage_in_bytes"))

    def memory(self):
        return number(os.path.join(self.pod, "memory.usage_in_bytes"))

    def resident(self):
        return field(os.path.join(self.pod, "memory.stat"), "total_rss")


def version():
    return Version2 if os.path.exists(CGROUPS + "/cgroup.controllers") else Version1


def number(path):
    with open(path) as file:
        return int(file.read())


def field(path, name):
    with open(path) as file:
        for line in file:
            key, value = line.split()
            if key == name:
                return int(value)
    raise KeyError(f"no {name} in {path}")


def subdirectories(path):
    with os.scandir(path) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]


def classes():
    """The cgroups that those of pods are in, one for each class of service, relative to a root."""
    root = version().roots[0]
    for path, directories, _ in os.walk(root):
        below = os.path.relpath(path, root)
        if os.path.basename(path).startswith("kubepods"):
            inner = [name for name in directories if re.search("burstable|besteffort", name)]
            return [below] + [os.path.join(below, name) for name in inner]
    raise FileNotFoundError(f"no kubepods in {root}")


def find(uid, places):
    """The pod's cgroup, or None while it has none. Drivers write the dashes of the UID as they are, or as underscores."""
    names = (uid, uid.replace("-", "_"))
    root = version().roots[0]
    for place in places:
        for name in subdirectories(os.path.join(root, place)):
            if any(each in name for each in names):
                return version()(os.path.join(place, name))
    return None


class Start:
    """What is seen of a pod until it answers."""

    def __init__(self):
        self.places = classes()
        self.uid = None
        self.cgroup = None
        self.appeared = None
        self.samples = {}

    def look(self):
        if self.uid is None:
            if select.select([sys.stdin], [], [], 0)[0]:
                self.uid = sys.stdin.readline().strip()
            return
        if self.cgroup is None:
            self.cgroup = find(self.uid, self.places)
            if self.cgroup is None:
                return
            self.appeared = time.time_ns()
        try:
            for child in self.cgroup.children():
                # A container that ends takes its accounts with it: what was read last stays.
                sample = time.time_ns(), self.cgroup.cpu(child), self.cgroup.peak(child)
                self.samples.setdefault(child, []).append(sample)
        except (FileNotFoundError, OSError):
            pass

    def containers(self):
        found = {}
        for child, samples in self.samples.items():
            name = re.search("[0-9a-f]{64}", child)
            for record in RECORDS if name else []:
                path = os.path.join(record, name[0], "status")
                if os.path.exists(path):
                    with open(path) as file:
                        said = json.load(file)
                    started = said["StartedAt"]
                    # Before, the container runtime works in the same cgroup.
                    before = max((cpu for at, cpu, _ in samples if at <= started), default=0)
                    found[name[0]] = {
                        "started": started,
                        "finished": said["FinishedAt"],
                        "cpu": samples[-1][1] - before,
                        "peak": samples[-1][2],
                    }
        return found


class Client:
    def __init__(self, port):
        self.port = port
        self.requests = 0
        self.connection = None

    def ask(self):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self.connection.request("GET", "/hello/you")
            response = self.connection.getresponse()
            response.read()
        except OSError:
            self.close()
            raise
        if response.status != 200:
            raise RuntimeError(f"it answers {response.status}")
        self.requests += 1
        if response.will_close:
            self.close()

    def close(self):
        self.connection.close()
        self.connection = None

    def load(self, seconds):
        before = self.requests
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.ask()
        return self.requests - before


TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def processors(idle=True):
    """What the machine's processors have had time for; without idle, what they have worked."""
    with open("/proc/stat") as file:
        # user nice system idle iowait irq softirq steal
        times = [int(time) for time in file.readline().split()[1:9]]
    return TICK * (sum(times) if idle else sum(times) - times[3] - times[4])


def others(pod):
    """What the machine has worked for others than the pod and who asks it."""
    return processors(idle=False) - pod.cpu() - time.process_time_ns()


def measure(port, warm_up, repetitions, seconds):
    start, client = Start(), Client(port)
    print("ready", flush=True)
    give_up = time.monotonic() + GIVE_UP
    while True:
        start.look()
        if start.cgroup is not None:
            try:
                client.ask()
                break
            except OSError:
                pass  # It does not listen yet.
        if time.monotonic() > give_up:
            raise TimeoutError(f"the pod {start.uid} has {'not answered' if start.cgroup else 'no cgroup here'}")
        time.sleep(EVERY)
    answered = time.time_ns()
    pod = start.cgroup
    result = {"appeared": start.appeared, "answered": answered, "cpuAtAnswer": pod.cpu()}
    client.load(warm_up)
    result["repetitions"] = []
    for _ in range(repetitions):
        before, others_before, all_before = pod.cpu(), others(pod), processors()
        requests = client.load(seconds)
        result["repetitions"].append({
            "requests": requests,
            "cpu": pod.cpu() - before,
            "others": (others(pod) - others_before) / (processors() - all_before),
        })
    result["resident"], result["memory"] = pod.resident(), pod.memory()
    result["requests"] = client.requests
    result["containers"] = start.containers()
    print(json.dumps(result), flush=True)


def check():
    places = classes()
    missing = [root for root in version().roots if not os.path.isdir(root)]
    if missing:
        raise FileNotFoundError(f"no {missing}")
    if not any(glob.glob(record) for record in RECORDS):
        raise FileNotFoundError("no records of containerd's CRI")
    print(f"cgroups {version().name}, pods in {places}")


if sys.argv[1:] == ["check"]:
    check()
else:
    measure(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
