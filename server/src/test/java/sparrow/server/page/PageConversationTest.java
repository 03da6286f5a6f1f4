package sparrow.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.speech.wave.WavFile;

/**
 * A whole conversation in a real browser: one question is spoken into the microphone, a second one into its answer. What was
 * played is measured where the sound leaves the page, not where the page counts it.
 */
@InBrowser
class PageConversationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** ./sparrow test runs in the module's folder; examples and screenshots belong beside it. */
    private static final Path EXAMPLES = Path.of("..", "examples");

    private static final Path SCREENSHOTS = Path.of("target", "page");

    /**
     * Whatever goes to the loudspeaker is also looked at: window.sounds gets {begin, seconds} of each stretch of sound, which
     * 0.3 s of nothing at all end. (A worklet would do it off the main thread, but its module would have to come from the server.)
     */
    private static final String TAP = """
            const connect = AudioNode.prototype.connect;
            window.sounds = [];
            AudioNode.prototype.connect = function (target, ...rest) {
              if (target instanceof AudioDestinationNode && this instanceof AudioWorkletNode) {
                const tap = this.context.createScriptProcessor(1024, 1, 1);
                let begin = null;
                let last = 0;
                tap.onaudioprocess = ({ inputBuffer, playbackTime }) => {
                  inputBuffer.getChannelData(0).forEach((sample, i) => {
                    if (sample === 0) return;
                    last = playbackTime + i / inputBuffer.sampleRate;
                    begin ??= last;
                  });
                  if (begin !== null && playbackTime - last > 0.3) {
                    window.sounds.push({ begin, seconds: last - begin });
                    begin = null;
                  }
                };
                connect.call(this, tap);
                connect.call(tap, target);
              }
              return connect.call(this, target, ...rest);
            };
            """;

    @Test
    void twoQuestionsAreAnsweredAndTheSecondOneInterruptsTheFirstAnswer() throws Exception {
        Path question = EXAMPLES.resolve("q06.wav");
        try (TalkingServer server = TalkingServer.start();
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page =
                        chromium.browser().newPage(new Browser.NewPageOptions().setColorScheme(ColorScheme.LIGHT))) {
            List<String> complaints = complaints(page);
            page.addInitScript(TAP);
            PageMicrophone microphone = start(page, server);
            microphone.say(question);
            page.waitForFunction("() => window.sparrow.turns[1]?.playedMs > 500", null, patience());
            microphone.say(EXAMPLES.resolve("q11.wav"));

            page.waitForFunction("() => window.sparrow.turns.length === 4", null, patience());
            page.waitForFunction("() => window.sparrow.state === 'listening'", null, patience());
            page.waitForTimeout(500); // the tap needs 0.3 s of silence to know that a sound has ended

            assertThat(complaints).isEmpty();
            JsonNode seen = JSON.valueToTree(page.evaluate("() => window.sparrow"));
            assertThat(seen.at("/turns/0/seconds").doubleValue())
                    .as("the question as it was sent, with its silence")
                    .isCloseTo(WavFile.read(question).seconds() + 0.8, within(0.4));
            firstAnswerWasCutWhereItFellSilent(seen, JSON.valueToTree(page.evaluate("() => window.sounds")));
            secondAnswerWasHeardToItsEnd(seen.at("/turns/3"), "there are sixty minutes in an hour.");
            assertThat(seen.get("errors")).isEmpty();
            photograph(page);
        }
    }

    /** Its reply is noise, another one to each recording: the microphone's is never twice the same. All of it is played. */
    @Test
    void aModelWhoseSpeechIsFramesIsHeardToTheEndOfItsAnswer() throws Exception {
        try (TalkingServer server = TalkingServer.lfm2(40);
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage()) {
            List<String> complaints = complaints(page);
            start(page, server).say(EXAMPLES.resolve("q01.wav"));

            page.waitForFunction("() => window.sparrow.turns.length === 2", null, patience());
            page.waitForFunction("() => window.sparrow.state === 'listening'", null, patience());

            assertThat(complaints).isEmpty();
            JsonNode seen = JSON.valueToTree(page.evaluate("() => window.sparrow"));
            JsonNode reply = seen.at("/turns/1");
            assertThat(seen.get("errors")).isEmpty();
            assertThat(reply.get("status").textValue()).isIn("completed", "incomplete");
            assertThat(reply.get("trace").textValue()).matches("T[TF]{0,39}");
            assertThat(reply.get("played")).isEqualTo(reply.get("received"));
            assertThat(page.locator("#model").textContent()).endsWith("LFM2.5-Audio · 12.5 speech tokens a second");
        }
    }

    private static PageMicrophone start(Page page, TalkingServer server) {
        PageMicrophone microphone = PageMicrophone.of(page);
        page.navigate(server.address() + "?raw");
        page.locator("#start").click();
        page.waitForFunction("() => window.sparrow.state === 'listening'", null, patience());
        return microphone;
    }

    private static void firstAnswerWasCutWhereItFellSilent(JsonNode seen, JsonNode sounds) {
        JsonNode reply = seen.at("/turns/1");
        JsonNode truncate = seen.at("/truncates/0");
        double playedMs = reply.get("playedMs").doubleValue();

        assertThat("the opposite of summer is winter. summer and winter are opposites.")
                .startsWith(reply.get("heardText").textValue().strip());
        assertThat(seen.get("truncates")).hasSize(1);
        assertThat(truncate.get("item_id")).isEqualTo(reply.get("item"));
        assertThat(playedMs).isBetween(500.0, 3_000.0);
        assertThat(truncate.get("audio_end_ms").doubleValue()).isCloseTo(playedMs, within(1.0));
        assertThat(truncate.get("audio_end_ms").doubleValue())
                .as("what left the page: %s", sounds)
                .isCloseTo(1_000 * sounds.at("/0/seconds").doubleValue(), within(80.0));
    }

    private static void secondAnswerWasHeardToItsEnd(JsonNode reply, String text) {
        assertThat(reply.get("text").textValue()).isEqualTo(text);
        assertThat(reply.get("heardText").textValue()).isEqualTo(text);
        assertThat(reply.get("status").textValue()).isEqualTo("completed");
        assertThat(reply.get("played")).isEqualTo(reply.get("received"));
        assertThat(reply.get("trace").textValue()).matches("[TFE]+").contains("E");
        assertThat(reply.get("firstAudioMs").doubleValue()).isPositive();
    }

    /** Both themes at both widths, and all that can be chosen, for people to look at. */
    private static void photograph(Page page) throws Exception {
        Files.createDirectories(SCREENSHOTS);
        photograph(page, "desktop", 1280, 800);
        photograph(page, "phone", 390, 844);
        for (String closed : List.of("#settings summary", "#more > summary", "#languages button >> nth=1")) {
            page.locator(closed).click();
        }
        photograph(page, "choices", 1280, 1400);
    }

    private static void photograph(Page page, String name, int width, int height) {
        page.setViewportSize(width, height);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.waitForTimeout(400); // colours fade
            String file = "%s-%s.png".formatted(name, scheme.name().toLowerCase(java.util.Locale.ROOT));
            page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(file)));
        }
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing beside the screen, %s", name)
                .isEqualTo(true);
    }

    private static List<String> complaints(Page page) {
        List<String> complaints = new ArrayList<>();
        page.onConsoleMessage(message -> {
            boolean isOurs = message.text().contains("ScriptProcessorNode is deprecated");
            if (List.of("error", "warning").contains(message.type()) && !isOurs) complaints.add(message.text());
        });
        page.onPageError(complaints::add);
        return complaints;
    }

    /** Slow machines may wait for their compiler. */
    private static Page.WaitForFunctionOptions patience() {
        return new Page.WaitForFunctionOptions().setTimeout(60_000);
    }
}
