package sparrow.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** GitHub does not render PlantUML: docs/architecture.md shows the drawings as Mermaid, made of the same files. */
class DrawingTest {
    private static final Path PAGE = Repository.ROOT.resolve("docs/architecture.md");

    /**
     * To write the blocks anew: {@code ./sparrow test -pl rules -am -Dtest=DrawingTest -Dsparrow.regenerate=true
     * -Dsurefire.failIfNoSpecifiedTests=false}.
     */
    @Test
    void pageShowsTheDrawingsThatAreTested() throws IOException {
        String page = Files.readString(PAGE, UTF_8);

        String expected = page;
        for (Drawing drawing : Drawing.all()) expected = withBlock(expected, drawing);
        if (Boolean.getBoolean("sparrow.regenerate")) Files.writeString(PAGE, expected, UTF_8);
        else assertThat(page).isEqualTo(expected);
    }

    /** The page with the block below the drawing's mark replaced. */
    private static String withBlock(String page, Drawing drawing) {
        String mark = "<!-- drawn in architecture/" + drawing.name() + ".puml -->\n";
        Matcher block = Pattern.compile(Pattern.quote(mark) + "```mermaid\n.*?```", Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find())
                .as("%s: a block of Mermaid below the line %s", PAGE, mark)
                .isTrue();
        return page.substring(0, block.start()) + mark + drawing.mermaid() + page.substring(block.end());
    }
}
