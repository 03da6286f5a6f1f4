package sparrow.study.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;

/**
 * Llama Questions (google-research-datasets/LLAMA1-Test-Set): a TSV file with {@code Questions}, {@code Answer} and
 * {@code Wav Filename}. Recordings are used if they exist in the file's folder. Otherwise, the questions are text.
 *
 * <p>The first line contains the column names. Lines end with LF or CRLF, and quotation marks have no special meaning.
 */
final class LlamaQuestions {
    private static final String RECORDING = "Wav Filename";

    private static final long MAX_BYTES = 64 << 20;
    private static final int MAX_COLUMNS = 1_000;

    private LlamaQuestions() {}

    static Dataset open(Path file) {
        return new Dataset("Llama Questions", Task.REFERENCE_ANSWERS, file, LlamaQuestions::rows, LlamaQuestions::item);
    }

    private static Item item(DataRecord record) {
        Optional<Recording> recording = record.optionalText(RECORDING)
                .map(name -> record.beside(RECORDING, name))
                .filter(Files::isRegularFile)
                .map(wav -> () -> WavFile.read(wav));
        return new Item(record.numberAsId(), record.text("Questions"), recording, List.of(record.text("Answer")));
    }

    private static Stream<DataRecord> rows(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) throw new BadFileException(file, "expected a table of less than 64 MiB");
        List<String> lines = lines(file);
        if (lines.isEmpty()) throw new BadFileException(file, "expected a line of column names, found an empty file");
        if (count(lines.getFirst()) > MAX_COLUMNS) {
            throw new BadFileException(
                    file, "line 1", "expected at most " + MAX_COLUMNS + " columns, found " + count(lines.getFirst()));
        }
        List<String> columns = cells(lines.getFirst());
        List<DataRecord> records = new ArrayList<>();
        for (int line = 2; line <= lines.size(); line++) {
            String content = lines.get(line - 1);
            if (!content.isBlank()) records.add(record(file, line, columns, content));
        }
        return records.stream();
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    private static List<String> cells(String line) {
        return List.of(line.split("\t", -1));
    }

    /** Returns the number of cells in a line without creating the cells. */
    private static int count(String line) {
        return 1 + (int) line.chars().filter(c -> c == '\t').count();
    }

    private static DataRecord record(Path file, int line, List<String> columns, String content) {
        String place = "line " + line;
        if (count(content) != columns.size()) {
            throw new BadFileException(
                    file, place, "expected " + columns.size() + " cells between tabs, found " + count(content));
        }
        List<String> cells = cells(content);
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) values.put(columns.get(i), cells.get(i));
        return new DataRecord(file, place, line - 1, values);
    }
}
