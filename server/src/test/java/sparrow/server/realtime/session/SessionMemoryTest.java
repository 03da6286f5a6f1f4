package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Recording;

/** Sessions share the memory for sound that the model has not listened to, and for their conversations. */
class SessionMemoryTest {
    /** Two sessions have a second each, and two seconds together. */
    private final SessionMemory memory = new SessionMemory(4 * 16_000, 2);

    private final Talk first = new Talk(memory).withoutDetection();
    private final Talk second = new Talk(memory).withoutDetection();

    private void assertFull(Talk talk) {
        talk.assertError("rate_limit_exceeded", "audio");
        assertThat(talk.events.getLast().at("/error/message").asText()).contains("the memory for sessions is full");
        talk.types();
    }

    @Test
    void theSessionThatPassesTheBoundOfAllIsToldAndKeepsWhatItHad() {
        first.speech(2.9);
        second.speech(0.9);

        assertFull(second.speech(0.3));
        assertFull(first.speech(0.3));
        assertThat(first.speech(0.3).types()).as("more that was on its way").isEmpty();
        first.commit();

        assertThat(first.types()).contains("conversation.item.done");
        assertThat(second.speech(0.3).types()).isEmpty();
        second.commit();
        assertThat(second.types()).contains("conversation.item.done");
    }

    @Test
    void committedSoundCountsUntilTheModelHasListenedToIt() {
        first.model.hearsAtOnce = false;
        first.speech(2.9).commit();

        assertFull(second.speech(1.3));
        first.model.hear();

        assertThat(second.speech(1.3).types()).isEmpty();
    }

    @Test
    void soundInsideOfAnItemCountsToo() {
        first.speech(2.9);
        String sound = Base64.getEncoder().encodeToString(new byte[48_000 * 13 / 10]);

        second.send("""
                {"type":"conversation.item.create","item":{"type":"message","role":"user","content":[
                {"type":"input_audio","audio":"%s"}]}}""".formatted(sound));

        second.assertError("rate_limit_exceeded", "item.content[0].audio");
    }

    @Test
    void whatIsClearedOrWhoseClientIsGoneMakesRoom() {
        first.speech(2.9);
        first.send("{\"type\":\"input_audio_buffer.clear\"}");
        second.speech(2.9);
        assertFull(first.speech(1.3));

        second.session.close(() -> {});

        assertThat(first.speech(1.3).types()).isEmpty();
    }

    @Test
    void roomThatOneSessionWasPromisedIsNotPromisedToAnother() {
        SessionMemory.Share one = memory.share();
        SessionMemory.Share other = memory.share();

        assertThat(one.take(3 * 16_000)).isTrue();
        assertThat(other.take(3 * 16_000)).isFalse();
        assertThat(other.take(16_000)).as("its own part").isTrue();
        one.hold(0);
        assertThat(other.take(2 * 16_000)).isTrue();
    }

    @Test
    void silenceThatBelongsToNoTurnTakesNoRoom() {
        Talk silent = new Talk(memory);
        silent.types();

        for (int i = 0; i < 10; i++) silent.silence(1);

        assertThat(silent.types()).isEmpty();
        assertThat(first.speech(2.9).types()).isEmpty();
    }

    /** A session that may hold 5000 bytes of text, alone. */
    private static Talk reading() {
        return new Talk(SessionMemory.ofSamples(1), new SessionMemory(5000, 1)).withoutDetection();
    }

    private static String item(String id, String role, String type, String text, int parts) {
        String part = "{\"type\":\"" + type + "\",\"text\":\"" + text + "\"}";
        return "{\"type\":\"conversation.item.create\",\"item\":{\"id\":\"" + id
                + "\",\"type\":\"message\",\"role\":\"" + role + "\",\"content\":"
                + Collections.nCopies(parts, part) + "}}";
    }

    private static void assertFullOfText(Talk talk) {
        talk.assertError("rate_limit_exceeded", null);
        assertThat(talk.events.getLast().at("/error/message").asText()).contains("expected less text at once");
        talk.types();
    }

