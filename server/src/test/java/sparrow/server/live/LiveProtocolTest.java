package sparrow.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.chat.ChatTurn;
import sparrow.server.audio.RealtimeFormat;

/** Sessions of GPT-Live with a scripted model and a clock that a test moves. */
class LiveProtocolTest {
    private static final String TOOLS = """
            {"model":"gpt-live-1","instructions":"Be brief.","delegation":{"type":"responses","responses":{"model":"gpt-5.6",
            "instructions":"Look up the weather.","tools":[{"type":"function","name":"get_weather"}]}}}""";

    @Test
    void aQuestionIsHeardAndAnswered() {
        LiveTalk talk = new LiveTalk().asks();
        talk.model.transcriptions.getLast().begin().text("Hello?").end();
        talk.model.asking().begin().text("Hi!").speech(10).end();
        talk.passes(2).send("{\"type\":\"session.close\",\"event_id\":\"c1\"}");

        assertThat(talk.types())
                .containsExactly(
                        "session.started",
                        "session.input_transcript.delta",
                        "session.output_transcript.delta",
                        "session.output_audio.delta",
                        "session.usage.updated",
                        "session.output_audio.delta",
                        "session.closed");
        assertThat(talk.soundMs()).isEqualTo(1000);
        assertThat(talk.last("session.started").get("session")).hasToString("""
                {"model":"scripted","instructions":"","audio":{"format":{"type":"audio/pcm","rate":24000},"output":\
                {"voice":"default"}},"delegation":{"type":"client"},"id":"sess_1","status":"active",\
                "expires_at":1800000000,"store":false}""");
        assertThat(talk.last("session.started").at("/client_event_id").asText()).isEqualTo("start_1");
        JsonNode closed = talk.last("session.closed");
        assertThat(closed.at("/reason").asText()).isEqualTo("close_requested");
        assertThat(closed.at("/usage/seconds").asDouble()).isCloseTo(3.4, within(0.02));
        assertThat(closed.at("/client_event_id").asText()).isEqualTo("c1");
        assertThat(talk.closeCode).isEqualTo(1000);
    }

    @Test
    void transcriptsHaveTimesOfTheSession() {
        LiveTalk talk = new LiveTalk().asks();
        talk.model.transcriptions.getLast().begin().text("Hel").text("lo?").end();
        talk.model.asking().begin().text("Good ").text("day.").speech(10).end();
        talk.passes(1);

        assertThat(talk.all("session.input_transcript.delta")).hasSize(2).allSatisfy(said -> {
            assertThat(said.get("start_ms").asLong()).isBetween(0L, 50L);
            assertThat(said.get("end_ms").asLong()).isBetween(600L, 700L);
        });
        List<JsonNode> words = talk.all("session.output_transcript.delta");
        assertThat(words).extracting(word -> word.get("delta").asText()).containsExactly("Good ", "day.");
        long start = words.getFirst().get("start_ms").asLong();
        assertThat(start).isBetween(1300L, 1410L);
        assertThat(words.getFirst().get("end_ms").asLong()).isBetween(start + 90, start + 560);
        assertThat(words.getLast().get("start_ms").asLong())
                .isGreaterThanOrEqualTo(words.getFirst().get("end_ms").asLong());
    }

