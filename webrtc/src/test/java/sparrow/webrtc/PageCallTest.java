package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.SpokenTurns;
import sparrow.server.page.TalkingServer;

/** The server's page where the server accepts calls. */
@InBrowser
class PageCallTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<String> complaints = new ArrayList<>();

    private void start(Page page, TalkingServer server) {
        page.onPageError(complaints::add);
        page.navigate(server.address() + "?raw");
        page.locator("#start").click();
    }

    private static void await(Page page, String condition) {
        page.waitForFunction(condition, null, new Page.WaitForFunctionOptions().setTimeout(60_000));
    }

    private static JsonNode seen(Page page) {
        return JSON.valueToTree(page.evaluate("() => window.sparrow"));
    }

    private Chromium hearingTwoQuestions() throws Exception {
        Path microphone = folder.resolve("microphone.wav");
        new SpokenTurns()
                .silence(2)
                .question(Running.example(1))
                .silence(4)
                .question(Running.example(11))
                .silence(20)
                .write(microphone);
        return Chromium.hearing(microphone);
    }

    @Test
    void aConversationRunsOverACallAndItsSecondQuestionInterruptsTheFirstAnswer() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = hearingTwoQuestions();
                Page page = chromium.browser().newPage()) {
            start(page, server);

            await(page, "() => window.sparrow.turns.length === 4");
            await(page, "() => window.sparrow.state === 'listening'");

            JsonNode seen = seen(page);
            assertThat(page.locator("#transport-note").textContent()).isEqualTo("WebRTC in use");
            assertThat(complaints).isEmpty();
            assertThat(seen.get("errors")).isEmpty();
            JsonNode first = seen.at("/turns/1");
            assertThat("the capital of libya is tripoli. libya is in africa.")
                    .startsWith(first.get("heardText").textValue().strip());
            assertThat(first.get("playedMs").doubleValue()).isBetween(20.0, 5_000.0);
            JsonNode second = seen.at("/turns/3");
            assertThat(second.get("text").textValue()).isEqualTo("there are sixty minutes in an hour.");
            assertThat(second.get("heardText").textValue()).isEqualTo("there are sixty minutes in an hour.");
            assertThat(second.get("status").textValue()).isEqualTo("completed");
            assertThat(second.get("played")).isEqualTo(second.get("received"));
            assertThat(second.get("trace").textValue()).matches("[TFE]+").contains("E");
            assertThat(second.get("firstAudioMs").doubleValue()).isPositive();
            assertThat(seen.at("/turns/0/seconds").doubleValue()).isCloseTo(2.3, within(1.0));
        }
    }

    @Test
    void aWebSocketIsUsedIfTheCallCannotBeConnected() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage()) {
            page.route("**/v1/realtime/calls", route -> route.abort());
            start(page, server);

            await(page, "() => window.sparrow.state === 'listening'");

            assertThat(page.locator("#transport-note").textContent()).isEqualTo("WebSocket in use");
            assertThat(complaints).isEmpty();
        }
    }
}
