package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.data.Samples.FOLDER;
import static sparrow.study.data.Samples.items;
import static sparrow.study.data.Samples.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;

/** Every refusal is one line with the file and the row. */
class RefusedRecordsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"alpaca", "alpaca:", "parquet:x", ""})
    void namesTheFormatsThatAreKnown(String spec) {
        assertThatThrownBy(() -> Datasets.open(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("data set: expected one of alpaca:FILE, llama:FILE")
                .hasMessageEndingWith("got " + spec);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpaca", "llama", "triviaqa", "webquestions", "voiceassistant", "folder", "conversations"})
    void refusesWhatIsNotThere(String format) {
        Path missing = folder.resolve("missing");

        assertThatThrownBy(() -> Datasets.open(format + ":" + missing))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(missing + ": no such f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "alpaca       | {}                                            | line 1: expected an array",
                "alpaca       | [{\"instruction\": 7}]                        | line 1: instruction: expected text, found 7",
                "alpaca       | [{\"instruction\": \" \"}]                    | line 1: instruction: expected text, found \" \"",
                "alpaca       | [{}]                                          | line 1: instruction: expected text, found none",
                "alpaca       | [3]                                           | line 1: expected an object, found VALUE_NUMBER_INT",
                "alpaca       | [{\"instruction\": \"a\"}                     | line 1: not JSON: Unexpected end-of-input",
                "triviaqa     | {\"Domain\": \"Web\"}                         | Data: is missing",
                "triviaqa     | {\"Data\": [{\"QuestionId\": \"a\"}]}         | line 1: Answer: expected an object, found none",
                "webquestions | [{\"utterance\": \"a\", \"targetValue\": \"x\"}] | line 1: targetValue: expected (list (description ...) ...), found \"x\"",
                "webquestions | [{\"qId\": \"a\", \"qText\": \"b\", \"answers\": []}] | line 1: answers: expected a list of texts, found []",
                "webquestions | [{\"qId\": \"a/b\", \"qText\": \"b\", \"answers\": [\"c\"]}] | line 1: id: expected 1 to 100 letters",
                "llama        | a                                             | line 2: Questions: expected text, found none",
            })
    void namesFileAndLine(String format, String content, String fault) throws IOException {
        String rows = format.equals("llama") ? content + "\nx" : content;
        Path file = write(folder.resolve("file"), rows);

        assertThatThrownBy(() -> items(format, file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + fault)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"id\": \"a\"}                | turns: expected a list of one or more, found none",
                "{\"id\": \"a\", \"turns\": []} | turns: expected a list of one or more, found []",
                "{\"turns\": [{\"spoken\": \"q1\"}]} | id: expected text, found none",
                "{\"id\": \"a\", \"turns\": [{}]} | spoken: expected text, found none",
                "{\"id\": \"a\", \"turns\": [{\"spoken\": \"q2\"}]} | spoken: expected the id of a question in the folder, found \"q2\"",
                "{\"id\": \"a\", \"turns\": [{\"typed\": \"who?\"}]} | answers: expected text, found none",
                "{\"id\": \"a\", \"turns\": [{\"typed\": \"\", \"answers\": \"q1\"}]} | typed: expected text, found \"\"",
            })
    void namesTheConversationThatIsNone(String line, String fault) throws IOException {
        write(folder.resolve("questions.jsonl"), "{\"id\": \"q1\", \"question\": \"who\", \"answer\": \"me\"}");
        Path file = write(folder.resolve("later.jsonl"), line);

        assertThatThrownBy(() -> items("conversations", file)).hasMessage(file + ": line 1: " + fault);
    }

    @Test
    void countsTheCellsOfATable() throws IOException {
        Path file = write(folder.resolve("q.tsv"), "Questions\tAnswer\tWav Filename\nwho\tme\t1.wav\nwhat\tthat\n");

        assertThatThrownBy(() -> items("llama", file))
                .hasMessage(file + ": line 3: expected 3 cells between tabs, found 2");
    }

    @Test
    void findsTheLineOfABrokenRowAfterGoodOnes() throws IOException {
        Path file = write(folder.resolve("t.jsonl"), """
                {"id": "a", "question": "one?", "golden_answers": ["1"]}

                {"id": "b", "question": "two?", "golden_answers": "2"}
                """);

        try (Stream<Item> items = Datasets.open("triviaqa:" + file).items()) {
            assertThatThrownBy(items::toList)
                    .hasMessage(file + ": line 3: golden_answers: expected a list of texts, found \"2\"");
        }
    }

    @Test
    void refusesASecondRowOfOneName() throws IOException {
        Path file = write(folder.resolve("t.jsonl"), """
                {"id": "a", "question": "one?", "golden_answers": ["1"]}
                {"id": "a", "question": "two?", "golden_answers": ["2"]}
                """);

        assertThatThrownBy(() -> items("triviaqa", file))
                .hasMessage(file + ": line 2: id: expected each once, found a again");
    }

    @Test
    void refusesAnArrayThatWasCutShortEvenAfterItsLastWholeRow() throws IOException {
        byte[] whole = Files.readAllBytes(FOLDER.resolve("triviaqa/official.json"));
        String start = new String(Arrays.copyOf(whole, whole.length - 60));
        Path file = write(folder.resolve("t.json"), start);

        assertThatThrownBy(() -> items("triviaqa", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.wav", "/etc/outside.wav", "wav/../../outside.wav"})
    void readsNoRecordingOutsideOfTheFolder(String wav) throws IOException {
        Path file = write(folder.resolve("set/questions.jsonl"), """
                {"question": "who?", "file": "%s"}
                """.formatted(wav));

        assertThatThrownBy(() -> items("folder", folder.resolve("set")))
                .hasMessage(file + ": line 1: file: expected a path within the folder, found \"" + wav + "\"");
    }

    @Test
    void refusesARecordingThatIsNotThere() throws IOException {
        write(folder.resolve("set/questions.jsonl"), "{\"question\": \"who?\", \"file\": \"a.wav\"}");

        assertThatThrownBy(() -> items("folder", folder.resolve("set")))
                .hasMessageContaining("line 1: file: expected a file in the folder, found \"a.wav\"");
    }

    @Test
    void refusesAParquetRowWithoutAQuestion() {
        Path file = FOLDER.resolve("voiceassistant/null-question.parquet");

        assertThatThrownBy(() -> items("voiceassistant", file))
                .hasMessage(file + ": row 3: question: expected text, found null");
    }

    @Test
    void refusesAParquetRowWithoutSoundWhenItIsAskedFor() {
        Path file = FOLDER.resolve("voiceassistant/train-00000-of-00002.parquet");
        Recording fourth = items("voiceassistant", file).get(3).recording().orElseThrow();

        assertThatThrownBy(fourth::read)
                .hasMessage(file + ": row 4: question_audio: expected the bytes of a WAV file, found none");
    }

    @ParameterizedTest
    @CsvSource({"0", "4", "100", "3000", "6000", "6509"})
    void refusesAParquetFileThatWasCutShort(int bytes) throws IOException {
        byte[] whole = Files.readAllBytes(FOLDER.resolve("voiceassistant/train-00000-of-00002.parquet"));
        Path file = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, bytes));

        assertThatThrownBy(() -> items("voiceassistant", file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": expected a Parquet file")
                .hasMessageNotContaining("\n");
    }

    @Test
    void leavesOutNothingOfAFileWithoutAnEndOfLine() throws IOException {
        Path file = write(folder.resolve("set/questions.jsonl"), "{\"question\": \"a?\"}\n{\"question\": \"b?\"}");

        assertThat(items("folder", file.getParent())).extracting(Item::id).containsExactly("000001", "000002");
    }
}
