package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages in docs/troubleshooting.md are those of the code. */
class TroubleshootingTest {
    private static final Pattern MESSAGE = Pattern.compile("(?m)^`([^`\n]+)`$");

    /** The boundary of two literals that the code concatenates. */
    private static final String JOINT = "[\"']\\s*\\+\\s*[\"']";

    @Test
    void everyMessageIsOneOfTheCode() throws IOException {
        String code = code();
        List<String> messages = MESSAGE.matcher(
                        Page.read(Path.of("docs/troubleshooting.md")).text())
                .results()
                .map(message -> message.group(1))
                .toList();

        assertThat(messages).hasSizeGreaterThanOrEqualTo(15);
        for (String message : messages) {
            for (String part : message.split("…")) {
                assertThat(code.contains(part))
                        .as("\"%s\" of: %s", part, message)
                        .isTrue();
            }
        }
    }

    /** The launcher and the main sources, with concatenated literals joined. */
    private static String code() throws IOException {
        String launcher = Files.readString(Repository.ROOT.resolve("sparrow")).replace("$wanted_java", "25");
        try (Stream<Path> files = Files.find(
                Repository.ROOT,
                Integer.MAX_VALUE,
                (file, _) -> file.toString().matches(".*/src/main/.*\\.(java|js)"))) {
            return launcher
                    + files.map(TroubleshootingTest::read)
                            .map(text -> text.replaceAll(JOINT, ""))
                            .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