    /** Clients give words that begin after the end of an answer's audio to the next answer, or drop them. */
    @ParameterizedTest
    @CsvSource({"300, 3", "1200, 20", "12, 20"})
    void wordsArriveWithTheirAudioAndBeginBeforeItsEnd(int characters, int pieces) {
        LiveTalk talk = new LiveTalk().asks();
        var asking = talk.model.asking().begin();
        for (int i = 0; i < characters / 2; i += 6) asking.text("words ");
        asking.speech(pieces / 2);
        for (int i = 0; i < characters / 2; i += 6) asking.text("spoken");
        asking.speech(pieces - pieces / 2).end();
        talk.passes(3);

        long startMs = -1;
        long soundMs = 0;
        long lastMs = 0;
        int sent = 0;
        for (JsonNode event : talk.sent.stream().map(LiveTalk.Sent::event).toList()) {
            if (event.get("type").asText().equals("session.output_audio.delta")) {
                soundMs += Math.round(1000
                        * talk.format.seconds(
                                Base64.getDecoder().decode(event.get("delta").asText()).length));
            }
            if (!event.get("type").asText().equals("session.output_transcript.delta")) continue;
            if (startMs < 0) startMs = event.get("start_ms").asLong();
            sent += event.get("delta").asText().length();
            long wordMs = event.get("start_ms").asLong() - startMs;
            assertThat(wordMs).isGreaterThanOrEqualTo(lastMs).isLessThan(soundMs + 110);
            lastMs = event.get("end_ms").asLong() - startMs;
            assertThat(lastMs).isGreaterThanOrEqualTo(wordMs);
        }
        assertThat(sent).isEqualTo(characters);
        assertThat(lastMs).isLessThanOrEqualTo(soundMs + 1);
    }

    /** Decoded at once, a reply of four seconds is sent in almost four seconds. */
    @ParameterizedTest
    @CsvSource({"audio/pcm, 24000", "audio/pcm, 16000", "audio/pcmu, 8000", "audio/pcma, 8000"})
    void soundIsSentAboutAsFastAsItIsHeard(String type, int rate) {
        LiveTalk talk = new LiveTalk(
                "{\"model\":\"gpt-live-1\",\"audio\":{\"format\":{\"type\":\"%s\",\"rate\":%d}}}".formatted(type, rate),
                false);
        talk.asks();
        talk.model.asking().begin().speech(40).end();
        talk.passes(5);

        assertThat(talk.soundMs()).isBetween(3999L, 4000L);
        double first = -1;
        double sent = 0;
        double largest = 0;
        for (LiveTalk.Sent one : talk.sent) {
            if (!one.type().equals("session.output_audio.delta")) continue;
            if (first < 0) first = one.nanos() * 1e-9;
            else assertThat(one.nanos() * 1e-9 - first).as("no gap").isLessThanOrEqualTo(sent);
            sent += talk.format.seconds(
                    Base64.getDecoder().decode(one.event().get("delta").asText()).length);
            largest = Math.max(largest, sent - (one.nanos() * 1e-9 - first));
        }
        assertThat(largest).isGreaterThan(0.25).isLessThanOrEqualTo(0.3 + 1e-9);
    }

    @Test
    void aBargeInStopsTheSoundAndTheModelRemembersWhatWasSent() {
        LiveTalk talk = new LiveTalk().asks();
        talk.model
                .asking()
                .begin()
                .text("one")
                .speech(20)
                .text("two")
                .speech(20)
                .end();
        talk.passes(0.5).says(0.2, 0.2f);
        long sent = talk.soundMs();
        talk.says(0.4, 0.2f).says(0.8, 0);

        assertThat(sent).isBetween(700L, 1100L);
        assertThat(talk.soundMs()).isEqualTo(sent);
        assertThat(talk.all("session.output_transcript.delta")).hasSize(1);
        ChatTurn first = talk.model.asking().chat.earlier().getFirst();
        assertThat(first.reply()).hasSize(3 + (int) (sent / 100));
    }

    @Test
    void aBargeInEndsAReplyThatIsStillDecoded() {
        LiveTalk talk = new LiveTalk().asks();
        var asking = talk.model.asking().begin().text("one").speech(20);
        talk.passes(0.5).says(0.2, 0.2f);

        assertThat(asking.cancelled).isTrue();
        asking.end();
        long sent = talk.soundMs();
        talk.says(0.4, 0.2f).says(0.8, 0);

        assertThat(talk.soundMs()).isEqualTo(sent).isLessThan(1200);
        assertThat(talk.model.asking().chat.earlier().getFirst().reply()).hasSize(3 + (int) (sent / 100));
        assertThat(talk.all("error")).isEmpty();
    }

    @Test
    void aReplyThatWasSentWholeStaysWhole() {
        LiveTalk talk = new LiveTalk().asks();
        talk.model.asking().begin().text("one").speech(4).text("two").end();
        talk.passes(0.6).asks();

        assertThat(talk.model.asking().chat.earlier().getFirst().reply()).hasSize(10);
    }

