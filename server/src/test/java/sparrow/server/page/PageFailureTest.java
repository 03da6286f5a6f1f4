package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;

/** What the page says of failures of the server and of the network. */
@InBrowser
class PageFailureTest extends ScriptedPage {
    @Test
    void aServerThatIsGoneLeavesNobodySpeakingAndASecondSessionSaysSo() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.beginReply("resp_1", "one two three", TRACE, 30);
        awaitState("speaking");

        realtime.breakOff(1011);

        assertThat(page.locator(".reply .end")).containsText("The connection was lost");
        assertThat(notice().filter(new Locator.FilterOptions().setHasText("with a new session")))
                .isVisible();
        awaitState("listening");
        assertThat(realtime.sessions()).isEqualTo(2);
        assertThat(page.locator(".divider")).hasText("A new session");
    }

    @Test
    void aServerThatStaysAwayIsTriedAfterGrowingPausesUntilStopped() {
        page.clock().install();
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.refuse();

        realtime.breakOff(1006);
        awaitState("lost");
        for (int attempt = 1; attempt <= 8; attempt++) {
            int sessions = attempt + 1;
            long pause = Math.min(30_000, 500L << attempt - 1);
            page.clock().runFor(pause - 100);
            assertThat(realtime.sessions()).as("before attempt %d", attempt).isEqualTo(attempt);
            page.clock().runFor(100);
            await(() -> realtime.sessions() == sessions);
            page.waitForFunction("() => /next attempt/.test(document.querySelector('#sentence').textContent)");
        }
        assertThat(notice()).hasCount(1);
        assertThat(notice()).containsText("until you press stop");

        page.locator("#stop").click();
        page.clock().runFor(100_000);

        assertThat(realtime.sessions()).isEqualTo(9);
        assertThat(notice()).hasCount(0);
    }

    @Test
    void aServerThatCameBackWithAKeyIsAskedForIt() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        server.requireKey("abc");

        realtime.breakOff(1006);

        assertThat(page.locator("#key")).isFocused();
        assertThat(realtime.sessions()).isEqualTo(1);
    }

    @Test
    void aServerThatIsSilentIsGivenUp() {
        page.clock().install();
        open();
        page.locator("#start").click();
        awaitState("listening");
        ask("five plus eight?");
        awaitState("thinking");

        server.close();
        page.clock().runFor(20_000);

        await(() -> realtime.sessions() == 2);
        awaitState("listening");
    }

    @Test
    void dropsTheOldestSoundThatASlowNetworkDoesNotTakeAndSaysHowMuch() {
        open();

        Object result = page.evaluate("""
                async () => {
                  window.WebSocket = class {
                    static CONNECTING = 0;
                    static OPEN = 1;
                    readyState = 1;
                    bufferedAmount = 1e6;
                    send() { throw new Error('nothing can be sent'); }
                    close() {}
                  };
                  const { Realtime } = await import('/realtime.js');
                  let told = 0;
                  const link = new Realtime('', { dropped: (pieces) => (told = pieces) });
                  for (let piece = 0; piece < 50; piece++) link.sendAudio(new Int16Array(960));
                  link.close();
                  return told;
                }
                """);

        assertThat(result).isEqualTo(30); // 20 pieces of 40 ms wait, after a quarter of a second in the socket
    }

    @Test
    void saysInWordsThatTheServerIsBusyAndThatAnAnswerFailed() {
        realtime.onEvent((type, event) -> {
            if (type.equals("response.create")) {
                realtime.say("{'type':'error','error':{'type':'rate_limit_error','code':'rate_limit_exceeded',"
                        + "'message':'32 answers are waiting.','param':null,'event_id':null}}");
            }
        });
        open();
        ask("five plus eight?");

        assertThat(notice()).containsText("The server is busy: 32 answers are waiting.");
        awaitState("ready");
        realtime.beginReply("resp_1", "one", "T", 0.2);
        realtime.endReply(
                "resp_1", "failed", "{'type':'failed','error':{'type':'server_error','message':'out of memory'}}");
        assertThat(notice().last()).containsText("out of memory");
        assertThat(page.locator(".reply .end")).hasText("This answer failed.");
    }
}
