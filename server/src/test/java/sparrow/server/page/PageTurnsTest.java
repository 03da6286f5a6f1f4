package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** What can be done with turns that were said: they are read, heard again, and saved. */
@InBrowser
class PageTurnsTest extends ScriptedPage {
    /** Sound that is played again: window.replays gets the 16-bit samples of each. */
    private static final String REPLAYS = """
            window.replays = [];
            const start = AudioBufferSourceNode.prototype.start;
            AudioBufferSourceNode.prototype.start = function (...when) {
              window.replays.push(Array.from(this.buffer.getChannelData(0), (value) => value * 32768));
              return start.apply(this, when);
            };
            """;

    @Test
    void aQuestionIsHeardAgainAsItWasSent() {
        holdTheSpaceBar(4);
        button("Play this question again").click();
        awaitState("speaking");

        assertThat(page.locator("#state")).hasText("Playing again");
        assertThat(replayed()).isEqualTo(sent());
        button("Stop playing").click();
        assertThat(button("Play this question again")).isVisible();
    }

    /** The server tells where in the sound of the session the question was. */
    @Test
    void aQuestionThatTheServerFoundIsHeardAgainWithoutTheSilenceAround() {
        startTalking();
        await(() -> realtime.sent("input_audio_buffer.append").size() > 30);
        realtime.say("{'type':'input_audio_buffer.speech_started','item_id':'item_user1','audio_start_ms':200}");
        realtime.say("{'type':'input_audio_buffer.speech_stopped','item_id':'item_user1','audio_end_ms':900}");

        assertThat(page.locator(".user .words")).hasText("a spoken question, 0.7 seconds");
        button("Play this question again").click();

        assertThat(replayed()).isEqualTo(sent().subList(200 * 24, 900 * 24));
    }

    /** The loudspeaker would be heard as a question. */
    @Test
    void theMicrophoneIsSilentWhileATurnIsHeardAgain() {
        startTalking();
        answer("resp_1", 3);
        awaitState("listening");
        button("Play this answer again").click();
        awaitState("speaking");
        List<JsonNode> heard = realtime.sent("input_audio_buffer.append");
        int before = heard.size();
        await(() -> realtime.sent("input_audio_buffer.append").size() > before + 45);

        assertThat(heard).anyMatch(piece -> !isSilent(piece));
        assertThat(realtime.sent("input_audio_buffer.append").subList(before + 5, before + 45))
                .allMatch(PageTurnsTest::isSilent);
        page.keyboard().press("Escape");
        awaitState("listening");
    }

