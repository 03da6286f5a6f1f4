package sparrow.train.harvest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import sparrow.app.options.QuestionFile;
import sparrow.formats.BadFileException;
import sparrow.models.Question;
import sparrow.study.data.DataRecord;
import sparrow.study.data.Dataset;
import sparrow.study.data.Item;
import sparrow.study.folder.FileDigest;
import sparrow.study.run.Batch;
import sparrow.study.run.QuestionSet;
import sparrow.study.speak.TextToSpeech;

/** A question to which a model's reply is harvested. */
public sealed interface HarvestPrompt {
    /**
     * Reads a folder of WAV files, in name order, or a file of JSON lines. Each line is an object with speech
     * {@code codes}, the name of a WAV {@code file} in the same folder, or the text of a typed {@code question}. If a
     * line has several of these keys, only the first is used.
     *
     * @throws BadFileException if a line or file cannot be used; the message contains the file, the line and the key
     * @throws IOException if a file cannot be read
     */
    static List<HarvestPrompt> read(Path path) throws IOException {
        if (!Files.exists(path)) throw new NoSuchFileException(path.toString());
        List<HarvestPrompt> prompts = Files.isDirectory(path) ? folder(path) : lines(path);
        if (prompts.isEmpty()) throw new BadFileException(path, "expected one question or more, found none");
        return prompts;
    }

    /**
     * Returns a random sample of a data set's questions, in data set order. Audio is read when it is needed.
     *
     * @param speech synthesizer for questions without a recording
     * @param max maximum number of questions
     * @param seed random seed of the sample
     * @throws BadFileException if a record cannot be used; the message contains the first such record
     * @throws IOException if a file cannot be read
     */
    static List<HarvestPrompt> sample(Dataset dataset, TextToSpeech speech, int max, long seed) throws IOException {
        try (Stream<Item> items = dataset.items()) {
            return sample(items.map(item -> new OfDataset(dataset.name(), item, speech)), max, seed);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns a random sample of prompts in stream order. Only the sample is stored in memory (Vitter's Algorithm R).
     */
    static List<HarvestPrompt> sample(Stream<? extends HarvestPrompt> prompts, int max, long seed) {
        if (max < 1) throw new IllegalArgumentException("items: expected 1 or more, got " + max);
        Random random = new Random(seed);
        List<Map.Entry<Integer, HarvestPrompt>> sample = new ArrayList<>();
        int[] count = {0};
        prompts.forEachOrdered(prompt -> {
            Map.Entry<Integer, HarvestPrompt> numbered = Map.entry(count[0]++, prompt);
            if (sample.size() < max) {
                sample.add(numbered);
            } else {
                int place = random.nextInt(count[0]);
                if (place < max) sample.set(place, numbered);
            }
        });
        sample.sort(Map.Entry.comparingByKey());
        return sample.stream().map(Map.Entry::getValue).toList();
    }

    private static List<HarvestPrompt> folder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".wav"))
                    .sorted()
                    .<HarvestPrompt>map(Recording::new)
                    .toList();
        }
    }

    private static List<HarvestPrompt> lines(Path file) throws IOException {
        List<HarvestPrompt> prompts = new ArrayList<>();
        int number = 0;
        for (String line : text(file)) {
            number++;
            if (!line.isBlank()) prompts.add(prompt(DataRecord.ofLine(file, number, line), line));
        }
        return prompts;
    }

    private static List<String> text(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    private static HarvestPrompt prompt(DataRecord record, String line) {
        String source = record.file() + ": " + record.place();
        if (record.has("codes")) {
            return new Line(source, line, new Question.Codes(record.wholeNumbers("codes")));
        }
        if (record.optionalText("file").isPresent()) {
            Path wave = beside(record);
            if (!Files.isRegularFile(wave)) throw record.wrong("file: no such file: " + wave);
            return new Recording(wave);
        }
        if (record.optionalText("question").isEmpty()) throw record.wrong("expected codes, a file or a question");
        // The text is not trimmed, because spaces at its ends are part of existing prompts.
        String text = record.values().path("question").textValue();
        return new Line(source, line, new Question.Typed(text));
    }

    private static Path beside(DataRecord record) {
        try {
            return record.file().resolveSibling(record.text("file"));
        } catch (InvalidPathException e) {
            throw record.wrong("file", "the name of a file");
        }
    }

    /** Returns the file or line that contains the prompt, for messages. */
    String source();

    /**
     * Returns the question as an entry of a batch.
     *
     * @param member index in the batch
     * @param stream random number stream of the reply
     * @throws IllegalArgumentException if the question cannot be understood; the message is one line
     * @throws IOException if the question cannot be read or spoken
     */
    Batch.Entry ask(int member, long stream) throws IOException;

    /** Returns a number that identifies the prompt: the first eight bytes of the SHA-256 digest of its content. */
    long key() throws IOException;

    private static long key(byte[] content) {
        return Long.parseUnsignedLong(FileDigest.sha256(content), 0, 16, 16);
    }

    /**
     * A question in a line of a file.
     *
     * @param source file and line number
     * @param line unmodified line
     * @param question question in the line
     */
    record Line(String source, String line, Question question) implements HarvestPrompt {
        @Override
        public Batch.Entry ask(int member, long stream) {
            return new Batch.Entry(member, question, stream);
        }

        @Override
        public long key() {
            return HarvestPrompt.key(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A recording, which is read when it is needed.
     *
     * @param file WAV file or Opus in Ogg
     */
    record Recording(Path file) implements HarvestPrompt {
        @Override
        public String source() {
            return file.toString();
        }

        @Override
        public Batch.Entry ask(int member, long stream) throws IOException {
            return new Batch.Entry(member, new Question.Spoken(QuestionFile.recording(file)), stream);
        }

        @Override
        public long key() throws IOException {
            return HarvestPrompt.key(Files.readAllBytes(file));
        }
    }

    /**
     * A question of a data set and the turns that precede it.
     *
     * @param set name of the data set
     * @param speech synthesizer for turns without a recording
     */
    record OfDataset(String set, Item item, TextToSpeech speech) implements HarvestPrompt {
        @Override
        public String source() {
            return set + " " + item.id();
        }

        @Override
        public Batch.Entry ask(int member, long stream) throws IOException {
            return new Batch.Entry(member, item.instructions(), speech.questions(item), stream);
        }

        /** Returns a number computed from the turns' text, so that audio is not read again when a store is resumed. */
        @Override
        public long key() {
            return HarvestPrompt.key(QuestionSet.text(item).getBytes(StandardCharsets.UTF_8));
        }
    }
}
