package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.assertClose;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.speech.lfm.CausalEncoder;
import sparrow.speech.vocode.Detokenizer;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.SpeechStream;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Block;

/** From a checkpoint to what is heard and said, against llama.cpp. */
class SoundGoldenTest {
    /**
     * llama.cpp rounds the log-mel frames to half precision, so what it made of recordings is only close; the stages
     * after the rounded frames are compared more strictly.
     */
    private static final float FROM_RECORDINGS = 2e-2f;

    private static final float WAV = 1e-5f;

    private static final List<String> SETS = Lfm3Golden.SETS;

    @ParameterizedTest
    @FieldSource("SETS")
    void hearsRecordings(String set) throws IOException {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (CausalEncoder encoder = golden.encoder();
                Safetensors expected = golden.tensors("encoder")) {
            for (String name : List.of("second", "speech", "tiny")) {
                float[] rows = encoder.encode(recording(name));

                assertClose(name, rows, expected.tensor(name + ".projected").toFloats(), FROM_RECORDINGS);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void everyLayerOfTheEncoderIsThatOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (CausalEncoder encoder = golden.encoder();
                Safetensors expected = golden.tensors("encoder")) {
            for (String name : List.of("second", "speech", "tiny")) {
                float[] mel = expected.tensor(name + ".mel16").toFloats();
                Map<String, float[]> seen = new HashMap<>();

                float[] rows = encoder.encode(
                        Block.of(mel, mel.length / 128, 128),
                        (stage, x) -> seen.put(stage.equals("norm") ? "out" : stage, copy(x)));

                seen.keySet().removeIf(stage -> stage.startsWith("conv."));
                assertThat(seen).hasSize(golden.sound.values().positive("clip.audio.block_count") + 2);
                seen.forEach((stage, values) -> assertClose(
                        name + "." + stage,
                        values,
                        expected.tensor(name + "." + stage).toFloats(),
                        1e-4f));
                assertClose(name, rows, expected.tensor(name + ".projected").toFloats(), 5e-5f);
            }
        }
    }

    private static float[] copy(Block x) {
        return GoldenRows.concatenated(x.copyRows());
    }

    private static Waveform recording(String name) throws IOException {
        return WavFile.read(Lfm3Golden.FOLDER.resolve("wav/" + name + ".wav"));
    }

    @Test
    void featuresAreThoseOfLlamaCpp() throws IOException {
        Lfm3Golden golden = Lfm3Golden.of("a");
        try (CausalEncoder encoder = golden.encoder();
                Safetensors expected = golden.tensors("mel")) {
            for (String name : List.of("second", "speech", "tiny")) {
                Waveform waveform =
                        new Waveform(expected.tensor(name + ".audio16k").toFloats(), 16_000);

                float[] mel = GoldenRows.concatenated(encoder.features(waveform));

                assertClose(name, mel, expected.tensor(name + ".mel").toFloats(), 5e-4f);
                assertClose(name, recording(name).samples(), waveform.samples(), 1e-7f);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void streamedRowsAreThoseOfTheWholeUtterance(String set) {
        SplittableRandom random = new SplittableRandom(3);
        try (CausalEncoder encoder = Lfm3Golden.of(set).encoder()) {
            for (int length : new int[] {0, 1, 399, 400, 1520, 9_999, 10_240 + 400, 40_000}) {
                float[] samples = new float[length];
                for (int i = 0; i < length; i++) samples[i] = (float) random.nextDouble(-0.5, 0.5);
                float[] whole = encoder.encode(new Waveform(samples, 16_000));
                CausalEncoder.Utterance utterance = encoder.start();
                float[] streamed = {};
                for (int at = 0; at < length; ) {
                    int end = Math.min(length, at + random.nextInt(1, 5000));
                    streamed = joined(streamed, utterance.accept(Arrays.copyOfRange(samples, at, end)));
                    // Nothing that comes after a copy reaches it, and the other way round.
                    CausalEncoder.Utterance copy = utterance.copy();
                    utterance.copy().accept(new float[20_000]);
                    utterance = copy;
                    at = end;
                }

                assertThat(joined(streamed, utterance.finish()))
                        .as("%d samples", length)
                        .containsExactly(whole);
            }
        }
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** llama.cpp flushes its codec at an end frame. */
    @ParameterizedTest
    @FieldSource("SETS")
    void thePieceAfterAnEndFrameStartsAnew(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (Safetensors expected = golden.tensors("codec");
                Detokenizer detokenizer = golden.detokenizer()) {
            int[] codes = expected.tensor("frames").toInts();
            int[] end = new int[detokenizer.codebooks()];
            Arrays.fill(end, detokenizer.vocabulary());
            int[] first = Arrays.copyOf(codes, 3 * end.length);
            int[] second = Arrays.copyOfRange(codes, 3 * end.length, codes.length);
            float[] expectedSamples = joined(
                    detokenizer.synthesize(first, Noise.seeded(1)), detokenizer.synthesize(second, Noise.seeded(1)));

            SpeechStream stream = detokenizer.stream(Noise.seeded(1));
            float[] before = joined(stream.accept(first, false), stream.accept(end, false));
            float[] streamed = joined(before, stream.accept(second, true));

            // The samples of the first piece are complete when its end is known.
            assertThat(before).hasSize(3 * 1920);
            assertThat(streamed).containsExactly(expectedSamples);
            assertThat(detokenizer.synthesize(concatenated(first, end, second), Noise.seeded(1)))
                    .containsExactly(expectedSamples);
        }
    }

    private static int[] concatenated(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void saysFrames(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        try (Safetensors expected = golden.tensors("codec");
                Detokenizer detokenizer = golden.detokenizer()) {
            int[] codes = expected.tensor("frames").toInts();

            float[] samples = detokenizer.synthesize(codes, Noise.seeded(1));

            assertClose("wav", samples, expected.tensor("wav").toFloats(), WAV);
            assertThat(detokenizer.synthesizeInBlocks(codes, Noise.seeded(1))).containsExactly(samples);
        }
    }
}
