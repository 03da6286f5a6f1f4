package sparrow.study.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.study.mos.Mos;
import sparrow.study.run.Messages;
import sparrow.study.worker.ElsewherePool;

/** The job travels, its clips, and their scores. */
class ScoringJobTest {
    private static final Messages<ClipBatch, AudioScores> MESSAGES = new Messages<>(job(3));

    private static ScoringJob job(Integer threads) {
        return new ScoringJob("whisper:/models/large.bin", "dnsmos:/models/sig.onnx", threads);
    }

    private static AudioScores travelled(AudioScores scores) {
        return MESSAGES.results(MESSAGES.ofResults(List.of(scores))).getFirst();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(ints = 3)
    void theJobComesBack(Integer threads) {
        assertThat(ElsewherePool.travelled(job(threads))).isEqualTo(job(threads));
    }

    @Test
    void clipsComeBack() {
        ClipBatch batch = new ClipBatch(
                7,
                List.of(
                        Clip.of(new byte[] {1, 2, -1}, true, false),
                        Clip.of(new byte[0], false, true),
                        Clip.of(new byte[] {4}, true, true)));

        assertThat(MESSAGES.task(MESSAGES.ofTask(batch)))
                .usingRecursiveComparison()
                .isEqualTo(batch);
    }

    @Test
    void scoresComeBackToTheLastBit() {
        SequencedMap<String, Double> parts = new LinkedHashMap<>();
        parts.put("sig", Math.nextUp(3.1));
        parts.put("bak", 1.0 / 3);
        AudioScores all =
                new AudioScores("ab", "größer\nals \"π\"", new Mos(Math.nextDown(2.7), parts), new TreeMap<>());
        AudioScores failed =
                new AudioScores("cd", null, null, new TreeMap<>(Map.of(AudioScores.ASR, "the line is dead")));

        AudioScores back = travelled(all);

        assertThat(back).isEqualTo(all);
        assertThat(back.mos().parts().keySet()).containsExactly("sig", "bak");
        assertThat(travelled(failed)).isEqualTo(failed);
    }
}
