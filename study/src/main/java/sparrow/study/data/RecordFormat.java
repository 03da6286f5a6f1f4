package sparrow.study.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A file format that consists of records. */
@FunctionalInterface
interface RecordFormat {
    /** Returns the records, which are read while the stream is consumed. Closing the stream closes the file. */
    Stream<DataRecord> open(Path file) throws IOException;

    /** Returns the records, for use within a stream of files. */
    default Stream<DataRecord> records(Path file) {
        try {
            return open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
