package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sparrow.speech.vocode.CodeBlocks;

/** The rhythm of blocks against the published demo's loop, for recorded replies. */
class CodeBlocksGoldenTest {
    /** The first audio id of the recorded streams. */
    private static final int AUDIO = 422;

    @TestFactory
    List<DynamicTest> blocksHoldTheSameCodesAsTheDemosCalls() throws IOException {
        Path file = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice/expected/chunking_cases.json");
        JsonNode cases = new ObjectMapper().readTree(file.toFile());
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode recorded : cases) {
            String name = tests.size() + " " + recorded.get("note").asText();
            tests.add(DynamicTest.dynamicTest(name, () -> check(recorded)));
        }
        assertThat(tests).hasSizeGreaterThan(5);
        return tests;
    }

    private static void check(JsonNode recorded) {
        List<List<Integer>> expected = new ArrayList<>();
        recorded.get("calls").forEach(call -> expected.add(integers(call.get("audio_tokens"))));
        // The demo never decodes what is left at the end of a reply that the user's turn does not end; we do.
        List<Integer> left = integers(recorded.get("leftover_audio_tokens"));
        if (!left.isEmpty()) expected.add(left);

        CodeBlocks blocks = CodeBlocks.published();
        List<List<Integer>> actual = new ArrayList<>();
        for (int id : integers(recorded.get("stream"))) {
            if (id >= AUDIO) blocks.add(id - AUDIO).ifPresent(block -> actual.add(boxed(block)));
        }
        int[] rest = blocks.rest();
        if (rest.length > 0) actual.add(boxed(rest));

        assertThat(actual).isEqualTo(expected);
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.intValue()));
        return values;
    }

    private static List<Integer> boxed(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
