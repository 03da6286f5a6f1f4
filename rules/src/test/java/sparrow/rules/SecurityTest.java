package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SECURITY.md names tests that exist, and the page has no place at which a text could become a script. */
class SecurityTest {
    private static final Pattern NAME = Pattern.compile("`(\\w+Test)`");
    private static final Path PAGE = Repository.ROOT.resolve("server/src/main/resources/sparrow/server/page");

    @Test
    void everyTestInTheTableExists() throws IOException {
        List<String> named = NAME.matcher(Files.readString(Repository.ROOT.resolve("SECURITY.md")))
                .results()
                .map(name -> name.group(1))
                .toList();
        Set<String> tests;
        try (Stream<Path> modules = Files.list(Repository.ROOT)) {
            tests = modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(SecurityTest::names)
                    .collect(Collectors.toSet());
        }

        assertThat(named)
                .hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(tests).contains(name));
    }

    private static Stream<String> names(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its content security policy would also stop such a script. */
    @Test
    void thePageCreatesNoMarkupFromTexts() throws IOException {
        try (Stream<Path> files = Files.list(PAGE)) {
            List<Path> scripts =
                    files.filter(file -> file.toString().endsWith(".js")).toList();
            assertThat(scripts)
                    .hasSizeGreaterThan(20)
                    .allSatisfy(script -> assertThat(Files.readString(script))
                            .doesNotContain(
                                    "innerHTML",
                                    "outerHTML",
                                    "insertAdjacentHTML",
                                    "document.write",
                                    "eval(",
                                    "new Function"));
        }
    }
}
