package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.engine.reply.StopReason;

/** The text of what a user said, beside the responses; every event is held against the official client. */
class InputTranscriptionsTest {
    private static final String DELTA = "conversation.item.input_audio_transcription.delta";
    private static final String COMPLETED = "conversation.item.input_audio_transcription.completed";
    private static final String FAILED = "conversation.item.input_audio_transcription.failed";

    /** A session without voice activity detection that wants transcriptions. */
    private static Talk wanting(SessionObserver observer) {
        return wanting(new Talk(observer));
    }

    private static Talk wanting(Talk talk) {
        talk.send("""
            {"type":"session.update","session":{"type":"realtime","audio":{"input":{
            "turn_detection":null,"transcription":{"model":"gpt-4o-mini-transcribe","language":"en"}}}}}\
            """);
        talk.types();
        return talk;
    }

    private static Talk wanting() {
        return wanting(Talk.UNWATCHED);
    }

    @Test
    void theTextComesWhileItIsWrittenDownAndStaysWithTheItem() {
        Talk talk = wanting();
        talk.speech(1).commit();
        String item = talk.last("input_audio_buffer.committed").get("item_id").asText();
        talk.types();

        talk.model.transcriptions.getFirst().begin().text("hello ").text("you");
        assertThat(talk.types()).containsExactly(DELTA, DELTA);
        assertThat(talk.last(DELTA).get("item_id").asText()).isEqualTo(item);
        assertThat(talk.last(DELTA).get("content_index").asInt()).isZero();
        assertThat(talk.last(DELTA).get("delta").asText()).isEqualTo("you");
        talk.model.transcriptions.getFirst().end();

        assertThat(talk.types()).containsExactly(COMPLETED);
        assertThat(talk.last(COMPLETED).get("transcript").asText()).isEqualTo("hello you");
        assertThat(talk.last(COMPLETED).at("/usage/type").asText()).isEqualTo("tokens");
        assertThat(talk.last(COMPLETED)
                        .at("/usage/input_token_details/audio_tokens")
                        .asInt())
                .isEqualTo(5);
        talk.send("{\"type\":\"conversation.item.retrieve\",\"item_id\":\"" + item + "\"}");
        assertThat(talk.last("conversation.item.retrieved")
                        .at("/item/content/0/transcript")
                        .asText())
                .isEqualTo("hello you");
    }

    @Test
    void theSessionShowsThatTheModelItselfTranscribes() {
        Talk talk = wanting();

        assertThat(talk.last("session.updated")
                        .at("/session/audio/input/transcription/model")
                        .asText())
                .isEqualTo("scripted");
        talk.send("{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"transcription\":null}}}}");
        assertThat(talk.last("session.updated")
                        .at("/session/audio/input/transcription")
                        .isNull())
                .isTrue();
        talk.speech(1).commit();
        assertThat(talk.model.transcriptions).isEmpty();
    }

    /** The streamed speech recognition of the Agents SDK, LiveKit and Pipecat opens such a session. */
    @Test
    void aTranscriptionSessionWritesDownEachTurnAndHasNoResponses() {
        Talk talk = new Talk();
        talk.send("""
            {"type":"session.update","session":{"type":"transcription","audio":{"input":{
            "format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"gpt-transcribe","languages":["en"],
            "keywords":["Libya"],"delay":"low"},
            "turn_detection":{"type":"semantic_vad"}}}}}\
            """);
        JsonNode session = talk.last("session.updated").get("session");
        assertThat(session.at("/type").asText()).isEqualTo("transcription");
        assertThat(session.at("/object").asText()).isEqualTo("realtime.transcription_session");
        for (int turn = 0; turn < 2; turn++) {
            talk.silence(0.5).speech(1).silence(1);
            talk.model.transcriptions.get(turn).begin().text("hello").end();
            assertThat(talk.last(COMPLETED).get("transcript").asText()).isEqualTo("hello");
        }
        assertThat(talk.model.askings).isEmpty();
        talk.create();
        talk.assertError("invalid_value", null);
        assertThat(talk.model.askings).isEmpty();
    }

    @Test
    void aTranscriptionSessionWhoseTranscriptionIsTurnedOffStaysOff() {
        Talk talk = new Talk();
        talk.send("""
            {"type":"session.update","session":{"type":"transcription","audio":{"input":{"transcription":null}}}}\
            """);
        talk.send("""
            {"type":"session.update","session":{"type":"transcription","audio":{"input":{"turn_detection":null}}}}\
            """);
        assertThat(talk.last("session.updated")
                        .at("/session/audio/input/transcription")
                        .isNull())
                .isTrue();
    }

    @Test
    void theResponseIsAskedFirst() {
        Talk talk = new Talk();
        talk.send("{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"transcription\":{}}}}}");
        talk.model.hearsAtOnce = false;
        talk.silence(0.5).speech(1).silence(0.7);
        assertThat(talk.model.askings).isEmpty();

        talk.model.hear();

        assertThat(talk.model.askings).hasSize(1);
        assertThat(talk.model.transcriptions).hasSize(1);
    }

