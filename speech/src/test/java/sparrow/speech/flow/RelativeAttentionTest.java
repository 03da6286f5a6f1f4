package sparrow.speech.flow;

import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sparrow.engine.weights.Checkpoint;
import sparrow.speech.Goldens;

/** The table of relative positions. */
class RelativeAttentionTest {
    @Test
    void positionsAreTheOfficialTableUpToTheLookAheadOfABlock() {
        Conformer.Shape shape = new Conformer.Shape(48, 4, 96, new Reach.Blocks(10), 1e-5f);

        float[] table = RelativeAttention.positions(23, 23, shape).data();

        // Both run from distance 22 downwards; the official one to -22, ours to -9.
        try (Checkpoint golden = Goldens.open("glm-4-voice/expected/flow.safetensors")) {
            float[] official = values(golden, "enc.pos_emb");
            assertThatValues(table).as("enc.pos_emb").areWithin(1e-5, Arrays.copyOf(official, 32 * 48));
        }
    }

    @Test
    void positionsAreTheWholeOfficialTableWhereEverythingIsSeen() {
        Conformer.Shape shape = new Conformer.Shape(32, 4, 48, new Reach.Everything(), 1e-12f);

        float[] table = RelativeAttention.positions(28, 28, shape).data();

        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_encoder.safetensors")) {
            assertThatValues(table).as("pos_emb_2T-1").areWithin(1e-5, values(golden, "pos_emb_2T-1"));
        }
    }
}
