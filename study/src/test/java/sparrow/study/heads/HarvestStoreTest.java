package sparrow.study.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.Modality;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.sample.Sampling;
import sparrow.engine.weights.BadFileException;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.Resumption;
import sparrow.study.run.RunFacts;

/** Stores on disk: what was written comes back, what was cut or damaged is refused. */
class HarvestStoreTest {
    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private Planted planted;
    private Path store;
    private Path records;
    private byte[] bytes;

    @BeforeEach
    void write() throws IOException {
        planted = new Planted(Kernels.create(new ComputePool(1)), arena);
        store = folder.resolve("store");
        records = store.resolve("records/00000.bin");
        planted.store(store, 3, new Targets.Top(5)).close();
        bytes = Files.readAllBytes(records);
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
            byte exponent = HalfRows.exponent(row);
            ByteBuffer halves = ByteBuffer.allocate(10);
            HalfRows.put(row, exponent, halves);
            for (int c = 0; c < row.length; c++) {
                float back = HalfRows.value(halves.getShort(2 * c), Math.scalb(1f, exponent));
                assertThat(Math.abs(back - row[c])).isLessThanOrEqualTo(Math.abs(row[c]) / 2048);
            }
        }
        assertThatThrownBy(() -> HalfRows.exponent(new float[] {1, Float.NaN})).hasMessage("hidden state: NaN");
    }

    /** A file is written whole: what lacks a byte was not left by a killed process. */
    @Test
    void filesThatAreCutAreRefusedAndWrittenAnew() throws IOException {
        int one = bytes.length / 3;
        for (int length : new int[] {1, one - 1, 2 * one + 47, 2 * one + 48, 2 * one + 100, 3 * one - 1}) {
            Files.write(records, Arrays.copyOf(bytes, length));

            refused(length / one + 1, length / one * one);
        }
        Files.write(records, Arrays.copyOf(Arrays.copyOf(bytes, 2 * one), bytes.length));
        refused(3, 2 * one);
    }

    @ParameterizedTest(name = "byte {0} of the second record")
    @ValueSource(ints = {0, 4, 8, 12, 16, 23, 24, 44, 48, 100})
    void damageIsRefusedAndMadeAnew(int at) throws IOException {
        int second = bytes.length / 3;
        bytes[second + at] ^= 64;
        Files.write(records, bytes);

        refused(2, second);
    }

    private void refused(int record, int begin) throws IOException {
        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessage(records + ": record " + record + " at byte " + begin
                        + ": is damaged; the command that made the store makes this file anew");
        try (HarvestFiles files = HarvestFiles.open(store, facts(), Resumption.ALIKE)) {
            assertThat(files.records()).isZero();
        }
    }

    /** Numbers that are right behind a checksum that is right, in a file that they do not belong to. */
    @Test
    void recordsOfOtherBatchesAreRefused() throws IOException {
        Path other = Files.write(store.resolve("records/00001.bin"), bytes);
        assertThatThrownBy(() -> HarvestStore.open(store))
                .hasMessageStartingWith(other + ": record 1 at byte 0: is damaged");

        int one = bytes.length / 3;
        byte[] turned = new byte[bytes.length];
        System.arraycopy(bytes, one, turned, 0, one);
        System.arraycopy(bytes, 0, turned, one, one);
        Files.delete(other);
        Files.write(records, turned);
        assertThatThrownBy(() -> HarvestStore.open(store))
                .hasMessageStartingWith(records + ": record 2 at byte " + one + ": is damaged");
    }

    @Test
    void otherFilesBesideTheRecordsAreNoBatches() throws IOException {
        for (String name : List.of("00001.bin.part", "00001.part", "1.bin", "000001.bin", "9999999999.bin", "notes")) {
            Files.write(store.resolve("records").resolve(name), bytes);
        }

        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.size()).isEqualTo(3);
        }
    }

    @Test
    void emptyStoresAndOtherFoldersAreRefused() throws IOException {
        Files.write(records, new byte[0]);
        assertThatThrownBy(() -> HarvestStore.open(store))
                .hasMessage(records.getParent() + ": expected one reply or more, found none");
        Files.delete(records);
        Files.delete(records.getParent());
        assertThatThrownBy(() -> HarvestStore.open(store)).hasMessage(records.getParent() + ": no such folder");
        assertThatThrownBy(() -> HarvestStore.open(folder))
                .hasMessage(folder + ": expected a store with a file store.json");
        assertThatThrownBy(() -> HarvestFiles.open(folder, facts(), Resumption.ALIKE))
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
                "sparrow-harvest-2|else|format: expected sparrow-harvest-1 or sparrow-harvest-2, found else",
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

    /** 2^30 positions of 2^34 bytes are 2^64, which is 0 in a long: the record of no bytes would fit. */
    @Test
    void sizesThatOverflowAreRefused() throws IOException {
        change("\"width\" : 24", "\"width\" : 1717986917");
        change("\"model_layers\" : 3", "\"model_layers\" : 5");
        change("\"layers\" : [ 1 ]", "\"layers\" : [ 1, 2, 3, 4 ]");
        change("topk:5", "exact");
        Files.write(
                records,
                new RecordHeader(0, 1 << 30, 0, 0, new PromptKey(0, 0)).write().array());

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(records + ": record 1 at byte 0: is damaged");
    }

    private void change(String right, String wrong) throws IOException {
        Path file = store.resolve("store.json");
        String text = Files.readString(file);
        assertThat(text).contains(right);
        Files.writeString(file, text.replace(right, wrong));
    }

    /** Values of position 2 of the second record, behind a checksum that is right. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "token, 2147483647, 'token of position 2: expected an id from 0 to 49, found 2147483647'",
        "token, -1, 'token of position 2: expected an id from 0 to 49, found -1'",
        "choice, 50, 'choice of position 2: expected an id from 0 to 49, found 50'",
        "likely, 5000, 'likely token of position 2: expected an id from 0 to 49, found 5000'",
        "likely, -1, 'likely token of position 2: expected an id from 0 to 49, found -1'",
        "log, 1065353216, 'logarithm of a probability of position 2: expected 0 or less, found 1.0'",
        "log, 2143289344, 'logarithm of a probability of position 2: expected 0 or less, found NaN'",
        "others, 1073741824, 'probability of other tokens of position 2: expected 0 to 1, found 2.0'",
        "others, -1082130432, 'probability of other tokens of position 2: expected 0 to 1, found -1.0'",
    })
    void recordsOfSoundChecksumAndUnsoundNumbersAreRefused(String what, int value, String fault) throws IOException {
        RecordLayout layout = new RecordLayout(List.of(1), Planted.WIDTH, 5);
        long at = switch (what) {
            case "token" -> layout.token(25, 1);
            case "choice" -> layout.choice(25, 1);
            case "likely" -> layout.topTokens(25, 1) + 4 * 3;
            case "log" -> layout.topLogs(25, 1) + 4 * 3;
            case String others -> layout.others(25, 1);
        };
        int second = bytes.length / 3;
        ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        whole.putInt(second + RecordHeader.BYTES + (int) at, value);
        CRC32C sum = new CRC32C();
        sum.update(bytes, second + RecordHeader.BYTES, second - RecordHeader.BYTES);
        RecordHeader header =
                new RecordHeader(1, 25, second - RecordHeader.BYTES, (int) sum.getValue(), new PromptKey(1, 1));
        whole.put(second, header.write().array());
        Files.write(records, bytes);

        assertThatThrownBy(() -> HarvestStore.open(store))
                .isInstanceOf(BadFileException.class)
                .hasMessage(records + ": record 2 at byte " + second + ": " + fault);
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

        HarvestFiles.open(begun, facts(), Resumption.ALIKE).close();

        assertThat(begun.toFile().list()).containsExactlyInAnyOrder(".lock", "store.json", "records");
    }

    @Test
    void storeGrowsWithTheSameSettingsAlone() {
        RunFacts others =
                new HarvestSettings(List.of(1, 2), new Targets.Top(5), Sampling.GREEDY, 100, 4).with(planted.model());
        RunFacts longer =
                new HarvestSettings(List.of(1), new Targets.Top(5), Sampling.GREEDY, 200, 4).with(planted.model());

        assertThatThrownBy(() -> HarvestFiles.open(store, others, Resumption.ALIKE))
                .hasMessage(store.resolve("store.json")
                        + ": layers[1]: this run was begun with none, expected the same, got 2;"
                        + " other settings belong into another folder");
        assertThatThrownBy(() -> HarvestFiles.open(store, longer, Resumption.ALIKE))
                .hasMessageContaining("max_new_tokens: this run was begun with");
    }

    @Test
    void storeGrowsWithTheSameArithmeticOrWhereItDoesNotKnowItsOwn() throws IOException {
        String own = ModelSettings.arithmetic(planted.model());
        change("\"arithmetic\" : \"" + own, "\"arithmetic\" : \"vector-64");
        assertThatThrownBy(() -> HarvestFiles.open(store, facts(), Resumption.ALIKE))
                .hasMessageStartingWith(store.resolve("store.json")
                        + ": arithmetic: this run was begun with \"vector-64\", this machine computes with \"" + own
                        + "\"; ");

        change(",\n  \"arithmetic\" : \"vector-64\"", "");
        try (HarvestFiles files = HarvestFiles.open(store, facts(), Resumption.ALIKE)) {
            assertThat(files.records()).isEqualTo(3);
        }
    }

    /** The same records in one file, as they lay before: read, trained on to the same bytes, and not gone on with. */
    @Test
    void storeOfTheFirstFormatIsReadAndNotGoneOnWith() throws IOException {
        try (HarvestStore now = planted.store(folder.resolve("now"), 30, new Targets.Exact())) {
            Path before = Files.createDirectory(folder.resolve("before"));
            Files.writeString(
                    before.resolve("store.json"),
                    Files.readString(folder.resolve("now/store.json")).replace("harvest-2", "harvest-1"));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            try (var files = Files.list(folder.resolve("now/records"))) {
                for (Path file : files.sorted().toList()) all.write(Files.readAllBytes(file));
            }
            Path file = Files.write(before.resolve("records.bin"), all.toByteArray());
            try (HarvestStore old = HarvestStore.open(before)) {
                assertThat(old.size()).isEqualTo(30);
                assertThat(old.digest()).isEqualTo(now.digest());
                for (HarvestStore store : List.of(old, now)) {
                    new HeadTraining(
                                    planted.model(),
                                    store,
                                    Planted.settings(new HeadShape.LowRank(2), HeadVocabulary.FULL, 1))
                            .into(
                                    folder.resolve("heads" + store.folder().getFileName()),
                                    "test",
                                    TrainingListener.NONE);
                }
            }
            assertThat(folder.resolve("headsnow/heads.safetensors"))
                    .hasSameBinaryContentAs(folder.resolve("headsbefore/heads.safetensors"));
            RunFacts facts =
                    new HarvestSettings(List.of(1), new Targets.Exact(), Sampling.GREEDY, 100, 4).with(planted.model());
            assertThatThrownBy(() -> HarvestFiles.open(before, facts, Resumption.ALIKE))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(before.resolve("store.json")
                            + ": format: found sparrow-harvest-1, which is read but not gone on with;"
                            + " choose another --out");
            unfinishedLastRecordIsLeftOut(before, file, all.toByteArray());
        }
    }

    private static void unfinishedLastRecordIsLeftOut(Path store, Path file, byte[] all) throws IOException {
        int one = all.length / 30;
        for (int cut : new int[] {1, one - 48, one - 47, one - 1}) {
            Files.write(file, Arrays.copyOf(all, all.length - cut));
            try (HarvestStore opened = HarvestStore.open(store)) {
                assertThat(opened.size()).isEqualTo(29);
            }
        }
        // A lost write left zeros.
        Files.write(file, Arrays.copyOf(Arrays.copyOf(all, 29 * one), all.length));
        try (HarvestStore opened = HarvestStore.open(store)) {
            assertThat(opened.size()).isEqualTo(29);
        }
        all[one + 100] ^= 1;
        Files.write(file, all);
        assertThatThrownBy(() -> HarvestStore.open(store))
                .hasMessage(file + ": record 2 at byte " + one
                        + ": is damaged; cut the file there to do with the replies before");
    }

    @Test
    void storeOfTwoArithmeticsSaysSo() throws IOException {
        String own = ModelSettings.arithmetic(planted.model());
        change("\"arithmetic\" : \"" + own, "\"arithmetic\" : \"vector-64");

        HarvestFiles.open(store, facts(), Resumption.MIXING).close();

        String both = "\"arithmetic\" : [ \"vector-64\", \"" + own + "\" ]";
        assertThat(store.resolve("store.json")).content().contains(both);
        try (HarvestFiles files = HarvestFiles.open(store, facts(), Resumption.ALIKE)) {
            assertThat(files.records()).isEqualTo(3);
        }
        HarvestStore.open(store).close();
        assertThat(store.resolve("store.json")).content().contains(both);
    }

    @Test
    void twoHarvestsDoNotWriteOneStore() throws IOException {
        try (HarvestFiles first = HarvestFiles.open(store, facts(), Resumption.ALIKE)) {
            assertThat(first.records()).isEqualTo(3);
            assertThatThrownBy(() -> HarvestFiles.open(store, facts(), Resumption.ALIKE))
                    .hasMessage(store + ": another run is at work in this folder");
        }
    }

    private RunFacts facts() {
        return new HarvestSettings(List.of(1), new Targets.Top(5), Sampling.GREEDY, 100, 4).with(planted.model());
    }
}
