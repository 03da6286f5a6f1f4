package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.speech.fastconformer.FastConformer;
import sparrow.speech.vocode.Detokenizer;
import sparrow.speech.vocode.Noise;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** From a checkpoint folder to what is heard and said, for every recorded set that lies in the folder of test data. */
class SoundGoldenTest {
    private static final Path DATA =
            Path.of(System.getProperty("sparrow.testdata")).resolve("lfm2-audio");

    /** The tolerances that the golden data states, from the file on. */
    private static final float HEARD = 5e-5f;

    private static final float SAID = 1e-5f;

    private static ComputePool pool;
    private static Kernels kernels;

    @BeforeAll
    static void start() {
        pool = ComputePool.ofMachine();
        kernels = Kernels.create(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    static List<Path> sets() throws IOException {
        try (Stream<Path> sets = Files.list(DATA.resolve("expected"))) {
            return sets.map(Path::getFileName).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void hearsRecordings(Path set) throws IOException {
        Path folder = DATA.resolve(set);
        JsonFile json = JsonFile.read(folder.resolve("config.json"));
        try (Checkpoint checkpoint = Safetensors.open(folder.resolve("model.safetensors"));
                Checkpoint golden = golden(set, "encoder");
                FastConformer encoder = FastConformer.load(AudioEncoderConfigs.read(json), checkpoint, kernels)) {
            for (String recording : List.of("whole a_speech16k", "second b_second24k")) {
                String[] names = recording.split(" ");

                float[] rows = encoder.encode(WavFile.read(DATA.resolve("wav").resolve(names[1] + ".wav")));

                GoldenRows.assertClose(recording, rows, values(golden, names[0] + ".adapter"), HEARD);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void saysFrames(Path set) throws IOException {
        Path folder = DATA.resolve(set).resolve("audio_detokenizer");
        JsonFile json = JsonFile.read(folder.resolve("config.json"));
        try (Checkpoint checkpoint = Safetensors.open(folder.resolve("model.safetensors"));
                Checkpoint golden = golden(set, "detokenizer");
                Detokenizer detokenizer = Detokenizer.load(DetokenizerConfigs.read(json), checkpoint, kernels, false)) {
            for (String said : List.of("", "reply.")) {
                int[] codes = frameByFrame(golden.tensor(said + "codes"));

                float[] samples = detokenizer.synthesize(codes, Noise.seeded(1));

                GoldenRows.assertClose(said + "wav", samples, values(golden, said + "wav"), SAID);
                assertThat(detokenizer.synthesizeInBlocks(codes, Noise.seeded(1)))
                        .containsExactly(samples);
            }
        }
    }

    private static Checkpoint golden(Path set, String stage) throws IOException {
        return Safetensors.open(DATA.resolve("expected").resolve(set).resolve(stage + ".safetensors"));
    }

    private static float[] values(Checkpoint golden, String name) {
        return golden.tensor(name).toFloats();
    }

    /** Recorded codes [codebooks, frames] as [frames, codebooks]. */
    private static int[] frameByFrame(Tensor recorded) {
        int books = recorded.shape().getFirst();
        int frames = recorded.shape().getLast();
        int[] codes = recorded.toInts();
        return IntStream.range(0, codes.length)
                .map(i -> codes[i % books * frames + i / books])
                .toArray();
    }
}
