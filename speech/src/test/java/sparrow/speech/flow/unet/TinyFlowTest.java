package sparrow.speech.flow.unet;

import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;

/** The bundled model's flow decoder (f16 weights) against its recorded values. */
class TinyFlowTest {
    private static FlowDecoder flow;
    private static Checkpoint golden;

    @BeforeAll
    static void open() {
        try (Checkpoint checkpoint = Goldens.tinyPart("flow")) {
            flow = new FlowDecoder(Goldens.reader(checkpoint), Goldens.TINY_FLOW);
        }
        golden = Goldens.open("tiny/decoder_case.safetensors");
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    @Test
    void encoderAndConditionsAreTheRecordedOnes() {
        Map<String, float[]> seen = new HashMap<>();

        float[] mu = flow.conditions(
                        golden.tensor("tokens").toInts(), 130, (name, x) -> seen.put(name, Goldens.copy(x)))
                .data();

        assertThatValues(seen.get("encoder_out")).as("tiny encoder_out").areWithin(2e-4, values(golden, "encoder_out"));
        assertThatValues(mu).as("tiny mu").areWithin(2e-4, timeFirst(golden, "mu"));
    }

    @Test
    void firstVelocityIsTheRecordedOne() {
        float[] z = timeFirst(golden, "z");
        float[] mu = timeFirst(golden, "mu");
        float[] speaker = flow.speaker().of(new float[192]);
        Batch input = Batch.zeros(1, 130, 320);
        for (int t = 0; t < 130; t++) {
            System.arraycopy(z, t * 80, input.data(), t * 320, 80);
            System.arraycopy(mu, t * 80, input.data(), t * 320 + 80, 80);
            System.arraycopy(speaker, 0, input.data(), t * 320 + 160, 80);
        }

        float[] velocity =
                flow.estimator().velocity(input, 0, new Workspace(), Probe.NONE).data();

        assertThatValues(velocity).as("tiny velocity_t0").areWithin(2e-4, timeFirst(golden, "velocity_t0"));
    }
}
