package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.BadFileException;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunFolder;
import sparrow.study.folder.RunManifest;

/** Machines that take turns at a run. */
class ResumeTest {
    private static final String WIDE = "vector-512x12 java-25.0.1+8 linux-amd64 build-0123456789ab";
    private static final String NARROW = "vector-256x12 java-25.0.1+8 linux-amd64 build-0123456789ab";

    @TempDir
    private Path folder;

    private record Settings(String model, String arithmetic, int items) {}

    private RunManifest open(String arithmetic, MixedNumerics mixedNumerics) throws IOException {
        try (RunFolder run = RunFolder.open(folder, new Settings("tiny", arithmetic, 3), mixedNumerics)) {
            return run.manifest();
        }
    }

    private String kept() throws IOException {
        return RunManifest.read(folder.resolve("settings.json"))
                .json()
                .path("arithmetic")
                .toString();
    }

    private void refused(String arithmetic, String reason) throws IOException {
        String before = Files.readString(folder.resolve("settings.json"));
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> open(arithmetic, MixedNumerics.REFUSED))
                .withMessageStartingWith(folder.resolve("settings.json") + ": arithmetic: this run was started with ")
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThat(folder.resolve("settings.json")).hasContent(before);
    }

    @Test
    void anotherArithmeticIsRefusedAndTheFileStaysAsItIs() throws IOException {
        open(WIDE, MixedNumerics.REFUSED);

        assertThat(open(WIDE, MixedNumerics.REFUSED)).isEqualTo(open(WIDE, MixedNumerics.ALLOWED));
        refused(
                "scalar 00112233445566aa",
                "\"" + WIDE
                        + "\", this machine computes with \"scalar 00112233445566aa\"; resume it on the original machine, or"
                        + " with --set allow-mixed-numerics=true, which mixes results that differ in their last bits");
        assertThat(kept()).isEqualTo("\"" + WIDE + "\"");
    }

    @Test
    void mixedResultsSayWhatComputedThemForEver() throws IOException {
        open(WIDE, MixedNumerics.REFUSED);

        open(NARROW, MixedNumerics.ALLOWED);

        String both = "[\"" + WIDE + "\",\"" + NARROW + "\"]";
        assertThat(kept()).isEqualTo(both);
        open(WIDE, MixedNumerics.REFUSED);
        open(NARROW, MixedNumerics.REFUSED);
        assertThat(kept()).isEqualTo(both);
        try (RunFolder run = RunFolder.open(folder, new Settings("tiny", WIDE, 3), MixedNumerics.REFUSED)) {
            assertThat(run.mixedNumericsNote())
                    .contains("results of 2 arithmetics, which differ in their last bits: " + WIDE + "; " + NARROW);
        }
        refused("vector-128x12 aaaaaaaaaaaaaaaa", "\"" + WIDE + "\" and \"" + NARROW + "\", this machine");
    }

    @Test
    void mixingIsNoExcuseForOtherSettings() throws IOException {
        open(WIDE, MixedNumerics.REFUSED);

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> RunFolder.open(folder, new Settings("tiny", NARROW, 4), MixedNumerics.ALLOWED))
                .withMessageContaining("items: this run was started with 3");
        assertThat(kept()).isEqualTo("\"" + WIDE + "\"");
        open(WIDE, MixedNumerics.REFUSED);
    }

    @ParameterizedTest
    @EnumSource
    void settingsWithoutTheirArithmeticAreRefused(MixedNumerics mixedNumerics) throws IOException {
        Files.writeString(folder.resolve("settings.json"), "{\"model\" : \"tiny\", \"items\" : 3}");

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> open(WIDE, mixedNumerics))
                .withMessage(folder.resolve("settings.json")
                        + ": arithmetic: expected a text or a list of texts, found none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "[]", "[3]", "{}", "null", "[\"scalar\", []]"})
    void whatIsNoArithmeticIsRefused(String json) throws IOException {
        Files.writeString(
                folder.resolve("settings.json"),
                "{\"model\" : \"tiny\", \"arithmetic\" : " + json + ", \"items\" : 3}");

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> open(WIDE, MixedNumerics.REFUSED))
                .withMessageStartingWith(
                        folder.resolve("settings.json") + ": arithmetic: expected a text or a list of texts, found ");
    }

    static LongStream seeds() {
        return new SplittableRandom(14).longs(100);
    }

    /** Machines take turns, with and without mixing: the manifest names those that worked, in the order of their first turn. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void factsNameWhoWorked(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> machines = List.of(WIDE, NARROW, "vector-128x12 1", "vector-512x12 2", "scalar 3", "scalar 4");
        Set<String> worked = new LinkedHashSet<>();
        for (int turn = 0; turn < 12; turn++) {
            String machine = machines.get(random.nextInt(machines.size()));
            MixedNumerics mixedNumerics = random.nextInt(3) == 0 ? MixedNumerics.ALLOWED : MixedNumerics.REFUSED;
            boolean may = worked.isEmpty() || worked.contains(machine) || mixedNumerics == MixedNumerics.ALLOWED;
            if (!may) {
                refused(machine, machine);
                continue;
            }
            worked.add(machine);
            RunManifest facts = open(machine, mixedNumerics);

            assertThat(facts.numerics(folder)).isEqualTo(new ArrayList<>(worked));
            assertThat(RunManifest.read(folder.resolve("settings.json"))).isEqualTo(facts);
        }
    }
}
