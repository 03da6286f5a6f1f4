package sparrow.study.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The small data sets among the test data. */
final class Samples {
    static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    static final Path FOLDER = TESTDATA.resolve("datasets");

    private Samples() {}

    static List<Item> items(String format, Path file) {
        return items(Datasets.open(format + ":" + file));
    }

    static List<Item> items(Dataset dataset) {
        try (Stream<Item> items = dataset.items()) {
            return items.toList();
        }
    }

    static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
