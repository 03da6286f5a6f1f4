package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links lead somewhere, and a sentence speaks of a thing with a name. */
class PageTest {
    private static final Pattern NAMELESS = Pattern.compile(
            "(?:^|[.!?:] |\\*\\*|\\| |- |\n)(?:What|Where|Whether|How|Who|Whoever)\\b[^\n]*|\\b(?i:nobody|somebody|whoever)\\b",
            Pattern.MULTILINE);

    private static final Pattern NAMELESS_COMMENT = Pattern.compile(
            "^\\s*(?:/\\*\\*|\\*|//) (?:What|Where|Whether|How|Why|Who|Whatever|Whoever|Nobody)\\b.*",
            Pattern.MULTILINE);

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToAFileAndAHeading(Page page) throws IOException {
        for (String link : page.links()) {
            String file = link.replaceFirst("#.*", "");
            Path target = file.isEmpty() ? page.file() : page.file().resolveSibling(file);
            assertThat(Repository.ROOT.resolve(target)).as("%s: %s", page, link).exists();
            if (link.contains("#")) {
                assertThat(Page.read(target).anchors())
                        .as("%s: %s", page, link)
                        .contains(link.substring(link.indexOf('#') + 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void sentencesSpeakOfThingsWithNames(Page page) {
        assertThat(NAMELESS.matcher(page.prose())
                        .results()
                        .map(found -> found.group().strip()))
                .as("%s", page)
                .isEmpty();
    }

    /** Of the code that users run. */
    @Test
    void commentsBeginWithThingsThatHaveNames() throws IOException {
        try (Stream<Path> files = Files.find(
                Repository.ROOT,
                Integer.MAX_VALUE,
                (file, _) -> file.toString().matches(".*/src/main/.*\\.(java|js)"))) {
            for (Path file : files.toList()) {
                assertThat(NAMELESS_COMMENT
                                .matcher(Files.readString(file))
                                .results()
                                .map(found -> found.group().strip()))
                        .as("%s", file)
                        .isEmpty();
            }
        }
    }
}
