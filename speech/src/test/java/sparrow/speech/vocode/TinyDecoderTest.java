package sparrow.speech.vocode;

import static sparrow.speech.vocode.Closeness.assertThatValues;
import static sparrow.speech.vocode.Goldens.timeFirst;
import static sparrow.speech.vocode.Goldens.values;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.engine.weights.Checkpoint;

/** The bundled model's decoder (f16 weights) against its recorded values. */
class TinyDecoderTest {
    private static Synthesizer model;
    private static Checkpoint golden;

    @BeforeAll
    static void open() {
        model = Goldens.tinyModel();
        golden = Goldens.open("tiny/decoder_case.safetensors");
    }

    @AfterAll
    static void close() {
        golden.close();
        model.close();
    }

    @Test
    void encoderAndConditionsAreTheRecordedOnes() {
        Map<String, float[]> seen = new HashMap<>();

        float[] mu = model.flow()
                .conditions(golden.tensor("tokens").toInts(), 130, (name, x) -> seen.put(name, Goldens.copy(x)))
                .data();

        assertThatValues(seen.get("encoder_out")).as("tiny encoder_out").areWithin(2e-4, values(golden, "encoder_out"));
        assertThatValues(mu).as("tiny mu").areWithin(2e-4, timeFirst(golden, "mu"));
    }

    @Test
    void firstVelocityIsTheRecordedOne() {
        float[] z = timeFirst(golden, "z");
        float[] mu = timeFirst(golden, "mu");
        float[] speaker = model.flow().speaker(new float[192]);
        Batch input = Batch.zeros(1, 130, 320);
        for (int t = 0; t < 130; t++) {
            System.arraycopy(z, t * 80, input.data(), t * 320, 80);
            System.arraycopy(mu, t * 80, input.data(), t * 320 + 80, 80);
            System.arraycopy(speaker, 0, input.data(), t * 320 + 160, 80);
        }

        float[] velocity =
                model.flow().estimator().velocity(input, 0, Probe.NONE).data();

        assertThatValues(velocity).as("tiny velocity_t0").areWithin(2e-4, timeFirst(golden, "velocity_t0"));
    }

    @Test
    void melFromCodesIsTheRecordedOne() {
        Noise noise = Noise.replayed(timeFirst(golden, "z"), new float[9], new float[0]);

        float[] mel = model.mel(golden.tensor("tokens").toInts(), noise);

        assertThatValues(mel).as("tiny mel").areWithin(2e-4, timeFirst(golden, "mel"));
    }

    @Test
    void pitchSourceAndWaveAreTheRecordedOnes() {
        float[] mel = timeFirst(golden, "mel");
        float[] f0 = model.hift().f0(model.block(mel));

        assertThatValues(f0).as("tiny f0").areWithin(5e-3, values(golden, "f0"));
        assertThatValues(model.vocode(mel, values(golden, "source")))
                .as("tiny wav")
                .areWithin(2e-3, values(golden, "wav"));
    }
}
