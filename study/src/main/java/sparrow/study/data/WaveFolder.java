package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.weights.BadFileException;
import sparrow.speech.wave.WavFile;

/**
 * A folder with {@value #QUESTIONS}, a JSON object a line: {@code question}; {@code answer} or {@code answers};
 * {@code file}, the recording's path in the folder; {@code id}, else the recording's name without its ending, else the
 * row's number; {@code category} or {@code split}. All but the question may be missing, other keys are ignored.
 */
final class WaveFolder {
    private static final String QUESTIONS = "questions.jsonl";

    private WaveFolder() {}

    static Dataset open(Path folder) {
        if (!Files.isDirectory(folder)) throw new BadFileException(folder, "no such folder");
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        Path questions = folder.resolve(QUESTIONS);
        return new RowDataset(name, Task.REFERENCE_ANSWERS, questions, JsonRows::lines, WaveFolder::item);
    }

    private static Item item(Row row) {
        Optional<Path> wav = row.optionalText("file").map(file -> wav(row, file));
        Optional<Recording> recording = wav.map(file -> () -> WavFile.read(file));
        String id = row.optionalText("id").or(() -> wav.map(WaveFolder::stem)).orElseGet(row::numberAsId);
        String category =
                row.optionalText("category").or(() -> row.optionalText("split")).orElse("");
        return new Item(id, row.text("question"), recording, answers(row), category);
    }

    private static Path wav(Row row, String file) {
        Path wav = row.beside("file", file);
        if (!Files.isRegularFile(wav)) throw row.wrong("file", "a file in the folder");
        return wav;
    }

    private static List<String> answers(Row row) {
        return row.has("answers")
                ? row.texts("answers")
                : row.optionalText("answer").stream().toList();
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
