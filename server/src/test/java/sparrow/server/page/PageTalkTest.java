package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page sends and shows in a conversation. */
@InBrowser
class PageTalkTest extends ScriptedPage {
    @Test
    void asksForWhatIsChosenWhenASessionBegins() {
        open();
        page.locator("#settings summary").click();
        page.locator("#policy").selectOption("triple:8");
        page.locator("#silence").fill("700");

        page.locator("#start").click();
        awaitState("listening");

        JsonNode session = realtime.sent("session.update").getFirst().get("session");
        assertThat(session.at("/sparrow/exit").textValue()).isEqualTo("triple:8");
        JsonNode detection = session.at("/audio/input/turn_detection");
        assertThat(detection.get("type").textValue()).isEqualTo("server_vad");
        assertThat(detection.get("silence_duration_ms").intValue()).isEqualTo(700);
        assertThat(session.at("/audio/output/format/rate").intValue()).isEqualTo(24_000);
    }

    @Test
    void goesOnWithoutThePolicyWhereTheServerDoesNotKnowIt() {
        open();
        page.locator("#settings summary").click();
        page.locator("#policy").selectOption("triple:8");
        realtime.onEvent((type, event) -> {
            if (type.equals("session.update") && event.at("/session").has("sparrow")) {
                realtime.say("{'type':'error','error':{'type':'invalid_request_error','code':'unknown_parameter',"
                        + "'message':'no','param':'session.sparrow','event_id':'%s'}}"
                                .formatted(event.get("event_id").textValue()));
            }
        });

        page.locator("#start").click();
        await(() -> realtime.sent("session.update").size() == 2);

        assertThat(realtime.sent("session.update").getLast().get("session").has("sparrow"))
                .isFalse();
        assertThat(page.locator("#policy")).isDisabled();
    }

    @Test
    void goesBackToTheServersOwnExitsInASessionThatWasToldOfOthers() {
        open();
        page.locator("#settings summary").click();
        page.locator("#start").click();
        awaitState("listening");

        page.locator("#policy").selectOption("none");
        page.locator("#policy").selectOption("");
        await(() -> realtime.sent("session.update").size() == 3);

        assertThat(realtime.sent("session.update"))
                .extracting(event -> event.at("/session/sparrow/exit").asText())
                .containsExactly("", "none", "null");
    }

    @Test
    void saysThatOthersAreAnsweredFirst() {
        server.letWait(3);
        open();

        ask("five plus eight?");

        assertThat(page.locator("#state")).hasText("In line");
        assertThat(page.locator("#sentence")).hasText("3 answers wait, yours among them.");
    }

    @Test
    void sendsTheMicrophoneInPiecesOf40Milliseconds() {
        open();

        page.locator("#start").click();
        await(() -> realtime.sent("input_audio_buffer.append").size() > 10);

        JsonNode piece = realtime.sent("input_audio_buffer.append").getFirst();
        assertThat(java.util.Base64.getDecoder().decode(piece.get("audio").textValue()))
                .hasSize(960 * 2);
    }

    @Test
    void showsATypedQuestionAndItsAnswerTokenByToken() {
        realtime.onEvent((type, event) -> {
            if (type.equals("response.create")) {
                realtime.beginReply("resp_1", "wednesday.", TRACE, 0.64);
                realtime.endReply("resp_1", "completed", "null");
            }
        });
        open();

        ask("what is the day after tuesday?");

        assertThat(page.locator(".user .words")).hasText("what is the day after tuesday?");
        assertThat(page.locator(".words .heard")).hasText("wednesday.");
        assertThat(page.locator(".reply .strip i.heard")).hasCount(TRACE.length());
        assertThat(page.locator(".reply .strip i.E")).hasCount(4);
        assertThat(page.locator(".reply .depth"))
                .hasText("4 text and 8 speech tokens · speech ran 14.0 of 16 layers · 12.5 % of the depth saved");
        assertThat(page.locator("#saved")).hasText("12.5 %");
        assertThat(page.locator("#latency")).containsText("ms");
        awaitState("ready");
        assertThat(number("turns[1].playedMs")).isEqualTo(640);
        assertThat(realtime.types()).containsExactly("session.update", "conversation.item.create", "response.create");
        assertThat(complaints).isEmpty();
    }

    @Test
    void talksWhileTheSpaceBarIsHeld() {
        open();
        page.locator("text=Push to talk").click();
        page.locator("#start").click();
        awaitState("ready");

        page.keyboard().down("Space");
        awaitState("hearing");
        await(() -> realtime.sent("input_audio_buffer.append").size() > 10);
        page.keyboard().up("Space");
        await(() -> realtime.sent("response.create").size() == 1);

        awaitState("thinking");
        assertThat(page.locator(".user .words")).containsText("a spoken question, ");
        assertThat(realtime.types())
                .containsSubsequence(
                        "session.update",
                        "input_audio_buffer.clear",
                        "input_audio_buffer.append",
                        "input_audio_buffer.commit",
                        "response.create");
        assertThat(realtime.sent("session.update")
                        .getLast()
                        .at("/session/audio/input/turn_detection")
                        .isNull())
                .isTrue();
    }

    @Test
    void saysThatTheSoundIsStillToComeOnceTheWordsAreThere() {
        open();
        ask("five plus eight?");
        assertThat(page.locator("#sentence")).hasText("The first tokens of the answer are being decoded.");

        realtime.beginReply("resp_1", "thirteen.", "TT", 0);

        assertThat(page.locator("#sentence")).hasText("The words are here; their sound comes next.");
    }

