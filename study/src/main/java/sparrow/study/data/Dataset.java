package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;

/** Questions in the order of their files, one per record. */
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

    /** The name by which the field knows the set. */
    public String name() {
        return name;
    }

    /** The way in which replies are judged. */
    public Task task() {
        return task;
    }

    /**
     * The questions, read while the stream runs; the caller closes it. It throws {@link BadFileException} at the first record
     * that is not as it should be, naming file, record and expectation, and {@link java.io.UncheckedIOException} where the file
     * cannot be read.
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
            throw record.wrong(e.getMessage()); // an item that refuses its values
        }
    }
}
