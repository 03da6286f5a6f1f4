package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.FolderContent;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.data.Datasets;
import sparrow.study.folder.FileDigest;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunFolder;
import sparrow.study.run.Decoding;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.StudySetup;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.speak.TextToSpeech;

class ComparisonTest {
    private static SmallRun small;
    private static CompareSetup sharedSetup;
    private static CompareOutcome sharedOutcome;

    /** The folder of a run of two questions, which several tests read. */
    @TempDir
    private static Path sharedFolder;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void open() throws IOException {
        small = new SmallRun();
        sharedSetup = small.setup(SmallRun.questions(2), 2, 1, "even:8");
        sharedOutcome = small.run(sharedFolder, sharedSetup, SmallRun.scorers(), RunProgress.NONE);
    }

    @AfterAll
    static void close() {
        small.close();
    }

    /** All rows and questions at once, one by one, stopped everywhere, and with files lost: the same results. */
    @Tag("full")
    @Test
    void resultsAreTheSameToTheByteHoweverTheyCameAbout() throws IOException {
        QuestionSet set = SmallRun.questions(3);
        Path whole = temporary.resolve("whole");
        Path pieces = temporary.resolve("pieces");

        small.run(whole, small.setup(set, 2, 1, "even:8", "text=even:12"), SmallRun.scorers(), RunProgress.NONE);
        CompareSetup stopped = small.setup(set, 2, 0, "even:8", "text=even:12");
        int stops = 0;
        while (!finished(pieces, stopped, ++stops)) assertThat(stops).isLessThan(30);

        assertThat(stops).isGreaterThan(2);
        assertThat(results(pieces)).isEqualTo(results(whole)).hasSizeGreaterThan(2 * 3 * 3 + 3);

        cut(pieces.resolve("replies/even-8/demo-eval/v002.json"));
        cut(pieces.resolve("replies/even-8/demo-eval/v003.wav"));
        cut(pieces.resolve("judgments/demo-eval/v001.json"));
        try (Stream<Path> scores = Files.list(pieces.resolve("audio-scores"))) {
            Files.delete(scores.findFirst().orElseThrow());
        }
        small.run(pieces, stopped, SmallRun.scorers(), RunProgress.NONE);
        assertThat(results(pieces)).isEqualTo(results(whole));
    }

    /** True if the run came to its end before so many steps were done and it was interrupted. */
    private static boolean finished(Path folder, CompareSetup setup, int steps) throws IOException {
        Thread runs = Thread.currentThread();
        AtomicInteger done = new AtomicInteger();
        RunProgress interrupting = new RunProgress() {
            @Override
            public void begin(String stage, int steps) {}

            @Override
            public void now(String what) {}

            @Override
            public void done() {
                if (done.incrementAndGet() == steps % 4 + 1) runs.interrupt();
            }
        };
        try {
            small.run(folder, setup, SmallRun.scorers(), interrupting);
            return true;
        } catch (RunStoppedException e) {
            return false;
        } finally {
            Thread.interrupted();
        }
    }

    private static void cut(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    }

    /** All files of a run but those that tell of time. */
    private static Map<String, String> results(Path folder) throws IOException {
        return FolderContent.but("times.*|timing.*|report.*|.lock", folder);
    }

