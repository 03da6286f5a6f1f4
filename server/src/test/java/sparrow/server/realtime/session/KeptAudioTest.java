package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.realtime.event.Content;

class KeptAudioTest {
    private static Content.Key key(int i) {
        return new Content.Key("item", i);
    }

    @Test
    void anItemWithRecordingsOfASampleTakesTheMemoryOfItsSamples() {
        Talk talk = Talk.manual();
        String part = "{\"type\":\"input_audio\",\"audio\":\"AQABAAEA\"}";

        talk.send("{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\",\"content\":"
                + Collections.nCopies(64, part) + "}}");

        assertThat(talk.model.recordings)
                .hasSize(64)
                .allSatisfy(sound -> assertThat(sound.bytes()).isEqualTo(2L * sound.length()));
    }

    @Test
    void aTurnIsKeptWithoutTheAudioAroundIt() {
        KeptAudio kept = new KeptAudio(1000);
        SoundBuffer buffer = new SoundBuffer(16_000, 0);
        buffer.append(new float[20_000]);

        kept.put(key(0), buffer.sound(16_000, 16_100));

        assertThat(kept.find(key(0)).orElseThrow().bytes()).isEqualTo(200);
    }

    @Test
    void manyShortRecordingsTakeTheMemoryOfALongOne() {
        KeptAudio kept = new KeptAudio(10_000);

        for (int i = 0; i < 1000; i++) kept.put(key(i), Sound.of(new float[] {0.5f}, 16_000));

        assertThat(IntStream.range(0, 1000).filter(i -> kept.find(key(i)).isPresent()))
                .hasSizeLessThan(100)
                .endsWith(999);
    }
}
