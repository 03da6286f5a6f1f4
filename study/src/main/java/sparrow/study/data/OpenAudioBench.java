package sparrow.study.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;

/**
 * A subset of OpenAudioBench (baichuan-inc): a folder such as {@code eval_datas/trivia_qa} with {@code trivia_qa.csv},
 * whose first line contains the column names, and recordings in {@code audios/}, named by {@code audio_filename}. The
 * subset's name determines the columns of questions and answers. The layout was taken from public readers; the
 * published files have not been seen.
 */
final class OpenAudioBench {
    private static final long MAX_BYTES = 64 << 20;

    /** The alternatives in a cell are separated by commas, and may be a Python list of strings. */
    private static final Pattern BRACKETS = Pattern.compile("^\\[|]$");

    /** The columns of a subset. */
    private enum Subset {
        ALPACA_EVAL("instruction", "output", Task.OPEN_ENDED),
        LLAMA_QUESTIONS("Questions", "Answer", Task.REFERENCE_ANSWERS),
        TRIVIA_QA("question", "answer_normalized_value", Task.REFERENCE_ANSWERS),
        WEB_QUESTIONS("question", "answers", Task.REFERENCE_ANSWERS);

        private final String question;
        private final String answer;
        private final Task task;

        Subset(String question, String answer, Task task) {
            this.question = question;
            this.answer = answer;
            this.task = task;
        }
    }

    private OpenAudioBench() {}

    static Dataset open(Path folder) {
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        Subset subset = Arrays.stream(Subset.values())
                .filter(one -> one.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "openaudiobench: expected a folder named alpaca_eval, llama_questions, trivia_qa or web_questions,"
                                + " got " + folder));
        return new Dataset(
                "OpenAudioBench " + name,
                subset.task,
                folder.resolve(name + ".csv"),
                OpenAudioBench::rows,
                record -> item(subset, record));
    }

    private static Item item(Subset subset, DataRecord record) {
        Path wav = record.beside("audio_filename", "audios/" + record.text("audio_filename"));
        return new Item(
                record.numberAsId(),
                record.text(subset.question),
                Optional.of(() -> WavFile.read(wav)),
                answers(subset, record));
    }

    private static List<String> answers(Subset subset, DataRecord record) {
        String answer = record.text(subset.answer);
        return switch (subset) {
            case ALPACA_EVAL, LLAMA_QUESTIONS -> List.of(answer);
            case WEB_QUESTIONS -> alternatives(answer);
            case TRIVIA_QA ->
                Stream.concat(
                                Stream.of(answer),
                                record.optionalText("answer_normalized_aliases").stream()
                                        .flatMap(cell -> alternatives(cell).stream()))
                        .distinct()
                        .toList();
        };
    }

    private static List<String> alternatives(String cell) {
        boolean list = cell.startsWith("[") && cell.endsWith("]");
        String content = list ? BRACKETS.matcher(cell).replaceAll("") : cell;
        return Arrays.stream(content.split(","))
                .map(String::strip)
                .map(one -> list ? one.replaceAll("^['\"]|['\"]$", "") : one)
                .filter(one -> !one.isEmpty())
                .toList();
    }

    private static Stream<DataRecord> rows(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) throw new BadFileException(file, "expected a table of less than 64 MiB");
        List<List<String>> rows = rows(file, text(file));
        if (rows.isEmpty()) throw new BadFileException(file, "expected a line of column names, found an empty file");
        List<String> columns = rows.getFirst();
        List<DataRecord> records = new ArrayList<>();
        for (int row = 1; row < rows.size(); row++) {
            List<String> cells = rows.get(row);
            if (cells.size() != columns.size()) {
                throw new BadFileException(
                        file, "row " + row, "expected " + columns.size() + " cells, found " + cells.size());
            }
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            for (int at = 0; at < cells.size(); at++) values.put(columns.get(at), cells.get(at));
            records.add(new DataRecord(file, "row " + row, row, values));
        }
        return records.stream();
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file).replaceFirst("^\uFEFF", "");
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    /** Parses CSV (RFC 4180). A cell in quotation marks may contain commas, line breaks and doubled quotation marks. */
    private static List<List<String>> rows(Path file, String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"' && quoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                cell.append(c);
                at++;
            } else if (c == '"' && (quoted || cell.isEmpty())) {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == ',') continue;
                if (row.size() > 1 || !row.getFirst().isBlank()) rows.add(row);
                row = new ArrayList<>();
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        if (quoted) throw new BadFileException(file, "row " + rows.size(), "a quotation mark is not closed");
        if (!row.isEmpty() || !cell.isEmpty()) {
            row.add(cell.toString());
            rows.add(row);
        }
        return rows;
    }
}
