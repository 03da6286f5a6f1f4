package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.data.Samples.items;
import static sparrow.study.data.Samples.write;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;

/** Rows that were made to break a reader: a refusal in one line, in the memory and the time that their size allows. */
class HostileRowsTest {
    private static final String DIGITS = "9".repeat(1_001);
    private static final String DEPTH = "[".repeat(1_001) + "]".repeat(1_001);

    @TempDir
    private Path folder;

    static Stream<Arguments> beyondTheLimitsOfTheParser() {
        return Stream.of(DIGITS, DEPTH)
                .flatMap(value -> Stream.of(
                        Arguments.of("alpaca", "a.json", "[{\"instruction\": %s}]", value),
                        Arguments.of("triviaqa", "t.jsonl", "{\"question\": %s}", value),
                        Arguments.of("triviaqa", "t.json", "{\"Data\": [\n{\"Question\": %s}]}", value),
                        Arguments.of("triviaqa", "u.json", "{\"Other\":\n%s, \"Data\": []}", value),
                        Arguments.of("webquestions", "w.json", "[{\"qText\": %s}]", value),
                        Arguments.of("folder", "questions.jsonl", "{\"question\": %s}", value)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("beyondTheLimitsOfTheParser")
    void valuesBeyondTheLimitsOfTheParserAreRefused(String format, String name, String content, String value)
            throws IOException {
        Path file = write(folder.resolve("set").resolve(name), content.formatted(value));

        assertThatThrownBy(() -> items(format, format.equals("folder") ? file.getParent() : file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": line " + (content.contains("\n") ? 2 : 1) + ": not JSON: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aRecordOfManySmallNodesIsRefusedAndManyRecordsAreNot() throws IOException {
        String good = "{\"id\": \"%d\", \"question\": \"who?\", \"golden_answers\": [\"a\"]}\n";
        Path many = write(
                folder.resolve("many.jsonl"),
                IntStream.range(0, 20_000).mapToObj(good::formatted).collect(Collectors.joining()));
        Path large = write(
                folder.resolve("large.jsonl"), good.formatted(0) + "{\"question\": [" + "{},".repeat(60_000) + "{}]}");

        assertThat(items("triviaqa", many)).hasSize(20_000);
        assertThatThrownBy(() -> items("triviaqa", large))
                .isInstanceOf(BadFileException.class)
                .hasMessage(large + ": line 2: not JSON: more than 100000 brackets, keys and values");
    }

    @ParameterizedTest
    @CsvSource({"0000007b7fffffff", "7b0000007fffffff", "00007b00", "fffe00007f"})
    void whatLooksLikeUtf32AndIsNotIsRefused(String hex) throws IOException {
        Path file = Files.write(folder.resolve("t.jsonl"), HexFormat.of().parseHex(hex));

        assertThatThrownBy(() -> items("triviaqa", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining("not JSON: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"\""})
    void longQuestionsInQuotationMarksAreUncelledWithoutRecursion(String part) throws IOException {
        String question = part.repeat(50_000);
        Path file = write(
                folder.resolve("t.jsonl"),
                "{\"id\": \"a\", \"question\": \"%s\", \"golden_answers\": [\"a\"]}"
                        .formatted(('"' + question + '"').replace("\"", "\\\"")));

        assertThat(items("triviaqa", file).getFirst().question()).isEqualTo(question.replace("\"\"", "\""));
    }

    /** A cell for every tab would take 25 times the memory of the file. */
    @ParameterizedTest
    @CsvSource({
        "'', 'line 1: expected at most 1000 columns, found 16000001'",
        "'Questions\tAnswer\n', 'line 2: expected 2 cells between tabs, found 16000001'"
    })
    void tablesOfTabsTakeNoMemoryOfTheirOwn(String start, String fault) throws IOException {
        Path file = write(folder.resolve("q.tsv"), start + "\t".repeat(16_000_000) + "x");
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> items("llama", file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": " + fault);

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(10L * Files.size(file));
    }

    @Test
    void namesThatNoFileHasAreRefused() throws IOException {
        Path file = write(folder.resolve("set/questions.jsonl"), "{\"question\": \"who?\", \"file\": \"a\\u0000\"}");

        assertThatThrownBy(() -> items("folder", file.getParent()))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": line 1: file: expected the name of a file, found \"a\\u0000\"");
    }
}
