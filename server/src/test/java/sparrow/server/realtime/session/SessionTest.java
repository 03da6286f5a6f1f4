package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.TruncationStrategy;
import sparrow.models.chat.Window;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;

/** What each event of a client brings about. */
class SessionTest {
    private static String message(String role, String type, String text, String more) {
        return """
            {"type":"conversation.item.create","item":{"type":"message","role":"%s","content":[
            {"type":"%s","text":"%s"}]%s}}\
            """.formatted(role, type, text, more);
    }

    private static String typed(String text) {
        return message("user", "input_text", text, "");
    }

    /** A conversation of one answer of two seconds, in which three letters come before the first code and three behind it. */
    private static Talk answered() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit().create();
        talk.model
                .asking()
                .begin()
                .text("one")
                .speech(10)
                .text("two")
                .speech(10)
                .end();
        talk.types();
        return talk;
    }

    private static String answer(Talk talk) {
        return talk.last("response.output_item.done").at("/item/id").asText();
    }

    private static String truncate(String item, int ms) {
        return "{\"type\":\"conversation.item.truncate\",\"item_id\":\"%s\",\"content_index\":0,\"audio_end_ms\":%d}"
                .formatted(item, ms);
    }

    private static List<Unit> reply(ChatHistory chat) {
        return chat.earlier().getLast().reply();
    }

    /** Stock clients send their tools and all other settings in one event. */
    @Test
    void toolsForAModelWithoutToolsDoNotLoseTheRestOfAnUpdate() {
        Talk talk = Talk.manual();
        talk.types();
        talk.send(
                "{\"type\":\"session.update\",\"session\":{\"instructions\":\"Be brief.\",\"tool_choice\":\"required\","
                        + "\"tools\":[{\"type\":\"function\",\"name\":\"get_weather\"}]}}");
        assertThat(talk.types()).containsExactly("session.updated", "error");
        talk.assertError("unsupported_feature", "session.tools");
        JsonNode session = talk.last("session.updated").get("session");
        assertThat(session.at("/instructions").asText()).isEqualTo("Be brief.");
        assertThat(session.at("/tools")).isEmpty();
        talk.speech(0.5).commit().create();
        assertThat(talk.model.asking().chat.instructions()).hasValue("Be brief.");
    }

    @Test
    void anItemContainsOnlyKeysOfTheProtocol() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit();
        assertThat(talk.last("conversation.item.added").at("/item/content/0").propertyStream())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("type", "transcript");
    }

    @Test
    void anImageIsNamedInItsError() {
        Talk talk = Talk.manual();
        talk.send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\",\"content\":"
                + "[{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AA==\",\"detail\":\"auto\"}]}}");
        talk.assertError("unsupported_content_type", "item.content[0].type");
        assertThat(talk.last("error").at("/error/message").asText()).contains("got input_image");
    }

    /** Stock clients greet the user with a response that has only instructions. An error event would end their session. */
    @Test
    void aResponseWithoutAQuestionAnswersItsInstructions() {
        Talk talk = Talk.manual();
        talk.send("{\"type\":\"response.create\",\"response\":{\"instructions\":\"Greet the user.\"}}");
        assertThat(talk.model.asking().chat.question()).isEqualTo(new Question.Typed("Greet the user."));
        assertThat(talk.model.asking().chat.instructions()).isEmpty();
        talk.model.asking().begin().text("hello").speech(4).end();
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("completed");
        talk.speech(0.5).commit().create();
        assertThat(talk.model.asking().chat.instructions()).isEmpty();
    }

    @Test
    void aResponseWithoutAQuestionFailsIfTheModelIgnoresInstructions() {
        Talk talk = Talk.manual();
        talk.model.leftOut = Optional.of("instructions are ignored");
        talk.types();
        talk.send("{\"type\":\"response.create\",\"response\":{\"instructions\":\"Greet the user.\"}}");
        assertThat(talk.types()).containsExactly("response.created", "response.done", "rate_limits.updated");
        JsonNode response = talk.last("response.done").get("response");
        assertThat(response.at("/status").asText()).isEqualTo("failed");
        assertThat(response.at("/status_details/error/message").asText()).contains("expected an unanswered question");
        talk.speech(0.5).commit().create();
        assertThat(talk.model.asking().chat.question()).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        nonsense | invalid_json |
        [1] | invalid_json |
        {"a":1}{"b":2} | invalid_json |
        {"type":"x","type":"y"} | invalid_json |
        {"type":"hello"} | unknown_event | type
        {} | missing_required_parameter | type
        {"type":7} | invalid_value | type
        {"type":"session.update"} | missing_required_parameter | session
        {"type":"session.update","session":{"modalities":["text"]}} | unknown_parameter | session.modalities
        {"type":"session.update","session":{"type":"translation"}} | unsupported_feature | session.type
        {"type":"session.update","session":{"output_modalities":["audio","text"]}} | invalid_value | session.output_modalities
        {"type":"session.update","session":{"max_output_tokens":0}} | invalid_value | session.max_output_tokens
        {"type":"session.update","session":{"max_output_tokens":4097}} | invalid_value | session.max_output_tokens
        {"type":"session.update","session":{"audio":{"output":{"speed":2}}}} | invalid_value | session.audio.output.speed
        {"type":"session.update","session":{"audio":{"output":{"voice":"nobody"}}}} | invalid_value | session.audio.output.voice
        {"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}}} | invalid_value | session.audio.input.format.rate
        {"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/mp3"}}}}} | invalid_value | session.audio.input.format.type
        {"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"magic"}}}}} | invalid_value | session.audio.input.turn_detection.type
        {"type":"session.update","session":{"audio":{"input":{"turn_detection":{"threshold":2}}}}} | invalid_value | session.audio.input.turn_detection.threshold
        {"type":"session.update","session":{"audio":{"input":{"transcription":7}}}} | invalid_value | session.audio.input.transcription
        {"type":"session.update","session":{"audio":{"input":{"transcription":{"speed":"low"}}}}} | unknown_parameter | session.audio.input.transcription.speed
        {"type":"session.update","session":{"audio":{"input":{"transcription":{"prompt":"Names."}}}}} | unsupported_parameter | session.audio.input.transcription.prompt
        {"type":"session.update","session":{"sparrow":{"exit":"even:a"}}} | invalid_value | session.sparrow.exit
        {"type":"session.update","session":{"sparrow":{"exit":"even:3+again"}}} | invalid_value | session.sparrow.exit
        {"type":"session.update","session":{"sparrow":{"depth":2}}} | unknown_parameter | session.sparrow.depth
        {"type":"session.update","session":{"model":"gpt-4o"}} | model_not_found | session.model
        {"type":"session.update","session":{"model":"my-gpt-realtime"}} | model_not_found | session.model
        {"type":"input_audio_buffer.append"} | missing_required_parameter | audio
        {"type":"input_audio_buffer.append","audio":"!!!!"} | invalid_value | audio
        {"type":"input_audio_buffer.append","audio":"AAA"} | invalid_value | audio
        {"type":"input_audio_buffer.append","audio":"AAAA"} | invalid_value | audio
        {"type":"input_audio_buffer.commit"} | input_audio_buffer_commit_empty |
        {"type":"response.create","response":{"conversation":"other"}} | invalid_value | response.conversation
        {"type":"response.create","response":{"input":[{"type":"item_reference","id":"item_x"}]}} | item_not_found | response.input[0].id
        {"type":"response.create","response":{"sparrow":{"exit":7}}} | invalid_value | response.sparrow.exit
        {"type":"response.create","response":{"metadata":{"a":1}}} | invalid_value | response.metadata
        {"type":"response.cancel"} | response_cancel_not_active |
        {"type":"response.cancel","response_id":"resp_x"} | response_cancel_not_active |
        {"type":"output_audio_buffer.clear"} | response_cancel_not_active |
        {"type":"conversation.item.retrieve","item_id":"item_x"} | item_not_found | item_id
        {"type":"conversation.item.delete","item_id":"item_x"} | item_not_found | item_id
        {"type":"conversation.item.truncate","item_id":"item_x","content_index":0,"audio_end_ms":0} | item_truncate_invalid_item_id | item_id
        {"type":"conversation.item.truncate","item_id":"item_x","content_index":1,"audio_end_ms":0} | invalid_value | content_index
        {"type":"conversation.item.truncate","item_id":"item_x","content_index":0,"audio_end_ms":-1} | invalid_value | audio_end_ms
        {"type":"conversation.item.create","item":{"type":"function_call","call_id":"c","name":"n","arguments":"{}"}} | unsupported_feature | item.type
        {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[]}} | invalid_value | item.content
        {"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[{"type":"input_audio","audio":"AAAA"}]}} | unsupported_content_type | item.content[0].type
        {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":" "}]}} | invalid_value | item.content[0].text
        {"type":"conversation.item.create","previous_item_id":"item_x","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}} | item_not_found | previous_item_id
        """)
    void whatCannotBeIsAnErrorAndTheSessionGoesOn(String frame, String code, String param) {
        Talk talk = Talk.manual();

        talk.send(frame);

        assertThat(talk.types()).containsExactly("error");
        talk.assertError(code, param);
        talk.send(typed("still there?")).create();
        assertThat(talk.types()).contains("response.created");
    }

    @Test
    void anErrorNamesTheEventOfTheClient() {
        Talk talk = Talk.manual();

        talk.send("{\"type\":\"response.cancel\",\"event_id\":\"mine\"}");

        assertThat(talk.last("error").at("/error/event_id").asText()).isEqualTo("mine");
    }

    @Test
    void aRefusedUpdateChangesNothing() {
        Talk talk = Talk.manual();

        talk.send("{\"type\":\"session.update\",\"session\":{\"instructions\":\"Sing.\",\"max_output_tokens\":-1}}");
        talk.send("{\"type\":\"session.update\",\"session\":{}}");

        assertThat(talk.last("session.updated").at("/session/instructions").asText())
                .isEmpty();
    }

    @Test
    void anUpdateMergesWhatIsPresentAndShowsWhatHolds() {
        Talk talk = new Talk();

        talk.send("""
            {"type":"session.update","session":{"type":"realtime","instructions":"Sing.","max_output_tokens":50,
            "sparrow":{"exit":"even:3+verify"},"audio":{"input":{"format":{"type":"audio/pcmu"},
            "turn_detection":{"type":"semantic_vad","eagerness":"low","create_response":false}},
            "output":{"voice":"marin","format":{"type":"audio/pcma"}}}}}\
            """);
        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"turn_detection":
            {"type":"server_vad","threshold":0.7}}}}}\
            """);

        JsonNode session = talk.last("session.updated").get("session");
        assertThat(session.get("instructions").asText()).isEqualTo("Sing.");
        assertThat(session.get("max_output_tokens").asInt()).isEqualTo(50);
        assertThat(session.at("/sparrow/exit").asText()).isEqualTo("even:3+verify");
        assertThat(session.at("/audio/input/format/type").asText()).isEqualTo("audio/pcmu");
        assertThat(session.at("/audio/output/format/type").asText()).isEqualTo("audio/pcma");
        assertThat(session.at("/audio/output/voice").asText()).isEqualTo("marin");
        JsonNode detection = session.at("/audio/input/turn_detection");
        assertThat(detection.get("type").asText()).isEqualTo("server_vad");
        assertThat(detection.get("threshold").asDouble()).isEqualTo(0.7);
        assertThat(detection.get("silence_duration_ms").asInt()).isEqualTo(1000);
        assertThat(detection.get("create_response").asBoolean()).isFalse();
        assertThat(session.at("/audio/input/transcription").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-realtime",
                "gpt-realtime-2.1",
                "gpt-realtime-mini",
                "gpt-4o-realtime-preview",
                "gpt-4o-mini-realtime-preview-2024-12-17"
            })
    void aModelOfOpenAisIsTheOneThatIsServedWithACaution(String model) {
        Talk talk = new Talk();

        talk.send("{\"type\":\"session.update\",\"session\":{\"model\":\"%s\",\"instructions\":\"Sing.\"}}"
                .formatted(model));

        JsonNode updated = talk.last("session.updated");
        assertThat(updated.at("/session/model").asText()).isEqualTo("scripted");
        assertThat(updated.at("/session/instructions").asText()).isEqualTo("Sing.");
        assertThat(updated.at("/sparrow/caution").asText()).isEqualTo("session.model: scripted answers, not " + model);
    }

    @Test
    void aRefusedUpdateNamesTheSettingsThatItDidNotApply() {
        Talk talk = new Talk();

        talk.send("""
                {"type":"session.update","session":{"type":"realtime","instructions":"Sing.","audio":{
                "input":{"turn_detection":{"type":"server_vad","threshold":0.7}},"output":{"voice":"nobody"}}}}""");
        assertThat(talk.last("error").at("/error/message").asText())
                .startsWith("voice: expected ")
                .endsWith("; not applied: session.instructions, session.audio.input.turn_detection,"
                        + " session.audio.output.voice");

        talk.send("{\"type\":\"session.update\",\"session\":{\"instructions\":\"Sing.\",\"tempo\":1}}");
        assertThat(talk.last("error").at("/error/message").asText())
                .isEqualTo("session.tempo: unknown parameter; not applied: session.instructions, session.tempo");

        talk.send("{\"type\":\"session.update\",\"session\":{}}");
        assertThat(talk.last("session.updated").at("/session/instructions").asText())
                .isEmpty();
    }

    @Test
    void theModelThatIsServedNeedsNoCaution() {
        Talk talk = new Talk();

        talk.send("{\"type\":\"session.update\",\"session\":{\"model\":\"scripted\"}}");

        assertThat(talk.last("session.updated").has("sparrow")).isFalse();
    }

    @Test
    void theVoiceStaysOnceItWasHeard() {
        Talk talk = answered();

        talk.send("{\"type\":\"session.update\",\"session\":{\"audio\":{\"output\":{\"voice\":\"marin\"}}}}");

        talk.assertError("invalid_value", "session.audio.output.voice");
    }

    @Test
    void instructionsAndSystemItemsStandInFrontOfWhatWasSaid() {
        Talk talk = Talk.manual();
        talk.send("{\"type\":\"session.update\",\"session\":{\"instructions\":\"Be brief.\"}}");
        talk.send(typed("first"))
                .send(message("system", "input_text", "Be kind.", ""))
                .send(message("assistant", "output_text", "yes", ""))
                .send(typed("second"));

        talk.create();

        ChatHistory chat = talk.model.asking().chat;
        assertThat(chat.instructions()).contains("Be brief.\nBe kind.");
        assertThat(chat.earlier().getFirst().question()).isEqualTo(new Question.Typed("first"));
        assertThat(talk.model.text(reply(chat))).isEqualTo("yes");
        assertThat(chat.question()).isEqualTo(new Question.Typed("second"));
    }

    @Test
    void itemsGoWhereTheClientWantsThem() {
        Talk talk = Talk.manual();
        talk.send(message("user", "input_text", "c", ",\"id\":\"c\""));
        talk.send(message("user", "input_text", "a", ",\"id\":\"a\"")
                .replace("{\"type\":\"conv", "{\"previous_item_id\":\"root\",\"type\":\"conv"));
        assertThat(talk.last("conversation.item.added").get("previous_item_id").isNull())
                .isTrue();
        talk.send(message("user", "input_text", "b", ",\"id\":\"b\"")
                .replace("{\"type\":\"conv", "{\"previous_item_id\":\"a\",\"type\":\"conv"));
        assertThat(talk.last("conversation.item.added").get("previous_item_id").asText())
                .isEqualTo("a");
        talk.send(message("user", "input_text", "again", ",\"id\":\"b\""));
        talk.assertError("item_create_duplicate_item_id", "item.id");
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"b\"}");
        assertThat(talk.events.getLast().get("item_id").asText()).isEqualTo("b");

        talk.create();

        assertThat(talk.model.asking().chat.earlier().getFirst().question()).isEqualTo(new Question.Typed("a"));
        assertThat(talk.model.asking().chat.question()).isEqualTo(new Question.Typed("c"));
    }

    @Test
    void theNameOfTheRunningTurnIsTaken() {
        Talk talk = new Talk().speech(0.5);
        String turn =
                talk.last("input_audio_buffer.speech_started").get("item_id").asText();

        talk.send(message("user", "input_text", "mine", ",\"id\":\"" + turn + "\""));

        talk.assertError("item_create_duplicate_item_id", "item.id");
        talk.silence(1);
        talk.model.asking();
    }

    @Test
    void aSecondResponseIsRefusedWhileOneRunsAndNothingIsCancelled() {
        Talk talk = Talk.manual();
        talk.send(typed("hello")).create();
        String id = talk.last("response.created").at("/response/id").asText();

        talk.create();

        talk.assertError("conversation_already_has_active_response", null);
        assertThat(talk.last("error").at("/error/message").asText()).contains(id);
        assertThat(talk.model.asking().cancelled).isFalse();
    }

    @Test
    void aResponseThatIsAskedForWhileAnotherOneIsCancelledWaitsForItsEnd() {
        Talk talk = Talk.manual();
        talk.send(typed("hello")).create();
        talk.model.asking().begin().text("so");

        talk.send("{\"type\":\"response.cancel\"}").create();
        assertThat(talk.model.askings).hasSize(1);
        talk.types();
        talk.send("{\"type\":\"response.cancel\"}");
        talk.assertError("response_cancel_not_active", null);
        talk.model.asking().end();
        // The item of the first has ids, so that nothing is left to be answered.
        assertThat(talk.types()).filteredOn("response.done"::equals).hasSize(2);
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("failed");
    }

    @Test
    void aResponseThatWaitsForTheModelToListenIsCancelledAtOnce() {
        Talk talk = Talk.manual();
        talk.model.hearsAtOnce = false;
        talk.speech(0.5).commit().create();
        assertThat(talk.model.askings).isEmpty();
        talk.types();

        talk.send("{\"type\":\"response.cancel\"}");

        assertThat(talk.types()).containsExactly("response.done", "rate_limits.updated");
        talk.model.hear();
        assertThat(talk.model.askings).isEmpty();
    }

    @Test
    void whatTheModelCannotHearFailsTheResponseAndIsLeftOutLater() {
        Talk talk = Talk.manual();
        talk.model.hearsAtOnce = false;
        talk.silence(0.5).commit().create();
        talk.types();

        talk.model.hear();

        assertThat(talk.types()).containsExactly("error", "response.done", "rate_limits.updated");
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("failed");
        talk.send(typed("hello")).create();
        assertThat(talk.model.asking().chat.earlier()).isEmpty();
    }

    @Test
    void noMoreIsTakenWhileTooMuchWaitsThatTheModelHasToListenTo() {
        Talk talk = Talk.manual();
        talk.model.hearsAtOnce = false;
        for (int i = 0; i < 8; i++) {
            assertThat(talk.session.isReady()).isTrue();
            talk.speech(0.2).commit();
        }
        assertThat(talk.session.isReady()).isFalse();

        talk.model.hear();

        assertThat(talk.session.isReady()).isTrue();
    }

    @Test
    void truncationKeepsWhatWasHeardInTheNextContext() {
        Talk talk = answered();

        talk.send(truncate(answer(talk), 540));

        assertThat(talk.types()).containsExactly("conversation.item.truncated");
        talk.send(typed("go on")).create();
        List<Unit> units = reply(talk.model.asking().chat);
        assertThat(units).hasSize(3 + 5).endsWith(new Unit.Token(1004));
        assertThat(talk.model.text(units)).isEqualTo("one");
    }

    @Test
    void aSecondTruncationCutsFurtherOrNotAtAll() {
        Talk talk = answered();
        talk.send(truncate(answer(talk), 1540));

        talk.send(truncate(answer(talk), 1541));
        talk.assertError("invalid_value", "audio_end_ms");
        assertThat(talk.last("error").at("/error/message").asText())
                .contains("1540 ms")
                .contains("1541 ms");
        talk.send(truncate(answer(talk), 1540));
        assertThat(talk.types()).endsWith("conversation.item.truncated");
        talk.send(truncate(answer(talk), 0));
        talk.send(typed("go on")).create();
        assertThat(reply(talk.model.asking().chat)).isEmpty();
    }

    @Test
    void aUnitWithoutSoundMakesTheAnswerNoLonger() {
        Talk talk = Talk.manual();
        talk.send(typed("hello")).create();
        talk.model.asking().begin().text("one").speech(10).silent().end();
        talk.passes(2);

        talk.send(truncate(answer(talk), 1001));

        talk.assertError("invalid_value", "audio_end_ms");
        assertThat(talk.last("error").at("/error/message").asText()).contains("1000 ms");
    }

    @Test
    void onlyWhatWasSpokenCanBeTruncated() {
        Talk talk = Talk.manual();
        talk.send(message("user", "input_text", "a", ",\"id\":\"a\""));

        talk.send(truncate("a", 0));

        talk.assertError("unsupported_content_type", "item_id");
    }

    @Test
    void truncatingTheItemThatIsStillSaidStopsItFirst() {
        Talk talk = Talk.manual();
        talk.send(typed("hello")).create();
        talk.model.asking().begin().text("one").speech(20);
        String item = talk.last("response.output_item.added").at("/item/id").asText();
        talk.types();

        talk.send(truncate(item, 300));

        assertThat(talk.types()).isEmpty();
        assertThat(talk.model.asking().cancelled).isTrue();
        talk.model.asking().end();
        assertThat(talk.types()).contains("response.done").endsWith("conversation.item.truncated");
        talk.send(typed("go on")).create();
        assertThat(reply(talk.model.asking().chat)).hasSize(3 + 3);
    }

    @Test
    void theSoundOfAnItemCanBeHadAgain() {
        Talk talk = answered();

        talk.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"%s\"}".formatted(answer(talk)));

        byte[] sound = Base64.getDecoder()
                .decode(talk.last("conversation.item.retrieved")
                        .at("/item/content/0/audio")
                        .asText());
        assertThat(sound).hasSize(2 * 24_000 * 2);
    }

    @Test
    void theEndOfATurnIsAnErrorWhereTheResponseMayNotBeInterrupted() {
        Talk talk = new Talk();
        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"turn_detection":
            {"type":"server_vad","interrupt_response":false}}}}}\
            """);
        talk.speech(1).silence(0.7);
        talk.model.asking().begin();

        talk.speech(1).silence(0.7);

        assertThat(talk.model.asking().cancelled).isFalse();
        talk.assertError("conversation_already_has_active_response", null);
        assertThat(talk.types()).contains("input_audio_buffer.committed");
    }

    @Test
    void whileTheModelMayBeHeardAShortSoundInterruptsNobody() {
        Talk talk = new Talk();
        talk.speech(1).silence(0.7);
        talk.model.asking().begin().speech(50).end();
        talk.types();

        talk.speech(0.06).silence(0.3);
        assertThat(talk.types()).isEmpty();
        talk.passes(60);
        talk.speech(0.06).silence(0.3);
        assertThat(talk.types()).contains("input_audio_buffer.speech_started");
    }

    @Test
    void aClientThatAsksForItIsToldHowSureTheDetectorIs() {
        Talk talk = new Talk();
        String update =
                "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"include\":[\"%s\",\"another\"]}}";
        talk.silence(0.32);
        assertThat(talk.types()).doesNotContain("sparrow.speech_probability");

        talk.send(update.formatted("sparrow.speech_probability")).silence(0.32);
        assertThat(talk.last("sparrow.speech_probability").get("probability").asDouble())
                .isLessThan(0.5);
        assertThat(talk.types())
                .filteredOn("sparrow.speech_probability"::equals)
                .hasSize(10);
        talk.speech(0.32);
        assertThat(talk.last("sparrow.speech_probability").get("probability").asDouble())
                .isGreaterThan(0.5);
        talk.types();
        talk.send(update.formatted("other")).silence(0.1);

        assertThat(talk.types()).doesNotContain("sparrow.speech_probability");
    }

    @Test
    void aPlayerThatIsEmptiedAfterTheReplyWasSentIsSilent() {
        Talk talk = new Talk();
        talk.speech(1).silence(0.7);
        talk.model.asking().begin().speech(50).end();
        talk.types();

        talk.send("{\"type\":\"output_audio_buffer.clear\"}");

        assertThat(talk.types()).containsExactly("output_audio_buffer.cleared");
        assertThat(talk.events.getLast().get("response_id"))
                .isEqualTo(talk.last("response.done").at("/response/id"));
        talk.send("{\"type\":\"output_audio_buffer.clear\"}");
        talk.assertError("response_cancel_not_active", null);
        talk.speech(0.06).silence(0.3);
        assertThat(talk.types()).contains("input_audio_buffer.speech_started");
    }

    @Test
    void aPlayerIsEmptiedOfAReplyThatWasCancelledBefore() {
        Talk talk = Talk.manual();
        talk.send(typed("hello")).create();
        talk.model.asking().begin().text("one").speech(20);
        talk.send("{\"type\":\"response.cancel\"}");
        talk.types();

        talk.send("{\"type\":\"output_audio_buffer.clear\"}");

        assertThat(talk.types()).containsExactly("output_audio_buffer.cleared");
    }

    @Test
    void aRateThatAFormatDoesNotHaveIsRefusedWithTheOneThatItHas() {
        Talk talk = new Talk();

        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcmu","rate":16000}}}}}\
            """);

        assertThat(talk.last("error").at("/error/message").asText())
                .startsWith("session.audio.input.format.rate: expected 8000, got 16000;");
    }

    @Test
    void anInterruptedReplyIsCutByTheClockWhereThatIsWanted() {
        Talk talk = new Talk(OnInterrupt.ESTIMATE);
        talk.speech(1).silence(0.7);
        talk.model.asking().begin().text("one").speech(20).text("two").speech(20);
        talk.passes(1.05);

        talk.speech(0.6);
        talk.model.asking().end();

        assertThat(talk.last("conversation.item.truncated").get("audio_end_ms").asInt())
                .isEqualTo(1050);
        talk.silence(0.7);
        assertThat(reply(talk.model.asking().chat)).hasSize(3 + 10);
    }

    @Test
    void aReplyThatIsOverAndStillPlayedIsCutByTheClockAsWell() {
        Talk talk = new Talk(OnInterrupt.ESTIMATE);
        talk.speech(1).silence(0.7);
        talk.model.asking().begin().text("one").speech(40).end();
        talk.passes(2);

        talk.speech(0.6).silence(0.7);

        assertThat(reply(talk.model.asking().chat)).hasSize(3 + 20);
    }

    @Test
    void aRecordingOfElevenMinutesIsRefusedInEveryFormat() {
        Talk talk = new Talk();
        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcmu"}}}}}\
            """);

        talk.send("""
            {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[
            {"type":"input_audio","audio":"%s"}]}}\
            """.formatted(silentPcmu(11 * 60)));

        talk.assertError("invalid_value", "item.content[0].audio");
        assertThat(talk.events.getLast().at("/error/message").asText()).contains("600 s, got 660 s");
    }

    @Tag("full")
    @Test
    void moreThanAnHourOfSoundIsRefused() {
        Talk talk = Talk.manual();
        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcmu"}}}}}\
            """);
        String tenMinutes = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + silentPcmu(600) + "\"}";
        for (int i = 0; i < 6; i++) talk.send(tenMinutes).send("{\"type\":\"input_audio_buffer.clear\"}");
        assertThat(talk.types()).doesNotContain("error");

        talk.speech(0.2);

        talk.assertError("invalid_value", "audio");
        assertThat(talk.events.getLast().at("/error/message").asText()).contains("3600 s in a session");
    }

    private static String silentPcmu(int seconds) {
        byte[] bytes = new byte[8000 * seconds];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void aSessionThatIsToFinishEndsWithItsLastResponse() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit().create();
        talk.model.asking().begin().text("one");
        List<String> finished = new java.util.ArrayList<>();

        talk.session.finish(() -> finished.add(talk.types().getLast()));
        talk.send("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\"}}");

        talk.assertError("server_error", null);
        assertThat(finished).isEmpty();
        talk.model.asking().end();
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("completed");
        assertThat(finished).containsExactly("rate_limits.updated");
    }

    @Test
    void oneAppendMayHoldTwoTurns() {
        Talk talk = new Talk();
        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"turn_detection":
            {"type":"server_vad","create_response":false}}}}}\
            """);
        talk.types();

        talk.speechSilence(1, 0.7, 2);

        assertThat(talk.types().stream().filter("input_audio_buffer.committed"::equals))
                .hasSize(2);
    }

    @Test
    void theModelListensWhileSomebodySpeaks() {
        Talk talk = new Talk();

        for (int i = 0; i < 30; i++) talk.speech(0.1);

        assertThat(talk.model.expectations).hasSizeBetween(2, 4);
        assertThat(talk.model.expectations.getFirst().seconds()).isBetween(0.8, 0.95);
    }

    @Test
    void soundThatWasNotCommittedStaysWhenVoiceActivityIsSwitchedOnAndOff() {
        Talk talk = Talk.manual();
        talk.speech(0.5);
        talk.send("""
            {"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"server_vad"}}}}}\
            """);
        assertThat(talk.types()).containsExactly("session.updated", "input_audio_buffer.speech_started");
        talk.send("{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"turn_detection\":null}}}}");
        talk.commit();
        String item =
                talk.last("input_audio_buffer.speech_started").get("item_id").asText();

        assertThat(talk.last("input_audio_buffer.committed").get("item_id").asText())
                .isEqualTo(item);
    }

    @Test
    void theBoundOfAResponseIsTheSessionsUnlessItHasItsOwn() {
        Talk talk = Talk.manual();
        talk.send("{\"type\":\"session.update\",\"session\":{\"max_output_tokens\":50}}");
        talk.send(typed("hello"));

        talk.send("{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":7}}");
        assertThat(talk.model.asking().options.config().limits().newTokens()).isEqualTo(7);
        talk.send("{\"type\":\"response.cancel\"}");
        talk.model.asking().end();
        talk.send("{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":\"inf\"}}");
        assertThat(talk.model.asking().options.config().limits().newTokens()).isEqualTo(100);
    }

    @Test
    void oldTurnsAreDroppedUntilHalfOfTheContextIsFree() {
        Talk talk = Talk.manual();
        for (int i = 0; i < 9; i++) talk.send(typed(i + "x".repeat(99)));

        talk.create();

        ChatHistory chat = talk.model.asking().chat;
        assertThat(talk.model.prompt(chat).ids()).hasSizeBetween(400, 500);
        assertThat(chat.question()).isEqualTo(new Question.Typed("8" + "x".repeat(99)));
        talk.model.asking().begin().end();
        talk.send(typed("short")).create();
        assertThat(talk.model.asking().chat.earlier().getFirst().question())
                .isEqualTo(chat.earlier().getFirst().question());
    }

    @Test
    void soundOfOldRepliesIsForgottenBeforeTheirTurnsWhereTheServerDoesSo() {
        Talk talk = Talk.manual();
        talk.model.window = new Window(TruncationStrategy.SPEECH, Window.UNBOUNDED);
        for (int i = 0; i < 3; i++) {
            talk.send(typed(i + "x".repeat(49))).create();
            talk.model.asking().begin().text("yes").speech(250).end();
        }

        talk.send(typed("then")).create();

        ChatHistory all =
                new ChatHistory(Optional.empty(), talk.model.asking().chat.earlier(), new Question.Typed("then"));
        assertThat(talk.model.asking().whole.orElseThrow().ids())
                .hasSize(talk.model.prompt(all).ids().length + 2 * 250);
        assertThat(replies(talk.model.asking().chat.earlier())).containsExactly(3, 3, 253);
        talk.model.asking().begin().text("no").end();
        talk.send(typed("and then")).create();
        assertThat(talk.model.asking().whole).isEmpty();
        assertThat(replies(talk.model.asking().chat.earlier())).containsExactly(3, 3, 253, 2);
    }

    private static List<Integer> replies(List<ChatTurn> turns) {
        return turns.stream().map(turn -> turn.reply().size()).toList();
    }

    @Test
    void aWindowOfSecondsDropsOldTurnsThoughTheyWouldFit() {
        Talk talk = Talk.manual();
        talk.model.window = new Window(TruncationStrategy.REPLAY, 5);
        for (int i = 0; i < 4; i++) {
            talk.send(typed("question " + i)).create();
            talk.model.asking().begin().text("yes").speech(30).end();
        }

        talk.send(typed("last")).create();

        // Three seconds each; the last turn does not count.
        assertThat(talk.model.asking().chat.earlier())
                .extracting(ChatTurn::question)
                .containsExactly(new Question.Typed("question 2"), new Question.Typed("question 3"));
        assertThat(talk.model.asking().whole).isEmpty();
    }

    @Test
    void aWindowOfTurnsDropsOldTurnsAndTheirItems() {
        Talk talk = Talk.manual();
        talk.model.window = Window.DEFAULT.ofTurns(3);
        for (int i = 0; i < 4; i++) {
            talk.send(typed("question " + i)).create();
            talk.model.asking().begin().text("yes").end();
        }

        talk.send(typed("last")).create();

        assertThat(talk.model.asking().chat.earlier())
                .extracting(ChatTurn::question)
                .containsExactly(new Question.Typed("question 2"), new Question.Typed("question 3"));
    }

    @Test
    void whereNothingIsForgottenAFullContextIsAnErrorWhateverTheSessionSays() {
        Talk talk = Talk.manual();
        talk.model.window = new Window(TruncationStrategy.OFF, Window.UNBOUNDED);
        for (int i = 0; i < 9; i++) talk.send(typed(i + "x".repeat(99)));

        talk.create();

        assertThat(talk.last("error").at("/error/code").asText()).isEqualTo("context_length_exceeded");
    }

    @Test
    void withoutTruncationAFullContextIsAnError() {
        Talk talk = Talk.manual();
        talk.send("{\"type\":\"session.update\",\"session\":{\"truncation\":\"disabled\"}}");
        for (int i = 0; i < 9; i++) talk.send(typed(i + "x".repeat(99)));
        talk.types();

        talk.create();

        assertThat(talk.last("error").at("/error/code").asText()).isEqualTo("context_length_exceeded");
        assertThat(talk.types()).endsWith("response.done", "rate_limits.updated");
    }

    @Test
    void tooManyErrorsEndTheSession() {
        Talk talk = Talk.manual();
        for (int i = 0; i < 20; i++) talk.send("nonsense");
        assertThat(talk.closeCode).isZero();
        talk.passes(11);
        for (int i = 0; i < 20; i++) talk.send("nonsense");
        assertThat(talk.closeCode).isZero();

        talk.send("nonsense");

        assertThat(talk.closeCode).isEqualTo(1008);
    }

    @Test
    void aSessionExpires() {
        Talk talk = new Talk(60);
        talk.session.tick();
        assertThat(talk.closeCode).isZero();
        talk.passes(60);

        talk.session.tick();

        talk.assertError("session_expired", null);
        assertThat(talk.closeCode).isEqualTo(1000);
    }

    @Test
    void aClosedSessionCancelsAndSaysNothing() {
        Talk talk = Talk.manual();
        talk.send(typed("hello")).create();
        ScriptedModel.Asking asking = talk.model.asking().begin();
        talk.types();

        boolean[] over = new boolean[1];
        talk.session.close(() -> over[0] = true);
        assertThat(over[0]).isFalse();
        asking.text("too late").end();
        assertThat(over[0]).isTrue();
        talk.send(typed("anybody?"));

        assertThat(asking.cancelled).isTrue();
        assertThat(talk.model.closed).isTrue();
        assertThat(talk.types()).isEmpty();
    }

    @Test
    void depthsRideAlongWithWhatTheyLedTo() {
        Talk talk = answered();

        List<String> traces = talk.events.stream()
                .filter(event -> event.has("sparrow"))
                .map(event -> event.at("/sparrow/trace").asText())
                .toList();
        assertThat(String.join("", traces)).isEqualTo("TTT" + "FE".repeat(5) + "TTT" + "FE".repeat(5));
        JsonNode metadata = talk.last("response.done").at("/response/metadata");
        assertThat(metadata.get("sparrow_exit").asText()).isEqualTo("none");
        assertThat(metadata.has("sparrow_early_checked")).isFalse();
        assertThat(metadata.get("sparrow_depth_saved").asText()).isEqualTo("0.1250");
        JsonNode usage = talk.last("response.done").at("/response/usage");
        assertThat(usage.get("total_tokens").asInt()).isEqualTo(20 + 26);
        assertThat(Optional.of(usage.at("/output_token_details/audio_tokens").asInt()))
                .contains(20);
    }

    @Test
    void aReplyThatRanAwayIsIncompleteAndSaysHow() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit().create();

        talk.model.asking().begin().text("one").speech(10).end(StopReason.RUNAWAY);

        talk.types();
        JsonNode response = talk.last("response.done").get("response");
        assertThat(response.get("status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/metadata/sparrow_runaway").asText()).isEqualTo("speech_cycle");
        assertThat(answered().last("response.done").at("/response/metadata").has("sparrow_runaway"))
                .isFalse();
    }
}
