package sparrow.study.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import sparrow.engine.weights.BadFileException;

/** A data set that is one question per row of its files. */
record RowDataset(String name, Task task, List<Path> files, RowFormat format, Function<Row, Item> reading)
        implements Dataset {
    RowDataset {
        files = List.copyOf(files);
        for (Path file : files) {
            if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        }
    }

    RowDataset(String name, Task task, Path file, RowFormat format, Function<Row, Item> reading) {
        this(name, task, List.of(file), format, reading);
    }

    @Override
    public Stream<Item> items() {
        Set<String> ids = new HashSet<>();
        return files.stream().flatMap(format::rows).map(row -> {
            Item item = item(row);
            if (!ids.add(item.id())) throw row.wrong("id: expected each once, found " + item.id() + " again");
            return item;
        });
    }

    private Item item(Row row) {
        try {
            return reading.apply(row);
        } catch (BadFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw row.wrong(e.getMessage()); // an item that refuses its values
        }
    }
}
