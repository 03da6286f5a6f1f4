package sparrow.speech.vocode;

import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;

/** The bundled model's decoder (f16 weights) against its recorded values. */
class TinyDecoderTest {
    private static GlmVocoder model;
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
    void melFromCodesIsTheRecordedOne() {
        Noise noise = Noise.replayed(timeFirst(golden, "z"), new float[9], new float[0]);

        float[] mel = model.mel(golden.tensor("tokens").toInts(), noise);

        assertThatValues(mel).as("tiny mel").areWithin(2e-4, timeFirst(golden, "mel"));
    }

    @Test
    void pitchSourceAndWaveAreTheRecordedOnes() {
        float[] mel = timeFirst(golden, "mel");
        float[] f0 = model.vocoder().hift().f0(model.vocoder().frames(mel));

        assertThatValues(f0).as("tiny f0").areWithin(5e-3, values(golden, "f0"));
        assertThatValues(model.vocode(mel, values(golden, "source")))
                .as("tiny wav")
                .areWithin(2e-3, values(golden, "wav"));
    }
}
