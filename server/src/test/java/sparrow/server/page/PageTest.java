package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import org.junit.jupiter.api.Test;

/** The page before a conversation, its sizes and its colours, against a server that does what each test tells it to. */
@InBrowser
class PageTest extends ScriptedPage {
    @Test
    void saysWhichModelItIsAndWhatItCannotDo() {
        open();

        assertThat(page.locator("#model")).containsText("sparrow-tiny · 16 layers");
        assertThat(page.locator("#about"))
                .hasText("It knows 585 facts. It remembers the newest 6 turns of a conversation.");
        assertThat(page.locator("#samples li")).hasText("five plus eight?");
        assertThat(page.locator("#text")).hasAttribute("placeholder", "Or type one: five plus eight?");
        assertThat(page.locator("#advice")).hasText("Ask one of the questions below, then another one.");
        assertThat(page.locator("#depth-text")).containsText("layer 12");
        assertThat(state()).isEqualTo("off");
        assertThat(complaints).isEmpty();
    }

    @Test
    void asksForTheKeyAndSendsItWhereABrowserCan() {
        server.requireKey("abc-123");
        open();
        assertThat(page.locator("#state")).hasText("A key is needed");
        page.locator("#start").click();
        assertThat(page.locator("#key")).isFocused();
        assertThat(page.locator("#sentence")).hasText("Enter the key of this server below.");

        enterKey("abc-124");
        assertThat(notice()).containsText("This is not the key of this server.");
        assertThat(page.locator("#key")).isFocused();

        complaints.clear(); // Chromium reports the 401 itself
        enterKey("abc-123");
        assertThat(page.locator("#model")).containsText("sparrow-tiny");
        assertThat(page.locator("#state")).hasText("Ready when you are");
        assertThat(notice()).hasCount(0);
        page.locator("#start").click();
        awaitState("listening");

        assertThat(realtime.newest().protocols()).containsExactly("realtime", "openai-insecure-api-key.abc-123");
        assertThat(page.locator("#key-form")).isHidden();
        assertThat(complaints).isEmpty();
    }

    @Test
    void saysWhyThereIsNoMicrophoneAndTakesTypedQuestionsStill() {
        page.addInitScript("navigator.mediaDevices.getUserMedia = () =>"
                + " Promise.reject(new DOMException('no', 'NotAllowedError'))");
        open();

        page.locator("#start").click();

        assertThat(notice()).containsText("did not allow the microphone");
        awaitState("ready");
        ask("what is the day after tuesday?");
        await(() -> realtime.sent("response.create").size() == 1);
    }

    @Test
    void saysThatPlainHttpHasNoMicrophone() {
        page.navigate("http://page.test:" + server.port() + "/");

        assertThat(notice()).containsText("only over https or on localhost");
        ask("five plus eight?");
        assertThat(notice()).containsText("only over https or on localhost");
        assertThat(realtime.sessions()).isZero();
    }

    @Test
    void saysThatMoreQuestionsFollowAndShowsThem() {
        server.offerQuestions(20);
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE)); // scrolls at once
        open();
        Locator last = page.locator("#samples li").last();
        Locator more = page.locator("#more-samples");
        assertThat(more).isVisible();
        assertThat(last).not().isInViewport();

        // As long as it is there: it goes with the event of scrolling.
        page.evaluate("""
                async () => {
                  const more = document.querySelector('#more-samples');
                  for (let click = 0; click < 20 && !more.hidden; click++) {
                    more.click();
                    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
                  }
                }
                """);

        assertThat(more).isHidden();
        assertThat(last).isInViewport();
    }

    @Test
    void usesAWideScreen() {
        page.setViewportSize(1720, 900);
        open();

        assertThat(page.locator("main").boundingBox().width).isGreaterThan(1600);
        assertThat(page.locator("#policy")).isVisible();
        assertThat(page.locator("#settings").boundingBox().x)
                .isGreaterThan(page.locator("#figures").boundingBox().x + 300);
    }

    @Test
    void labelsTheMemoryThatConversationsHold() {
        open();

        assertThat(page.locator("#load")).containsText("conversations hold 3 MB");
    }

    @Test
    void hasNothingBesideThePhonesScreen() {
        page.setViewportSize(360, 740);
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.beginReply("resp_1", "one two three four five six seven eight nine ten", TRACE.repeat(20), 1);
        page.locator("#settings summary").click();
        page.locator("#more > summary").click();
        page.locator("#languages button").first().click();

        assertThat(page.locator("#code")).containsText("curl -s ");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    @Test
    void hasColoursOfItsOwnForLightAndDark() {
        open();
        Object light = background();

        page.locator("#theme").selectOption("dark");

        assertThat(background()).isNotEqualTo(light);
        page.reload();
        assertThat(page.locator("#theme")).hasValue("dark");
        assertThat(background()).isNotEqualTo(light);
    }

    private Object background() {
        return page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    }
}
