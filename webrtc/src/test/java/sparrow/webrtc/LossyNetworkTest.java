package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.PageMicrophone;
import sparrow.server.page.TalkingServer;

/**
 * Questions that are spoken into the server's page in a browser, which a lossy network separates from the server. The
 * results are printed.
 */
@InBrowser
@EnabledIf(value = "sparrow.webrtc.TestNetwork#hasLossy", disabledReason = "needs root, /dev/net/tun and Python 3")
class LossyNetworkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUESTIONS = Integer.getInteger("sparrow.calls.questions", 5);

    /** Examples that the tiny model also understands through a browser's microphone and Opus. */
    private static final List<Integer> UNDERSTOOD = List.of(3, 4, 5, 6, 7, 8, 9, 11);

    private static final int LOST_PERCENT = Integer.getInteger("sparrow.calls.lost", 10);
    private static final int JITTER_MS = Integer.getInteger("sparrow.calls.jitter", 80);
    private static final String CONGESTION = System.getProperty("sparrow.calls.congestion", "cubic");

    /**
     * Records the sound that leaves the page in {@code window.heard}, as pieces with the time of their first sample by
     * {@code performance.now()}, and stores the page's connection in {@code window.peer}.
     */
    private static final String TAP = """
            window.heard = [];
            const connect = AudioNode.prototype.connect;
            AudioNode.prototype.connect = function (target, ...rest) {
              if (target instanceof AudioDestinationNode && this instanceof AudioWorkletNode) {
                const context = this.context;
                const origin = performance.now() - context.currentTime * 1000;
                const tap = `registerProcessor('tap', class extends AudioWorkletProcessor {
                  process([[samples]]) {
                    if (samples?.some((sample) => sample !== 0)) this.port.postMessage({ time: currentTime, samples });
                    return true;
                  }
                })`;
                context.audioWorklet.addModule(URL.createObjectURL(new Blob([tap], { type: 'text/javascript' }))).then(() => {
                  const node = new AudioWorkletNode(context, 'tap', { numberOfOutputs: 0 });
                  node.port.onmessage = ({ data }) =>
                    window.heard.push({ at: origin + data.time * 1000, rate: context.sampleRate, samples: data.samples });
                  connect.call(this, node);
                });
              }
              return connect.call(this, target, ...rest);
            };
            window.RTCPeerConnection = class extends RTCPeerConnection {
              constructor(...rest) {
                super(...rest);
                window.peer = this;
              }
            };
            """;

    /**
     * Returns the facts of the newest answer: its text, the milliseconds from the end of the question to the first sound, the
     * seconds of sound, the gaps in it (30 ms or more without any sound) in seconds, and the seconds that the browser
     * concealed. Forgets what was heard.
     */
    private static final String HEARD = """
            async (end) => {
              const gaps = [];
              let first = null;
              let last = null;
              for (const { at, rate, samples } of window.heard.splice(0)) {
                samples.forEach((sample, i) => {
                  const now = at + (i * 1000) / rate;
                  if (sample === 0 || now < end) return;
                  if (last !== null && now - last >= 30) gaps.push((now - last) / 1000);
                  first ??= now;
                  last = now;
                });
              }
              const stats = [...((await window.peer?.getStats()) ?? new Map()).values()].find(({ type }) => type === 'inbound-rtp');
              const concealed = stats ? (stats.concealedSamples - stats.silentConcealedSamples) / 48000 : 0;
              const before = window.concealed ?? 0;
              window.concealed = concealed;
              const text = window.sparrow.turns.at(-1)?.text ?? '';
              return { text, firstMs: first - end, seconds: (last - first) / 1000, gaps, concealed: concealed - before };
            }
            """;

    private static final String ANSWERED = """
            (turns) => {
              const { state, turns: all } = window.sparrow;
              return state === 'listening' && all.slice(turns).at(-1)?.status === 'completed';
            }
            """;

    @TempDir
    Path folder;

    private record Answer(
            String text, boolean right, double firstMs, double seconds, List<Double> gaps, double concealed) {
        boolean isHeard() {
            return seconds > 0;
        }
    }

    /** The server's process, which runs until its standard input is closed. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws IOException {
            try (TalkingServer server = TalkingServer.Own.start(
                    Running.OPTIONS.withAddress(arguments[0], 0).withCalls(new UdpPort.Opener(), 0))) {
                System.out.println(server.address());
                System.in.read();
            }
        }
    }

    @Test
    void mostQuestionsAreUnderstoodOverACall() throws Exception {
        assertThat(talk("webrtc")).filteredOn(Answer::right).hasSizeGreaterThan(QUESTIONS / 2);
    }

    @Test
    @Tag("full")
    void mostQuestionsAreAnsweredOverAWebSocket() throws Exception {
        assertThat(talk("websocket")).filteredOn(Answer::isHeard).hasSizeGreaterThan(QUESTIONS / 2);
    }

    private List<Answer> talk(String transport) throws Exception {
        try (TestNetwork network = TestNetwork.lossy(LOST_PERCENT / 100.0, JITTER_MS, CONGESTION)) {
            Process server = network.server(Server.class, network.address());
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
                String address = output.readLine();
                assertThat(address).as("the server's address").isNotNull();
                Path browser = network.client(Chromium.program(), folder);
                List<Answer> answers = new ArrayList<>();
                try (Chromium chromium = Chromium.at(browser, "--unsafely-treat-insecure-origin-as-secure=" + address);
                        Page page = chromium.browser().newPage(new Browser.NewPageOptions().setBypassCSP(true))) {
                    PageMicrophone microphone = open(page, address, transport);
                    for (int i = 1; i <= QUESTIONS; i++) {
                        int question = UNDERSTOOD.get(i % UNDERSTOOD.size());
                        Answer answer = ask(page, microphone, question);
                        System.out.println(question + " " + answer);
                        answers.add(answer);
                    }
                }
                report(transport, answers);
                System.out.println(network.end());
                return answers;
            } finally {
                server.destroy();
            }
        }
    }

    private static PageMicrophone open(Page page, String address, String transport) {
        page.addInitScript("localStorage.setItem('sparrow.settings', '{\"transport\":\"%s\"}')".formatted(transport));
        page.addInitScript(TAP);
        PageMicrophone microphone = PageMicrophone.of(page);
        page.navigate(address + "?raw");
        page.locator("#start").click();
        await(page, "() => window.sparrow.state === 'listening'", null);
        assertThat(page.locator("#transport-note").textContent()).isEqualToIgnoringCase(transport + " in use");
        return microphone;
    }

    private static Answer ask(Page page, PageMicrophone microphone, int question) throws IOException {
        Object turns = page.evaluate("() => window.sparrow.turns.length");
        double end = microphone.sayToEnd(Running.example(question));
        try {
            await(page, ANSWERED, turns);
        } catch (TimeoutError e) {
            // The answer is counted as wrong.
        }
        page.waitForTimeout(200); // the last sound is recorded
        ObjectNode heard = JSON.valueToTree(page.evaluate(HEARD, end));
        heard.put("right", heard.get("text").asText().equals(expected(question)));
        return JSON.convertValue(heard, Answer.class);
    }

    private static void await(Page page, String condition, Object argument) {
        page.waitForFunction(condition, argument, new Page.WaitForFunctionOptions().setTimeout(60_000));
    }

    private static String expected(int question) throws IOException {
        return Files.readAllLines(Running.EXAMPLES.resolve("expected.tsv"))
                .get(question)
                .split("\t")[3];
    }

    private static void report(String transport, List<Answer> answers) {
        List<Double> first = answers.stream()
                .filter(Answer::isHeard)
                .map(Answer::firstMs)
                .sorted()
                .toList();
        System.out.printf(
                "%s (%s), %d %% lost, 0 to %d ms: %d of %d right, first sound p50 %.0f ms, p95 %.0f ms,"
                        + " %d gaps of %.1f s in total in %.1f s of answers, %.1f s concealed%n",
                transport,
                CONGESTION,
                LOST_PERCENT,
                JITTER_MS,
                answers.stream().filter(Answer::right).count(),
                answers.size(),
                first.get(first.size() / 2),
                first.get(first.size() * 95 / 100),
                answers.stream().mapToInt(answer -> answer.gaps().size()).sum(),
                answers.stream()
                        .flatMap(answer -> answer.gaps().stream())
                        .mapToDouble(gap -> gap)
                        .sum(),
                answers.stream().mapToDouble(Answer::seconds).sum(),
                answers.stream().mapToDouble(Answer::concealed).sum());
    }
}