    @Test
    void theAudioOfACallHasItsOwnTrack() {
        LiveTalk talk = LiveTalk.call().asks();
        talk.model.asking().begin().text("Hi!").speech(10).end();
        talk.passes(2);

        assertThat(talk.types())
                .contains("session.output_transcript.delta")
                .doesNotContain("session.output_audio.delta", "error");
        assertThat(talk.track.sentMs).isEqualTo(1000);
        talk.send("{\"type\":\"session.input_audio.append\",\"audio\":\"AAAA\"}");
        talk.assertError("invalid_value", "type: calls transport audio in their track");
    }

    @Test
    void anInterruptedReplyOfACallIsCutAtWhatCanHaveBeenHeard() {
        LiveTalk talk = LiveTalk.call().asks();
        talk.model
                .asking()
                .begin()
                .text("one")
                .speech(20)
                .text("two")
                .speech(20)
                .end();
        talk.passes(0.5).says(0.2, 0.2f);
        long sentMs = talk.track.sentMs;
        assertThat(sentMs).isBetween(500L, 700L);
        talk.says(0.4, 0.2f).says(0.8, 0);

        assertThat(talk.track.sentMs).isEqualTo(sentMs);
        assertThat(talk.model.asking().chat.earlier().getFirst().reply()).hasSize(3 + (int) ((sentMs - 60) / 100));
    }

    /** All of it is in the track, which has not sent all of it. */
    @Test
    void theEndOfAReplyOfACallIsCutWhileItIsSent() {
        LiveTalk talk = LiveTalk.call().asks();
        talk.model.asking().begin().speech(10).end();
        talk.passes(0.75);
        assertThat(talk.track.addedMs).isEqualTo(1000);
        talk.asks();

        assertThat(talk.track.sentMs).isBetween(800L, 960L);
        assertThat(talk.model.asking().chat.earlier().getFirst().reply())
                .hasSize((int) ((talk.track.sentMs - 60) / 100));
    }

    @Test
    void decodingPausesWhileAMinuteOfSoundWaits() {
        LiveTalk talk = new LiveTalk().asks();
        talk.model.asking().begin().speech(610);
        assertThat(talk.isReady()).isFalse();

        talk.passes(2);

        assertThat(talk.isReady()).isTrue();
    }

    @Test
    void theModelHearsSilenceWhileItIsMuted() {
        LiveTalk talk = new LiveTalk().send("{\"type\":\"session.input_audio.mute\",\"event_id\":\"m1\"}");
        talk.asks();
        assertThat(talk.model.askings).isEmpty();
        assertThat(talk.last("session.input_audio.muted").get("client_event_id").asText())
                .isEqualTo("m1");

        talk.send("{\"type\":\"session.input_audio.unmute\"}").asks();

        assertThat(talk.model.askings).hasSize(1);
        assertThat(talk.all("session.input_audio.unmuted")).hasSize(1);
    }

    private static String append(String kind, String content) {
        return "{\"type\":\"session.%s.append\",\"event_id\":\"a1\",\"delegation_id\":null,\"content\":\"%s\"}"
                .formatted(kind, content);
    }

    @Test
    void instructionsAndThinkingAreReadBeforeTheConversation() {
        LiveTalk talk = new LiveTalk("{\"model\":\"gpt-live-1\",\"instructions\":\"Be brief.\"}", false);
        talk.send(append("instructions", "Be kind."))
                .send(append("thinking", "The order was sent."))
                .asks();

        assertThat(talk.model.asking().chat.instructions())
                .isEqualTo(Optional.of("Be brief.\nBe kind.\nThe order was sent."));
        assertThat(talk.last("session.instructions.appended")
                        .get("client_event_id")
                        .asText())
                .isEqualTo("a1");
        assertThat(talk.all("session.thinking.appended")).hasSize(1);
    }

