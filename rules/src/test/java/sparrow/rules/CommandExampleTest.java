package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import sparrow.app.Main;

/** Every command line of the pages is one that the command line takes: its command, options and values exist. */
class CommandExampleTest {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"'|;&<>#]\\S*)|([|;&<>#].*)");

    /** Of the launcher, or of a module outside of the build. */
    private static final Set<String> ELSEWHERE = Set.of("test", "install", "bench-device");

    private static final CommandLine SPARROW = Main.commandLine();

    private record Example(Page page, List<String> arguments) {}

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Page page : Page.all()) {
            for (String line : page.code()) {
                List<String> arguments = arguments(line.strip());
                boolean whole = !arguments.contains("...") && !arguments.contains("[OPTIONS]");
                if (!arguments.isEmpty() && whole && !ELSEWHERE.contains(arguments.getFirst())) {
                    examples.add(new Example(page, arguments));
                }
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isACommand(Example example) {
        String[] arguments = example.arguments().toArray(String[]::new);

        assertThatCode(() -> SPARROW.parseArgs(arguments)).as("%s", example).doesNotThrowAnyException();
    }

    /** The words behind {@code sparrow}, up to a comment, of which the help has some behind two spaces; none of another program's line. */
    private static List<String> arguments(String line) {
        String command = line.split(" {2,}", 2)[0].replaceFirst("^(?:[A-Z_]+=\\S* )*(?:\\./)?sparrow ", "");
        if (line.startsWith(command)) return List.of();
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find() && word.group(4) == null) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words;
    }
}
