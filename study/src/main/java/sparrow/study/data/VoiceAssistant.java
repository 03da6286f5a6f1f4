package sparrow.study.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * VoiceAssistant-400K (gpt-omni): Parquet shards with {@code question}, {@code question_audio} (a WAV file) and
 * {@code answer}. The id of an item consists of its shard and record. A record without audio is not detected until its
 * audio is read.
 */
final class VoiceAssistant {
    private static final String AUDIO = "question_audio";
    private static final List<String> TEXTS = List.of("question", "answer");

    private VoiceAssistant() {}

    static Dataset open(Path path) {
        return new Dataset(
                "VoiceAssistant-400K",
                Task.OPEN_ENDED,
                Files.isDirectory(path) ? shards(path) : List.of(path),
                ParquetRecords.withTexts(TEXTS),
                VoiceAssistant::item);
    }

    private static List<Path> shards(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> shards = files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
            if (shards.isEmpty()) throw new BadFileException(folder, "expected .parquet files, found none");
            return shards;
        } catch (IOException e) {
            throw new BadFileException(folder, "cannot be listed: " + e.getMessage());
        }
    }

    private static Item item(DataRecord record) {
        return new Item(
                id(record),
                record.text("question"),
                Optional.of(() -> recording(record)),
                List.of(record.text("answer")));
    }

    private static String id(DataRecord record) {
        String shard = record.file().getFileName().toString().replaceFirst("\\.parquet$", "");
        return shard.replaceAll("[^A-Za-z0-9_-]", "_") + "-" + record.numberAsId();
    }

    private static Waveform recording(DataRecord record) throws IOException {
        byte[] wav =
                ParquetRecords.audio(record, AUDIO).orElseThrow(() -> record.wrong(AUDIO, "the bytes of a WAV file"));
        return WavFile.read(wav, record.file().resolve(record.place()));
    }
}