    @Test
    void commentaryIsSpokenAboutAtOnce() {
        LiveTalk talk = new LiveTalk().send(append("commentary", "Say hello."));

        assertThat(talk.model.asking().chat.question()).isEqualTo(new Question.Typed("Say hello."));
        talk.model.asking().begin().text("Hello.").speech(5).end();
        talk.passes(1);
        assertThat(talk.soundMs()).isEqualTo(500);
        assertThat(talk.all("session.commentary.appended")).hasSize(1);
    }

    @Test
    void commentaryWaitsUntilTheReplyHasBeenSent() {
        LiveTalk talk = new LiveTalk().asks();
        talk.model.asking().begin().speech(30).end();
        talk.send(append("commentary", "Say goodbye.")).passes(2.5);
        assertThat(talk.model.askings).hasSize(1);

        talk.passes(0.3);

        assertThat(talk.soundMs()).isEqualTo(3000);
        assertThat(talk.model.askings).hasSize(2);
        assertThat(talk.model.asking().chat.earlier())
                .extracting(turn -> turn.reply().size())
                .containsExactly(30);
    }

    @Test
    void commentaryWaitsUntilTheTrackOfACallHasSentTheReply() {
        LiveTalk talk = LiveTalk.call().asks();
        talk.model.asking().begin().speech(30).end();
        talk.send(append("commentary", "Say goodbye.")).passes(2.9);
        assertThat(talk.track.addedMs).isEqualTo(3000);
        assertThat(talk.model.askings).hasSize(1);

        talk.passes(0.2);

        assertThat(talk.track.sentMs).isEqualTo(3000);
        assertThat(talk.model.askings).hasSize(2);
        assertThat(talk.model.asking().chat.earlier())
                .extracting(turn -> turn.reply().size())
                .containsExactly(30);
    }

    @Test
    void aReplyToTheUserReplacesACommentary() {
        LiveTalk talk = new LiveTalk().says(0.6, 0.2f).send(append("commentary", "Say hello."));
        talk.model.asking().begin().speech(30).end();
        talk.says(0.8, 0);
        long sent = talk.soundMs();

        talk.model.asking().begin().speech(5).end();
        talk.passes(1);

        assertThat(sent).isLessThan(1300);
        assertThat(talk.soundMs()).isEqualTo(sent + 500);
    }

    @Test
    void anEarlierConversationIsContinued() {
        LiveTalk talk = new LiveTalk("""
                {"model":"gpt-live-1","input":[{"type":"message","role":"developer","content":[{"type":"input_text","text":"Be kind."}]},
                {"type":"message","role":"user","content":[{"type":"input_text","text":"Hi."}]},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}]}""", false);
        talk.asks();

        assertThat(talk.model.asking().chat.instructions()).isEqualTo(Optional.of("Be kind."));
        assertThat(talk.model.asking().chat.earlier())
                .containsExactly(new ChatTurn(
                        new Question.Typed("Hi."), Unit.tokens("Hello.".chars().toArray())));
    }

    @Test
    void aToolCallIsDelegatedAndItsOutputAnswered() {
        LiveTalk talk = new LiveTalk(TOOLS, true).asks();
        assertThat(talk.model.asking().chat.instructions()).isEqualTo(Optional.of("Be brief.\n\nLook up the weather."));
        assertThat(talk.model.asking().chat.tools())
                .extracting(tool -> tool.name())
                .containsExactly("get_weather");
        talk.model.asking().begin().call("get_weather", "{}").end();

        String id = talk.last("session.delegation.created").at("/delegation/id").asText();
        List<JsonNode> events = talk.all("response.event");
        assertThat(events)
                .extracting(event -> event.at("/event/type").asText())
                .containsExactly("response.created", "response.output_item.done", "response.completed");
        assertThat(events)
                .allSatisfy(
                        event -> assertThat(event.get("delegation_id").asText()).isEqualTo(id));
        JsonNode call = events.get(1).at("/event/item");
        assertThat(call.get("type").asText()).isEqualTo("function_call");
        assertThat(call.get("name").asText()).isEqualTo("get_weather");

        talk.send("{\"type\":\"response.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
                + call.get("call_id").asText() + "\",\"output\":\"Rain.\"}}");
        talk.send("{\"type\":\"response.create\"}");

        assertThat(talk.model.asking().chat.question()).isEqualTo(new Question.ToolOutputs(List.of("Rain.")));
    }

