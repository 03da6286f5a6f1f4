package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.app.options.QuestionFile;
import sparrow.formats.BadFileException;

/**
 * A folder with {@value #QUESTIONS}, which contains one JSON object per line. The keys of an object are
 * {@code question}; {@code answer} or {@code answers}; {@code file}, the recording's path in the folder; and
 * {@code id}, whose default is the recording's name without extension, or else the record's number. Only the question
 * is required; other keys are ignored.
 */
final class WaveFolder {
    private static final String QUESTIONS = "questions.jsonl";

    private WaveFolder() {}

    static Dataset open(Path folder) {
        if (!Files.isDirectory(folder)) throw new BadFileException(folder, "no such folder");
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        Path questions = folder.resolve(QUESTIONS);
        return new Dataset(name, Task.REFERENCE_ANSWERS, questions, JsonRecords::lines, WaveFolder::item);
    }

    private static Item item(DataRecord record) {
        Optional<Path> wav = record.optionalText("file").map(file -> wav(record, file));
        Optional<Recording> recording = wav.map(file -> () -> QuestionFile.recording(file));
        String id =
                record.optionalText("id").or(() -> wav.map(WaveFolder::stem)).orElseGet(record::numberAsId);
        return new Item(id, record.text("question"), recording, answers(record));
    }

    private static Path wav(DataRecord record, String file) {
        Path wav = record.beside("file", file);
        if (!Files.isRegularFile(wav)) throw record.wrong("file", "a file in the folder");
        return wav;
    }

    private static List<String> answers(DataRecord record) {
        return record.has("answers")
                ? record.texts("answers")
                : record.optionalText("answer").stream().toList();
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
