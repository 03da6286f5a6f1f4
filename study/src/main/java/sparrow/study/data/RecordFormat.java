package sparrow.study.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The form of records in a file. */
@FunctionalInterface
interface RecordFormat {
    /** The records, read while the stream runs; closing it closes the file. */
    Stream<DataRecord> open(Path file) throws IOException;

    /** The records, for use inside of a stream of files. */
    default Stream<DataRecord> records(Path file) {
        try {
            return open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
