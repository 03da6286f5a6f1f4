package sparrow.models.stepaudio;

import static sparrow.models.GoldenRows.byHead;
import static sparrow.models.GoldenRows.concatenated;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.models.GoldenRows;
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
    private static Transformer transformer;

    @BeforeAll
    static void open() throws IOException {
        Kernels kernels = Kernels.create(new ComputePool(1));
        checkpoint = SafetensorsFolder.open(GOLDEN.resolve("ckpt"));
        expected = Safetensors.open(GOLDEN.resolve("cases/lm_forward.safetensors"));
        JsonFile text = JsonFile.read(GOLDEN.resolve("ckpt/config.json")).section("text_config");
        transformer = TestedDevice.placed(Qwen2.transformer(text, checkpoint, kernels, kernels::view));
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        expected.close();
    }

    @Test
    void residualStreamAfterEveryLayerIsTheOfficialOne() {
        Sequence sequence = sequence();
        List<HiddenState> states = states(sequence);
        for (int layer = 1; layer <= 6; layer++) {
            transformer.forward(sequence.pendingBelow(layer), layer);

            assertClose(
                    "layer" + (layer - 1),
                    concatenated(states.stream().map(HiddenState::read).toList()));
        }
    }

    @Test
    void keysAndValuesOfEveryLayerAreTheOfficialOnes() {
        Sequence sequence = sequence();

        transformer.forward(sequence.pendingBelow(6), 6);

        for (int layer = 1; layer <= 6; layer++) {
            int l = layer;
            assertClose(
                    "k" + (layer - 1),
                    byHead(transformer.config(), p -> sequence.cache().key(l, p), 145));
            assertClose(
                    "v" + (layer - 1),
                    byHead(transformer.config(), p -> sequence.cache().value(l, p), 145));
        }
    }

    @Test
    void logitsOfEveryPositionAreTheOfficialOnes() {
        Sequence sequence = sequence();
        List<HiddenState> states = states(sequence);
        transformer.forward(sequence.pendingBelow(6), 6);

        List<Logits> logits = ExitHeads.none(transformer).at(6).logits(transformer.newHeadKernel(), states);

        assertClose("logits", concatenated(logits.stream().map(Logits::values).toList()));
    }

    /** Text, sound and interleaved tokens: 145 positions before layer 1. */
    private static Sequence sequence() {
        int width = transformer.config().width();
        float[] embeds = expected.floats("embeds", 145, width);
        Sequence sequence = new Sequence(transformer);
        for (int p = 0; p < 145; p++) {
            float[] row = new float[width];
            System.arraycopy(embeds, p * width, row, 0, width);
            sequence.append(new Input.Vector(0, row, 0));
        }
        return sequence;
    }

    private static List<HiddenState> states(Sequence sequence) {
        return sequence.pendingBelow(1).stream().map(Position::state).toList();
    }

    private static void assertClose(String name, float[] actual) {
        GoldenRows.assertClose(name, actual, expected.tensor(name).toFloats(), TOLERANCE);
    }
}
