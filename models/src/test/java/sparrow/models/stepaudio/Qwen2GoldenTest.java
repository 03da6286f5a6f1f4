package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.KvCache;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.models.GoldenBackbone;
import sparrow.models.TestedDevice;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The random Qwen2 of the golden data against what the official module computed from it. */
@Tag("stack")
class Qwen2GoldenTest {
    /** Absolute, as the golden data suggest: their own f32 runs differ from f64 by 3e-5 at values up to 20. */
    private static final float TOLERANCE = 2e-4f;

    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini");

    private static SafetensorsFolder checkpoint;
    private static Safetensors expected;
    private static GoldenBackbone backbone;

    @BeforeAll
    static void open() throws IOException {
        Kernels kernels = Kernels.create(new ComputePool(1));
        checkpoint = SafetensorsFolder.open(GOLDEN.resolve("ckpt"));
        expected = Safetensors.open(GOLDEN.resolve("cases/lm_forward.safetensors"));
        JsonFile text = JsonFile.read(GOLDEN.resolve("ckpt/config.json")).section("text_config");
        backbone = new GoldenBackbone(
                TestedDevice.placed(Qwen2.transformer(text, checkpoint, kernels, kernels::view)), expected);
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        expected.close();
    }

    @Test
    void residualStreamAfterEveryLayerIsTheOfficialOne() {
        backbone.assertLayers("layer", backbone.sequence(backbone.rows("embeds")), TOLERANCE);
    }

    @Test
    void keysAndValuesOfEveryLayerAreTheOfficialOnes() {
        Sequence sequence = backbone.sequence(backbone.rows("embeds"));

        backbone.run(sequence);

        KvCache cache = sequence.cache();
        for (int layer = 1; layer <= 6; layer++) {
            int l = layer;
            backbone.assertByHead("k" + (layer - 1), p -> cache.key(l, p), 145, TOLERANCE);
            backbone.assertByHead("v" + (layer - 1), p -> cache.value(l, p), 145, TOLERANCE);
        }
    }

    @Test
    void logitsOfEveryPositionAreTheOfficialOnes() {
        Sequence sequence = backbone.sequence(backbone.rows("embeds"));

        backbone.assertClose("logits", backbone.logits(backbone.run(sequence)), TOLERANCE);
    }
}
