package sparrow.study.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.FolderContent;
import sparrow.study.compare.CompareSetup;
import sparrow.study.compare.Comparison;
import sparrow.study.data.Datasets;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.LayerStudy;
import sparrow.study.layers.Lens;
import sparrow.study.report.Origin;
import sparrow.study.run.BadMessageException;
import sparrow.study.run.Decoding;
import sparrow.study.run.LocalPool;
import sparrow.study.run.Messages;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudySetup;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.speak.TextToSpeech;
import sparrow.tensor.kernel.KvFormat;

/** A worker behind messages gives the files of this machine, to the byte; one of another kind refuses. */
@Tag("full")
class RemoteWorkerTest {
    private static final Path DEMO = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");
    private static final Decoding DECODING = new Decoding(new Sampling(0.3, 0, 1, 1, 7), Limits.newTokens(30));
    private static final WorkerModel BUNDLED = new WorkerModel(null, null, null, FlowSettings.PUBLISHED, KvFormat.F32);

    private static Ticket ticket;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws IOException {
        ticket = Ticket.of(BUNDLED, MODEL, 1);
    }

    private static List<QuestionSet> questions() throws IOException {
        return List.of(QuestionSet.read("demo-eval", Datasets.open("folder:" + DEMO), 3));
    }

    /** Work of several kinds, one after the other. */
    private Map<String, String> found(Path at, WorkerPool workers) throws IOException {
        StudySetup study = new StudySetup(MODEL, questions(), TextToSpeech.none(), DECODING, 2, MixedNumerics.REFUSED);
        CompareSetup compared =
                new CompareSetup(study, List.of(PolicyCase.parse("even:8"), PolicyCase.parse("draft:8:3")), 0);
        ScoringPlan unheard = new ScoringPlan(ScoringPlan.NONE, 0, ScoringPlan.NONE, ScoringPlan.NONE);
        Origin origin = new Origin("a test", "1", Machine.here(), 1, 256, "cpu");
        try (Scorers scorers = Scorers.open(unheard, List.of(), 1)) {
            Comparison.run(at.resolve("compare"), compared, workers, scorers, origin, 0, RunProgress.NONE);
        }
        LayerSetup layers = new LayerSetup(study, new TreeSet<>(List.of(4, 8)), Lens.OUTPUT);
        LayerStudy.read(at.resolve("layers"), layers, workers, RunProgress.NONE);
        return FolderContent.of(at);
    }

    @Test
    void findsTheSameFilesAsThisMachine() throws IOException {
        Map<String, String> here = found(folder.resolve("here"), new LocalPool(MODEL));
        Map<String, String> there;
        try (RemoteWorker worker = new RemoteWorker()) {
            there = found(folder.resolve("there"), new ElsewherePool(ticket, worker, 3));
        }

        for (Map<String, String> one : List.of(here, there)) one.keySet().removeIf(name -> name.contains("report"));
        assertThat(here).containsKey("compare/replies/even-8/demo-eval/v001.wav");
        assertThat(there).isEqualTo(here);
    }

    private static void refused(Ticket asked, String message) throws IOException {
        refused(RemoteJob.of(asked, new NoJob()), message);
    }

    private static void refused(RemoteJob asked, String message) {
        try (RemoteWorker worker = new RemoteWorker()) {
            assertThatThrownBy(() -> worker.perform(Messages.of(asked), Messages.of("task")))
                    .isInstanceOf(UnfitWorkerException.class)
                    .hasMessageMatching("worker \\S+ ?" + message)
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aWorkerOfAnotherKindRefuses() throws IOException {
        String own = ticket.numerics();
        int bits = ticket.vectorBits();
        ModelSettings about = ticket.settings();
        refused(new RemoteJob(ticket, "f00", new NoJob()), "has another build: expected f00, found [0-9a-f]{12}");
        refused(
                new Ticket(own, 4096, about, BUNDLED, 1),
                "computes with \\d+-bit vectors, this run with 4096; start it with --set vector-bits=\\d+");
        for (String part : own.split(" ")) {
            String other = own.replace(part, "other");
            refused(
                    new Ticket(other, bits, about, BUNDLED, 1),
                    Pattern.quote("has another arithmetic: expected " + other + ", found " + own));
        }
        refused(
                new Ticket(
                        own,
                        bits,
                        new ModelSettings(
                                about.name(),
                                "other",
                                about.weights(),
                                about.layers(),
                                about.headLayers(),
                                about.heads(),
                                null),
                        BUNDLED,
                        1),
                "has another model: expected other, found \\S+");
        refused(
                new Ticket(
                        own,
                        bits,
                        new ModelSettings(
                                about.name(),
                                about.fingerprint(),
                                about.weights(),
                                about.layers(),
                                about.headLayers(),
                                "abc",
                                null),
                        BUNDLED,
                        1),
                "has another exit heads: expected abc, found [0-9a-f]{64}");
        refused(
                new Ticket(
                        own,
                        bits,
                        about,
                        new WorkerModel("/nowhere/model", null, null, FlowSettings.PUBLISHED, KvFormat.F32),
                        1),
                ": /nowhere/model: no such folder");
    }

    @Test
    void anInterruptedTaskIsStoppedAndTheNextIsDone() throws Exception {
        try (RemoteWorker worker = new RemoteWorker()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> found(folder.resolve("a"), new ElsewherePool(ticket, worker, 1)))
                    .isInstanceOf(RunStoppedException.class);
            assertThat(Thread.interrupted()).isTrue();

            found(folder.resolve("a"), new ElsewherePool(ticket, worker, 1));
        }
    }

    @Test
    void whatIsNoRunIsRefused() throws IOException {
        try (RemoteWorker worker = new RemoteWorker()) {
            for (byte[] bytes : List.of(new byte[0], new byte[] {1, 2, 3}, Messages.of("a"))) {
                assertThatThrownBy(() -> worker.perform(bytes, bytes)).isInstanceOf(BadMessageException.class);
            }
        }
    }
}