    @Test
    void aRunWithOtherSettingsIsRefused() throws IOException {
        CompareSetup other = small.setup(SmallRun.questions(3), 2, 1, "even:8");

        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> small.run(sharedFolder, other, SmallRun.scorers(), RunProgress.NONE))
                .withMessage(sharedFolder.resolve("settings.json")
                        + ": data[0].items: this run was started with 2, expected the same, got 3;"
                        + " use another folder for other settings");
    }

    @Test
    void aLaterRunAddsRowsAndAnswersThoseAlone() throws IOException {
        List<String> asked = new ArrayList<>();
        RunProgress progress = new RunProgress() {
            @Override
            public void begin(String stage, int steps) {
                if (stage.equals("asking")) asked.add(steps + " replies");
            }

            @Override
            public void now(String what) {}

            @Override
            public void done() {}
        };
        Path grown = temporary.resolve("grown");
        small.run(grown, small.setup(SmallRun.questions(1), 2, 0, "even:8"), SmallRun.scorers(), progress);
        small.run(grown, small.setup(SmallRun.questions(1), 2, 0, "even:8", "odd:8"), SmallRun.scorers(), progress);
        Path whole = temporary.resolve("whole");
        small.run(whole, small.setup(SmallRun.questions(1), 2, 0, "even:8", "odd:8"), SmallRun.scorers(), progress);

        assertThat(asked).containsExactly("2 replies", "1 replies", "3 replies");
        assertThat(results(grown)).isEqualTo(results(whole));
    }

    @Test
    void figuresAreThoseOfTheKeptReplies() throws IOException {
        PolicyResult even = sharedOutcome.rows().get(1);
        assertThat(even.policy().policies()).isEqualTo("even:8");
        List<KeptReply> replies = replies(sharedSetup.cases().get(1));
        DepthSummary depth = DepthSummary.of(
                replies.stream().flatMap(reply -> reply.steps().stream()).toList(),
                replies.stream().map(KeptReply::compute).reduce(ComputeStats.NONE, ComputeStats::plus),
                16);
        assertThat(even.all().depth().averageSpeechExit())
                .isEqualTo(depth.averageSpeechExit())
                .isBetween(11.5, 12.5);
        assertThat(even.all().depth().averageTextExit()).isEqualTo(16.0);
        assertThat(even.all().depth().depthSaved()).isEqualTo(1 - depth.averageSpeechExit() / 16);
        assertThat(even.all().wordErrorRate().utterances()).isEqualTo(2);
        assertThat(even.all().mos().count()).isEqualTo(2);
        assertThat(even.all().textScore().count()).isEqualTo(2);
        assertThat(even.meanTextScore()).isEqualTo(even.all().textScore());
        assertThat(even.all().speechSeconds())
                .isEqualTo(replies.stream()
                        .mapToDouble(reply -> reply.speech().seconds())
                        .average()
                        .orElseThrow());
    }

    @Tag("full")
    @Test
    void rowsWhoseEarlyTokensAreRedoneSayWhatFullDepthSays() throws IOException {
        CompareSetup setup =
                small.setup(SmallRun.questions(3), 3, 0, "none", "draft:8:2", "text=draft:6:1,speech=even:8+verify");

        List<PolicyResult> rows = small.run(temporary, setup, SmallRun.scorers(), RunProgress.NONE)
                .rows();

        SetResult none = rows.getFirst().all();
        assertThat(none.depth().layersRead()).isEqualTo(16.0);
        assertThat(none.depth().accepted()).isNaN();
        for (PolicyResult verified : rows.subList(1, 3)) {
            assertThat(verified.all())
                    .usingRecursiveComparison()
                    .ignoringFields("depth.compute", "depthSaved", "agreement", "difference")
                    .isEqualTo(none);
            assertThat(verified.all().depth().accepted()).isBetween(0.2, 1.0);
            assertThat(verified.all().depth().positionLayers()).isGreaterThan(16);
        }
        assertThat(rows.get(1).all().depth().depthSaved())
                .isEqualTo(1 - rows.get(1).all().depth().speechLayersRead() / 16)
                .isPositive();
        assertThat(rows.get(1).all().depth().textLayersRead()).isGreaterThanOrEqualTo(16);
        assertThat(Files.readAllLines(temporary.resolve("results.csv")).getFirst())
                .contains("speech_layers_read", "position_layers", "accepted_percent", "checked", "agreed_percent");
    }

    /** The model refuses the first of two questions that it does not know, and answers the second one. */
    @Test
    void refusalsAreCountedApartFromWrongAnswers() throws IOException {
        Path unknown = Path.of(System.getProperty("sparrow.testdata"), "demo-voices", "unknown");
        QuestionSet set = QuestionSet.read("unknown", Datasets.open("folder:" + unknown), 2);
        Decoding decoding = new Decoding(Sampling.GREEDY, Limits.newTokens(180));
        StudySetup study =
                new StudySetup(small.model, List.of(set), TextToSpeech.none(), decoding, 2, MixedNumerics.REFUSED);
        CompareSetup setup = new CompareSetup(study, List.of(PolicyCase.NONE), 0);

        PolicyResult none = small.run(temporary, setup, SmallRun.scorers(), RunProgress.NONE)
                .rows()
                .getFirst();

        assertThat(none.all().refused()).isEqualTo(1);
        assertThat(PolicyResult.table(List.of(none)).csv()).contains("refused_unknown");
        List<String> items = Files.readAllLines(temporary.resolve("items.csv"));
        assertThat(items.get(1)).contains("i did not understand you.\",false,0.");
        assertThat(items.get(2)).contains(",true,0.").doesNotContain("i did not understand");
    }

    private static List<KeptReply> replies(PolicyCase row) throws IOException {
        ScoringPlan plan = SmallRun.scorers().plan();
        try (RunFolder run = RunFolder.open(sharedFolder, sharedSetup.settings(plan), MixedNumerics.REFUSED)) {
            CompareFiles files = new CompareFiles(run, plan);
            List<KeptReply> replies = new ArrayList<>();
            for (StudyQuestion asked : sharedSetup.questions())
                replies.add(files.reply(row, asked).orElseThrow());
            return replies;
        }
    }

    @Tag("full")
    @Test
    void failuresOfScorersAreCountedAndTriedAgain() throws IOException {
        CompareSetup setup = small.setup(SmallRun.questions(2), 2, 0);
        small.run(temporary, setup, SmallRun.scorers(), RunProgress.NONE);
        Path wav = temporary.resolve("replies/none/demo-eval/v002.wav");
        int samples = WavFile.read(wav).samples().length;
        Files.delete(temporary.resolve("audio-scores").resolve(FileDigest.sha256(wav) + ".json"));

        CompareOutcome failed = small.run(
                temporary, setup, SmallRun.scorers(new SmallRun.Recognizer(Set.of(samples))), RunProgress.NONE);
        CompareOutcome again = small.run(temporary, setup, SmallRun.scorers(), RunProgress.NONE);

        assertThat(failed.rows().getFirst().all().failures()).isEqualTo(Map.of("asr", 1));
        assertThat(failed.rows().getFirst().all().wordErrorRate().utterances()).isEqualTo(1);
        assertThat(failed.report().text()).contains("asr 1");
        assertThat(again.rows().getFirst().all().failures()).isEmpty();
        assertThat(again.rows().getFirst().all().wordErrorRate().utterances()).isEqualTo(2);
    }

    @Tag("full")
    @Test
    void questionsThatCannotBeAskedAreToldAndTheOthersAnswered() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("data"));
        WavFile.write(data.resolve("silent.wav"), new Waveform(new float[16_000], 16_000), SampleFormat.PCM16);
        Path spoken = Path.of(System.getProperty("sparrow.testdata"), "demo-eval/wav/v001.wav");
        Files.copy(spoken, data.resolve("spoken.wav"));
        Files.writeString(data.resolve("questions.jsonl"), """
                {"question": "silence", "file": "silent.wav", "answer": "none"}
                {"question": "which number follows after eighteen", "file": "spoken.wav", "answer": "nineteen"}
                """);
        QuestionSet set = QuestionSet.read("two", Datasets.open("folder:" + data), 2);

        CompareOutcome outcome =
                small.run(temporary.resolve("run"), small.setup(set, 2, 1), SmallRun.scorers(), RunProgress.NONE);

        assertThat(outcome.counts().unasked()).containsOnlyKeys("two silent");
        assertThat(outcome.counts().unasked().get("two silent")).startsWith("question: expected speech, found silence");
        assertThat(outcome.rows().getFirst().all().questions()).isEqualTo(1);
        assertThat(outcome.timing()).hasSize(1);
        assertThat(Files.readString(temporary.resolve("run/report.html")))
                .contains("Questions that could not be asked", "two silent");
    }

    @Test
    void theReportHoldsWhatItMust() throws IOException {
        assertThat(Files.readString(sharedFolder.resolve("report.html")))
                .contains(
                        "sparrow study compare &lt;test&gt;",
                        "sparrow test",
                        Machine.here().java())
                .contains("even:8", "WER %", "MOS", "first audio s", "which number follows after eighteen")
                .contains("data:audio/wav;base64,UklGR", "data:image/png;base64,")
                .doesNotContain("http://", "https://");
        JsonNode json =
                new ObjectMapper().readTree(sharedFolder.resolve("report.json").toFile());
        assertThat(json.path("facts").path("command").asText()).isEqualTo("sparrow study compare <test>");
        assertThat(json.path("overview").path(1).path("policies").asText()).isEqualTo("even:8");
        JsonNode even = json.path("results").path(3);
        assertThat(even.path("policies").asText()).isEqualTo("even:8");
        assertThat(even.path("set").asText()).isEqualTo("all");
        assertThat(even.path("speech_exit").doubleValue())
                .isEqualTo(sharedOutcome.rows().get(1).all().depth().averageSpeechExit());
        assertThat(even.path("word_errors").intValue())
                .isEqualTo(sharedOutcome.rows().get(1).all().wordErrorRate().edits());
        assertThat(Files.readAllLines(sharedFolder.resolve("results.csv"))).hasSize(1 + 2 * 2);
        assertThat(Files.readAllLines(sharedFolder.resolve("items.csv"))).hasSize(1 + 2 * 2);
        assertThat(Files.readAllLines(sharedFolder.resolve("timing.csv")))
                .hasSize(1 + 2)
                .first()
                .asString()
                .contains("first_audio,first_audio_lower,first_audio_upper");
        JsonNode timing = json.path("timing");
        assertThat(timing.path(0).path("per_speech_second_ratio").doubleValue()).isEqualTo(1);
        assertThat(timing.path(1).path("first_audio").doubleValue()).isPositive();
        assertThat(Files.size(sharedFolder.resolve("wer.png"))).isPositive();
    }

    @Test
    void rowsThatTheModelCannotFollowAndRowsGivenTwiceAreRefused() throws IOException {
        QuestionSet set = SmallRun.questions(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.setup(set, 1, 0, "even:9"))
                .withMessageContaining("no exit head for layer 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.setup(set, 1, 0, "even:8", "even:8"))
                .withMessage("policies: expected each once, got even-8 twice");
    }
}
