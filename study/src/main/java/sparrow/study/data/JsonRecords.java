package sparrow.study.data;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sparrow.formats.BadFileException;
import sparrow.formats.StrictJson;

/**
 * Reads the objects of a JSON file one at a time, so that a file of several gigabytes requires memory for one record
 * only. Supported formats are JSON lines, an array, and an array under a key of the root object. The text after the
 * last record is also read, so that a truncated file is rejected instead of being accepted as a smaller file.
 */
final class JsonRecords implements Iterator<DataRecord> {
    private static final int DEEPEST = 100;
    private static final StreamReadConstraints ONE_RECORD =
            StreamReadConstraints.builder().maxTokenCount(100_000).build();

    /** The parser accepts published files as they are, including duplicate keys. */
    private static final ObjectMapper JSON = new ObjectMapper(StrictJson.factory(DEEPEST, Long.MAX_VALUE));

    private final Path file;
    private final JsonParser parser;
    private long number;
    private Optional<DataRecord> next = Optional.empty();
    private boolean ended;

    private JsonRecords(Path file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /** Returns consecutive objects, usually one per line. */
    static Stream<DataRecord> lines(Path file) throws IOException {
        return open(file, records -> {});
    }

    static Stream<DataRecord> array(Path file) throws IOException {
        return open(file, records -> records.expect(JsonToken.START_ARRAY, "an array"));
    }

    /** Returns a format whose records are the elements of an array under a key of the root object. */
    static RecordFormat arrayAt(String key) {
        return file -> open(file, records -> records.enter(key));
    }

    /** Advances from the beginning of the file to the first record. */
    private interface Entrance {
        void take(JsonRecords records) throws IOException;
    }

    private static Stream<DataRecord> open(Path file, Entrance entrance) throws IOException {
        JsonParser parser = parser(file);
        JsonRecords records = new JsonRecords(file, parser);
        try {
            records.reading(() -> {
                entrance.take(records);
                return true;
            });
        } catch (IOException | RuntimeException e) {
            parser.close();
            throw e;
        }
        Spliterator<DataRecord> all =
                Spliterators.spliteratorUnknownSize(records, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(all, false).onClose(records::close);
    }

    private static JsonParser parser(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return JSON.createParser(StrictJson.utf8(in));
        } catch (CharacterCodingException e) {
            in.close();
            throw new BadFileException(file, "not JSON: " + StrictJson.fault(e));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private void enter(String key) throws IOException {
        expect(JsonToken.START_OBJECT, "an object with " + key);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            if (parser.currentName().equals(key)) {
                expect(JsonToken.START_ARRAY, key + " to be an array");
                return;
            }
            parser.nextToken();
            parser.skipChildren();
        }
        throw new BadFileException(file, key, "is missing");
    }

    private void expect(JsonToken token, String meaning) throws IOException {
        if (parser.nextToken() != token) throw new BadFileException(file, place(), "expected " + meaning);
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty() && !ended) {
            try {
                next = reading(this::read);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return next.isPresent();
    }

    @Override
    public DataRecord next() {
        if (!hasNext()) throw new NoSuchElementException();
        DataRecord record = next.get();
        next = Optional.empty();
        return record;
    }

    private Optional<DataRecord> read() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT) {
            String place = place();
            return Optional.of(new DataRecord(file, place, ++number, JSON.readTree(new BoundedRecord(parser))));
        }
        if (token != null && token != JsonToken.END_ARRAY) {
            throw new BadFileException(file, place(), "expected an object, found " + token);
        }
        while (parser.nextToken() != null) parser.skipChildren();
        ended = true;
        return Optional.empty();
    }

    /**
     * Rejects a record whose tree would require more than a few megabytes. The file's own parser does not limit the
     * size of records.
     */
    private static final class BoundedRecord extends JsonParserDelegate {
        private long tokens;

        BoundedRecord(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            ONE_RECORD.validateTokenCount(++tokens);
            return super.nextToken();
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T reading(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (JacksonException e) {
            // An exception due to the parser's limits of depth or length has no location.
            JsonLocation at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw new BadFileException(file, "line " + at.getLineNr(), "not JSON: " + StrictJson.fault(e));
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "after row " + number, "not JSON: " + StrictJson.fault(e));
        }
    }

    private String place() {
        return "line " + parser.currentTokenLocation().getLineNr();
    }

    private void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
