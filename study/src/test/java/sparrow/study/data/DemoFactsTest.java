package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The questions about all facts, and their halves for choosing and for reporting. */
class DemoFactsTest {
    private static final Path FOLDER = Path.of(System.getProperty("sparrow.testdata"), "demo-facts");

    private static List<Item> items(String notation) throws IOException {
        try (Stream<Item> items = Datasets.open(notation).items()) {
            return items.toList();
        }
    }

    @Test
    void eachFactIsAskedOnceAndInOneHalf() throws IOException {
        List<Item> all = items("folder:" + FOLDER);
        List<Item> choose = items("conversations:" + FOLDER.resolve("choose.jsonl"));
        List<Item> report = items("conversations:" + FOLDER.resolve("report.jsonl"));

        assertThat(all).hasSize(585).allMatch(item -> item.recording().isPresent());
        assertThat(all.stream().map(Item::answers).distinct()).hasSize(585);
        assertThat(choose).hasSize(297);
        assertThat(report).hasSize(288);
        Set<String> halves = new HashSet<>();
        Stream.concat(choose.stream(), report.stream()).forEach(item -> halves.add(item.id()));
        assertThat(halves).hasSize(585);
    }
}
