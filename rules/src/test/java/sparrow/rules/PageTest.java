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

/** Checks the links of the pages, and the worst habits of pages and comments. */
class PageTest {
    /** Habits of the older text that a reader stumbles over; CONTRIBUTING.md explains how to write. */
    private static final String HABITS = "[^\n]*\\b(?:at hand|on (?:its|their) way|under way)\\b[^\n]*";

    private static final Pattern IN_PAGES =
            Pattern.compile("(?:^|[.!?:] |- )(?:That|Those) of\\b[^\n]*|" + HABITS, Pattern.MULTILINE);

    private static final Pattern IN_COMMENTS =
            Pattern.compile("^\\s*(?:/\\*\\*|\\*|//) (?:(?:That|Those) of\\b.*|" + HABITS + ")", Pattern.MULTILINE);

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
    void pagesAreInPlainEnglish(Page page) {
        assertThat(IN_PAGES.matcher(page.prose())
                        .results()
                        .map(found -> found.group().strip()))
                .as("%s", page)
                .isEmpty();
    }

    @Test
    void commentsOfMainCodeAreInPlainEnglish() throws IOException {
        try (Stream<Path> files = Files.find(
                Repository.ROOT,
                Integer.MAX_VALUE,
                (file, _) -> file.toString().matches(".*/src/main/.*\\.(java|js)"))) {
            for (Path file : files.toList()) {
                assertThat(IN_COMMENTS
                                .matcher(Files.readString(file))
                                .results()
                                .map(found -> found.group().strip()))
                        .as("%s", file)
                        .isEmpty();
            }
        }
    }
}
