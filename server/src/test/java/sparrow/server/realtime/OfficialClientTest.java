package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.models.realtime.RealtimeResponse;
import com.openai.models.realtime.RealtimeServerEvent;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.models.Question;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.server.realtime.session.TalkingModel;

/** OpenAI's own client talks with the bundled model over a WebSocket. */
class OfficialClientTest {
    private static final String MANUAL = """
            {"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""";

    private static TalkingModel model;
    private static TestServer server;

    @BeforeAll
    static void start() {
        model = new TalkingModel();
        server = new TestServer(
                model.served(),
                TestServer.options(8, TestServer.HALF_A_MINUTE),
                key -> key.equals(Optional.of("secret")));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static Answer alone(int question) {
        var served = model.served();
        Conversation conversation = new Conversation(
                served.model(),
                served.defaults().plan(),
                served.defaults().sampling(),
                served.defaults().limits());
        return conversation.ask(new Question.Spoken(TalkingModel.question(question)), ReplyListener.NONE);
    }

    private static String transcript(List<RealtimeServerEvent> events) {
        return events.stream()
                .flatMap(event -> event.responseOutputAudioTranscriptDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
    }

    private static byte[] sound(List<RealtimeServerEvent> events) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        events.stream()
                .flatMap(event -> event.responseOutputAudioDelta().stream())
                .forEach(delta -> all.writeBytes(Base64.getDecoder().decode(delta.delta())));
        return all.toByteArray();
    }

    @Test
    void aManualTurnIsAnsweredAsTheModelAnswersAlone() {
        Answer expected = alone(1);
        try (OfficialClient client = new OfficialClient(server.port(), "secret")) {
            client.await("conversation.created");
            client.send(MANUAL);
            client.await("session.updated");
            client.say(TalkingModel.question(1));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"response.create\"}");

            RealtimeResponse done =
                    client.await("response.done").asResponseDone().response();

            assertThat(done.status()).contains(RealtimeResponse.Status.COMPLETED);
            assertThat(transcript(client.events())).isEqualTo(expected.text());
            double seconds = sound(client.events()).length / 48_000.0;
            assertThat(seconds)
                    .isBetween(
                            expected.speech().seconds() - 0.01,
                            expected.speech().seconds() + 0.01);
            assertThat(client.types())
                    .containsSubsequence(
                            "session.created",
                            "conversation.created",
                            "session.updated",
                            "input_audio_buffer.committed",
                            "conversation.item.added",
                            "conversation.item.done",
                            "response.created",
                            "response.output_item.added",
                            "conversation.item.added",
                            "response.content_part.added",
                            "response.output_audio_transcript.delta",
                            "response.output_audio.delta",
                            "response.output_audio.done",
                            "response.output_audio_transcript.done",
                            "response.content_part.done",
                            "response.output_item.done",
                            "conversation.item.done",
                            "response.done");
        }
    }

    @Test
    void aHandshakeForAModelOfOpenAisOpensASessionWithACaution() {
        try (OfficialClient client = new OfficialClient(server.port(), "secret", "gpt-realtime")) {
            var created = client.await("session.created").asSessionCreated();

            assertThat(created.session()
                            .asRealtimeSessionCreateRequest()
                            .model()
                            .orElseThrow()
                            .asString())
                    .isEqualTo("sparrow");
            assertThat(created._allProperties().get("sparrow"))
                    .hasToString("{caution=model: sparrow answers, not gpt-realtime}");
        }
    }

    @Test
    void aHandshakeForAnUnknownModelIsNotFound() {
        assertThatThrownBy(() -> new OfficialClient(server.port(), "secret", "gpt-4o"))
                .hasMessageContaining("404");
    }

    @Test
    void aTurnThatVoiceActivityEndsIsAnsweredByItself() {
        try (OfficialClient client = new OfficialClient(server.port(), "secret")) {
            client.await("conversation.created");
            client.silence(0.5);
            client.say(TalkingModel.question(2));
            client.silence(1);

            RealtimeResponse done =
                    client.await("response.done").asResponseDone().response();

            assertThat(done.status()).contains(RealtimeResponse.Status.COMPLETED);
            assertThat(client.types())
                    .containsSubsequence(
                            "input_audio_buffer.speech_started",
                            "input_audio_buffer.speech_stopped",
                            "input_audio_buffer.committed",
                            "response.created",
                            "response.done");
            // The turn has another beginning and another end than the file, so that the words may be others.
            assertThat(transcript(client.events())).isNotEmpty();
            assertThat(sound(client.events())).isNotEmpty();
        }
    }

    @Test
    void aResponseIsCancelledAndTruncatedToWhatWasHeard() {
        try (OfficialClient client = new OfficialClient(server.port(), "secret")) {
            client.await("conversation.created");
            client.send(MANUAL);
            client.await("session.updated");
            client.say(TalkingModel.question(3));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"response.create\"}");
            String item = client.await("response.output_audio.delta")
                    .asResponseOutputAudioDelta()
                    .itemId();
            client.send("{\"type\":\"response.cancel\"}");
            client.await(event -> event.isResponseDone() || event.isError());
            client.send("{\"type\":\"conversation.item.truncate\",\"item_id\":\"" + item
                    + "\",\"content_index\":0,\"audio_end_ms\":80}");

            assertThat(client.await("conversation.item.truncated")
                            .asConversationItemTruncated()
                            .audioEndMs())
                    .isEqualTo(80);
            client.say(TalkingModel.question(1));
            client.send("{\"type\":\"input_audio_buffer.commit\"}");
            client.send("{\"type\":\"response.create\"}");
            RealtimeResponse done =
                    client.await("response.done").asResponseDone().response();
            assertThat(done.status()).contains(RealtimeResponse.Status.COMPLETED);
            assertThat(done.usage()
                            .orElseThrow()
                            .inputTokenDetails()
                            .orElseThrow()
                            .cachedTokens())
                    .hasValueSatisfying(cached -> assertThat(cached).isPositive());
        }
    }

    @Test
    void aWrongKeyOpensNothing() {
        assertThatThrownBy(() -> new OfficialClient(server.port(), "guessed")).isInstanceOf(RuntimeException.class);
    }
}
