package sparrow.study.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cases in testdata/wer_cases, one JSON object a line. */
final class Cases {
    private Cases() {}

    static Stream<JsonNode> read(String file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> cases = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(System.getProperty("sparrow.testdata"), "wer_cases", file))) {
            cases.add(json.readTree(line));
        }
        return cases.stream();
    }
}