    @Test
    void anItemThatIsDeletedIsNotWrittenDown() {
        Talk talk = wanting();
        talk.model.hearsAtOnce = false;
        talk.speech(1).commit();
        String item = talk.last("input_audio_buffer.committed").get("item_id").asText();

        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"" + item + "\"}");
        talk.model.hear();

        assertThat(talk.model.transcriptions).isEmpty();
    }

    @Test
    void oneAfterTheOther() {
        Talk talk = wanting();
        talk.speech(1).commit().speech(1).commit();

        assertThat(talk.model.transcriptions).hasSize(1);
        talk.model.transcriptions.getFirst().begin().end();

        assertThat(talk.model.transcriptions).hasSize(2);
    }

    @Test
    void aModelThatDoesNotTranscribeIsNamed() {
        Talk talk = wanting();
        talk.model.transcribes = false;

        talk.speech(1).commit();

        assertThat(talk.types())
                .containsExactly(
                        "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done", FAILED);
        assertThat(talk.last(FAILED).at("/error/message").asText())
                .isEqualTo("scripted: a scripted model does not transcribe");
        assertThat(talk.last(FAILED).at("/error/code").asText()).isEqualTo("unsupported_feature");
        talk.create();
        assertThat(talk.types()).contains("response.created");
    }

    @Test
    void silenceAFullPoolAndAFailureAreToldAndTheNextOneFollows() {
        Talk talk = wanting();
        talk.silence(1).commit();
        assertThat(talk.last(FAILED).at("/error/code").asText()).isEqualTo("invalid_value");

        talk.model.full = true;
        talk.speech(1).commit();
        assertThat(talk.last(FAILED).at("/error/code").asText()).isEqualTo("rate_limit_exceeded");

        talk.model.full = false;
        talk.speech(1).commit();
        talk.model.transcriptions.getLast().begin().fail();
        assertThat(talk.last(FAILED).at("/error/code").asText()).isEqualTo("server_error");

        talk.speech(1).commit();
        talk.model.transcriptions.getLast().begin().text("yes").end();
        assertThat(talk.last(COMPLETED).get("transcript").asText()).isEqualTo("yes");
    }

    @Test
    void aRecogniserComesBeforeTheModelAndItsFailureIsTold() {
        Talk talk = wanting();
        talk.model.recognizes = true;
        talk.speech(1).commit().speech(1).commit();
        talk.types();

        talk.model.recognitions.getFirst().accept("hello you", null);

        assertThat(talk.types()).containsExactly(DELTA, COMPLETED);
        assertThat(talk.last(COMPLETED).get("transcript").asText()).isEqualTo("hello you");
        assertThat(talk.last(COMPLETED).at("/usage/type").asText()).isEqualTo("duration");
        assertThat(talk.last(COMPLETED).at("/usage/seconds").asDouble()).isBetween(0.99, 1.01);
        talk.model.recognitions.getLast().accept(null, new IllegalStateException("out of order"));
        assertThat(talk.last(FAILED).at("/error/code").asText()).isEqualTo("server_error");
        talk.model.full = true;
        talk.speech(1).commit();
        assertThat(talk.last(FAILED).at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(talk.model.recognitions).hasSize(2);
        assertThat(talk.model.transcriptions).isEmpty();
    }

    @Test
    void aRecogniserTakesWhatTheModelDoesNotAndMoreThanIsKept() {
        Talk talk = wanting();
        talk.model.recognizes = true;

        talk.silence(1).commit().speech(300).commit();
        talk.model.recognitions.getFirst().accept("", null);

        assertThat(talk.model.recognitions).hasSize(2);
        assertThat(talk.last(COMPLETED).get("transcript").asText()).isEmpty();
    }

    @Test
    void soundThatWaitsForARecogniserCountsUntilItIsWrittenDown() {
        Talk talk = wanting(new Talk(new SessionMemory(5 * 16_000, 1)));
        talk.model.recognizes = true;
        talk.speech(2).commit().speech(2).commit();

        talk.speech(2);
        talk.assertError("rate_limit_exceeded", "audio");

        talk.model.recognitions.getFirst().accept("one", null);
        talk.types();
        talk.speech(2).commit();
        assertThat(talk.types()).contains("input_audio_buffer.committed");
    }

    @Test
    void aClientThatIsGoneIsToldNothing() {
        List<StopReason> counted = new ArrayList<>();
        Talk talk = wanting(
                Talk.observer(finished -> counted.add(finished.reply().reply().stop())));
        talk.speech(1).commit().speech(1).commit();
        talk.types();

        talk.session.close(() -> {});

        assertThat(talk.model.transcriptions.getFirst().cancelled).isTrue();
        talk.model.transcriptions.getFirst().text("unheard").end();
        assertThat(talk.types()).isEmpty();
        assertThat(talk.model.transcriptions).hasSize(1);
        assertThat(counted).containsExactly(StopReason.CANCELLED);
    }
}
