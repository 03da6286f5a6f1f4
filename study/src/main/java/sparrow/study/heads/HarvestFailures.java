package sparrow.study.heads;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import sparrow.engine.weights.BadFileException;
import sparrow.study.run.RunFacts;

/** The prompts that a harvest left out, and why: {@code failures.json} of its store, which is not there if there are none. */
final class HarvestFailures {
    static final String FILE = "failures.json";

    private final Path file;
    private final NavigableMap<Integer, Failure> failures = new TreeMap<>();

    /**
     * A prompt that was left out.
     *
     * @param number of the prompt, from 0
     * @param source where it comes from
     * @param reason on one line
     */
    record Failure(int number, String source, String reason) {}

    private record Content(List<Failure> failures) {}

    private HarvestFailures(Path file) {
        this.file = file;
    }

    /**
     * Those of a store.
     *
     * @throws BadFileException if the file does not tell them
     * @throws IOException if it cannot be read
     */
    static HarvestFailures of(Path store) throws IOException {
        HarvestFailures read = new HarvestFailures(store.resolve(FILE));
        if (!Files.exists(read.file)) return read;
        JsonNode array = RunFacts.read(read.file).json().path("failures");
        if (!array.isArray()) throw new BadFileException(read.file, "failures", "expected a list, found " + array);
        for (JsonNode json : array) {
            RunFacts facts = new RunFacts(json);
            read.add(new Failure(
                    facts.integer(read.file, "number", 0),
                    facts.text(read.file, "source"),
                    facts.text(read.file, "reason")));
        }
        return read;
    }

    void add(Failure failure) {
        failures.put(failure.number(), failure);
    }

    /** Prompts that were asked after all. */
    void remove(int number) {
        failures.remove(number);
    }

    /** Drops prompts from a number on. */
    void dropFrom(long number) {
        failures.keySet().removeIf(of -> of >= number);
    }

    /** In the order of the prompts. */
    List<Failure> all() {
        return List.copyOf(failures.values());
    }

    /** Writes the file, whole or not at all. */
    void write() throws IOException {
        if (failures.isEmpty()) Files.deleteIfExists(file);
        else RunFacts.of(new Content(all())).write(file);
    }
}
