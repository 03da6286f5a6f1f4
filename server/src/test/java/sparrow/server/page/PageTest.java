package sparrow.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page sends, shows and says, against a server that does what each test tells it to. */
@InBrowser
class PageTest extends ScriptedPage {
    // ---- before a conversation ----

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

    // ---- a conversation ----

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

    // ---- what goes wrong ----

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

    // ---- sizes, colours, keyboard ----

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
