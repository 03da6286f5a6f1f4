package sparrow.train.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.formats.BadFileException;
import sparrow.models.Question;
import sparrow.study.FolderContent;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;

/** Stores that grow in any order, with replies that no model made. */
class HarvestFilesTest {
    private static final int PROMPTS = 22;
    private static final int BATCH = 4;
    private static final RunManifest FACTS = RunManifest.parse(Path.of("facts"), """
            {"model_fingerprint": "none", "model_layers": 3, "width": 2,
             "vocabulary": 9, "layers": [1], "targets": "exact", "batch": 4}
            """);
    private static final StoreMetadata METADATA = StoreMetadata.of(Path.of("facts"), FACTS);

    /** They cannot be asked: one of a batch, all of another, and the last of all. */
    private static final Set<Integer> BROKEN = Set.of(5, 12, 13, 14, 15, 21);

    @TempDir
    private Path folder;

    private static HarvestPrompt prompt(int number) {
        return new HarvestPrompt.Line("line " + number, "prompt " + number, new Question.Typed("?"));
    }

    private static long key(int number) throws IOException {
        return prompt(number).key();
    }

    private static int positions(int number) {
        return 1 + number * 7 % 5;
    }

    private static HarvestRows rows(int number) {
        Random random = new Random(number);
        List<Step> steps = new ArrayList<>();
        List<float[]> states = new ArrayList<>();
        List<LastLayer.Distribution> last = new ArrayList<>();
        for (int at = 0; at < positions(number); at++) {
            Modality modality = random.nextBoolean() ? Modality.TEXT : Modality.SPEECH;
            steps.add(new Step(new Unit.Token(random.nextInt(9)), modality, 1, 3, 0, Double.NaN, Double.NaN, 0));
            states.add(new float[] {random.nextFloat(), random.nextFloat()});
            last.add(new LastLayer.Distribution(random.nextInt(9), new int[0], new float[0], 0));
        }
        return HarvestRows.of(METADATA, steps, layer -> states, last);
    }

    private static List<Integer> members(int batch) {
        return IntStream.range(batch * BATCH, Math.min(PROMPTS, (batch + 1) * BATCH))
                .boxed()
                .toList();
    }

    /** What an experiment does, with several batches at once: what is to come of each, and when it stops. */
    private static final class Run {
        private final HarvestFiles files;
        private final long positions;
        private final Random random;
        private final int atOnce;
        private final List<Deque<Integer>> flying = new ArrayList<>();
        private final List<Integer> batches = new ArrayList<>();
        private int next;

        Run(HarvestFiles files, long positions, Random random, int atOnce) {
            this.files = files;
            this.positions = positions;
            this.random = random;
            this.atOnce = atOnce;
        }

        /** One event more; false if there is none. */
        boolean goOn() throws IOException {
            while (flying.size() < atOnce && next * BATCH < PROMPTS) {
                List<Integer> wanted = new ArrayList<>(members(next));
                wanted.removeIf(files::holds);
                boolean untouched = wanted.size() == members(next).size();
                if (untouched && files.bring(positions)) break;
                Collections.shuffle(wanted, random);
                if (!wanted.isEmpty()) {
                    flying.add(new ArrayDeque<>(wanted));
                    batches.add(next);
                }
                next++;
            }
            if (flying.isEmpty()) return false;
            int which = random.nextInt(flying.size());
            Integer number = flying.get(which).poll();
            if (number == null) {
                flying.remove(which);
                files.finished(batches.remove(which));
            } else if (BROKEN.contains(number)) {
                files.failed(number, "prompt " + number, "not understood");
            } else {
                files.keep(number, key(number), rows(number));
                if (random.nextInt(4) == 0) files.keep(number, key(number), rows(number));
            }
            return true;
        }
    }