    @Test
    void toolsCanChange() {
        LiveTalk talk = new LiveTalk(TOOLS, true);
        talk.send("""
                {"type":"session.update","event_id":"u1","session":{"delegation":{"type":"responses","responses":{
                "tools":[{"type":"function","name":"get_time"}]}}}}""");

        JsonNode updated = talk.last("session.updated");
        assertThat(updated.get("client_event_id").asText()).isEqualTo("u1");
        assertThat(updated.at("/session/delegation/responses/tools/0/name").asText())
                .isEqualTo("get_time");
        assertThat(updated.at("/session/delegation/responses/model").asText()).isEqualTo("gpt-5.6");
        talk.asks();
        assertThat(talk.model.asking().chat.tools())
                .extracting(tool -> tool.name())
                .containsExactly("get_time");
        assertThat(talk.model.asking().chat.instructions()).isEqualTo(Optional.of("Be brief.\n\nLook up the weather."));
    }

    @Test
    void aModelThatCallsToolsDelegatesNothingToTheClient() {
        LiveTalk talk = new LiveTalk("{\"model\":\"gpt-live-1\",\"delegation\":{\"type\":\"client\"}}", true).asks();

        assertThat(talk.model.asking().chat.tools()).isEmpty();
        talk.send("{\"type\":\"session.commentary.append\",\"content\":\"It rains.\",\"delegation_id\":\"dlg_1\"}");
        talk.assertError("invalid_value", "delegation_id: expected null");
    }

