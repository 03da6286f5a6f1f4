package sparrow.webrtc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import sparrow.speech.wave.Waveform;

/**
 * A page of the server in a browser with a call. {@code window.events} contains the events with their times, and what is
 * heard of the call's track is recorded.
 */
final class CallPage implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CALL = """
            async () => {
              window.events = [];
              window.samples = [];
              window.audible = [];
              const context = (window.context = new AudioContext({ sampleRate: 48000 }));
              const peer = (window.peer = new RTCPeerConnection());
              peer.ontrack = ({ track }) => {
                const stream = new MediaStream([track]);
                // Chromium plays a remote track in the graph only if an element plays it, too.
                const element = (window.element = new Audio());
                element.srcObject = stream;
                element.muted = true;
                element.play();
                const tap = (window.tap = context.createScriptProcessor(1024, 1, 1));
                const origin = performance.now() - context.currentTime * 1000;
                tap.onaudioprocess = ({ inputBuffer, playbackTime }) => {
                  const samples = inputBuffer.getChannelData(0).slice();
                  window.samples.push(samples);
                  samples.forEach((sample, i) => {
                    if (Math.abs(sample) > 0.01) window.audible.push(origin + (playbackTime + i / 48000) * 1000);
                  });
                };
                context.createMediaStreamSource(stream).connect(tap);
                tap.connect(context.destination);
              };
              const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
              const microphone = (window.microphone = await navigator.mediaDevices.getUserMedia({ audio }));
              peer.addTrack(microphone.getTracks()[0], microphone);
              const channel = (window.channel = peer.createDataChannel('oai-events'));
              channel.onmessage = ({ data }) => window.events.push({ at: performance.now(), ...JSON.parse(data) });
              channel.onclose = () => window.events.push({ type: 'closed', at: performance.now() });
              await peer.setLocalDescription(await peer.createOffer());
              const answer = await fetch('/v1/realtime/calls', {
                method: 'POST',
                headers: { 'content-type': 'application/sdp' },
                body: peer.localDescription.sdp,
              });
              window.location_ = answer.headers.get('location');
              const sdp = await answer.text();
              if (answer.status !== 201) throw new Error(sdp);
              await peer.setRemoteDescription({ type: 'answer', sdp });
            }
            """;

    /** The recording as base64 of floats, because arrays of numbers take minutes. */
    private static final String RECORDING = """
            async () => {
              const blob = new Blob(window.samples);
              const url = await new Promise((resolve) => {
                const reader = new FileReader();
                reader.onload = () => resolve(reader.result);
                reader.readAsDataURL(blob);
              });
              return url.slice(url.indexOf(',') + 1);
            }
            """;

    private final Page page;

    CallPage(Page page, URI server) {
        this.page = page;
        page.navigate(server.resolve("/").toString());
        page.evaluate(CALL);
    }

    Page page() {
        return page;
    }

    /** Waits for events of a type. */
    void await(String type, int count) {
        String condition = "([type, count]) => window.events.filter((event) => event.type === type).length >= count";
        try {
            page.waitForFunction(condition, List.of(type, count), new Page.WaitForFunctionOptions().setTimeout(30_000));
        } catch (com.microsoft.playwright.TimeoutError e) {
            throw new AssertionError("expected " + count + " events " + type + ", received " + types(), e);
        }
    }

    /** Returns the events of a type. */
    List<JsonNode> events(String type) {
        JsonNode all = JSON.valueToTree(page.evaluate("() => window.events"));
        return all.valueStream()
                .filter(event -> event.path("type").asText().equals(type))
                .toList();
    }

    /** Returns the types of all events, in order. */
    List<String> types() {
        JsonNode all = JSON.valueToTree(page.evaluate("() => window.events.map((event) => event.type)"));
        return all.valueStream().map(JsonNode::asText).toList();
    }

    /** Sends an event. */
    void send(String event) {
        page.evaluate("(event) => window.channel.send(event)", event);
    }

    /** Waits for audible sound that is heard after this call. */
    void awaitSound() {
        page.waitForFunction("after => window.audible.at(-1) > after", page.evaluate("() => performance.now()"));
    }

    /** Returns the milliseconds from a time of the page to the beginning of the next 400 ms without audible sound. */
    double audibleMsAfter(double time) {
        Object last = page.evaluate(
                "time => window.audible.reduce((last, at) => at > last && at < last + 400 ? at : last, time)", time);
        return ((Number) last).doubleValue() - time;
    }

    /** Returns what was heard so far. */
    Waveform recording() {
        byte[] bytes = Base64.getDecoder().decode((String) page.evaluate(RECORDING));
        float[] samples = new float[bytes.length / 4];
        java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(samples);
        return new Waveform(samples, 48_000);
    }

    @Override
    public void close() {
        page.close();
    }
}
