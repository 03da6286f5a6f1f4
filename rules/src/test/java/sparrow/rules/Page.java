package sparrow.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param file from the root of the repository
 * @param text with line feeds
 */
record Page(Path file, String text) {
    private static final Pattern FENCED = Pattern.compile("^```[^\n]*\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern INDENTED = Pattern.compile("(?<=\n\n)(?: {4}[^\n]*\n|\n(?= {4}))+");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
    private static final Pattern CONTINUED = Pattern.compile("\\s*\\\\\n\\s*");

    static Page read(Path file) throws IOException {
        Path whole = Repository.ROOT.resolve(file).normalize();
        return new Page(
                Repository.ROOT.relativize(whole), Files.readString(whole).replace("\r\n", "\n"));
    }

    /** The pages of the root folder and of docs. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        for (String folder : List.of("", "docs")) {
            try (Stream<Path> files = Files.list(Repository.ROOT.resolve(folder))) {
                for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                        .sorted()
                        .toList()) {
                    pages.add(read(file));
                }
            }
        }
        return pages;
    }

    /** The text without programs, drawings and commands. */
    String prose() {
        return INDENTED.matcher(FENCED.matcher(text).replaceAll("\n")).replaceAll("\n");
    }

    /** Lines of the blocks of code; one that goes on behind a backslash is one line. */
    List<String> code() {
        return Stream.concat(
                        FENCED.matcher(text).results().map(block -> block.group(1)),
                        INDENTED.matcher(FENCED.matcher(text).replaceAll("\n"))
                                .results()
                                .map(block -> block.group()))
                .flatMap(block -> CONTINUED.matcher(block).replaceAll(" ").lines())
                .toList();
    }

    /** The targets of its links in this repository. */
    List<String> links() {
        return LINK.matcher(prose())
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.contains("://"))
                .toList();
    }

    /** The anchors of its headings, as GitHub makes them. */
    Set<String> anchors() {
        return HEADING.matcher(FENCED.matcher(text).replaceAll("\n"))
                .results()
                .map(heading -> anchor(heading.group(1)))
                .collect(Collectors.toSet());
    }

    private static String anchor(String heading) {
        Matcher words = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)").matcher(heading);
        return words.replaceAll("$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
