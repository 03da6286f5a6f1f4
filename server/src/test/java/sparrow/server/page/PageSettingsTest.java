package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;

/** What the user chooses on the page, and the session that follows. */
@InBrowser
class PageSettingsTest extends ScriptedPage {
    /** The microphones that the page has asked for: window.asked gets the id of each. */
    private static final String ASKED = """
            window.asked = [];
            const get = MediaDevices.prototype.getUserMedia;
            MediaDevices.prototype.getUserMedia = function (wanted) {
              window.asked.push(wanted.audio.deviceId ?? '');
              return get.call(this, wanted);
            };
            """;

    /** A browser that asks its user: window.allow() is the answer. */
    private static final String ASKS = """
            const get = MediaDevices.prototype.getUserMedia;
            MediaDevices.prototype.getUserMedia = async function (wanted) {
              await new Promise((allow) => (window.allow = allow));
              return (window.given = await get.call(this, wanted));
            };
            """;

    @Test
    void aMicrophoneThatIsAllowedAfterAStopStaysClosed() {
        page.addInitScript(ASKS);
        openSettings();
        page.locator("#start").click();
        page.waitForFunction("() => window.allow");
        page.locator("#stop").click();

        page.evaluate("() => window.allow()");

        page.waitForFunction("() => window.given?.getTracks().every((track) => track.readyState === 'ended')");
        awaitState("off");
        assertThat(realtime.sent("session.update")).isEmpty();
        assertThat(complaints).isEmpty();
    }

    @Test
    void instructionsGoToTheSessionAndStayForTheNextOne() {
        openSettings();
        page.locator("#instructions").fill("Answer in one word.");
        page.locator("#start").click();
        awaitState("listening");
        page.locator("#instructions").fill("Answer at length.");
        page.locator("#instructions").blur();
        await(() -> realtime.sent("session.update").size() == 2);

        assertThat(realtime.sent("session.update"))
                .extracting(event -> event.at("/session/instructions").textValue())
                .containsExactly("Answer in one word.", "Answer at length.");
        page.reload();
        assertThat(page.locator("#instructions")).hasValue("Answer at length.");
    }

    @Test
    void aModelThatTakesNoInstructionsIsGivenNone() {
        server.takeNoInstructions();
        openSettings();
        assertThat(page.locator("#instructions")).isHidden();

        page.locator("#start").click();
        awaitState("listening");

        JsonNode session = realtime.sent("session.update").getFirst().get("session");
        assertThat(session.has("instructions")).isFalse();
    }

    @Test
    void aModelThatWritesDownQuestionsIsAskedTo() {
        openSettings();
        page.locator("#start").click();
        awaitState("listening");
        server.transcribe();
        page.reload();
        page.locator("#start").click();
        await(() -> realtime.sent("session.update").size() == 2);

        assertThat(realtime.sent("session.update"))
                .extracting(event -> event.at("/session/audio/input").has("transcription"))
                .containsExactly(false, true);
    }

    @Test
    void anotherMicrophoneIsOpenedAtOnceAndAgainTheNextTime() {
        page.addInitScript(ASKED);
        openSettings();
        assertThat(page.locator("#microphone")).isHidden();
        page.locator("#start").click();
        awaitState("listening");
        Locator second = page.locator("#microphone option").last();
        String id = second.getAttribute("value");
        assertThat(second).containsText("Fake Audio Input");

        page.locator("#microphone").selectOption(id);
        await(() -> asked(1).equals(id));

        int before = realtime.sent("input_audio_buffer.append").size();
        await(() -> realtime.sent("input_audio_buffer.append").size() > before + 5);
        page.reload();
        page.locator("#start").click();
        awaitState("listening");
        assertThat(asked(0)).isEqualTo(id);
        assertThat(complaints).isEmpty();
    }

    /** Noise may be loud; what counts is the detector's judgement against its threshold. */
    @Test
    void theLevelShowsWhetherTheDetectorTakesTheSoundForSpeech() {
        openSettings();
        page.locator("#start").click();
        awaitState("listening");

        realtime.say("{'type':'sparrow.speech_probability','probability':0.35}");
        assertThat(page.locator("#meter-in")).hasClass("meter noise");
        assertThat(page.locator("#meter-speech")).isVisible();
        assertThat(page.locator("#meter-speech")).hasAttribute("aria-valuenow", "35");
        assertThat(page.locator(".judgement")).hasAttribute("style", "--level: 0.29;");
        realtime.say("{'type':'sparrow.speech_probability','probability':0.61}");

        assertThat(page.locator("#meter-in")).hasClass("meter");
        assertThat(realtime.sent("session.update")
                        .getFirst()
                        .at("/session/include/0")
                        .textValue())
                .isEqualTo("sparrow.speech_probability");
    }

    private String asked(int call) {
        return String.valueOf(page.evaluate("call => window.asked[call]", call));
    }

    private void openSettings() {
        open();
        page.locator("#settings summary").click();
    }
}
