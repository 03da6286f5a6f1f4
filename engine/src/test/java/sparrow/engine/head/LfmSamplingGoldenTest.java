package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.transformer.Logits;
import sparrow.formats.weights.Safetensors;

/** The choice of LFM2-Audio's ids and codes against the official code: what is kept, and with which probability. */
class LfmSamplingGoldenTest {
    private static final Path EXPECTED = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio/expected");

    static List<Path> sets() throws IOException {
        try (Stream<Path> sets = Files.list(EXPECTED)) {
            return sets.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void choicesAreTheOfficialOnes(Path set) throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(set.resolve("sampling.json").toFile());
        try (Safetensors expected = Safetensors.open(set.resolve("sampling.safetensors"))) {
            for (JsonNode one : cases) {
                String tag = one.path("tag").textValue();
                float[] logits = expected.tensor(tag + ".logits").toFloats();
                Sampler sampler = new Sampler(
                        new Sampling(
                                one.path("temperature").asDouble(0),
                                one.path("top_k").asInt(0),
                                1,
                                1,
                                17),
                        logits.length);
                if (one.path("greedy").asBoolean()) {
                    int token = one.path("token").intValue();
                    assertThat(sampler.choose(Logits.of(logits.clone(), null), 3))
                            .as(tag)
                            .isEqualTo(token);
                    assertThat(sampler.chooseCode(Logits.of(logits, null), 0, 3))
                            .as(tag)
                            .isEqualTo(token);
                } else {
                    float[] probabilities = expected.tensor(tag + ".probs").toFloats();
                    assertSame(tag, sampler.distribution(Logits.of(logits.clone(), null)), probabilities);
                    assertSame(tag, sampler.codeDistribution(Logits.of(logits, null)), probabilities);
                }
            }
        }
    }

    private static void assertSame(String tag, Distribution distribution, float[] expected) {
        for (int row = 0; row < expected.length; row++) {
            assertThat(distribution.weight(row) > 0).as("%s, row %d", tag, row).isEqualTo(expected[row] > 0);
            assertThat(distribution.probability(row))
                    .as("%s, row %d", tag, row)
                    .isCloseTo(expected[row], within(1e-6f));
        }
    }
}