    @Test
    void toolsOfAModelThatCallsNoneAreAcceptedAndNotUsed() {
        LiveTalk talk = new LiveTalk(TOOLS, false).asks();

        assertThat(talk.model.asking().chat.tools()).isEmpty();
        assertThat(talk.model.asking().chat.instructions()).isEqualTo(Optional.of("Be brief."));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"session.start","session":{"model":"gpt-live-1"}}                            | session_already_started | type: expected session.start once
            {"type":"input_audio_buffer.append","audio":""}                             | unknown_event           | unknown event type:
            {"type":"session.input_audio.append"}                                       | missing_required_parameter | audio:
            {"type":"session.input_audio.append","audio":"?"}                           | invalid_value           | audio:
            {"type":"session.input_audio.append","audio":"AAAA"}                        | invalid_value           | audio:
            {"type":"session.input_audio.mute","now":true}                              | unknown_parameter       | now: unknown parameter
            {"type":"session.thinking.append","content":" "}                            | invalid_value           | content: expected some text
            {"type":"session.commentary.append","content":"x","delegation_id":"dlg_1"}  | invalid_value           | delegation_id: expected null
            {"type":"session.output_audio.fixture.play","audio":"AAAA"}                 | unknown_event           | unknown event type:
            {"type":"response.create"}                                                  | invalid_value           | type: expected a session whose delegation is responses
            {"type":"session.update","session":{"delegation":{"type":"responses"}}}     | invalid_value           | session.delegation.type: expected client
            {"type":"session.update","session":{"instructions":"x"}}                    | unknown_parameter       | session.instructions: unknown parameter
            {"type":"session.mute"                                                      | invalid_json            | body: expected a JSON object
            []                                                                          | invalid_json            | body: expected a JSON object
            """)
    void aMistakeIsOneErrorAndTheSessionGoesOn(String frame, String code, String message) {
        LiveTalk talk = new LiveTalk();

        talk.send(frame);

        talk.assertError(code, message);
        assertThat(talk.sent).hasSize(2);
        talk.asks();
        assertThat(talk.model.askings).hasSize(1);
        assertThat(talk.closeCode).isZero();
    }

    @Test
    void anErrorNamesTheEventThatItAnswers() {
        LiveTalk talk =
                new LiveTalk().send("{\"type\":\"session.input_audio.append\",\"event_id\":\"e7\",\"audio\":\"?\"}");

        assertThat(talk.last("error").at("/error/client_event_id").asText()).isEqualTo("e7");
    }

    @Test
    void anExpiredSessionIsClosed() {
        LiveTalk talk = new LiveTalk();
        talk.now += 3_600_000_000_000L;
        talk.session.tick();

        assertThat(talk.types()).containsExactly("session.started", "session.closed");
        assertThat(talk.last("session.closed").at("/reason").asText()).isEqualTo("expired");
        assertThat(talk.closeCode).isEqualTo(1000);
    }

    /** Bytes of valid events change at random. */
    @Test
    void threeHundredMutatedEventsLeaveTheSessionAlive() {
        List<String> events = List.of(
                append("instructions", "Be kind."),
                append("commentary", "Say hello."),
                "{\"type\":\"session.input_audio.append\",\"audio\":\"AAAAAAAA\",\"event_id\":\"e\"}",
                "{\"type\":\"session.update\",\"session\":{\"delegation\":{\"type\":\"client\",\"acknowledgement_delay_ms\":400}}}",
                "{\"type\":\"response.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}}",
                "{\"type\":\"session.start\",\"session\":{\"model\":\"gpt-live-1\",\"audio\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":16000}}}}");
        Random random = new Random(40);
        LiveTalk talk = new LiveTalk();
        for (int i = 0; i < 300; i++) {
            StringBuilder event = new StringBuilder(events.get(i % events.size()));
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at = random.nextInt(event.length());
                switch (random.nextInt(3)) {
                    case 0 -> event.deleteCharAt(at);
                    case 1 -> event.setCharAt(at, (char) (32 + random.nextInt(200)));
                    default -> event.insert(at, event.substring(at, Math.min(event.length(), at + 9)));
                }
            }
            talk.send(event.toString()).passes(0.6);
        }

        talk.asks().send("{\"type\":\"session.close\"}");

        assertThat(talk.last("session.closed").at("/reason").asText()).isEqualTo("close_requested");
        assertThat(talk.closeCode).isEqualTo(1000);
        assertThat(talk.all("error").size()).isGreaterThan(150);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                             | session.model: expected, but missing
            {"model":"llama"}                                              | session.model: expected scripted
            {"model":"gpt-live-1","voice":"marin"}                         | session.voice: unknown parameter
            {"model":"gpt-live-1","triggers":[]}                           | session.triggers: unknown parameter
            {"model":"gpt-live-1","audio":{"format":{"type":"audio/pcm"}}} | session.audio.format.rate: expected, but missing
            {"model":"gpt-live-1","audio":{"format":{"type":"audio/pcm","rate":8000}}} | session.audio.format.type: expected audio/pcm at 24000 or 16000 Hz
            {"model":"gpt-live-1","audio":{"output":{"voice":"nobody"}}}   | voice: expected default or a name
            {"model":"gpt-live-1","delegation":{"type":"decisions"}}       | session.delegation.type: expected client or responses
            {"model":"gpt-live-1","delegation":{"type":"responses","responses":{"tools":1}}} | session.delegation.responses.tools: expected
            {"model":"gpt-live-1","input":[{"type":"message","role":"tool","content":[{"type":"input_text","text":"x"}]}]} | session.input[0].role: expected
            {"model":"gpt-live-1","input":[{"type":"message","role":"user","content":[]}]} | session.input[0].content: expected 1 to 64 parts
            """)
    void settingsThatCannotBeAreRefused(String settings, String message) {
        LiveTalk talk = new LiveTalk(settings, false);

        assertThat(talk.last("error").at("/error/message").asText()).startsWith(message);
        talk.asks();
        assertThat(talk.last("error").at("/error/code").asText()).isEqualTo("session_not_started");
        assertThat(talk.all("session.started")).isEmpty();
    }

    @Test
    void bothRatesOfPcmAreKnown() {
        assertThat(RealtimeFormat.named("audio/pcm")).isEqualTo(RealtimeFormat.PCM);
        assertThat(RealtimeFormat.PCM_16K.rateHz()).isEqualTo(16_000);
    }
}
