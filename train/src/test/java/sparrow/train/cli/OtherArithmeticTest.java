package sparrow.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sparrow.app.Main;

/** A store and a training that another machine began are resumed only at request. */
@Tag("full")
class OtherArithmeticTest {
    private static final Path EVALUATION = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");
    private static final String OTHER = "0123456789ab";

    @TempDir
    private Path folder;

    private record Outcome(int code, String err) {}

    private static Outcome run(String command, String... more) {
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        List<String> all = new ArrayList<>(Arrays.asList(command.split(" ")));
        all.addAll(Arrays.asList(more));
        return new Outcome(commands.execute(all.toArray(String[]::new)), err.toString());
    }

    /** Gives the kept files the digest of another machine. Texts of the same length: headers stay right. */
    private void begunElsewhere(String... files) throws IOException {
        for (String name : files) {
            Path file = folder.resolve(name);
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            String changed = text.replaceFirst("build-[0-9a-f]{12}", "build-" + OTHER);
            assertThat(changed).isNotEqualTo(text);
            Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
        }
    }

    /** Refuses naming the file, then goes on where it is asked to, and then unasked. */
    private void goesOnAtRequest(String file, String command) throws IOException {
        Outcome refused = run(command);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err().lines().toList())
                .singleElement()
                .asString()
                .startsWith("sparrow: " + folder.resolve(file) + ": arithmetic: this run was started with \"vector-")
                .contains(OTHER)
                .endsWith(
                        "or with --set allow-mixed-numerics=true, which mixes results that differ in their last bits");

        Outcome mixed = run(command, "--set", "allow-mixed-numerics=true");
        assertThat(mixed.err()).isEmpty();
        assertThat(mixed.code()).isZero();
    }

    @Test
    void harvestAndTrainingGoOnAtRequest() throws IOException {
        Path prompts = folder.resolve("prompts.jsonl");
        try (Stream<String> lines = Files.lines(EVALUATION.resolve("prompts.jsonl"))) {
            Files.write(prompts, lines.limit(4).toList());
        }
        String harvest = "heads harvest --layers 8 --prompts " + prompts + " --out " + folder.resolve("store");
        assertThat(run(harvest).code()).isZero();
        begunElsewhere("store/store.json");

        goesOnAtRequest("store/store.json", harvest);
        assertThat(run(harvest).code()).isZero();

        String train = "heads train " + folder.resolve("store") + " --epochs 1 --set held-out=25% --set rank=2 --out "
                + folder.resolve("heads");
        // What comes out cannot be written, so that the checkpoint stays.
        Path inTheWay = folder.resolve("heads/heads.safetensors.part/taken");
        Files.createDirectories(inTheWay);
        assertThat(run(train).code()).isEqualTo(1);
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        Files.delete(folder.resolve("heads/head.8.safetensors"));
        begunElsewhere("heads/training.8.safetensors");

        goesOnAtRequest("heads/training.8.safetensors", train);
        assertThat(Files.readString(folder.resolve("heads/heads.safetensors"), StandardCharsets.ISO_8859_1))
                .containsPattern("\"arithmetic\":\"[^;]*build-" + OTHER + "; vector-");
    }
}