    @Test
    void aDeletedItemMakesRoomForAnother() {
        Talk talk = reading();
        talk.send(item("a", "user", "input_text", "x".repeat(2000), 1));

        assertFullOfText(talk.send(item("b", "user", "input_text", "x".repeat(1000), 1)));
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"a\"}").types();

        assertThat(talk.send(item("b", "user", "input_text", "x".repeat(1000), 1))
                        .types())
                .contains("conversation.item.done");
    }

    @Test
    void manyShortPartsCountWithTheirObjects() {
        assertFullOfText(reading().send(item("a", "user", "input_text", "x", 64)));
    }

    @Test
    void textOfTheAssistantCountsWithItsUnits() {
        Talk talk = reading();
        talk.send(item("a", "assistant", "output_text", "x".repeat(150), 1)).types();

        assertFullOfText(talk.send(item("b", "user", "input_text", "x".repeat(500), 1)));
    }

    @Test
    void instructionsCount() {
        String update = "{\"type\":\"session.update\",\"session\":{\"instructions\":\"" + "x".repeat(1500) + "\"}}";
        Talk talk = reading();
        talk.send(update).types();

        assertFullOfText(talk.send(update));
    }

    @Test
    void anEncodedQuestionCountsUntilItIsDeleted() {
        Talk talk = reading();
        talk.model.questionBytesPerSecond = 2000;
        talk.speech(1).commit().speech(1).commit().types();
        String first = talk.events.stream()
                .filter(event -> event.at("/type").asText().equals("input_audio_buffer.committed"))
                .findFirst()
                .orElseThrow()
                .at("/item_id")
                .asText();

        talk.speech(1).commit();

        talk.assertError("rate_limit_exceeded", null);
        assertThat(talk.events.getLast().at("/error/message").asText()).contains("expected no further audio");
        talk.types();
        talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"" + first + "\"}")
                .types();
        assertThat(talk.speech(1).commit().types()).contains("conversation.item.done");
    }

    @Test
    void aQuestionThatIsNoLongerInTheContextTakesNoMemory() {
        History history = new History(new KeptAudio(0), new Talk());
        Recording recording = new Recording(1, 2000);
        recording.heard(new Recording.Heard.Something(null, 1));
        Item item = new Item.Message("a", Item.Role.USER, Item.Status.COMPLETED, List.of(recording));
        history.append(item);
        history.retain(List.of(item));
        assertThat(history.bytes()).isEqualTo(2256);

        history.retain(List.of());

        assertThat(history.bytes()).isEqualTo(256);
        assertThat(recording.heard()).isInstanceOf(Recording.Heard.Nothing.class);
    }

    @Test
    void theInputOfAResponseCountsUntilItsEnd() {
        Talk talk = reading();
        String ask = """
                {"type":"response.create","response":{"conversation":"none","input":[{"type":"message","role":"user",
                "content":[{"type":"input_text","text":"%s"}]}]}}""".formatted("x".repeat(800)).replace("\n", "");
        talk.send(ask).send(ask).types();

        assertFullOfText(talk.send(ask));
        talk.model.asking().begin().text("one").end();
        talk.types();

        assertThat(talk.send("{\"type\":\"input_audio_buffer.clear\"}")
                        .send(ask)
                        .types())
                .contains("response.created");
    }

    @Test
    void atMostOneResponseWaitsForTheEndOfACancelledResponse() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit();
        talk.create();
        talk.send("{\"type\":\"response.cancel\"}").types();
        talk.create();

        talk.create();

        talk.assertError("conversation_already_has_active_response", null);
        talk.model.asking().end();
        assertThat(talk.model.askings).hasSize(2);
    }

    @Test
    void noEventIsAcceptedWhileManyWaitForTheEndOfACancelledResponse() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit();
        talk.create();
        talk.model.asking().begin();
        String reply = talk.last("response.output_item.added").at("/item/id").asText();
        talk.send("{\"type\":\"response.cancel\"}");

        for (int i = 0; i < 16; i++) {
            assertThat(talk.session.isReady()).isTrue();
            talk.send("{\"type\":\"conversation.item.delete\",\"item_id\":\"" + reply + "\"}");
        }
        assertThat(talk.session.isReady()).isFalse();
        talk.model.asking().end();

        assertThat(talk.session.isReady()).isTrue();
    }
}
