package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.Commands.Outcome;

/** {@code --set window} and {@code --set truncation} on the command line. */
@Tag("full")
class WindowOptionsTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");

    private static final List<String> QUESTIONS = IntStream.rangeClosed(1, 3)
            .mapToObj(i -> EXAMPLES.resolve("q%02d.wav".formatted(i)).toString())
            .toList();

    private static Outcome ask(String options) {
        return run(Stream.of(
                        Stream.of("ask"),
                        QUESTIONS.stream(),
                        Stream.of("--max-new-tokens", "14"),
                        Stream.of(options.split(" ")))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    private static JsonNode turns(String options) throws IOException {
        Outcome outcome = ask(options + " --json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out()).path("turns");
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}: exact {1}")
    @CsvSource({"turns, false", "replay, true"})
    void whatIsOlderThanTheWindowIsForgottenAsIsSaidAndTold(String forget, boolean exact) throws IOException {
        JsonNode turns = turns("--set window=0.5 --set truncation=" + forget);

        assertThat(turns).hasSize(3);
        assertThat(turns.get(0).has("evicted")).isFalse();
        // The last turn stays.
        assertThat(turns.get(1).has("evicted")).isFalse();
        JsonNode evicted = turns.get(2).path("evicted");
        assertThat(evicted.path("turns").asInt()).isEqualTo(1);
        assertThat(evicted.path("replies").asInt()).isZero();
        assertThat(evicted.path("exact").asBoolean()).isEqualTo(exact);
        assertThat(evicted.path("positions").asInt()).isPositive();
    }

    @Test
    void withoutAWindowWhatFitsIsKept() throws IOException {
        assertThat(turns("--set truncation=turns").findValues("evicted")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "--set window=0, '--set window: expected more than 0 seconds, got 0.0'",
        "--set window=-3, '--set window: expected more than 0 seconds, got -3.0'",
        "--set window=NaN, '--set window: expected more than 0 seconds, got NaN'",
        "--set window=long, long",
        "--set window=30 --set truncation=off, '--set window: expected without --set truncation=off, got both'",
        "--set truncation=all, 'expected turns, speech, replay or off, got \"all\"'",
    })
    void whatIsNoWindowIsRefusedInOneLine(String options, String says) {
        for (String command : List.of("ask no-such.wav", "chat", "serve")) {
            assertRefusedInOneLine(run((command + " " + options).split(" ")), says);
        }
    }
}
