package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sparrow.speech.wave.WavFile;

/** The program in README.md, as a reader would copy it, and its first command. */
class ReadmeExampleTest {
    private static final Pattern PROGRAM = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern PRINTED =
            Pattern.compile("(?<=\\R\\R)( {4}the capital .*?)\\R\\R(?=\\S)", Pattern.DOTALL);
    private static final Path ROOT = Path.of(System.getProperty("sparrow.testdata"), "..");

    @TempDir
    private Path folder;

    @Test
    void answersTheFirstExample() throws Exception {
        Path answer = folder.resolve("answer.wav");

        String said = run(compiled(), ROOT.resolve("examples/q01.wav").toString(), answer.toString());

        assertThat(said).isEqualToNormalizingNewlines("the capital of libya is tripoli. libya is in africa.\n");
        assertThat(WavFile.read(answer).seconds()).isBetween(2.0, 4.0);
    }

    @Test
    @Tag("full")
    void printsTheLinesOfTheFirstExample() throws Exception {
        Matcher printed = PRINTED.matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(printed.find()).as("an answer in README.md").isTrue();
        StringWriter out = new StringWriter();
        CommandLine sparrow = Main.commandLine().setOut(new PrintWriter(out));

        int code = sparrow.execute(
                "ask",
                ROOT.resolve("examples/q01.wav").toString(),
                "--out",
                folder.resolve("answer.wav").toString());

        assertThat(code).isZero();
        assertThat(out.toString().lines().map(String::strip))
                .containsAll(printed.group(1).lines().map(String::strip).toList());
    }

    private Class<?> compiled() throws Exception {
        Path source = folder.resolve("Readme.java");
        Files.writeString(source, program());
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
        return new URLClassLoader(classes, getClass().getClassLoader()).loadClass("Readme");
    }

    private static String program() throws IOException {
        Matcher program = PROGRAM.matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(program.find()).as("a block of Java in README.md").isTrue();
        return program.group(1);
    }

    private static String run(Class<?> program, String... args) throws Exception {
        Constructor<?> constructor = program.getDeclaredConstructor();
        Method main = program.getDeclaredMethod("main", String[].class);
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
}
