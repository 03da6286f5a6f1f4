package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.formats.BadFileException;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModels;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.report.Origin;
import sparrow.study.run.Decoding;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.speak.TextToSpeech;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

@Tag("full")
class FlowComparisonTest {
    @TempDir
    private Path folder;

    private static StudySetup study(SmallRun small, int questions, Limits limits, int batch) throws IOException {
        return new StudySetup(
                small.model,
                List.of(SmallRun.questions(questions)),
                TextToSpeech.none(),
                new Decoding(Sampling.GREEDY, limits),
                batch,
                MixedNumerics.REFUSED);
    }

    @Test
    void publishedSettingsComeFirstAndFewerStepsAreFartherFromThem() throws IOException {
        FlowSettings two = FlowSettings.PUBLISHED.with(FlowSchedule.cosine(2));
        FlowSettings eight = FlowSettings.PUBLISHED.with(FlowSchedule.cosine(8));
        List<FlowComparison.Row> rows;
        try (SmallRun small = new SmallRun()) {
            StudySetup study = study(small, 3, new Limits(60, 30), 2);
            FlowComparison comparison = new FlowComparison(study, 2, 1, SmallRun.scorers());
            FlowComparison.Outcome outcome =
                    comparison.run(List.of(eight, two, FlowSettings.PUBLISHED), RunProgress.NONE);
            rows = outcome.rows();
            assertThat(outcome.counts()).hasToString("asked 3 of 3 questions; 3 of 3 replies; 12 of 12 scores");
            comparison
                    .report(outcome, new Origin("sparrow study flow", "0", Machine.here(), 1, 256, "cpu"))
                    .write(folder);
        }

        assertThat(rows).extracting(FlowComparison.Row::flow).containsExactly(FlowSettings.PUBLISHED, eight, two);
        assertThat(rows.get(0).distance().value()).isZero();
        assertThat(rows.get(0).distance().count()).isEqualTo(2); // three replies, two of them joined
        assertThat(rows.get(1).distance().value()).isPositive();
        assertThat(rows.get(2).distance().value())
                .isGreaterThan(rows.get(1).distance().value());
        assertThat(rows.get(2).wordErrors().utterances()).isEqualTo(2);
        assertThat(rows.get(1).distance95())
                .isGreaterThan(rows.get(1).distance().value());
        assertThat(folder.resolve("flow.csv"))
                .content()
                .startsWith(
                        "flow,mel_distance,mel_distance_se,mel_distance_95,wer_percent,wer_percent_se,mos,mos_se,time\n");
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("published, unlimited context", "sparrow study flow");
    }

    @Test
    void othersAreComparedWithTheSettingsOfTheModel() throws IOException {
        FlowSettings three = FlowSettings.PUBLISHED.with(FlowSchedule.cosine(3));
        OpenOptions options = new OpenOptions(OpenOptions.NONE.heads(), OpenOptions.NONE.voice(), three);
        try (ComputePool pool = new ComputePool(1);
                SmallRun small = new SmallRun(SpokenModels.bundled(options, Kernels.create(pool)))) {
            StudySetup study = study(small, 1, new Limits(60, 30), 1);
            List<FlowComparison.Row> rows = new FlowComparison(study, 1, 2, SmallRun.scorers())
                    .run(List.of(FlowSettings.PUBLISHED), RunProgress.NONE)
                    .rows();

            assertThat(rows).extracting(FlowComparison.Row::flow).containsExactly(three, FlowSettings.PUBLISHED);
            assertThat(rows.get(0).distance().value()).isZero();
            assertThat(rows.get(1).distance().value()).isPositive();
            assertThat(rows.get(1).distance().count()).isEqualTo(2); // a reply from two noises
            assertThat(rows.get(1).seedRates()).hasSize(2).doesNotContainNull();
        }
    }

    /** Two tokens are text. */
    @Test
    void everySettingIsTheFirstInItsTurn() {
        assertThat(FlowComparison.order(List.of("a", "b", "c"), 0)).containsExactly("a", "b", "c");
        assertThat(FlowComparison.order(List.of("a", "b", "c"), 1)).containsExactly("b", "c", "a");
        assertThat(FlowComparison.order(List.of("a", "b", "c"), 5)).containsExactly("c", "a", "b");
    }

    @Test
    void repliesWithoutSpeechAreRefused() throws IOException {
        try (SmallRun small = new SmallRun()) {
            StudySetup study = study(small, 1, Limits.newTokens(2), 1);
            FlowComparison comparison = new FlowComparison(study, 1, 1, SmallRun.scorers());

            assertThatThrownBy(() -> comparison.run(List.of(), RunProgress.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "replies: expected speech in one or more, found none in 1; --max-new-tokens may be too small");
        }
    }

    @Test
    void runIsNotContinuedUnderAnotherFlow() throws IOException {
        try (SmallRun small = new SmallRun()) {
            small.run(folder, small.setup(SmallRun.questions(1), 1, 0), SmallRun.scorers(), RunProgress.NONE);
            assertThat(Files.readString(folder.resolve("settings.json"))).doesNotContain("\"flow\"");
        }
        OpenOptions options = new OpenOptions(
                OpenOptions.NONE.heads(),
                OpenOptions.NONE.voice(),
                FlowSettings.PUBLISHED.with(FlowSchedule.cosine(6)));
        try (ComputePool pool = new ComputePool(1);
                SmallRun small = new SmallRun(SpokenModels.bundled(options, Kernels.create(pool)))) {
            assertThatThrownBy(() -> small.run(
                            folder, small.setup(SmallRun.questions(1), 1, 0), SmallRun.scorers(), RunProgress.NONE))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("flow: this run was started with none, expected the same, got"
                            + " \"steps:6, unlimited context\"");
        }
    }
}
