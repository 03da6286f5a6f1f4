package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.server.Running;
import sparrow.server.page.Chromium;
import sparrow.server.page.InBrowser;
import sparrow.server.page.PageMicrophone;
import sparrow.server.page.TalkingServer;

/** The server's page where the server accepts calls. */
@InBrowser
class PageCallTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    @Test
    void aConversationRunsOverACallAndItsSecondQuestionInterruptsTheFirstAnswer() throws Exception {
        try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
                Chromium chromium = Chromium.withAnyMicrophone();
                Page page = chromium.browser().newPage()) {
            PageMicrophone microphone = PageMicrophone.of(page);
            start(page, server);
            await(page, "() => window.sparrow.state === 'listening'");
            microphone.say(Running.example(6));
            await(page, "() => window.sparrow.turns[1]?.playedMs > 300");
            microphone.say(Running.example(11));

            await(page, "() => window.sparrow.turns.length === 4");
            await(page, "() => window.sparrow.state === 'listening'");

            JsonNode seen = seen(page);
            assertThat(page.locator("#transport-note").textContent()).isEqualTo("WebRTC in use");
            assertThat(complaints).isEmpty();
            assertThat(seen.get("errors")).isEmpty();
            JsonNode first = seen.at("/turns/1");
            assertThat("the opposite of summer is winter. summer and winter are opposites.")
                    .startsWith(first.get("heardText").textValue().strip());
            assertThat(first.get("playedMs").doubleValue()).isBetween(300.0, 3_000.0);
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