    @Test
    void nobodyIsHeardAnyMoreWhenTheModeChangesInMidSentence() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.say("{'type':'input_audio_buffer.speech_started','item_id':'item_user1','audio_start_ms':900}");
        awaitState("hearing");

        page.locator("text=Push to talk").click();

        awaitState("ready");
        assertThat(page.locator(".user")).hasCount(0);
    }

    @Test
    void fallsSilentAndCutsWhatWasNotHeardWhenTheUserSpeaks() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.beginReply("resp_1", "one two three four five six", TRACE, 30);
        awaitState("speaking");
        await(() -> number("turns[0].playedMs") > 300);

        realtime.say("{'type':'input_audio_buffer.speech_started','item_id':'item_user1','audio_start_ms':900}");
        await(() -> realtime.sent("conversation.item.truncate").size() == 1);
        realtime.say(
                "{'type':'response.output_audio.delta','response_id':'resp_1','item_id':'item_resp_1','delta':'AAAA'}");
        realtime.endReply("resp_1", "cancelled", "{'type':'cancelled','reason':'turn_detected'}");

        JsonNode truncate = realtime.sent("conversation.item.truncate").getFirst();
        assertThat(truncate.get("item_id").textValue()).isEqualTo("item_resp_1");
        assertThat(truncate.get("audio_end_ms").doubleValue()).isBetween(300.0, 5_000.0);
        assertThat(page.locator(".reply .end")).containsText("Interrupted after");
        assertThat(number("turns[0].playedMs") - truncate.get("audio_end_ms").doubleValue())
                .isBetween(0.0, 1.0);
        awaitState("hearing");
        assertThat(realtime.sent("response.cancel")).isEmpty(); // the server has done so itself
        assertThat(complaints).isEmpty();
    }

    @Test
    void cancelsAndCutsWhenTheUserPressesEscape() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.beginReply("resp_1", "one two three", TRACE, 30);
        awaitState("speaking");

        page.keyboard().press("Escape");
        await(() -> realtime.sent("conversation.item.truncate").size() == 1);

        assertThat(realtime.sent("response.cancel")).hasSize(1);
        assertThat(state()).isEqualTo("interrupted");
    }

    @Test
    void cutsAnAnswerThatIsDecodedButStillPlayed() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.beginReply("resp_1", "one two three", TRACE, 30);
        realtime.endReply("resp_1", "completed", "null");
        awaitState("speaking");

        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 1);

        assertThat(realtime.sent("conversation.item.truncate")).hasSize(1);
        assertThat(realtime.sent("response.cancel")).isEmpty();
    }

    @Test
    void suggestsThreeQuestionsUnderAnAnswerThatWasNotUnderstood() {
        server.offerQuestions(4);
        String understood = ",'sparrow_understood':'%s'";
        realtime.onEvent((type, event) -> {
            if (!type.equals("response.create")) return;
            String response = "resp_" + realtime.sent("response.create").size();
            realtime.beginReply(response, "i am sorry.", TRACE, 0.64);
            realtime.endReply(response, "completed", "null", understood.formatted(response.equals("resp_2")));
        });
        open();

        ask("who invented the telephone?");
        assertThat(page.locator(".end").first())
                .hasText("It can answer, for example: “five plus eight?” “five plus eight?” “five plus eight?”");
        ask("five plus eight?");
        await(() -> realtime.sent("response.create").size() == 2);
        assertThat(page.locator(".end").last()).hasText("");
    }

    @Test
    void listensOnlyWhenAllSoundOfAnAnswerWasPlayed() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        page.evaluate("""
                () => {
                  const stage = document.getElementById('stage');
                  window.states = [];
                  new MutationObserver(() => window.states.push(stage.dataset.state)).observe(stage, { attributes: true });
                }
                """);
        realtime.beginReply("resp_1", "one two three", TRACE, 1);
        realtime.endReply("resp_1", "completed", "null");
        awaitState("speaking");
        awaitState("listening");

        List<?> states = (List<?>) page.evaluate("() => window.states");
        assertThat(states.indexOf("listening")).as("%s", states).isGreaterThan(states.indexOf("speaking"));
    }

    @Test
    void waitsForTheOldAnswerToEndBeforeItAsksForTheNext() {
        open();
        page.locator("#start").click();
        awaitState("listening");
        realtime.beginReply("resp_1", "one two three", TRACE, 30);
        awaitState("speaking");

        ask("five plus eight?");
        await(() -> realtime.sent("conversation.item.create").size() == 1);
        assertThat(realtime.sent("response.create")).isEmpty();
        realtime.endReply("resp_1", "cancelled", "{'type':'cancelled','reason':'client_cancelled'}");

        await(() -> realtime.sent("response.create").size() == 1);
    }

    @Test
    void takesEarlierTurnsOutOfTheConversationWhereEachQuestionStandsAlone() {
        realtime.onEvent((type, event) -> {
            if (type.equals("response.create")) {
                String response = "resp_" + realtime.sent("response.create").size();
                realtime.beginReply(response, "thirteen.", TRACE, 0.3);
                realtime.endReply(response, "completed", "null");
            }
        });
        open();
        page.locator("#settings summary").click();
        page.locator("#forget").check();
        ask("five plus eight?");
        assertThat(page.locator(".words .heard")).hasText("thirteen.");
        awaitState("ready");

        ask("three times four?");
        await(() -> realtime.sent("response.create").size() == 2);

        assertThat(realtime.sent("conversation.item.delete"))
                .extracting(event -> event.get("item_id").textValue())
                .containsExactly("item_user1", "item_resp_1");
    }
}
