package sparrow.study.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How rows lie in a file. */
@FunctionalInterface
interface RowFormat {
    /** The rows, read while the stream runs; closing it closes the file. */
    Stream<Row> open(Path file) throws IOException;

    /** The rows, for use inside of a stream of files. */
    default Stream<Row> rows(Path file) {
        try {
            return open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
