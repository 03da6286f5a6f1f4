"""Calls a server over WebRTC with aiortc, asks one spoken question, and prints the answer as one JSON object.

The field loud is the number of samples, at 48 kHz, in the frames that are not silent.
Arguments: base address (http://.../v1), 16-bit samples of a question at 24 kHz.
"""

import array
import asyncio
import fractions
import json
import sys
import time
import urllib.request

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

BASE, PCM = sys.argv[1:]
RATE_HZ = 24000
SAMPLES = 480
LOUD = 300


class Microphone(MediaStreamTrack):
    """Silence until the session starts, half a second of silence, the question, and silence without an end, in real time."""

    kind = "audio"

    def __init__(self, session):
        super().__init__()
        with open(PCM, "rb") as file:
            self.sound = bytes(RATE_HZ) + file.read()
        self.session = session
        self.begun = time.monotonic()
        self.sent = 0

    async def recv(self):
        await asyncio.sleep(self.begun + self.sent / RATE_HZ - time.monotonic())
        piece = b""
        if self.session.is_set():
            piece, self.sound = self.sound[: 2 * SAMPLES], self.sound[2 * SAMPLES :]
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(piece.ljust(2 * SAMPLES, b"\0"))
        frame.sample_rate = RATE_HZ
        frame.pts = self.sent
        frame.time_base = fractions.Fraction(1, RATE_HZ)
        self.sent += SAMPLES
        return frame


def post(offer):
    request = urllib.request.Request(
        BASE + "/realtime/calls", offer.encode(), {"Content-Type": "application/sdp"}, method="POST"
    )
    with urllib.request.urlopen(request) as response:
        return response.read().decode()


async def call():
    session = asyncio.Event()
    stopped = asyncio.get_running_loop().create_future()
    answer = {"transcript": "", "loud": 0, "events": []}
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTrack(Microphone(session))
    channel = peer.createDataChannel("oai-events")

    def stop(error=None):
        if stopped.done():
            return
        if error:
            stopped.set_exception(error)
        else:
            stopped.set_result(None)

    @peer.on("connectionstatechange")
    async def state():
        if peer.connectionState in ("failed", "closed"):
            stop(RuntimeError(f"connection {peer.connectionState} after {answer['events']}"))

    @channel.on("message")
    def message(text):
        event = json.loads(text)
        answer["events"].append(event["type"])
        if event["type"] == "session.created":
            session.set()
        if event["type"] == "response.output_audio_transcript.done":
            answer["transcript"] = event["transcript"]
        if event["type"] in ("error", "output_audio_buffer.stopped"):
            stop()

    @peer.on("track")
    async def track(track):
        try:
            while True:
                frame = await track.recv()
                sound = array.array("h", bytes(frame.planes[0]))
                answer["loud"] += frame.samples if max(sound) > LOUD else 0
        except MediaStreamError:
            pass

    await peer.setLocalDescription(await peer.createOffer())
    answered = await asyncio.to_thread(post, peer.localDescription.sdp)
    await peer.setRemoteDescription(RTCSessionDescription(answered, "answer"))
    await stopped
    await peer.close()
    return answer


print(json.dumps(asyncio.run(call())))
