#!/usr/bin/env python3
"""Connects two network namespaces through a network that loses packets and delays the others differently.

Needs root and /dev/net/tun. Each namespace contains a loopback interface and a tun device, and no other network. Packets between the
devices are dropped with the probability --loss; each of the others arrives after a random time of 0 to --jitter ms, so their order
changes. Prints the line "SERVER_ADDRESS SERVER_NAMESPACE CLIENT_NAMESPACE"; `nsenter --net=NAMESPACE COMMAND` runs a command in a
namespace. Runs until its standard input is closed, then prints the numbers of packets. The namespaces vanish with the last process in
them.
"""

import argparse
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
MTU = 1500

SERVER = "10.77.0.1"
CLIENT = "10.77.0.2"


def namespace(own, peer, congestion):
    """Enters a new namespace with a tun device. Returns the device and the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare: " + os.strerror(ctypes.get_errno()))
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"lossy", IFF_TUN | IFF_NO_PI))
    for command in (
        "ip link set lo up",
        f"ip address add {own}/32 dev lossy",
        f"ip link set lossy up mtu {MTU} txqueuelen 1000",
        f"ip route add {peer}/32 dev lossy congctl {congestion}",
    ):
        subprocess.run(command.split(), check=True)
    return tun, os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def forward(tuns, loss, jitter, chance):
    """Forwards packets until standard input is closed. Returns the numbers of packets that were forwarded and lost."""
    counts = [0, 0]
    waiting = []  # (due time, number, device, packet)
    other = {tuns[0]: tuns[1], tuns[1]: tuns[0]}
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        ready, _, _ = select.select([0, *tuns], [], [], timeout)
        if 0 in ready and not os.read(0, 100):
            return counts
        for tun in tuns:
            if tun not in ready:
                continue
            packet = os.read(tun, 2 * MTU)
            lost = chance.random() < loss
            counts[lost] += 1
            if not lost:
                due = time.monotonic() + chance.uniform(0, jitter)
                heapq.heappush(waiting, (due, sum(counts), other[tun], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, tun, packet = heapq.heappop(waiting)
            try:
                os.write(tun, packet)
            except OSError:
                pass  # the device's queue is full: the packet is lost


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loss", type=float, default=0.1, help="probability that a packet is lost (default: %(default)s)")
    parser.add_argument("--jitter", type=float, default=80, help="maximum delay of a packet in ms (default: %(default)s)")
    parser.add_argument("--congestion", default="cubic", help="TCP's congestion control (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    server, server_namespace = namespace(SERVER, CLIENT, options.congestion)
    client, client_namespace = namespace(CLIENT, SERVER, options.congestion)
    paths = [f"/proc/{os.getpid()}/fd/{one}" for one in (server_namespace, client_namespace)]
    print(SERVER, *paths, flush=True)
    forwarded, lost = forward([server, client], options.loss, options.jitter / 1000, random.Random(options.seed))
    print(f"{forwarded} packets forwarded, {lost} lost", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"lossy-network: {error}")
