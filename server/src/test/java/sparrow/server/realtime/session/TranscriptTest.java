package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which events come, in which order, to the letter. */
class TranscriptTest {
    private static final String[] TURN = {
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "response.created"
    };
    private static final String[] OPENING = {
        "response.output_item.added", "conversation.item.added", "response.content_part.added"
    };
    private static final String[] CLOSING = {
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.done",
        "rate_limits.updated"
    };

    @Test
    void aSessionBegins() {
        assertThat(new Talk().types()).containsExactly("session.created", "conversation.created");
    }

    @Test
    void aTurnThatVoiceActivityEnds() {
        Talk talk = new Talk();
        talk.types();

        talk.silence(0.5).speech(1).silence(0.7);

        assertThat(talk.types()).containsExactly(TURN);
        String item =
                talk.last("input_audio_buffer.speech_started").get("item_id").asText();
        assertThat(talk.last("input_audio_buffer.speech_stopped").get("item_id").asText())
                .isEqualTo(item);
        assertThat(talk.last("input_audio_buffer.committed").get("item_id").asText())
                .isEqualTo(item);
        talk.model.asking().begin();
        assertThat(talk.types()).containsExactly(OPENING);
        talk.model.asking().text("hi").speech(2);
        assertThat(talk.types())
                .containsExactly(
                        "response.output_audio_transcript.delta",
                        "response.output_audio.delta",
                        "response.output_audio.delta");
        talk.model.asking().end();
        assertThat(talk.types()).containsExactly(CLOSING);
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("completed");
    }

    @Test
    void aTurnThatTheClientEnds() {
        Talk talk = Talk.manual();

        talk.speech(0.5).commit();

        assertThat(talk.types())
                .containsExactly("input_audio_buffer.committed", "conversation.item.added", "conversation.item.done");
        talk.create();
        assertThat(talk.types()).containsExactly("response.created");
        talk.model.asking().begin().end();
        assertThat(talk.types()).startsWith(OPENING).endsWith(CLOSING);
    }

    @Test
    void anInterruption() {
        Talk talk = new Talk();
        talk.silence(0.5).speech(1).silence(0.7);
        talk.model.asking().begin().text("hello").speech(40);
        talk.types();

        talk.speech(0.6);

        assertThat(talk.types()).containsExactly("input_audio_buffer.speech_started");
        assertThat(talk.model.asking().cancelled).isTrue();
        talk.model.asking().text("unheard").speech(10);
        assertThat(talk.types()).isEmpty();
        talk.model.asking().end();
        assertThat(talk.types()).containsExactly(CLOSING);
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("cancelled");
        assertThat(talk.last("response.done")
                        .at("/response/status_details/reason")
                        .asText())
                .isEqualTo("turn_detected");
        assertThat(talk.last("conversation.item.done").at("/item/status").asText())
                .isEqualTo("incomplete");
        talk.silence(0.7);
        assertThat(talk.types())
                .containsExactly(
                        "input_audio_buffer.speech_stopped",
                        "input_audio_buffer.committed",
                        "conversation.item.added",
                        "conversation.item.done",
                        "response.created");
    }

    @Test
    void aReplyThatBreaksOff() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit().create();
        talk.model.asking().begin().text("so");
        talk.types();

        talk.model.asking().fail();

        assertThat(talk.types()).containsExactly(CLOSING);
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("failed");
        assertThat(talk.last("response.done")
                        .at("/response/status_details/error/code")
                        .asText())
                .isEqualTo("server_error");
    }

    @Test
    void aReplyForWhichThereIsNoRoom() {
        Talk talk = Talk.manual();
        talk.model.full = true;
        talk.speech(0.5).commit();
        talk.types();

        talk.create();

        assertThat(talk.types()).containsExactly("response.created", "error", "response.done", "rate_limits.updated");
        assertThat(talk.last("error").at("/error/type").asText()).isEqualTo("rate_limit_error");
        assertThat(talk.last("error").at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void aReplyAsText() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit();
        talk.types();

        talk.send("{\"type\":\"response.create\",\"response\":{\"output_modalities\":[\"text\"]}}");
        talk.model.asking().begin().text("hi").speech(3).end();

        assertThat(talk.types())
                .containsExactly(
                        "response.created",
                        "response.output_item.added",
                        "conversation.item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "conversation.item.done",
                        "response.done",
                        "rate_limits.updated");
    }

    @Test
    void aReplyBesideTheConversation() {
        Talk talk = Talk.manual();

        talk.send("""
                {"type":"response.create","response":{"conversation":"none","metadata":{"topic":"x"},"input":[
                {"type":"message","role":"user","content":[{"type":"input_text","text":"Hello?"}]}]}}""");
        talk.model.asking().begin().text("hi").end();

        assertThat(talk.types())
                .doesNotContain("conversation.item.added", "conversation.item.done")
                .endsWith("response.output_item.done", "response.done", "rate_limits.updated");
        assertThat(talk.last("response.done").at("/response/conversation_id").isNull())
                .isTrue();
        assertThat(talk.last("response.done").at("/response/metadata/topic").asText())
                .isEqualTo("x");
    }
}
