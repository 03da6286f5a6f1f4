package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;

/** Vectors of another width change the last bits of sounds and states, so that a run keeps to one arithmetic. */
@Tag("full")
class RunArithmeticTest {
    @TempDir
    private Path folder;

    /** A machine of other vectors. */
    public static void main(String[] args) throws IOException {
        try (SmallRun small = new SmallRun()) {
            run(small, Path.of(args[0]), MixedNumerics.REFUSED);
        }
    }

    private static void run(SmallRun small, Path folder, MixedNumerics mixedNumerics) throws IOException {
        CompareSetup asked = small.setup(SmallRun.questions(2), 2, 0, "even:8");
        StudySetup study = asked.study();
        StudySetup resumed = new StudySetup(
                study.model(), study.sets(), study.textToSpeech(), study.decoding(), study.batch(), mixedNumerics);
        CompareSetup setup = new CompareSetup(resumed, asked.cases(), asked.timedItems());
        small.run(folder, setup, SmallRun.scorers(), RunProgress.NONE);
    }

    @Test
    void runKeepsToItsArithmetic() throws IOException {
        try (SmallRun small = new SmallRun()) {
            String own = small.model.numerics();
            assertThat(own).matches("(vector-(128|256|512)x(4|12)|scalar) java-\\S+ \\S+ build-[0-9a-f]{12}");
            run(small, folder, MixedNumerics.REFUSED);
            Path settings = folder.resolve("settings.json");
            String kept = Files.readString(settings);
            assertThat(kept).contains("\"arithmetic\" : \"" + own + "\"");
            assertThat(folder.resolve("report.html")).content().doesNotContain("arithmetics");

            Files.writeString(settings, kept.replace(own, "vector-64"));
            assertThatThrownBy(() -> run(small, folder, MixedNumerics.REFUSED))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(settings
                            + ": arithmetic: this run was started with \"vector-64\", this machine computes with \""
                            + own
                            + "\"; resume it on the original machine, or with --set allow-mixed-numerics=true, which mixes results that differ"
                            + " in their last bits");
        }
    }

    @Test
    void mixedRunIsMarkedAndGoesOnUnasked() throws IOException {
        try (SmallRun small = new SmallRun()) {
            String own = small.model.numerics();
            Path run = folder.resolve("run");
            run(small, run, MixedNumerics.REFUSED);
            Path settings = run.resolve("settings.json");
            Files.writeString(settings, Files.readString(settings).replace(own, "vector-64x4 0123456789abcdef"));
            forget("even-8");

            run(small, run, MixedNumerics.ALLOWED);

            assertThat(settings).content().contains("\"vector-64x4 0123456789abcdef\"", "\"" + own + "\"");
            assertThat(run.resolve("report.json")).content().contains("results of 2 arithmetics", "vector-64x4", own);
            String mixed = Files.readString(settings);
            forget("none");
            run(small, run, MixedNumerics.REFUSED);
            assertThat(settings).hasContent(mixed);
            assertThat(run.resolve("report.html")).content().contains("results of 2 arithmetics, which differ");
        }
    }

    /** Two more processes, which compute with vectors of another width. */
    @Test
    void runOfAnotherMachineIsRefusedOrMixedAndMarked() throws IOException, InterruptedException {
        try (SmallRun small = new SmallRun()) {
            String own = small.model.numerics();
            int others = own.startsWith("vector-128x") ? 256 : 128;
            assertThat(onAMachineOf(others)).isZero();
            Path settings = folder.resolve("run/settings.json");
            String begun = Files.readString(settings);
            forget("even-8");

            assertThatThrownBy(() -> run(small, folder.resolve("run"), MixedNumerics.REFUSED))
                    .hasMessageStartingWith(
                            settings + ": arithmetic: this run was started with \"vector-" + others + "x")
                    .hasMessageContaining(", this machine computes with \"" + own + "\"; ");
            assertThat(settings).hasContent(begun);

            run(small, folder.resolve("run"), MixedNumerics.ALLOWED);
            assertThat(settings).content().contains("\"vector-" + others + "x", "\"" + own + "\"");
            assertThat(folder.resolve("run/report.json")).content().contains("vector-" + others + "x", own);
            assertThat(folder.resolve("run/report.html")).content().contains("results of 2 arithmetics, which differ");

            // From now on either goes on unasked.
            String mixed = Files.readString(settings);
            forget("none");
            assertThat(onAMachineOf(others)).isZero();
            run(small, folder.resolve("run"), MixedNumerics.REFUSED);
            assertThat(settings).hasContent(mixed);
            assertThat(folder.resolve("run/report.html")).content().contains("results of 2 arithmetics, which differ");
        }
    }

    private int onAMachineOf(int vectorBits) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsparrow.vectorBits=" + vectorBits,
                        "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunArithmeticTest.class.getName(),
                        folder.resolve("run").toString()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** As if the run had been stopped before these replies. */
    private void forget(String policy) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("run/replies"))) {
            List<Path> some = files.filter(file -> file.toString().contains(policy))
                    .filter(Files::isRegularFile)
                    .toList();
            assertThat(some).isNotEmpty();
            for (Path file : some) Files.delete(file);
        }
    }
}