    @Test
    void anAnswerIsSavedToTheSample() throws Exception {
        startTalking();
        answer("resp_1", 0.5);
        Locator save = button("Save this answer as a WAV file");

        Download download = page.waitForDownload(save::click);

        assertThat(download.suggestedFilename()).isEqualTo("sparrow-answer.wav");
        Waveform saved = WavFile.read(download.path());
        assertThat(saved.sampleRateHz()).isEqualTo(24_000);
        assertThat(saved.samples()).hasSize(12_000);
        byte[] wav = java.nio.file.Files.readAllBytes(download.path());
        assertThat(Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(wav, 44, wav.length)))
                .isEqualTo(ScriptedRealtime.hum(0.5));
    }

    /** Text may follow the last token of speech, such as the end of the reply. */
    @Test
    void noBarOfAnAnswerThatWasHeardWholeIsPale() {
        startTalking();
        realtime.beginReply("resp_1", "thirteen.", "TTFEFETT", 0.32);
        realtime.endReply("resp_1", "completed", "null");
        awaitState("listening");

        assertThat(page.locator(".strip i")).hasCount(8);
        assertThat(page.locator(".strip i.heard")).hasCount(8);
    }

    @Test
    void noBarOfAnAnswerWithoutSoundIsPale() {
        open();
        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 1);
        realtime.beginReply("resp_1", "thirteen.", "TT", 0);
        realtime.endReply("resp_1", "completed", "null");

        assertThat(page.locator(".strip i.heard")).hasCount(2);
    }

    @Test
    void theWordsOfAnAnswerThatWasInterruptedBeforeItsSoundAreStruckOut() {
        startTalking();
        realtime.beginReply("resp_1", "one two three", "TTT", 0);
        assertThat(page.locator(".words")).hasText("one two three");
        page.locator("#interrupt").click();
        realtime.endReply("resp_1", "cancelled", "null");

        assertThat(page.locator(".cut .unheard")).hasText("one two three");
    }

    @Test
    void theConversationIsCopiedAndSavedAsTextAndJson() throws Exception {
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        open();
        page.locator("#more > summary").click();
        assertThat(page.locator("#copy")).isDisabled();
        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 1);
        answer("resp_1", 0.5);
        awaitState("ready");

        page.locator("#copy").click();
        assertThat(page.locator("#transcript-copied")).hasText("Copied.");
        String copied = (String) page.evaluate("() => navigator.clipboard.readText()");
        assertThat(copied).matches("You, .*\nfive plus eight\\?\n\nsparrow-tiny, .*\nthirteen\\.\n");

        Download text = page.waitForDownload(() -> page.locator("#save-text").click());
        assertThat(text.suggestedFilename()).isEqualTo("sparrow-conversation.txt");
        assertThat(java.nio.file.Files.readString(text.path())).isEqualTo(copied);

        Download json = page.waitForDownload(() -> page.locator("#save-json").click());
        assertThat(json.suggestedFilename()).isEqualTo("sparrow-conversation.json");
        JsonNode saved = new ObjectMapper().readTree(json.path().toFile());
        assertThat(saved.path("model").asText()).isEqualTo("sparrow-tiny");
        assertThat(saved.at("/turns/0/role").asText()).isEqualTo("user");
        assertThat(saved.at("/turns/0/text").asText()).isEqualTo("five plus eight?");
        assertThat(saved.at("/turns/1/text").asText()).isEqualTo("thirteen.");
        assertThat(saved.at("/turns/1/trace").asText()).isEqualTo(TRACE);
        assertThat(saved.at("/turns/1/seconds").asDouble()).isEqualTo(0.5);
    }

    @Test
    void theTextOfAConversationSaysWhatAnInterruptionCutOff() {
        startTalking();
        realtime.beginReply("resp_1", "one two three", TRACE, 30);
        awaitState("speaking");
        page.locator("#interrupt").click();
        assertThat(page.locator(".cut")).isVisible();
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.locator("#more > summary").click();

        page.locator("#copy").click();
        assertThat(page.locator("#transcript-copied")).hasText("Copied.");

        assertThat((String) page.evaluate("() => navigator.clipboard.readText()"))
                .matches("sparrow-tiny, .*\n.*\\[interrupted after \\d+\\.\\d s; not heard: .*three]\n");
    }

    @Test
    void theLegendHasTheKindsOfTokensThatOccurred() {
        startTalking();
        assertThat(page.locator("#legend li:visible")).hasCount(0);

        realtime.beginReply("resp_1", "one", "TTFF", 0.3);

        assertThat(page.locator("#legend li:visible")).hasText(new String[] {"text", "speech, full"});
    }

    @Test
    void aPhoneShowsHowLongAnAnswerTook() {
        page.setViewportSize(390, 844);
        startTalking();
        realtime.onEvent((type, event) -> {
            if (type.equals("response.create")) answer("resp_1", 0.5);
        });
        ask("five plus eight?");

        assertThat(page.locator(".reply .after")).isVisible();
    }

    @Test
    void aTurnThatIsNotOverOrHasNoSoundCannotBeHeardAgain() {
        open();
        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 1);
        realtime.beginReply("resp_1", "thirteen.", TRACE, 30);
        awaitState("speaking");

        assertThat(page.locator(".turn button:visible")).hasCount(0);
    }

    @Test
    void wordsThatTheServerHeardTakeThePlaceOfTheLengthOfAQuestion() {
        holdTheSpaceBar(0.5);
        String event =
                "{'type':'conversation.item.input_audio_transcription.%s','item_id':'item_user1','content_index':0,%s}";

        realtime.say(event.formatted("delta", "'delta':'the day '"));
        realtime.say(event.formatted("delta", "'delta':'after'"));
        assertThat(page.locator(".user .words")).hasText("the day after");
        realtime.say(event.formatted("completed", "'transcript':'the day after tuesday'"));

        assertThat(page.locator(".user .words")).hasText("the day after tuesday");
    }

    @Test
    void wordsThatTheServerCannotHearLeaveTheLengthOfAQuestion() {
        holdTheSpaceBar(0.5);

        realtime.say("{'type':'conversation.item.input_audio_transcription.failed','item_id':'item_user1',"
                + "'content_index':0,'error':{'type':'server_error','message':'no'}}");

        assertThat(page.locator(".user .words")).containsText("a spoken question, ");
        assertThat(notice()).hasCount(0);
        assertThat(complaints).isEmpty();
    }

    @Test
    void eachTurnHasItsTimeAndAnAnswerHowLongItTook() {
        realtime.onEvent((type, event) -> {
            if (type.equals("response.create")) answer("resp_1", 0.5);
        });
        open();
        ask("five plus eight?");

        assertThat(page.locator(".reply .after")).hasText(java.util.regex.Pattern.compile("after \\d\\.\\d\\d s"));
        assertThat(page.locator("time")).hasCount(2);
        for (Locator time : page.locator("time").all()) {
            Instant when = Instant.parse(time.getAttribute("datetime"));
            assertThat(Duration.between(when, Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        }
    }

    @Test
    void aQuestionThatWasBeingAskedWhenTheConnectionBrokeIsNone() {
        startTalking();
        realtime.say("{'type':'input_audio_buffer.speech_started','item_id':'item_user1','audio_start_ms':100}");
        assertThat(page.locator(".user .words")).hasText("speaking …");

        realtime.breakOff(1011);

        assertThat(page.locator(".user")).hasCount(0);
    }

    private void startTalking() {
        page.addInitScript(REPLAYS);
        open();
        page.locator("#start").click();
        awaitState("listening");
    }

    private void holdTheSpaceBar(double seconds) {
        page.addInitScript(REPLAYS);
        open();
        page.locator("text=Push to talk").click();
        page.locator("#start").click();
        awaitState("ready");
        page.keyboard().down("Space");
        await(() -> realtime.sent("input_audio_buffer.append").size() > seconds / 0.04);
        page.keyboard().up("Space");
        await(() -> realtime.sent("input_audio_buffer.commit").size() == 1);
    }

    private void answer(String response, double seconds) {
        realtime.beginReply(response, "thirteen.", TRACE, seconds);
        realtime.endReply(response, "completed", "null");
    }

    private static boolean isSilent(JsonNode piece) {
        return piece.get("audio").textValue().matches("A+=*");
    }

    /** Samples that the page has sent of the microphone. */
    private List<Integer> sent() {
        List<Integer> samples = new ArrayList<>();
        for (JsonNode piece : realtime.sent("input_audio_buffer.append")) {
            byte[] bytes = Base64.getDecoder().decode(piece.get("audio").textValue());
            ShortBuffer shorts =
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
            while (shorts.hasRemaining()) samples.add((int) shorts.get());
        }
        return samples;
    }

    private List<Integer> replayed() {
        List<Integer> samples = new ArrayList<>();
        for (Object sample : (List<?>) page.evaluate("() => window.replays.at(-1)"))
            samples.add(((Number) sample).intValue());
        return samples;
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new com.microsoft.playwright.Page.GetByRoleOptions().setName(name));
    }
}
