package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.data.Samples.items;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;

/**
 * Damaged Parquet files, most of them found by changing bytes at random: each is refused in one line that names it, and
 * none keeps a thread busy that the next file needs.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedParquetTest {
    private static final Path FOLDER = Samples.FOLDER.resolve("voiceassistant");
    private static final Path CODECS = Samples.FOLDER.resolve("parquet");
    private static final String SOUND = "train-00000-of-00002.parquet";
    private static final String SILENT = "null-question.parquet";

    /** Of the page header at byte 129, the first of the questions: its bytes when they are compressed, 66. */
    private static final int QUESTION_BYTES = 134;

    @TempDir
    private Path folder;

    private Path damaged(String sample, int at, String hex) throws IOException {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve(sample));
        byte[] patch = HexFormat.of().parseHex(hex);
        System.arraycopy(patch, 0, bytes, at, patch.length);
        return Files.write(folder.resolve("damaged.parquet"), bytes);
    }

    /** Before, the first of these kept a core busy for ever, and so many as there are cores the whole process. */
    @Test
    void refusedFilesKeepNoThreadBusy() throws IOException {
        Path file = damaged(SOUND, QUESTION_BYTES, "8402");

        for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
            assertThatThrownBy(() -> items("voiceassistant", file))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(file + ": question: cannot be read: expected a page within its column chunk");
        }

        assertThat(items("voiceassistant", FOLDER.resolve(SOUND))).hasSize(5);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource({
        // What the reader's own parser refuses need not be checked again.
        "134, 8301, non-negative, page of a negative length",
        "138, 03, non-negative, page of a negative count",
        "146, 7f, non-negative, levels of a negative length",
        "134, 8200, expected levels within their page, levels that are longer than their page",
        // Snappy writes as many bytes as its block says, wherever they come to lie.
        "153, 7f, expected the number of bytes in the page header, block that is longer than its page",
    })
    void pagesThatDoNotFollowOneAnotherAreRefused(int at, String hex, String fault, String name) throws IOException {
        Path file = damaged(SOUND, at, hex);

        assertThatThrownBy(() -> items("voiceassistant", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": question: ")
                .hasMessageContaining(fault)
                .hasMessageNotContaining("\n");
    }

    @Test
    void columnsOfAnotherCodecAreRefused() throws IOException {
        Path file = CODECS.resolve("zstd.parquet");

        assertThatThrownBy(() -> items("voiceassistant", file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(
                        file + ": question: cannot be read: expected a column without compression, or with snappy or"
                                + " gzip, found zstd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip.parquet", "uncompressed.parquet"})
    void columnsOfTheseCodecsAreRead(String name) throws IOException {
        assertThat(items("voiceassistant", CODECS.resolve(name))).hasSize(1);
    }

    /** Each of these is 16 to 18 bytes long, and the reader allocated up to two gigabytes for it. */
    @ParameterizedTest
    @CsvSource({
        "68ffffffff07, text of two gigabytes", // created_by
        "68ffffff0f, text that is longer than the file",
        "68ffff3f, text of a megabyte",
        "59fcffffff7f, pairs that cannot be in the file", // key_value_metadata
        "29fcffff3f, a schema of a million elements",
    })
    void aFooterAllocatesNoMoreThanItsFileHolds(String footer, String name) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(footer);
        byte[] end = {(byte) bytes.length, 0, 0, 0};
        Path file = folder.resolve("short.parquet");
        Files.write(file, "PAR1".getBytes(StandardCharsets.US_ASCII));
        for (byte[] part : List.of(bytes, end, "PAR1".getBytes(StandardCharsets.US_ASCII))) {
            Files.write(file, part, StandardOpenOption.APPEND);
        }
        // Also loads the classes.
        assertThatThrownBy(() -> items("voiceassistant", file)).isInstanceOf(BadFileException.class);
        long before = allocated();

        assertThatThrownBy(() -> items("voiceassistant", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": expected a Parquet file: expected a length of at most");

        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    /** A page header may contain statistics. Here, their maximum is a text of 256 MB. */
    @Test
    void aPageHeaderAllocatesNoMoreThanItsFileHolds() throws IOException {
        Path file = damaged(SOUND, 147, "3c18ffffff7f");
        long before = allocated();

        assertThatThrownBy(() -> items("voiceassistant", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": question: cannot be read: expected a length of at most");

        assertThat(allocated() - before).isLessThan(16 << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void soundWhosePageLeadsBeyondItsColumnIsRefusedWhenItIsAskedFor() throws IOException {
        Path file = damaged(SOUND, 223, "de2e");
        Recording first = items("voiceassistant", file).getFirst().recording().orElseThrow();

        assertThatThrownBy(first::read)
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": row 1: question_audio: cannot be read: expected a page within its column chunk");
    }

    /** The reader's own exceptions name neither the file nor what is wrong. */
    @ParameterizedTest
    @CsvSource({
        SILENT + ", 5414, 4419000000000000",
        SILENT + ", 5768, 02000000",
        SOUND + ", 4704, 0000000001000000",
    })
    void whateverTheReaderThrowsIsARefusal(String sample, int at, String hex) throws IOException {
        Path file = damaged(sample, at, hex);

        assertThatThrownBy(() -> items("voiceassistant", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("null");
    }
}
