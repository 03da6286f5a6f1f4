package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.NpmPackages;

/** axe-core looks for what readers of the page could not see, hear or reach. */
@InBrowser
class PageAccessibilityTest extends ScriptedPage {
    @TempDir
    private static Path folder;

    private static String axe;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        NpmPackages.install(folder, List.of("axe-core@4.14.1"));
        axe = Files.readString(folder.resolve("node_modules/axe-core/axe.min.js"));
    }

    @ParameterizedTest
    @CsvSource({"390, LIGHT", "390, DARK", "1280, LIGHT", "1280, DARK", "1600, LIGHT"})
    void axeFindsNothingBeforeInAndAfterAConversation(int width, ColorScheme scheme) {
        page.setViewportSize(width, 844);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        open();
        assertThat(violations()).as("before").isEqualTo("");

        page.locator("#start").click();
        awaitState("listening");
        realtime.say("{'type':'sparrow.speech_probability','probability':0.35}");
        assertThat(page.locator("#meter-speech")).isVisible();
        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 1);
        realtime.beginReply("resp_1", "one two three four five six seven", TRACE.repeat(5) + "DT", 30);
        awaitState("speaking");
        page.locator("details.card").evaluateAll("all => all.forEach((details) => (details.open = true))");
        page.locator("#languages button").first().click();
        page.locator("#log > summary").click();
        assertThat(page.locator("#log li").first()).isVisible();
        assertThat(violations()).as("while it speaks").isEqualTo("");

        page.locator("#interrupt").click();
        realtime.endReply("resp_1", "cancelled", "{'type':'cancelled','reason':'client_cancelled'}");
        realtime.say(
                "{'type':'error','error':{'type':'invalid_request_error','message':'no','param':null,'event_id':null}}");
        assertThat(notice()).isVisible();
        awaitState("listening");
        assertThat(violations()).as("after an interruption").isEqualTo("");
    }

    /** What axe finds, once colours have stopped to change; an empty text for nothing. */
    private String violations() {
        page.waitForFunction("() => document.getAnimations().every(({ playState, effect }) =>"
                + " playState !== 'running' || effect.getTiming().iterations === Infinity)");
        page.evaluate(axe);
        return (String) page.evaluate("""
                async () => (await axe.run()).violations
                  .map(({ id, nodes }) => id + ': ' + nodes.map(({ target, any }) => target + ' ' + (any[0]?.message ?? '')).join(', '))
                  .join('\\n')
                """);
    }

    @Test
    void theConversationIsScrolledByKeyboard() {
        page.setViewportSize(1280, 700);
        open();
        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 1);
        realtime.beginReply("resp_1", "one two three ".repeat(200), "T", 0);
        page.waitForFunction("() => document.querySelector('#scroll').scrollTop > 0");

        page.locator("#scroll").focus();
        page.keyboard().press("Home");

        page.waitForFunction("() => document.querySelector('#scroll').scrollTop === 0");
    }
}
