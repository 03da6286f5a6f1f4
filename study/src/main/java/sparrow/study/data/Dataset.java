package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;

/** Questions in file order, one per record. */
public final class Dataset {
    private final String name;
    private final Task task;
    private final List<Path> files;
    private final RecordFormat format;
    private final Function<DataRecord, Item> reading;

    Dataset(String name, Task task, List<Path> files, RecordFormat format, Function<DataRecord, Item> reading) {
        this.name = name;
        this.task = task;
        this.files = List.copyOf(files);
        this.format = format;
        this.reading = reading;
        for (Path file : files) {
            if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        }
    }

    Dataset(String name, Task task, Path file, RecordFormat format, Function<DataRecord, Item> reading) {
        this(name, task, List.of(file), format, reading);
    }

    /** Returns the set's common name. */
    public String name() {
        return name;
    }

    /** Returns the way in which replies are judged. */
    public Task task() {
        return task;
    }

    /**
     * Returns the questions, which are read while the stream is consumed. The caller must close the stream. The stream
     * throws {@link BadFileException} at the first invalid record, with the file, the record and the expected content,
     * and {@link java.io.UncheckedIOException} if the file cannot be read.
     */
    public Stream<Item> items() {
        Set<String> ids = new HashSet<>();
        return files.stream().flatMap(format::records).map(record -> {
            Item item = item(record);
            if (!ids.add(item.id())) throw record.wrong("id: expected each once, found " + item.id() + " again");
            return item;
        });
    }

    private Item item(DataRecord record) {
        try {
            return reading.apply(record);
        } catch (BadFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw record.wrong(e.getMessage()); // The item rejects its values.
        }
    }
}
