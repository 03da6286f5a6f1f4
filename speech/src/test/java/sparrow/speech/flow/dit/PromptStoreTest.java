package sparrow.speech.flow.dit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.voice.Voice;

/** A flow after a voice is the same from the disk, and computed where the disk has another one. */
class PromptStoreTest {
    private static final int[] CODES = {3, 14, 15, 9, 26, 5, 35};

    private static DitFlow flow;

    @TempDir
    private Path folder;

    private Path weights;
    private PromptStore store;

    @BeforeAll
    static void open() {
        try (Checkpoint checkpoint = Goldens.stepPart("flow")) {
            flow = new DitFlow(Goldens.reader(checkpoint), Goldens.STEP_FLOW);
        }
    }

    @BeforeEach
    void begin() throws IOException {
        weights = Files.writeString(folder.resolve("weights"), "some");
        store = new PromptStore(folder.resolve("voices"), weights);
    }

    private static Voice voice(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Voice(random.ints(7, 0, 81).toArray(), values(random, 24), values(random, 14 * 80));
    }

    private static float[] values(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextDouble(-3, 1);
        return values;
    }

    private static DitFlow.Noise noise(long seed) {
        return frames -> values(new SplittableRandom(seed), frames * 80);
    }

    /** Two chunks of an utterance, which read all of the memory. */
    private static List<float[]> spoken(PromptedFlow prompted) {
        DitFlowSession session = prompted.start(noise(1));
        return List.of(session.accept(CODES, false), session.accept(CODES, true));
    }

    private static List<float[]> computed() {
        return spoken(flow.prompted(voice(1), noise(1)));
    }

    private List<float[]> stored() {
        return spoken(store.prompted(flow, voice(1), noise(1)));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("voices"))) {
            return files.toList();
        }
    }

    private static Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void assertSame(List<float[]> actual, List<float[]> expected) {
        assertThat(actual.get(0)).isEqualTo(expected.get(0));
        assertThat(actual.get(1)).isEqualTo(expected.get(1));
    }

    @Test
    void whatIsReadIsWhatWasComputedToTheBit() throws IOException {
        assertSame(stored(), computed());
        Path file = files().getFirst();
        Object written = identity(file);

        assertSame(stored(), computed());
        assertThat(files()).containsExactly(file);
        assertThat(identity(file)).isEqualTo(written);
    }

    @Test
    void aDamagedFileIsComputedAnewAndReplaced() throws IOException {
        stored();
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        List<UnaryOperator<byte[]>> damages = List.of(
                bytes -> flipped(bytes, 0),
                bytes -> flipped(bytes, 40),
                bytes -> flipped(bytes, bytes.length - 1),
                bytes -> Arrays.copyOf(bytes, bytes.length - 1),
                bytes -> Arrays.copyOf(bytes, bytes.length + 1),
                bytes -> new byte[0]);
        for (UnaryOperator<byte[]> damage : damages) {
            Files.write(file, damage.apply(whole.clone()));

            assertSame(stored(), computed());
            assertThat(files()).containsExactly(file);
            assertThat(file).hasBinaryContent(whole);
        }
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= 1;
        return bytes;
    }

    @Test
    void otherVoicesNoisesWeightsAndStepsHaveFilesOfTheirOwn() throws IOException {
        stored();
        store.prompted(flow, voice(2), noise(1));
        store.prompted(flow, voice(1), noise(2));
        assertThat(files()).hasSize(3);
        store.prompted(flow.with(FlowSchedule.cosine(3), 1000), voice(1), noise(1));
        assertThat(files()).hasSize(4);
        for (Path file : files()) Files.delete(file);
        stored();
        Files.writeString(weights, "others");
        assertSame(stored(), computed());
        assertThat(files()).hasSize(2);
        store.prompted(flow.with(FlowSchedule.parse("published+guided:0.5"), 1000), voice(1), noise(1));
        assertThat(files()).hasSize(3);
    }

    @Test
    void thoseThatWereUsedLastAreKept() throws IOException {
        stored();
        Path first = files().getFirst();
        for (int seed = 2; seed < 9; seed++) {
            for (Path file : files()) Files.setLastModifiedTime(file, FileTime.fromMillis(1000L * seed));
            stored();
            store.prompted(flow, voice(seed), noise(1));
            assertThat(files()).hasSizeLessThanOrEqualTo(PromptStore.MAX_FILES).contains(first);
        }
    }

    @Test
    void theUnfinishedPartOfAnotherProcessStaysAndOneThatWasLeftLongAgoGoes() throws IOException {
        stored();
        Path first = files().getFirst();
        Path part = Files.writeString(first.resolveSibling(first.getFileName() + ".0a.part"), "some");
        Path left = Files.writeString(first.resolveSibling(first.getFileName() + ".0b.part"), "some");
        Files.setLastModifiedTime(left, FileTime.fromMillis(0));

        for (int seed = 2; seed < 9; seed++) store.prompted(flow, voice(seed), noise(1));

        assertThat(part).hasContent("some");
        assertThat(left).doesNotExist();
        assertThat(files()).hasSize(PromptStore.MAX_FILES + 1);
    }

    @Test
    void withoutAFolderToWriteEverythingIsComputed() throws IOException {
        Files.writeString(folder.resolve("voices"), "a file");
        AtomicInteger taken = new AtomicInteger();

        PromptedFlow prompted = store.prompted(flow, voice(1), frames -> {
            taken.incrementAndGet();
            return noise(1).first(frames);
        });

        assertSame(spoken(prompted), computed());
        // By the name of the file, and by the flow, which is not run twice.
        assertThat(taken).hasValue(2);
        assertThat(folder.resolve("voices")).hasContent("a file");
    }
}
