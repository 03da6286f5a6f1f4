package sparrow.study.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scorers that workers elsewhere open. */
class ScorersTest {
    @ParameterizedTest
    @ValueSource(strings = {"sphinks", "whisper:", "wisper:a.bin"})
    void aNotationOfNoRecogniserIsRefusedBeforeAnythingIsOpened(String asr) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Scorers.withWorkers(new ScoringPlan(asr, 0, "none", "none"), List.of(), OptionalInt.empty()))
                .withMessageStartingWith("recogniser: expected sphinx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dnsmos", "onnx:", "utmos:a.onnx"})
    void aNotationOfNoScorerIsRefusedBeforeAnythingIsOpened(String mos) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Scorers.withWorkers(new ScoringPlan("none", 0, mos, "none"), List.of(), OptionalInt.empty()))
                .withMessageStartingWith("MOS scorer: expected one of");
    }

    /** Paths are those of this process's folder on every worker; a service with a key is asked from here. */
    @Test
    void workersGetAbsolutePathsAndNoKeys() throws IOException {
        ScoringPlan files = new ScoringPlan("whisper:a/../large.bin", 5, "onnx:utmosv2.onnx", "exact");
        ScoringPlan service = new ScoringPlan("openai:whisper-1@http://localhost:1/v1", 0, "none", "none");

        try (Scorers elsewhere = Scorers.withWorkers(files, List.of(), OptionalInt.empty());
                Scorers here = Scorers.withWorkers(service, List.of(), OptionalInt.of(1))) {
            assertThat(elsewhere.plan()).isEqualTo(files);
            assertThat(elsewhere.audio()).isEmpty();
            assertThat(elsewhere.job())
                    .isEqualTo(new ScoringJob(
                            "whisper:" + Path.of("large.bin").toAbsolutePath(),
                            "onnx:" + Path.of("utmosv2.onnx").toAbsolutePath(),
                            null));
            assertThat(here.audio()).isPresent();
        }
    }
}
