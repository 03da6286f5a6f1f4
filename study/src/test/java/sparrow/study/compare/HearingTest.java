package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.study.mos.Mos;
import sparrow.study.run.FileDigest;
import sparrow.study.run.Messages;
import sparrow.study.worker.ElsewherePool;

/** The job travels, its sounds, and the words that were heard. */
class HearingTest {
    private static final Hearing JOB =
            new Hearing(ScoringPlan.listening("whisper:/models/large.bin", "dnsmos:/models/sig.onnx"), 3);

    private static Sounds.Sound sound(boolean heard, boolean scored, int... bytes) {
        byte[] wav = new byte[bytes.length];
        for (int i = 0; i < wav.length; i++) wav[i] = (byte) bytes[i];
        return new Sounds.Sound(FileDigest.sha256(wav), heard, scored, wav);
    }

    private static Sounds travelled(Sounds sounds) {
        Messages<Sounds, Heard> messages = new Messages<>(JOB);
        return messages.task(messages.ofTask(sounds));
    }

    private static Heard travelled(Heard heard) {
        Messages<Sounds, Heard> messages = new Messages<>(JOB);
        return messages.results(messages.ofResults(List.of(heard))).getFirst();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(ints = 3)
    void theJobComesBack(Integer threads) {
        Hearing job = new Hearing(JOB.plan(), threads);

        assertThat(ElsewherePool.travelled(job)).isEqualTo(job);
    }

    @Test
    void soundsComeBack() {
        Sounds sounds = new Sounds(7, List.of(sound(true, false, 1, 2, 255), sound(false, true), sound(true, true, 4)));

        assertThat(travelled(sounds)).usingRecursiveComparison().isEqualTo(sounds);
        assertThat(travelled(Sounds.NONE).sounds()).isEmpty();
    }

    @Test
    void whatWasHeardComesBackToTheLastBit() {
        SequencedMap<String, Double> parts = new LinkedHashMap<>();
        parts.put("sig", Math.nextUp(3.1));
        parts.put("bak", 1.0 / 3);
        Heard all = new Heard("ab", "größer\nals \"π\"", new Mos(Math.nextDown(2.7), parts), new TreeMap<>());
        Heard none = Heard.failed("cd", "the line is dead");

        Heard back = travelled(all);

        assertThat(back).isEqualTo(all);
        assertThat(back.mos().parts().keySet()).containsExactly("sig", "bak");
        assertThat(travelled(none)).isEqualTo(none);
    }

    @Test
    void anotherSoundThanWasSentIsRefused() {
        String sha256 = sound(true, true, 1).sha256();

        assertThatThrownBy(() -> new Sounds.Sound(sha256, true, true, new byte[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sound " + sha256 + ": is not the one that was meant");
    }
}
