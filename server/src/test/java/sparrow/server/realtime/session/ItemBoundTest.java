package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.Question;

/** A conversation never has more than a thousand items, whoever makes them. */
class ItemBoundTest {
    private static final String FULL = "conversation: expected at most 1000 items; delete some";

    /** A conversation of a thousand items, the first of them the system's. */
    private static Talk full(Talk talk, String truncation) {
        talk.send("{\"type\":\"session.update\",\"session\":{\"truncation\":\"" + truncation + "\"}}");
        talk.send(item(0, "system"));
        for (int i = 1; i < History.MAX_ITEMS; i++) talk.send(item(i, "user"));
        talk.types();
        return talk;
    }

    private static String item(int number, String role) {
        return "{\"type\":\"conversation.item.create\",\"item\":" + message(number, role, "x") + "}";
    }

    private static String message(int number, String role, String text) {
        return """
                {"id":"item%d","type":"message","role":"%s","content":[{"type":"input_text","text":"%s"}]}""".formatted(number, role, text);
    }

    private static String deleted(Talk talk) {
        return talk.last("conversation.item.deleted").get("item_id").asText();
    }

    private static void assertFull(Talk talk) {
        talk.assertError("invalid_value", null);
        assertThat(talk.last("error").at("/error/message").asText()).isEqualTo(FULL);
    }

    @Tag("full")
    @Test
    void theOldestMakesRoomForATurnAndForItsReply() {
        Talk talk = full(Talk.manual(), "auto");

        talk.speech(0.5).commit();

        assertThat(talk.types())
                .containsExactly(
                        "conversation.item.deleted",
                        "input_audio_buffer.committed",
                        "conversation.item.added",
                        "conversation.item.done");
        assertThat(deleted(talk)).isEqualTo("item1");
        talk.create();
        assertThat(talk.model.asking().chat.question()).isInstanceOf(Question.Codes.class);
        assertThat(talk.model.asking().chat.instructions()).contains("x");
        talk.model.asking().begin().text("one").speech(10).end();
        assertThat(deleted(talk)).isEqualTo("item2");
        talk.send(item(1, "user"));
        assertFull(talk);
    }

    @Tag("full")
    @Test
    void theReplyThatIsBeingMadeIsNotTheOldest() {
        Talk talk = Talk.manual();
        talk.send(item(0, "user")).create();
        talk.model.asking().begin();
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"item0\"}");
        for (int i = 1; i < History.MAX_ITEMS; i++) talk.send(item(i, "user"));

        talk.speech(0.5).commit();

        assertThat(deleted(talk)).isEqualTo("item1");
        talk.model.asking().text("one").end();
        assertThat(talk.types()).contains("response.done");
    }

    @Tag("full")
    @Test
    void withoutTruncationACommitIsRefusedAndItsSoundStays() {
        Talk talk = full(Talk.manual(), "disabled");
        talk.speech(0.5);

        talk.commit();

        assertFull(talk);
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"item7\"}")
                .commit();
        assertThat(talk.types()).contains("input_audio_buffer.committed");
    }

    @Tag("full")
    @Test
    void withoutTruncationAResponseIsRefused() {
        Talk talk = full(Talk.manual(), "disabled");

        talk.create();

        assertThat(talk.types()).containsExactly("error");
        assertFull(talk);
    }

    @Test
    void withoutTruncationWhatIsSpokenIsRefusedOnceAndTheNextIsHeard() {
        Talk talk = full(new Talk(), "disabled");

        talk.speech(1).silence(0.7);

        assertThat(talk.types())
                .isEqualTo(List.of("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "error"));
        assertFull(talk);
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"item7\"}");
        talk.speech(1).silence(0.7);
        assertThat(talk.types()).contains("input_audio_buffer.committed");
    }

    @Test
    void theTextsOfAConversationAreBounded() {
        Talk talk = Talk.manual();
        String quarter = "x".repeat(History.MAX_CHARACTERS / 4);
        for (int i = 0; i < 4; i++) talk.send(item(i, "user").replace("\"x\"", "\"" + quarter + "\""));
        talk.types();

        talk.send(item(4, "user"));

        assertThat(talk.types()).containsExactly("error");
        assertThat(talk.last("error").at("/error/message").asText())
                .isEqualTo("conversation: expected at most 1048576 characters of text; delete some items");
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"item0\"}");
        talk.send(item(4, "user"));
        assertThat(talk.types()).endsWith("conversation.item.done");
    }

    @Test
    void theTextsThatAResponseFollowsAreBounded() {
        Talk talk = Talk.manual();
        String text = message(0, "user", "x".repeat(History.MAX_CHARACTERS / 4));

        talk.send(asking(text + ("," + text).repeat(4)));

        talk.assertError("invalid_value", "response.input");
        assertThat(talk.types()).containsExactly("error");
    }

    @Test
    void aResponseFollowsNoItemTwice() {
        Talk talk = Talk.manual();
        talk.send(item(7, "user"));
        String item = "{\"type\":\"item_reference\",\"id\":\"item7\"}";

        talk.send(asking(item));
        talk.send(asking(item + "," + item));

        talk.assertError("invalid_value", "response.input[1].id");
        assertThat(talk.model.askings).hasSize(1);
    }

    private static String asking(String input) {
        return "{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\",\"input\":[" + input + "]}}";
    }
}
