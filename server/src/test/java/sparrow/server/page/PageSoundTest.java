package sparrow.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page's resampler and its player, sample by sample: sound is rendered without a device and without waiting. */
@InBrowser
class PageSoundTest {
    /** Renders a player's output of some seconds; `at(seconds, message)` posts to it then. A hum of 200 Hz is what it plays. */
    private static final String PLAYER = """
            async (script) => {
              const rate = 48000;
              const context = new OfflineAudioContext(1, script.seconds * rate, rate);
              await context.audioWorklet.addModule('/playback-worklet.js');
              const node = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] });
              node.connect(context.destination);
              const reports = [];
              node.port.onmessage = ({ data }) => reports.push(data);
              const hum = (seconds) => Float32Array.from({ length: seconds * 24000 }, (_, i) => 0.5 * Math.sin((Math.PI * i) / 60));
              const post = ({ play, seconds, ...other }) =>
                node.port.postMessage(play ? { play, samples: hum(seconds) } : other);
              const later = Map.groupBy(script.events, ({ at }) => at);
              for (const [at, events] of later) {
                context.suspend(at).then(async () => {
                  events.forEach(post);
                  await new Promise((resolve) => setTimeout(resolve, 50));
                  context.resume();
                });
              }
              const sound = (await context.startRendering()).getChannelData(0);
              await new Promise((resolve) => setTimeout(resolve, 50));
              const loud = (i) => Math.abs(sound[i]) > 1e-5;
              const indices = [...sound.keys()].filter(loud);
              const steps = [...sound.keys()].slice(1).map((i) => Math.abs(sound[i] - sound[i - 1]));
              const played = Math.max(0, ...reports.map(({ played }) => played.item ?? 0));
              return {
                first: indices[0] / rate, last: indices.at(-1) / rate, steepest: Math.max(...steps),
                played: played / rate, flushed: reports.find((report) => report.flushed)?.played.item / rate,
                underruns: reports.at(-1).underruns, startMs: reports.at(-1).startMs,
              };
            }
            """;

    /** Of a hum of 0.5 at 200 Hz and 48 kHz, between two samples. */
    private static final double STEEPEST = 0.5 * 2 * Math.PI * 200 / 48_000;

    private static Chromium chromium;
    private static ScriptedServer server;
    private static Page page;

    @BeforeAll
    static void start() throws IOException {
        server = new ScriptedServer();
        chromium = Chromium.withAnyMicrophone();
        page = chromium.browser().newPage();
        page.navigate(server.address());
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @ParameterizedTest(name = "{0} Hz to {1} Hz")
    @CsvSource({"48000, 24000", "44100, 24000", "16000, 24000", "24000, 48000", "24000, 44100", "24000, 24000"})
    void resamplingKeepsAToneHoweverItIsCut(int fromHz, int toHz) {
        Object result = page.evaluate("""
                async ([from, to]) => {
                  const { Resampler } = await import('/resampler.js');
                  const tone = (rate, n) => Float32Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / rate));
                  const input = tone(from, from / 2);
                  const whole = new Resampler(from, to);
                  const atOnce = [...whole.push(input), ...whole.flush()];
                  const cut = new Resampler(from, to);
                  const inPieces = [];
                  for (let at = 0, size = 1; at < input.length; at += size, size = (size * 7 + 3) % 311) {
                    inPieces.push(...cut.push(input.subarray(at, at + size)));
                    if (size === 0) size = 1;
                  }
                  inPieces.push(...cut.flush());
                  const wanted = tone(to, atOnce.length);
                  const error = Math.max(...atOnce.slice(200, -200).map((value, i) => Math.abs(value - wanted[i + 200])));
                  return { length: atOnce.length, same: atOnce.join() === inPieces.join(), error };
                }
                """, List.of(fromHz, toHz));

        Map<?, ?> measured = (Map<?, ?>) result;
        assertThat(measured.get("length")).isEqualTo(toHz / 2);
        assertThat(measured.get("same")).isEqualTo(true);
        assertThat(number(measured, "error")).isLessThan(2e-3);
    }

    @Test
    void resamplingRemovesWhatTheLowerRateCannotHold() {
        Object loudest = page.evaluate("""
                async () => {
                  const { Resampler } = await import('/resampler.js');
                  const input = Float32Array.from({ length: 24000 }, (_, i) => Math.sin((2 * Math.PI * 15000 * i) / 48000));
                  return Math.max(...new Resampler(48000, 24000).push(input).slice(100).map(Math.abs));
                }
                """);

        assertThat(((Number) loudest).doubleValue()).isLessThan(1e-3); // 60 dB down
    }

    @Test
    void playsACompleteItemToItsEndAndCountsAllOfIt() {
        Map<?, ?> heard = play(1, "{at: 0, play: 'item', seconds: 0.5}, {at: 0, end: 'item'}");

        assertThat(number(heard, "last") - number(heard, "first")).isCloseTo(0.5, within(0.002));
        assertThat(number(heard, "played")).isCloseTo(0.5, within(1e-4));
        assertThat(number(heard, "underruns")).isZero();
    }

    @Test
    void waitsForATenthOfASecondBeforeItStarts() {
        Map<?, ?> heard = play(1, "{at: 0, play: 'item', seconds: 0.06}, {at: 0.5, play: 'item', seconds: 0.06}");

        assertThat(number(heard, "first")).isBetween(0.5, 0.51);
    }

    @Test
    void fallsSilentWithoutAClickWhenNothingComesAndThenWaitsLonger() {
        Map<?, ?> heard = play(1, "{at: 0, play: 'item', seconds: 0.31}");

        assertThat(number(heard, "underruns")).isEqualTo(1);
        assertThat(number(heard, "startMs")).isEqualTo(150);
        assertThat(number(heard, "last")).isBetween(0.3, 0.32);
        assertThat(number(heard, "steepest")).isLessThan(1.2 * STEEPEST);
    }

    @Test
    void isSilentFiveMillisecondsAfterAFlushAndCountsExactlyWhatWasHeard() {
        Map<?, ?> heard = play(2, "{at: 0, play: 'item', seconds: 1.5}, {at: 0.512, flush: 1}");

        assertThat(number(heard, "last")).isBetween(0.512, 0.5175);
        assertThat(number(heard, "flushed")).isCloseTo(number(heard, "last") - number(heard, "first"), within(0.001));
        assertThat(number(heard, "steepest")).isLessThan(1.5 * STEEPEST);
    }

    @Test
    void playsTheNextItemAfterAFlush() {
        Map<?, ?> heard = play(
                2,
                "{at: 0, play: 'other', seconds: 1}, {at: 0.512, flush: 1}, {at: 1.024, play: 'item', seconds: 0.25},"
                        + " {at: 1.024, end: 'item'}");

        assertThat(number(heard, "last")).isCloseTo(1.274, within(0.005));
        assertThat(number(heard, "played")).isCloseTo(0.25, within(1e-4));
        assertThat(number(heard, "underruns")).isZero();
    }

    private static Map<?, ?> play(double seconds, String events) {
        String script = "(%s)({seconds: %s, events: [%s]})".formatted(PLAYER.strip(), seconds, events);
        return (Map<?, ?>) page.evaluate(script);
    }

    private static double number(Map<?, ?> measured, String name) {
        return ((Number) measured.get(name)).doubleValue();
    }
}
