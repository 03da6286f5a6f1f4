package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that goes on with what it finds meets what another machine began. */
@Tag("full")
class OtherArithmeticTest {
    private static final Path EVALUATION = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");
    private static final String OTHER = "0123456789ab";

    @TempDir
    private Path folder;

    private Commands.Outcome run(String command, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(command.split(" ")));
        all.addAll(Arrays.asList(more));
        return Commands.run(all.toArray(String[]::new));
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
        Commands.Outcome refused = run(command);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err().lines().toList())
                .singleElement()
                .asString()
                .startsWith("sparrow: " + folder.resolve(file) + ": arithmetic: this run was started with \"vector-")
                .contains(OTHER)
                .endsWith(
                        "or with --set allow-mixed-numerics=true, which mixes results that differ in their last bits");

        Commands.Outcome mixed = run(command, "--set", "allow-mixed-numerics=true");
        assertThat(mixed.err()).isEmpty();
        assertThat(mixed.code()).isZero();
    }

    @Test
    void compareGoesOnAtRequest() throws IOException {
        String command = "study compare --items 1 --max-new-tokens 20 --asr none --policies even:14 --data folder:"
                + EVALUATION + " --out " + folder;
        assertThat(run(command).code()).isZero();
        begunElsewhere("settings.json");

        goesOnAtRequest("settings.json", command);
        assertThat(run(command).code()).isZero();
        assertThat(folder.resolve("report.html")).content().contains("results of 2 arithmetics");
    }

    @Test
    void whatTheProcessorBeganADeviceDoesNotGoOnWith() throws IOException {
        String command = "study compare --items 1 --max-new-tokens 20 --asr none --policies even:14 --data folder:"
                + EVALUATION + " --out " + folder;
        assertThat(run(command).code()).isZero();
        Path settings = folder.resolve("settings.json");
        assertThat(Files.readString(settings)).doesNotContain("cpu", " on ");

        Commands.Outcome refused = run(command, "--device", "fake:0");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err().lines())
                .last()
                .asString()
                .startsWith("sparrow: " + settings + ": arithmetic: this run was started with \"")
                .contains(
                        " on Fake 0 (Host 3.0, driver 1.2)\"; resume it on the original machine, or with --set allow-mixed-numerics=true");

        assertThat(run(command, "--device", "fake:0", "--set", "allow-mixed-numerics=true")
                        .code())
                .isZero();
        assertThat(folder.resolve("report.html")).content().contains("Fake 0 (Host 3.0)", "results of 2 arithmetics");
    }

    @Test
    void layersGoOnAtRequest() throws IOException {
        String command = "study layers --items 1 --max-new-tokens 20 --layers 12 --data folder:" + EVALUATION
                + " --out " + folder;
        assertThat(run(command).code()).isZero();
        begunElsewhere("settings.json");

        goesOnAtRequest("settings.json", command);
        assertThat(run(command).code()).isZero();
        assertThat(folder.resolve("report.html")).content().contains("results of 2 arithmetics");
    }

    @Test
    void tuningGoesOnAtRequest() throws IOException {
        String command = "study tune --items 1 --max-new-tokens 20 --asr none --schedules even --layers 14"
                + " --budget agreement=50 --data folder:" + EVALUATION + " --out " + folder.resolve("work");
        assertThat(run(command).code()).isZero();
        begunElsewhere("work/layers/settings.json", "work/sweep/settings.json");

        goesOnAtRequest("work/layers/settings.json", command);
        assertThat(run(command).code()).isZero();
        assertThat(folder.resolve("work/sweep/settings.json")).content().contains(OTHER + "\", \"vector-");
        assertThat(folder.resolve("work/report.html"))
                .content()
                .containsSubsequence(
                        "arithmetic, layers", "results of 2 arithmetics", "arithmetic, sweep", "results of 2");
    }
}