    private static void inOneGo(Path store, long positions) throws IOException {
        try (HarvestFiles files = HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED)) {
            Run run = new Run(files, positions, new Random(0), 1);
            while (run.goOn()) {}
            files.dropBehind(positions);
        }
    }

    /** Stopped or killed at any moment, until one run comes to its end. */
    private Path inPieces(long positions, Random random) throws IOException {
        Path store = folder.resolve("pieces");
        for (int piece = 0; piece < 300; piece++) {
            Path killed = folder.resolve("killed" + piece);
            try (HarvestFiles files = HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED)) {
                Run run = new Run(files, positions, random, 1 + random.nextInt(4));
                int events = random.nextInt(25);
                boolean more = true;
                for (int i = 0; more && i < events; i++) more = run.goOn();
                if (!more) {
                    files.dropBehind(positions);
                    return store;
                }
                FolderContent.copy(store, killed);
            }
            // A process that is killed closes nothing.
            if (random.nextBoolean()) store = killed;
        }
        throw new AssertionError("does not come to an end");
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void anyOrderAndAnyStopMakeTheStoreOfOneGo(int seed) throws IOException {
        Random random = new Random(seed);
        long positions = seed % 2 == 0 ? Long.MAX_VALUE : 1 + random.nextInt(50);
        Path whole = folder.resolve("whole");
        inOneGo(whole, positions);

        Path pieces = inPieces(positions, random);

        assertThat(FolderContent.of(pieces)).isEqualTo(FolderContent.of(whole));
        try (HarvestStore store = HarvestStore.open(pieces)) {
            Set<Integer> expected = new TreeSet<>();
            long sum = 0;
            for (int batch = 0; batch * BATCH < PROMPTS && sum < positions; batch++) {
                for (int number : members(batch)) {
                    if (BROKEN.contains(number)) continue;
                    expected.add(number);
                    sum += positions(number);
                }
            }
            assertThat(store.replies()).extracting(StoredReply::number).containsExactlyElementsOf(expected);
            assertThat(store.bytes()).isEqualTo(batchBytes(pieces));
        }
    }

    private static long batchBytes(Path store) throws IOException {
        try (var all = Files.list(store.resolve("batches"))) {
            return all.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void batchesThatEndedBeforeOneThatIsMissingDoNotCount() throws IOException {
        Path store = folder.resolve("store");
        try (HarvestFiles files = HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED)) {
            for (int batch : new int[] {4, 1, 2}) {
                for (int number : members(batch)) files.keep(number, key(number), rows(number));
                files.finished(batch);
            }
            assertThat(files.bring(1)).isFalse();
            files.dropBehind(1);
            assertThat(files.replies()).isEqualTo(12);

            for (int number : members(0)) files.keep(number, key(number), rows(number));
            files.finished(0);
            long first =
                    members(0).stream().mapToInt(HarvestFilesTest::positions).sum();
            assertThat(files.bring(first)).isTrue();
            files.dropBehind(first + 1);
            assertThat(files.replies()).isEqualTo(8);
        }
        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.size()).isEqualTo(8);
        }
    }

    @Test
    void damagedFileIsWrittenAnewAndNoOther() throws IOException {
        inOneGo(folder.resolve("whole"), Long.MAX_VALUE);
        Path store = folder.resolve("store");
        inOneGo(store, Long.MAX_VALUE);
        Path damaged = store.resolve("batches/00002.safetensors");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);

        try (HarvestFiles files = HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED)) {
            List<Integer> missing = IntStream.range(0, PROMPTS)
                    .filter(number -> !files.holds(number) && !BROKEN.contains(number))
                    .boxed()
                    .toList();
            assertThat(missing).isEqualTo(members(2));
        }
        inOneGo(store, Long.MAX_VALUE);

        assertThat(FolderContent.of(store)).isEqualTo(FolderContent.of(folder.resolve("whole")));
    }

    /** A prompt that was mended gets its place between the others, which stay as they are. */
    @Test
    void promptThatIsAskedLaterIsPutIntoItsPlace() throws IOException {
        Path store = folder.resolve("store");
        inOneGo(store, Long.MAX_VALUE);
        try (HarvestFiles files = HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED)) {
            assertThat(files.holds(5)).isFalse();
            files.keep(5, key(5), rows(5));
            files.finished(1);
            assertThat(files.holds(5)).isTrue();
            assertThat(files.leftOut()).extracting(StoreIndex.LeftOut::number).containsExactly(12, 13, 14, 15, 21);
        }
        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.replies().subList(4, 8))
                    .extracting(StoredReply::number)
                    .containsExactly(4, 5, 6, 7);
        }
        assertThat(Files.readString(store.resolve("store.json"))).doesNotContain("prompt 5\"");
    }

    @Test
    void repliesToOtherPromptsAreRefused() throws IOException {
        Path store = folder.resolve("store");
        inOneGo(store, Long.MAX_VALUE);
        List<HarvestPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) prompts.add(prompt(i));
        try (HarvestFiles files = HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED)) {
            files.requireMadeOf(prompts);
            assertThatThrownBy(() -> files.requireMadeOf(prompts.subList(0, 10)))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(
                            store.resolve("batches/00002.safetensors")
                                    + ": reply to prompt 10: was created from another prompt; choose another --out to start again");
            prompts.set(7, prompts.get(0));
            assertThatThrownBy(() -> files.requireMadeOf(prompts))
                    .hasMessage(
                            store.resolve("batches/00001.safetensors")
                                    + ": reply to prompt 7: was created from another prompt than line 0; choose another --out to start again");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7", "[7]", "[{\"number\": -1}]", "[{\"number\": 5, \"source\": \"prompt 5\"}]"})
    void leftOutPromptsThatSayNothingAreRefused(String text) throws IOException {
        Path store = folder.resolve("store");
        inOneGo(store, Long.MAX_VALUE);
        Path file = store.resolve("store.json");
        String sound = Files.readString(file);
        Files.writeString(file, sound.replaceAll("(?s)\"left_out\" : \\[.*\\]", "\"left_out\" : " + text));

        assertThatThrownBy(() -> HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageNotContaining("\n");
        // The lock is given back.
        Files.writeString(file, sound);
        HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED).close();
    }

    /** The file was moved into its place, and the process died before {@code store.json} told of it. */
    @Test
    void filesThatTheIndexDoesNotListAreNoBatchesAndGo() throws IOException {
        Path store = folder.resolve("store");
        inOneGo(store, Long.MAX_VALUE);
        Path batches = store.resolve("batches");
        List<Path> left = new ArrayList<>();
        for (String name : List.of("00006.safetensors", "00001.safetensors.part", "00003.reply.part")) {
            left.add(Files.copy(batches.resolve("00001.safetensors"), batches.resolve(name)));
        }
        Path notes = Files.writeString(batches.resolve("notes"), "mine");

        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.size()).isEqualTo(PROMPTS - BROKEN.size());
        }
        HarvestFiles.open(store, FACTS, MixedNumerics.REFUSED).close();

        assertThat(left).noneMatch(Files::exists);
        assertThat(notes).exists();
        assertThat(batches.resolve("00005.safetensors")).exists();
    }
}
