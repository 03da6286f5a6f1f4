package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;

/**
 * A folder with {@value #QUESTIONS}, a JSON object a line: {@code question}; {@code answer} or {@code answers};
 * {@code file}, the recording's path in the folder; {@code id}, else the recording's name without its ending, else the
 * record's number. All but the question may be missing, other keys are ignored.
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
        Optional<Recording> recording = wav.map(file -> () -> WavFile.read(file));
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
