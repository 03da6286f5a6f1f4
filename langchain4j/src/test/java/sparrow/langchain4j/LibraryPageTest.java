package sparrow.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.speech.wave.WavFile;

/** The programs in docs/library.md, as a reader would copy them. */
class LibraryPageTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Path ROOT = Path.of(System.getProperty("sparrow.testdata"), "..");

    @TempDir
    private Path folder;

    @Tag("full")
    @Test
    void thePoolAnswersTwoConversationsAndGoesOnAfterAnInterruption() throws Exception {
        String said = run(program("new ConversationPool(", "pool.open("), example(1), example(2));

        assertThat(said.lines().toList())
                .hasSize(3)
                .satisfies(lines ->
                        assertThat(lines.get(0)).isEqualTo("one: the capital of libya is tripoli. libya is in africa."))
                .satisfies(lines -> assertThat(lines.get(1)).isEqualTo("other: " + alone(2)))
                .satisfies(lines -> assertThat(lines.get(2)).startsWith("one again: "));
    }

    @Test
    void langChain4jGetsTextAndSound() throws Exception {
        Path answer = folder.resolve("answer.wav");

        String said = run(program("new SparrowChatModel("), example(1), answer.toString());

        assertThat(said).isEqualToNormalizingNewlines("the capital of libya is tripoli. libya is in africa.\n");
        assertThat(WavFile.read(answer).seconds()).isBetween(2.0, 4.0);
    }

    private static String alone(int question) throws IOException {
        try (BundledModel bundled = new BundledModel()) {
            return bundled.conversation()
                    .ask(BundledModel.question(question), sparrow.models.pool.ReplyListener.NONE)
                    .text();
        }
    }

    private static String example(int number) {
        return ROOT.resolve(String.format("examples/q%02d.wav", number)).toString();
    }

    /** The one program of the page in which all of these occur. */
    private static String program(String... marks) throws IOException {
        String page = Files.readString(ROOT.resolve("docs/library.md"));
        List<String> found = PROGRAM.matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> List.of(marks).stream().allMatch(block::contains))
                .toList();
        assertThat(found).as("programs with %s", List.of(marks)).hasSize(1);
        return found.getFirst();
    }

    private String run(String program, String... args) throws Exception {
        Class<?> compiled = compiled(program);
        Constructor<?> constructor = compiled.getDeclaredConstructor();
        Method main = compiled.getDeclaredMethod("main", String[].class);
        constructor.setAccessible(true);
        main.setAccessible(true);
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            main.invoke(constructor.newInstance(), (Object) args);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private Class<?> compiled(String program) throws Exception {
        Path source = folder.resolve("Page.java");
        Files.writeString(source, program);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String[] options = {
            "-proc:none",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString()
        };

        int code = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, options);

        assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
        URL[] classes = {folder.toUri().toURL()};
        return new URLClassLoader(classes, getClass().getClassLoader()).loadClass("Page");
    }
}
