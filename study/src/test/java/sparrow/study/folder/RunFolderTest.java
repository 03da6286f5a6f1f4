package sparrow.study.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;
import sparrow.study.run.KeptReply;

class RunFolderTest {
    @TempDir
    private Path temporary;

    private record Inner(double threshold, List<String> names) {}

    private record Settings(String model, int items, Inner inner) {}

    private record Found(String text, List<Integer> tokens) {}

    private static final Settings SETTINGS = new Settings("tiny", 3, new Inner(0.5, List.of("even:8", "odd:8")));

    @Test
    void goesOnWithTheSameSettingsAndFindsWhatIsKept() throws IOException {
        Path folder = temporary.resolve("runs/first");
        Found found = new Found("déjà vu", List.of(3, 1, 2));
        try (RunFolder run = RunFolder.open(folder, SETTINGS, MixedNumerics.REFUSED)) {
            run.items("replies", Found.class).write(found, "even-8", "v001");
        }

        try (RunFolder run = RunFolder.open(folder, new Settings("tiny", 3, SETTINGS.inner()), MixedNumerics.REFUSED)) {
            ItemFiles<Found> replies = run.items("replies", Found.class);

            assertThat(replies.read("even-8", "v001")).contains(found);
            assertThat(replies.read("even-8", "v002")).isEmpty();
        }
    }

    @Test
    void otherSettingsAreRefusedInOneLineThatNamesWhatDiffers() throws IOException {
        RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED).close();

        refused(
                new Settings("tiny", 4, SETTINGS.inner()),
                "items: this run was started with 3, expected the same, got 4");
        refused(
                new Settings("tiny", 3, new Inner(0.5, List.of("even:8", "odd:10"))),
                "inner.names[1]: this run was started with \"odd:8\", expected the same, got \"odd:10\"");
        refused(
                new Settings("tiny", 3, new Inner(0.5, List.of("even:8"))),
                "inner.names[1]: this run was started with \"odd:8\", expected the same, got none");
        refused(new Settings("tiny", 3, new Inner(0.25, SETTINGS.inner().names())), "inner.threshold: this run was");
    }

    private void refused(Settings settings, String reason) {
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> RunFolder.open(temporary, settings, MixedNumerics.REFUSED)
                        .close())
                .withMessageStartingWith(temporary.resolve("settings.json") + ": " + reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void foldersOfSomethingElseAreRefused() throws IOException {
        Files.writeString(temporary.resolve("thesis.tex"), "");

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)
                        .close())
                .withMessage(temporary + ": expected a new or empty folder, or the folder of a run, found other files");
        assertThat(temporary).isDirectoryNotContaining("glob:**settings.json");
    }

    @Test
    void settingsThatAreNoJsonAreRefused() throws IOException {
        Path file = temporary.resolve("settings.json");
        Files.writeString(file, "{\"model\": ");

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)
                        .close())
                .withMessageStartingWith(file + ": not JSON: ");
    }

    @Test
    void twoRunsDoNotWorkInOneFolder() throws IOException {
        try (RunFolder run = RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RunFolder.open(run.path(), SETTINGS, MixedNumerics.REFUSED)
                            .close())
                    .withMessage(temporary + ": another run uses this folder");
        }
        RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED).close();
    }

    @Test
    void filesThatWereCutCountAsWorkToDo() throws IOException {
        try (RunFolder run = RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)) {
            ItemFiles<Found> replies = run.items("replies", Found.class);
            replies.write(new Found("one", List.of(1)), "v001");
            Path file = replies.file(".json", "v001");
            String whole = Files.readString(file);

            for (int length = 0; length < whole.strip().length(); length++) {
                Files.writeString(file, whole.substring(0, length));
                assertThat(replies.read("v001")).as("cut at " + length).isEmpty();
            }
        }
    }

    private static void refusesKey(ItemFiles<KeptReply> replies, Path file, String key) {
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> replies.read("v001"))
                .withMessageStartingWith(file + ": " + key + ": expected ");
    }

    @Test
    void filesThatHoldNoJsonCountAsWorkToDoAndChangedOnesAreRefused() throws IOException {
        try (RunFolder run = RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)) {
            ItemFiles<KeptReply> replies = run.items("replies", KeptReply.class);
            KeptReply whole = new KeptReply(
                    "one",
                    StopReason.END_TOKEN,
                    2,
                    List.of(new Unit.Frame(List.of(3, 2048))),
                    "S",
                    List.of(1),
                    List.of(4),
                    List.of(0),
                    ComputeStats.NONE,
                    EarlyTokenAgreement.NONE,
                    null,
                    null);
            replies.write(whole, "v001");
            assertThat(replies.read("v001")).contains(whole);
            Path file = replies.file(".json", "v001");
            String text = Files.readString(file);

            for (String key : List.of("text", "stop", "units", "modalities", "chunk_positions", "exit_layers")) {
                assertThat(text).contains("\"" + key + "\"");
                Files.writeString(file, text.replaceFirst("\"" + key + "\" : (\\[.*]|\"[^\"]*\"),?", ""));
                refusesKey(replies, file, key);
                Files.writeString(
                        file, text.replaceFirst("\"" + key + "\" : (\\[.*]|\"[^\"]*\")", "\"" + key + "\": null"));
                refusesKey(replies, file, key);
            }
            for (String other : List.of("[]", "7")) {
                Files.writeString(file, other);
                refusesKey(replies, file, "KeptReply");
            }
            for (String other : List.of("null", text + text, "[".repeat(2_000))) {
                Files.writeString(file, other);
                assertThat(replies.read("v001")).as(other).isEmpty();
            }
            for (String hex : List.of("0000007b7fffffff", "00007b00", "7bff7d", "fffe0000")) {
                Files.write(file, HexFormat.of().parseHex(hex));
                assertThat(replies.read("v001")).as(hex).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000007b7fffffff", "00007b00", "7bff7d", "6e756c6c", ""})
    void settingsThatAreNoObjectAreRefused(String hex) throws IOException {
        Path file =
                Files.write(temporary.resolve("settings.json"), HexFormat.of().parseHex(hex));

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)
                        .close())
                .withMessageStartingWith(file + ": ")
                .withMessageMatching("[^\\n]*(not JSON: |expected a JSON object|expected text in UTF-8)[^\\n]*");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        try (RunFolder run = RunFolder.open(temporary, SETTINGS, MixedNumerics.REFUSED)) {
            ItemFiles<Found> replies = run.items("replies", Found.class);

            for (String name : List.of("..", ".hidden", "a/b", "", "a:b")) {
                assertThatIllegalArgumentException().as(name).isThrownBy(() -> replies.file(".json", "row", name));
                assertThat(replies.file(".json", ItemFiles.name(name)).getParent())
                        .isEqualTo(temporary.resolve("replies"));
            }
        }
    }

    @Test
    void filesThatCannotBeReplacedLeaveNothingBehind() throws IOException {
        Path taken =
                Files.createDirectories(temporary.resolve("report.html/inside")).getParent();

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> AtomicFile.write(taken, "text"));

        assertThat(temporary.toFile().list()).containsExactly("report.html");
    }
}
