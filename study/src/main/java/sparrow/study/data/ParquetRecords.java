package sparrow.study.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sparrow.formats.BadFileException;

/**
 * Rows of a Parquet file: selected text columns, read group by group, and the audio of a row, read on demand. Other
 * columns, which make up most of the published files, are never read.
 */
final class ParquetRecords {
    /**
     * A strong reference to the reader's logger, without which the logger's level could be reset. At the default level,
     * the reader would log its vector instructions on every run.
     */
    private static final Logger READER = Logger.getLogger("dev.hardwood");

    static {
        READER.setLevel(Level.WARNING);
    }

    private ParquetRecords() {}

    /** Returns a format whose records are rows with the given columns, which must contain text. */
    static RecordFormat withTexts(List<String> columns) {
        return file -> open(file, columns);
    }

    private static Stream<DataRecord> open(Path file, List<String> columns) throws IOException {
        ParquetFileReader parquet = reader(file);
        try {
            RowReader rows = refusing(file, "columns", () -> {
                for (String column : columns) expectText(file, parquet.getFileSchema(), column);
                for (String column : columns) {
                    checkPages(file, parquet, parquet.getFileMetaData().rowGroups(), column);
                }
                return parquet.buildRowReader()
                        .projection(ColumnProjection.columns(columns.toArray(String[]::new)))
                        .build();
            });
            Iterator<DataRecord> iterator = new TextRows(file, columns, rows);
            Spliterator<DataRecord> all =
                    Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED | Spliterator.NONNULL);
            return StreamSupport.stream(all, false).onClose(rows::close).onClose(() -> close(parquet));
        } catch (RuntimeException e) {
            parquet.close();
            throw e;
        }
    }

    /**
     * Returns the audio of a row from a column of Hugging Face's audio type, a group of {@code bytes} and {@code path}.
     *
     * @return the audio, or empty if the row contains no bytes
     */
    static Optional<byte[]> audio(DataRecord row, String column) throws IOException {
        try (ParquetFileReader parquet = reader(row.file())) {
            return refusing(row.file(), row.place() + ": " + column, () -> audio(parquet, row, column));
        }
    }

    private static Optional<byte[]> audio(ParquetFileReader parquet, DataRecord row, String column) throws IOException {
        String bytes = column + ".bytes";
        ColumnSchema leaf = parquet.getFileSchema().getColumn(bytes);
        try (FileChannel channel = FileChannel.open(row.file())) {
            ParquetPages.check(channel, groupOf(row, parquet).columns().get(leaf.columnIndex()));
        }
        try (RowReader rows = parquet.buildRowReader()
                .projection(ColumnProjection.columns(bytes))
                .skip(row.number() - 1)
                .head(1)
                .build()) {
            rows.next();
            PqStruct audio = rows.isNull(column) ? null : rows.getStruct(column);
            return audio == null || audio.isNull("bytes") ? Optional.empty() : Optional.of(audio.getBinary("bytes"));
        }
    }

    /** Returns the row's group, so that no other group is read. */
    private static RowGroup groupOf(DataRecord row, ParquetFileReader parquet) {
        long end = 0;
        for (RowGroup group : parquet.getFileMetaData().rowGroups()) {
            end += group.numRows();
            if (row.number() <= end) return group;
        }
        throw new IllegalArgumentException("expected " + row.number() + " rows, found " + end);
    }

    private static void checkPages(Path file, ParquetFileReader parquet, List<RowGroup> groups, String column)
            throws IOException {
        int index = parquet.getFileSchema().getColumn(column).columnIndex();
        try (FileChannel channel = FileChannel.open(file)) {
            refusing(file, column, () -> {
                for (RowGroup group : groups)
                    ParquetPages.check(channel, group.columns().get(index));
                return true;
            });
        }
    }

    private static ParquetFileReader reader(Path file) throws IOException {
        try {
            BoundedThriftReader.checkFooter(file);
            return ParquetFileReader.open(InputFile.of(file));
        } catch (IOException | RuntimeException e) {
            throw new BadFileException(file, "expected a Parquet file: " + inWords(e));
        }
    }

    private static void expectText(Path file, FileSchema schema, String column) {
        boolean text = schema.getRootNode().children().stream()
                .anyMatch(node -> column.equals(node.name())
                        && node instanceof SchemaNode.PrimitiveNode leaf
                        && leaf.type() == PhysicalType.BYTE_ARRAY);
        if (!text) throw new BadFileException(file, column, "expected a text column, found none");
    }

    private static void close(ParquetFileReader parquet) {
        try {
            parquet.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * Runs {@code reading}, and converts its exceptions to {@link BadFileException}. If a page contradicts the file's
     * footer, the reader throws exceptions of various types.
     */
    private static <T> T refusing(Path file, String place, Reading<T> reading) {
        try {
            return reading.read();
        } catch (BadFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new BadFileException(file, place, "cannot be read: " + inWords(e));
        }
    }

    private static String inWords(Exception e) {
        if (e instanceof NullPointerException) return "something is missing";
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Iterates over the text columns row by row. */
    private static final class TextRows implements Iterator<DataRecord> {
        private final Path file;
        private final List<String> columns;
        private final RowReader rows;
        private long number;

        TextRows(Path file, List<String> columns, RowReader rows) {
            this.file = file;
            this.columns = columns;
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            return refusing(file, "after row " + number, rows::hasNext);
        }

        @Override
        public DataRecord next() {
            String place = "row " + ++number;
            return refusing(file, place, () -> {
                rows.next();
                ObjectNode values = JsonNodeFactory.instance.objectNode();
                for (String column : columns) values.put(column, rows.isNull(column) ? null : rows.getString(column));
                return new DataRecord(file, place, number, values);
            });
        }
    }
}
