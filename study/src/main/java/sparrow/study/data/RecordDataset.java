package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.engine.weights.BadFileException;

/** A data set that is one question per record of its files. */
record RecordDataset(String name, Task task, List<Path> files, RecordFormat format, Function<DataRecord, Item> reading)
        implements Dataset {
    RecordDataset {
        files = List.copyOf(files);
        for (Path file : files) {
            if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        }
    }

    RecordDataset(String name, Task task, Path file, RecordFormat format, Function<DataRecord, Item> reading) {
        this(name, task, List.of(file), format, reading);
    }

    @Override
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
