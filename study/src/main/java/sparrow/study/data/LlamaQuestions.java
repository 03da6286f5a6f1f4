package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.speech.wave.WavFile;

/**
 * Llama Questions (google-research-datasets/LLAMA1-Test-Set): a TSV with {@code Questions}, {@code Answer} and
 * {@code Wav Filename}. The recordings are used where they lie beside it; without them the questions are text.
 */
final class LlamaQuestions {
    private static final String RECORDING = "Wav Filename";

    private LlamaQuestions() {}

    static Dataset open(Path file) {
        return new Dataset("Llama Questions", Task.REFERENCE_ANSWERS, file, TsvRecords::read, LlamaQuestions::item);
    }

    private static Item item(DataRecord record) {
        Optional<Recording> recording = record.optionalText(RECORDING)
                .map(name -> record.beside(RECORDING, name))
                .filter(Files::isRegularFile)
                .map(wav -> () -> WavFile.read(wav));
        return new Item(record.numberAsId(), record.text("Questions"), recording, List.of(record.text("Answer")));
    }
}
