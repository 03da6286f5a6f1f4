package sparrow.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every package has a page that a newcomer can start from. */
class PackagePageTest {
    private static final Pattern PAGE = Pattern.compile("/\\*\\*(.*)\\*/\\s*package ", Pattern.DOTALL);
    private static final Pattern SENTENCE_END = Pattern.compile("[.:?](\\s|</|$)");

    @ParameterizedTest
    @MethodSource("packages")
    void packageHasAPageOfTwoSentencesOrMore(Path folder) throws IOException {
        Path info = folder.resolve("package-info.java");

        assertThat(info).exists();
        assertThat(PAGE.matcher(Files.readString(info, UTF_8)).results())
                .singleElement()
                .satisfies(page -> assertThat(
                                SENTENCE_END.matcher(page.group(1)).results().count())
                        .as("sentences")
                        .isGreaterThanOrEqualTo(2));
    }

    static List<Path> packages() throws IOException {
        try (Stream<Path> modules = Files.list(Repository.ROOT)) {
            List<Path> sources = modules.map(module -> module.resolve("src/main/java/sparrow"))
                    .filter(Files::isDirectory)
                    .toList();
            assertThat(sources).hasSizeGreaterThanOrEqualTo(7);
            return sources.stream().flatMap(PackagePageTest::packages).sorted().toList();
        }
    }

    private static Stream<Path> packages(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
