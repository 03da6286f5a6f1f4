package sparrow.bench.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.bench.Commands.run;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.bench.Commands.Outcome;

/** {@code sparrow synth}: the models that it refuses to write. */
class SynthCommandTest {
    @TempDir
    private Path folder;

    @Test
    void refusesInOneLineWhatItCannotWrite() {
        String out = folder.resolve("synth").toString();

        Outcome like = run("synth", "--like", "gpt-5", "--quant", "q4_0", "--out", out);
        Outcome heads = run(
                "synth", "--like", "glm-4-voice-9b", "--quant", "q4_0", "--out", out, "--exit-layers", "9", "--whole");
        assertThat(heads.code()).isEqualTo(2);
        assertThat(heads.err()).contains("--exit-layers: expected without --whole");
        Outcome layers = run("synth", "--like", "glm-4-voice-9b", "--quant", "q4_0", "--out", out, "--layers", "41");

        assertThat(like.code()).isEqualTo(2);
        assertThat(like.err())
                .contains(
                        "model: expected glm-4-voice-9b or step-audio-2-mini or lfm3-audio-2b or lfm2.5-audio-1.5b, got gpt-5");
        assertThat(layers.code()).isEqualTo(2);
        assertThat(layers.err()).isEqualTo("sparrow: layers: expected 1 to the 40 of glm-4-voice-9b, got 41\n");
        assertThat(folder).isEmptyDirectory();
    }
}
