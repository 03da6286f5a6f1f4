package sparrow.study.heads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import sparrow.engine.weights.BadFileException;
import sparrow.models.Question;

/** Reads the questions that a harvest asks. */
public final class HarvestPrompts {
    private HarvestPrompts() {}

    /**
     * A folder of WAV files, in the order of their names, or a file of JSON lines. Each line is an object with speech
     * {@code codes}, or the name of a WAV {@code file} beside it, or the text of a typed {@code question}; the first of
     * these that is there counts.
     *
     * @throws BadFileException naming file, line and key of what cannot be used
     * @throws IOException if it cannot be read
     */
    public static List<HarvestPrompt> read(Path path) throws IOException {
        if (!Files.exists(path)) throw new NoSuchFileException(path.toString());
        List<HarvestPrompt> prompts = Files.isDirectory(path) ? folder(path) : lines(path);
        if (prompts.isEmpty()) throw new BadFileException(path, "expected one question or more, found none");
        return prompts;
    }

    private static List<HarvestPrompt> folder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".wav"))
                    .sorted()
                    .<HarvestPrompt>map(HarvestPrompt.Recording::new)
                    .toList();
        }
    }

    private static List<HarvestPrompt> lines(Path file) throws IOException {
        List<HarvestPrompt> prompts = new ArrayList<>();
        int number = 0;
        for (String line : text(file)) {
            number++;
            if (!line.isBlank()) prompts.add(prompt(file, number, line));
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

    private static HarvestPrompt prompt(Path file, int number, String line) {
        String place = "line " + number;
        JsonNode object = object(file, place, line);
        if (object.has("codes")) {
            return new HarvestPrompt.Line(file + ": " + place, line, codes(file, place, object.path("codes")));
        }
        if (object.path("file").isTextual()) {
            Path wave = beside(file, place, object.path("file").textValue());
            if (!Files.isRegularFile(wave)) throw new BadFileException(file, place + ": file", "no such file: " + wave);
            return new HarvestPrompt.Recording(wave);
        }
        String text = object.path("question").asText("");
        if (text.isBlank()) throw new BadFileException(file, place, "expected codes, a file or a question");
        return new HarvestPrompt.Line(file + ": " + place, line, new Question.Typed(text));
    }

    private static Path beside(Path file, String place, String name) {
        try {
            return file.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new BadFileException(file, place + ": file", "expected the name of a file, found " + name);
        }
    }

    private static JsonNode object(Path file, String place, String line) {
        try {
            JsonNode object = RunFacts.JSON.readTree(line);
            if (object.isObject()) return object;
        } catch (JsonProcessingException e) {
            throw new BadFileException(file, place, "is not JSON: " + e.getOriginalMessage());
        }
        throw new BadFileException(file, place, "expected a JSON object");
    }

    private static Question codes(Path file, String place, JsonNode array) {
        int[] codes = new int[array.size()];
        for (int i = 0; i < codes.length; i++) {
            if (!array.path(i).isInt() || array.path(i).intValue() < 0) {
                throw new BadFileException(
                        file, place + ": codes", "expected whole numbers of 0 or more, found " + array.path(i));
            }
            codes[i] = array.path(i).intValue();
        }
        if (codes.length == 0) throw new BadFileException(file, place + ": codes", "expected a list of one or more");
        return new Question.Codes(codes);
    }
}
