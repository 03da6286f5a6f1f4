package sparrow.study.heads;

import java.nio.file.Path;
import java.util.Arrays;
import sparrow.engine.weights.BadFileException;
import sparrow.study.run.RunFacts;

/** How the records of a store lie in its folder. */
enum StoreFormat {
    /** All in {@code records.bin}, one behind the other; read, and no longer written. */
    ONE_FILE("sparrow-harvest-1"),

    /** A file for each batch ({@link RecordFiles}). */
    FILE_OF_A_BATCH("sparrow-harvest-2");

    private final String text;

    StoreFormat(String text) {
        this.text = text;
    }

    /**
     * That of a store.
     *
     * @throws BadFileException if it is none of these
     */
    static StoreFormat of(Path file, RunFacts facts) {
        String found = facts.text(file, "format");
        return Arrays.stream(values())
                .filter(format -> format.text.equals(found))
                .findFirst()
                .orElseThrow(() -> new BadFileException(
                        file, "format", "expected " + ONE_FILE + " or " + FILE_OF_A_BATCH + ", found " + found));
    }

    /** As {@code store.json} says it. */
    @Override
    public String toString() {
        return text;
    }
}
