package sparrow.train.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Safetensors;
import sparrow.study.folder.FileDigest;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Stores on disk: what was written comes back, what was cut or damaged is refused. */
class HarvestStoreTest {
    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private Planted planted;
    private Path store;
    private Path batch;
    private byte[] bytes;

    @BeforeEach
    void write() throws IOException {
        planted = new Planted(Kernels.create(new ComputePool(1)), arena);
        store = folder.resolve("store");
        batch = store.resolve("batches/00000.safetensors");
        planted.store(store, 3, new Targets(5)).close();
        bytes = Files.readAllBytes(batch);
    }

    @AfterEach
    void release() {
        arena.close();
    }

    @Test
    void giveBackWhatWasKept() throws IOException {
        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.size()).isEqualTo(3);
            assertThat(opened.layers()).containsExactly(1);
            assertThat(opened.positions(Modality.TEXT)).isEqualTo(3 * 10);
            assertThat(opened.positions(Modality.SPEECH)).isEqualTo(3 * 15);
            assertThat(opened.bytes()).isEqualTo(bytes.length);
            StoredReply reply = opened.replies().get(1);
            assertThat(reply.positions()).isEqualTo(25);
            assertThat(reply.modality(2)).isEqualTo(Modality.TEXT);
            assertThat(reply.modality(3)).isEqualTo(Modality.SPEECH);
            assertThat(reply.token(24)).isEqualTo(7);
            for (int at = 0; at < 25; at++) {
                double sum = reply.others(at);
                for (int k = 0; k < 5; k++) {
                    sum += Math.exp(reply.topLog(at, k));
                    if (k > 0) assertThat(reply.topLog(at, k)).isLessThanOrEqualTo(reply.topLog(at, k - 1));
                }
                assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
                // Padding has a score like other tokens here, but is never chosen.
                if (reply.topToken(at, 0) < 48) assertThat(reply.choice(at)).isEqualTo(reply.topToken(at, 0));
                assertThat(reply.choice(at)).isLessThan(48);
            }
        }
    }

    @Test
    void statesKeepElevenBitsWhateverTheirSize() {
        for (float size : new float[] {1e-20f, 1e-3f, 1, 3e4f, 1e30f}) {
            float[] row = {size, -0.7f * size, size * 1e-3f, size / 3, 0};
            float scale = HarvestRows.scale(row);
            ByteBuffer halves = ByteBuffer.allocate(10);
            HarvestRows.put(row, scale, halves);
            for (int c = 0; c < row.length; c++) {
                float back = Float.float16ToFloat(halves.getShort(2 * c)) * scale;
                assertThat(Math.abs(back - row[c])).isLessThanOrEqualTo(Math.abs(row[c]) / 2048);
            }
        }
        assertThatThrownBy(() -> HarvestRows.scale(new float[] {1, Float.NaN})).hasMessage("hidden state: NaN");
    }

    /** States, the targets and the rest are each a tensor that any reader of safetensors finds by name. */
    @Test
    void aBatchIsASafetensorsFile() throws IOException {
        try (Safetensors file = Safetensors.open(batch);
                HarvestStore opened = HarvestStore.open(store)) {
            assertThat(file.names())
                    .containsExactlyInAnyOrder(
                            "prompts",
                            "prompt_keys",
                            "lengths",
                            "modality",
                            "tokens",
                            "choices",
                            "scales.1",
                            "states.1",
                            "top_ids",
                            "top_logp",
                            "other_p");
            assertThat(file.tensor("prompts").toInts()).containsExactly(0, 1, 2);
            assertThat(file.tensor("lengths").toInts()).containsExactly(25, 25, 25);
            assertThat(file.tensor("states.1").dtype()).isEqualTo(DType.F16);
            float[] states = file.floats("states.1", 75, Planted.WIDTH);
            float[] scales = file.floats("scales.1", 75);
            float[] state = new float[Planted.WIDTH];
            opened.replies().get(1).state(1, 2, state, 0);
            for (int c = 0; c < Planted.WIDTH; c++) {
                assertThat(state[c]).isEqualTo(states[27 * Planted.WIDTH + c] * scales[27]);
            }
        }
    }

    @Test
    void filesThatAreCutAreRefusedAndWrittenAnew() throws IOException {
        for (int length : new int[] {0, 1, 7, bytes.length / 2, bytes.length - 1}) {
            Files.write(batch, Arrays.copyOf(bytes, length));

            refused("sha256: expected ");
        }
        Files.delete(batch);
        refused("no such file, but store.json lists it");
    }

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(ints = {0, 8, 500, 5000})
    void damageIsRefusedAndMadeAnew(int at) throws IOException {
        bytes[at] ^= 64;
        Files.write(batch, bytes);

        refused("sha256: expected ");
    }

    private void refused(String fault) throws IOException {
        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(batch + ": " + fault)
                .hasMessageNotContaining("\n");
        Path copy = folder.resolve("copy");
        Files.createDirectories(copy.resolve("batches"));
        Files.copy(store.resolve("store.json"), copy.resolve("store.json"), StandardCopyOption.REPLACE_EXISTING);
        if (Files.exists(batch)) {
            Files.copy(batch, copy.resolve("batches/00000.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        }
        try (HarvestFiles files = HarvestFiles.open(copy, facts(), MixedNumerics.REFUSED)) {
            assertThat(files.replies()).isZero();
        }
    }

    /** The file is whole, and is no batch. */
    @Test
    void cutFilesOfTheRightDigestAreRefused() throws IOException {
        String before = FileDigest.sha256(batch);
        Files.write(batch, Arrays.copyOf(bytes, bytes.length - 1));
        change(before, FileDigest.sha256(batch));

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(batch + ": tensor ")
                .hasMessageContaining("(cut short?)");
    }

    @Test
    void filesOfOtherBatchesAreRefused() throws IOException {
        Path other = Files.copy(batch, store.resolve("batches/00001.safetensors"));
        change("\"files\" : {", "\"files\" : {\n\"batches/00001.safetensors\" : \"" + FileDigest.sha256(other) + "\",");

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessage(other + ": tensor prompts: reply 0: expected a number from 4 to 7, found 0");
    }

    @Test
    void storesOfOtherContentHaveOtherDigests() throws IOException {
        String before;
        try (HarvestStore opened = HarvestStore.open(store)) {
            before = opened.digest();
        }
        ForgedStore.put(store, "tokens", 3, 8);

        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.digest()).isNotEqualTo(before);
        }
    }

    @Test
    void emptyStoresAndOtherFoldersAreRefused() throws IOException {
        Path empty = folder.resolve("empty");
        HarvestFiles.open(empty, facts(), MixedNumerics.REFUSED).close();
        assertThatThrownBy(() -> HarvestStore.open(empty))
                .hasMessage(empty + ": expected one reply or more, found none");
        assertThatThrownBy(() -> HarvestStore.open(folder))
                .hasMessage(folder + ": expected a store with a file store.json");
        assertThatThrownBy(() -> HarvestFiles.open(folder, facts(), MixedNumerics.REFUSED))
                .hasMessage(folder + ": expected a store, or a new or empty folder, found other files");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"width\" : 24|\"width\" : -1|width: expected a whole number of 1 or more, found -1",
                "\"layers\" : [ 1 ]|\"layers\" : [ 3 ]|layers: expected ascending layers from 1 to 2, found [3]",
                "\"layers\" : [ 1 ]|\"layers\" : []|layers: expected a list of layers, found []",
                "topk:5|some|targets: expected exact or topk:K, got \"some\"",
                "\"files\"|\"other\"|files: expected digests by file, found ",
                "batches/00000|batches/000000|files: expected names such as batches/00000.safetensors and their SHA-256, found",
                "batches/00000|../../00000|files: expected names such as batches/00000.safetensors and their SHA-256, found",
                "\"batch\" : 4|\"batch\" : 0|batch: expected a whole number of 1 or more, found 0",
                "{|[|not JSON"
            })
    void factsThatDescribeNoStoreAreRefused(String right, String wrong, String message) throws IOException {
        Path file = store.resolve("store.json");
        String text = Files.readString(file);
        assertThat(text).contains(right);
        Files.writeString(file, text.replace(right, wrong));

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void factsThatAreNotUtf8AreRefused() throws IOException {
        Path file = Files.write(store.resolve("store.json"), new byte[] {'{', (byte) 0xff, '}'});

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": expected text in UTF-8");
    }

    /** No reply has a state, and a state has more numbers than memory holds. */
    @Test
    void hugeWidthsWithoutPositionsTakeNoMemory() throws IOException {
        change("\"width\" : 24", "\"width\" : 1717986917");
        ForgedStore.change(
                store,
                tensors -> tensors.replaceAll((_, tensor) -> {
                    List<Integer> shape = new ArrayList<>(tensor.shape());
                    shape.set(0, 0);
                    if (tensor.dtype() == DType.F16) shape.set(1, 1717986917);
                    return new Tensor(MemorySegment.ofArray(new byte[0]), tensor.dtype(), shape);
                }));

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessage(store + ": expected one reply or more, found none");
    }

    private void change(String right, String wrong) throws IOException {
        Path file = store.resolve("store.json");
        String text = Files.readString(file);
        assertThat(text).contains(right);
        Files.writeString(file, text.replace(right, wrong));
    }

    /** Values of position 26, in a file whose digest is right. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "modality|26|7|tensor modality: position 26: expected 0 (text) or 1 (speech), found 7",
                "modality|26|-1|tensor modality: position 26: expected 0 (text) or 1 (speech), found -1",
                "tokens|26|2147483647|tensor tokens: position 26: expected an id from 0 to 49, found 2147483647",
                "tokens|26|-1|tensor tokens: position 26: expected an id from 0 to 49, found -1",
                "choices|26|50|tensor choices: position 26: expected an id from 0 to 49, found 50",
                "top_ids|133|5000|tensor top_ids: position 26, column 3: expected an id from 0 to 49, found 5000",
                "top_ids|133|-1|tensor top_ids: position 26, column 3: expected an id from 0 to 49, found -1",
                "prompts|1|0|tensor prompts: reply 1: expected a number from 1 to 3, found 0",
                "prompts|2|4|tensor prompts: reply 2: expected a number from 2 to 3, found 4",
                "lengths|1|0|tensor lengths: reply 1: expected 1 position or more, 2^31-1 in all, found 0",
                "lengths|1|2147483647|tensor lengths: reply 1: expected 1 position or more, 2^31-1 in all, found 2147483647",
                "lengths|1|26|tensor modality: expected I32 [76], found I32 [75]",
            })
    void integersThatNoHarvestWritesAreRefused(String tensor, int element, int value, String fault) throws IOException {
        ForgedStore.put(store, tensor, element, value);

        refusedBecause(fault);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "top_logp|133|1.0|tensor top_logp: position 26, column 3: expected the logarithm of a probability, 0 or less, found 1.0",
                "top_logp|133|NaN|tensor top_logp: position 26, column 3: expected the logarithm of a probability, 0 or less, found NaN",
                "other_p|26|2.0|tensor other_p: position 26: expected a probability from 0 to 1, found 2.0",
                "other_p|26|-1.0|tensor other_p: position 26: expected a probability from 0 to 1, found -1.0",
                "other_p|26|NaN|tensor other_p: position 26: expected a probability from 0 to 1, found NaN",
                "scales.1|26|NaN|tensor scales.1: position 26: expected a number above 0 that leaves its state finite, found NaN",
                "scales.1|26|Infinity|tensor scales.1: position 26: expected a number above 0 that leaves its state finite, found Infinity",
                "scales.1|26|1e36|tensor scales.1: position 26: expected a number above 0 that leaves its state finite, found 1.0E36",
                "scales.1|26|0|tensor scales.1: position 26: expected a number above 0 that leaves its state finite, found 0.0",
            })
    void numbersThatNoHarvestWritesAreRefused(String tensor, int element, float value, String fault)
            throws IOException {
        ForgedStore.put(store, tensor, element, value);

        refusedBecause(fault);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void statesThatAreNotFiniteAreRefused(float value) throws IOException {
        ForgedStore.put(store, "states.1", 26 * Planted.WIDTH + 5, Float.floatToFloat16(value));

        refusedBecause("tensor states.1: position 26, column 5: expected a finite number, found " + value);
    }

    @Test
    void tensorsOfOtherShapesAndTypesAreRefused() throws IOException {
        ForgedStore.change(store, tensors -> tensors.put("tokens", Tensor.of(new int[74], 74)));
        refusedBecause("tensor tokens: expected I32 [75], found I32 [74]");
        ForgedStore.change(store, tensors -> tensors.put("tokens", Tensor.of(new float[75], 75)));
        refusedBecause("tensor tokens: expected I32 [75], found F32 [75]");
        ForgedStore.change(store, tensors -> tensors.put("lengths", Tensor.of(new int[3], 3, 1)));
        refusedBecause("tensor lengths: expected I32 [3], found I32 [3, 1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"prompts", "prompt_keys", "lengths", "modality", "choices", "states.1", "scales.1", "top_logp"})
    void missingTensorsAreRefused(String tensor) throws IOException {
        ForgedStore.change(store, tensors -> tensors.remove(tensor));

        refusedBecause("tensor " + tensor + ": expected one of this name, found none");
    }

    private void refusedBecause(String fault) {
        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessage(batch + ": " + fault);
    }

    @Test
    void factsThatAreNotThoseOfTheModelAreRefused() throws IOException {
        change("\"vocabulary\" : 50", "\"vocabulary\" : 5000");

        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThatThrownBy(() -> opened.requireMadeWith(planted.model()))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(store.resolve("store.json") + ": vocabulary: expected the model's 50, found 5000");
        }
    }

    @Test
    void factsThatCannotBeWrittenLeaveNothingBehind() throws IOException {
        Path taken =
                Files.createDirectories(folder.resolve("facts/taken/inside")).getParent();

        assertThatThrownBy(() -> facts().write(taken)).isInstanceOf(IOException.class);

        assertThat(taken.getParent().toFile().list()).containsExactly("taken");
    }

    @Test
    void storeBeginsWhereAHarvestWasKilledAtItsVeryBeginning() throws IOException {
        Path begun = Files.createDirectories(folder.resolve("begun"));
        Files.writeString(begun.resolve("store.json.part"), "{");

        HarvestFiles.open(begun, facts(), MixedNumerics.REFUSED).close();

        assertThat(begun.toFile().list()).containsExactlyInAnyOrder(".lock", "store.json", "batches");
    }

    @Test
    void storeGrowsWithTheSameSettingsAlone() {
        RunManifest others =
                new HarvestSettings(List.of(1, 2), new Targets(5), Sampling.GREEDY, 100, 4).with(planted.model());
        RunManifest longer =
                new HarvestSettings(List.of(1), new Targets(5), Sampling.GREEDY, 200, 4).with(planted.model());

        assertThatThrownBy(() -> HarvestFiles.open(store, others, MixedNumerics.REFUSED))
                .hasMessage(store.resolve("store.json")
                        + ": layers[1]: this run was started with none, expected the same, got 2;"
                        + " use another folder for other settings");
        assertThatThrownBy(() -> HarvestFiles.open(store, longer, MixedNumerics.REFUSED))
                .hasMessageContaining("max_new_tokens: this run was started with");
    }

    @Test
    void storeGrowsWithTheSameArithmeticAlone() throws IOException {
        String own = planted.model().numerics();
        change("\"arithmetic\" : \"" + own, "\"arithmetic\" : \"vector-64");
        assertThatThrownBy(() -> HarvestFiles.open(store, facts(), MixedNumerics.REFUSED))
                .hasMessageStartingWith(store.resolve("store.json")
                        + ": arithmetic: this run was started with \"vector-64\", this machine computes with \"" + own
                        + "\"; ");
    }

    @Test
    void storeOfTwoArithmeticsSaysSo() throws IOException {
        String own = planted.model().numerics();
        change("\"arithmetic\" : \"" + own, "\"arithmetic\" : \"vector-64");

        HarvestFiles.open(store, facts(), MixedNumerics.ALLOWED).close();

        String both = "\"arithmetic\" : [ \"vector-64\", \"" + own + "\" ]";
        assertThat(store.resolve("store.json")).content().contains(both);
        try (HarvestFiles files = HarvestFiles.open(store, facts(), MixedNumerics.REFUSED)) {
            assertThat(files.replies()).isEqualTo(3);
        }
        HarvestStore.open(store).close();
        assertThat(store.resolve("store.json")).content().contains(both);
    }

    @Test
    void twoHarvestsDoNotWriteOneStore() throws IOException {
        try (HarvestFiles first = HarvestFiles.open(store, facts(), MixedNumerics.REFUSED)) {
            assertThat(first.replies()).isEqualTo(3);
            assertThatThrownBy(() -> HarvestFiles.open(store, facts(), MixedNumerics.REFUSED))
                    .hasMessage(store + ": another run uses this folder");
        }
    }

    private RunManifest facts() {
        return new HarvestSettings(List.of(1), new Targets(5), Sampling.GREEDY, 100, 4).with(planted.model());
    }
}
