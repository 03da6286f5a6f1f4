package sparrow.speech.vocode;

import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;

/** Streaming against the official decoder, with its joints as published, on random weights. */
class StreamingGoldenTest {
    private static GlmVocoder model;
    private static Checkpoint golden;

    /** The recorded start of each call's flow; sines start at phase 0 and there is no noise on them. */
    private static final class Recorded implements Noise {
        private int call;

        @Override
        public float[] flow(int frames, int melBins) {
            return timeFirst(golden, "call" + call++ + ".noise");
        }

        @Override
        public float[] phases(int harmonics) {
            return new float[harmonics];
        }

        @Override
        public float[] source(int samples, int harmonics) {
            return new float[samples * harmonics];
        }
    }

    @BeforeAll
    static void open() {
        model = Goldens.randomModel();
        golden = Goldens.open("glm-4-voice/expected/streaming.safetensors");
    }

    @AfterAll
    static void close() {
        golden.close();
        model.close();
    }

    @Test
    void publishedJointsGiveTheRecordedMelAndSpeech() {
        AudioDecoderStream stream =
                new AudioDecoderStream(model, new Recorded(), AudioDecoderStream.Joints.AS_PUBLISHED, stage -> {});

        for (int call = 0; call < 3; call++) {
            String name = "call" + call;
            float[] speech = stream.accept(golden.tensor(name + ".token").toInts(), call == 2);

            // The golden README's tolerance for generated mel; speech by ratio, since its phase integrates f0.
            assertThatValues(stream.vocodedMel())
                    .as(name + ".tts_mel")
                    .areWithin(2e-4, timeFirst(golden, name + ".tts_mel"));
            assertThatValues(speech).as(name + ".speech").areWithDecibels(30, values(golden, name + ".speech"));
        }
    }

    @Test
    void oneCallGivesTheRecordedOfflineSpeech() {
        int[] codes = new int[56];
        int at = 0;
        for (int call = 0; call < 3; call++) {
            for (int code : golden.tensor("call" + call + ".token").toInts()) codes[at++] = code;
        }
        Noise noise = Noise.replayed(timeFirst(golden, "offline.noise"), new float[9], new float[0]);

        float[] speech = model.synthesize(codes, noise);

        assertThatValues(speech).as("offline.speech").areWithDecibels(30, values(golden, "offline.speech"));
    }
}
