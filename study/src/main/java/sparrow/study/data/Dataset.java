package sparrow.study.data;

import java.util.stream.Stream;

/** Questions in the order of their file. */
public interface Dataset {
    /** The name by which the field knows the set. */
    String name();

    /** The way in which replies are judged. */
    Task task();

    /**
     * The questions, read while the stream runs; the caller closes it. It throws
     * {@link sparrow.engine.weights.BadFileException} at the first record that is not as it should be, naming file, record and
     * expectation, and {@link java.io.UncheckedIOException} where the file cannot be read.
     */
    Stream<Item> items();
}
