package sparrow.study.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.formats.weights.BadFileException;

/**
 * Lines of cells between tabs, under a line of column names. No quoting: a quotation mark is a character like any other.
 * Lines end with LF or CRLF. By hand, since such a line is split in one call.
 */
final class TsvRecords {
    private static final long MAX_BYTES = 64 << 20;
    private static final int MAX_COLUMNS = 1_000;

    private TsvRecords() {}

    static Stream<DataRecord> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) throw new BadFileException(file, "expected a table below 64 MiB");
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

    /** Of a line's cells, before any is made. */
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
