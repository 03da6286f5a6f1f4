package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Sessions share the memory for sound that the model has not listened to. */
class SoundMemoryTest {
    /** Two sessions have a second each, and two seconds together. */
    private final SoundMemory memory = new SoundMemory(4 * 16_000, 2);

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
        SoundMemory.Share one = memory.share();
        SoundMemory.Share other = memory.share();

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
}
