package sparrow.study.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.formats.BadFileException;
import sparrow.models.TurnPosition;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.FolderContent;
import sparrow.study.data.Datasets;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.judge.MatchJudge;
import sparrow.study.mos.Mos;
import sparrow.study.mos.MosScorer;
import sparrow.study.report.Origin;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.Decoding;
import sparrow.study.run.LocalPool;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.speak.TextToSpeech;

/** The layer study on a few questions of the bundled model. */
class LayerStudyTest {
    private static final String DATA = "folder:" + System.getProperty("sparrow.testdata") + "/demo-eval";
    private static final Decoding GREEDY = new Decoding(Sampling.GREEDY, Limits.newTokens(60));

    private static final ScoringPlan PLAN = new ScoringPlan("a test", 0, "length", ScoringPlan.NONE);

    private static final Origin ORIGIN = new Origin("sparrow <test>", "0", Machine.here(), 1, 256, "cpu");

    private static QuestionSet set;

    @TempDir
    private static Path shared;

    /** A finished study after layer 8, which tests read or copy. */
    private static Path finished;

    @TempDir
    private Path folder;

    /** Scores by how long the speech is. */
    private static final class LengthScorer implements MosScorer {
        private int scored;

        @Override
        public Mos score(Waveform speech) {
            scored++;
            return new Mos(speech.seconds());
        }
    }

    /** Hears how long the speech is. */
    private static final class Listener implements SpeechRecognizer {
        @Override
        public String transcribe(Waveform speech) {
            return speech.samples().length + " samples";
        }

        @Override
        public void close() {}
    }

    @BeforeAll
    static void open() throws IOException {
        set = QuestionSet.read("demo", Datasets.open(DATA), 4);
        finished = shared.resolve("finished");
        run(finished, setup(Lens.HEAD, 4, 8), new LengthScorer());
    }

    private static LayerSetup setup(Lens lens, int batch, Integer... layers) {
        StudySetup study =
                new StudySetup(MODEL, List.of(set), TextToSpeech.none(), GREEDY, batch, MixedNumerics.REFUSED);
        return new LayerSetup(study, new TreeSet<>(List.of(layers)), lens);
    }

    private static LayerReport run(Path to, LayerSetup setup, MosScorer scorer) throws IOException {
        return LayerStudy.run(
                to,
                setup,
                new LocalPool(setup.study().model()),
                Optional.of(new LayerStudy.Sounds(
                        Scorers.of(PLAN, List.of(new Listener()), new MatchJudge(MatchJudge.Rule.EXACT), scorer),
                        2,
                        1)),
                ORIGIN,
                RunProgress.NONE);
    }

    @Test
    void saysWhatTheHeadsChooseThatAreForcedAlongTheFullDepthReply() throws IOException {
        LayerReadings readings =
                LayerStudy.read(folder, setup(Lens.HEAD, 4, 8), new LocalPool(MODEL), RunProgress.NONE);

        assertThat(readings.answered()).hasSize(4);
        for (int i = 0; i < 4; i++) {
            ReplyReading reading = readings.answered().get(i).reading();
            int[] reply = Unit.ids(reading.reply().units());
            List<Unit> early = units(forced(prompt(i), reply, new ExitPolicy.Fixed(8), new ExitPolicy.Fixed(8)));
            // Prefill decides the first token at full depth, whatever the policy.
            assertThat(reading.after(8).choices().subList(1, reply.length)).isEqualTo(early.subList(1, reply.length));
            assertThat(reading.after(16).choices())
                    .isEqualTo(units(forced(prompt(i), reply, new ExitPolicy.None(), new ExitPolicy.None())));
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"none", "fixed:8", "even:8", "FEEF:12", "conf:8:0.5"})
    void agreesWithPoliciesThatAreForcedAlongTheFullDepthReply(String notation) throws IOException {
        DepthPolicy policy = DepthPolicy.parse(notation);
        // What was read for one policy is read from its files for the next.
        LayerReadings readings = LayerStudy.read(
                shared.resolve("read"), setup(Lens.HEAD, 4, 8, 12), new LocalPool(MODEL), RunProgress.NONE);

        double positions = 0;
        double agreeing = 0;
        for (int i = 0; i < 4; i++) {
            int[] reply = Unit.ids(readings.answered().get(i).reading().reply().units());
            List<Step> early = forced(prompt(i), reply, new ExitPolicy.None(), policy);
            List<Step> full = forced(prompt(i), reply, new ExitPolicy.None(), new ExitPolicy.None());
            for (int at = 0; at < reply.length; at++) {
                if (full.get(at).modality() != Modality.SPEECH) continue;
                positions++;
                if (early.get(at).token() == full.get(at).token()) agreeing++;
            }
        }
        assertThat(readings.agreement(ExitPlan.speech(policy))).hasValue(100 * agreeing / positions);
    }

    private static int[] prompt(int item) throws IOException {
        return MODEL.prompt(TextToSpeech.none().questions(set.items().get(item)).getFirst(), TurnPosition.FIRST)
                .tokens();
    }

    private static List<Unit> units(List<Step> steps) {
        return steps.stream().map(Step::unit).toList();
    }

    /** What the heads choose while the given tokens follow: decoding by another way, without watched layers. */
    private static List<Step> forced(int[] prompt, int[] tokens, DepthPolicy text, DepthPolicy speech) {
        Decoder decoder = StrategyFactory.decoder(
                MODEL.languageModel(),
                new GenerationConfig(new ExitPlan(text, speech), Sampling.GREEDY, GREEDY.limits()));
        Request request =
                Request.of(new Sequence(MODEL.languageModel()), prompt).withForced(tokens);
        return decoder.reply(request).steps();
    }

    @Tag("full")
    @Test
    void isTheSameToTheByteWhateverTheBatch() throws IOException {
        Path alone = folder.resolve("alone");
        Path together = folder.resolve("together");

        run(alone, setup(Lens.HEAD, 1, 8, 12), new LengthScorer());
        run(together, setup(Lens.HEAD, 3, 8, 12), new LengthScorer());

        // Settings, four readings, the digests of two sounds, four files of the report and five pictures.
        assertThat(contents(together)).hasSize(1 + 4 + 2 + 4 + 5 + 2 * clips(together));
        // The batch is a setting: at a near tie it may decide a token, of which there is none here.
        assertThat(different(contents(together), contents(alone))).containsExactly("settings.json");
    }

    @Tag("full")
    @Test
    void goesOnWhereItWasKilled() throws IOException {
        Map<String, String> whole = contents(finished);
        FolderContent.copy(finished, folder);
        Path cut = folder.resolve("readings/demo").resolve(set.items().get(1).id() + ".json");
        Files.writeString(cut, Files.readString(cut).substring(0, 100));
        Files.delete(folder.resolve("sounds/demo").resolve(set.items().get(0).id() + ".json"));
        try (Stream<Path> scores = Files.list(folder.resolve("audio-scores"))) {
            Files.delete(scores.sorted().findFirst().orElseThrow());
        }

        LengthScorer scorer = new LengthScorer();
        run(folder, setup(Lens.HEAD, 4, 8), scorer);

        assertThat(different(contents(folder), whole)).isEmpty();
        assertThat(scorer.scored).isEqualTo(1);
    }

    @Test
    void isRefusedInAFolderOfOtherSettings() {
        assertThatThrownBy(() -> run(finished, setup(Lens.HEAD, 4, 10), new LengthScorer()))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("layers[0]")
                .hasMessageNotContaining("\n");
    }

    @Test
    void readsLayersWithoutHeadsThroughTheOutputMatrix() throws IOException {
        LayerSetup setup = setup(Lens.OUTPUT, 4, 3, 14);
        LayerReport report = LayerStudy.run(
                folder, setup, new LocalPool(setup.study().model()), Optional.empty(), ORIGIN, RunProgress.NONE);

        List<LayerTable.Row> speech = report.table().of(Modality.SPEECH);
        assertThat(speech).extracting(LayerTable.Row::layer).containsExactly(3, 14, 16);
        assertThat(speech.get(0).means().agreement().value())
                .isLessThan(speech.get(1).means().agreement().value());
        assertThat(speech.get(2).means().agreement().value()).isEqualTo(1);
        assertThat(speech.get(2).means().divergence().value()).isZero();
        assertThat(report.failures()).isEmpty();
    }

    @Test
    void refusesLayersThatAreNotThere() {
        assertThatThrownBy(() -> run(folder.resolve("a"), setup(Lens.OUTPUT, 1, 17), new LengthScorer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--layers: expected 1 to 16, the layers of this model, got 17");
        assertThatThrownBy(() -> run(folder.resolve("b"), setup(Lens.HEAD, 1, 7), new LengthScorer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 7");
    }

    @Test
    void writesItsReportForPeopleAndPrograms() throws IOException {
        assertThat(Files.readAllLines(finished.resolve("layers.csv")))
                .hasSize(1 + 4)
                .first()
                .isEqualTo("modality,layer,positions,agreement_percent,agreement_percent_se,top_five_percent,"
                        + "top_five_percent_se,entropy_nats,entropy_nats_se,divergence_nats,divergence_nats_se,wer_percent,"
                        + "wer_percent_se,wer_difference,wer_difference_se,mos,mos_se,mos_difference,"
                        + "mos_difference_se");
        assertThat(Files.readAllLines(finished.resolve("places.csv"))).hasSize(1 + 2 * (13 + 26));
        assertThat(Files.readString(finished.resolve("report.json"))).contains("\"chunk_position\" : 26");
        assertThat(Files.readString(finished.resolve("report.html")))
                .contains("sparrow &lt;test&gt;", "data:image/png;base64,", "Agreement %");
        for (String picture : List.of("agreement-speech", "agreement-text", "agreement", "entropy", "divergence")) {
            assertThat(ImageIO.read(finished.resolve(picture + ".png").toFile()))
                    .isNotNull();
        }
    }

    @Test
    void keepsTheSoundOfEachLayerOnceAndPlaysItBesideItsTranscriptAndText() throws IOException {
        assertThat(clips(finished)).isBetween(2, 4);
        assertThat(Files.readString(finished.resolve("report.html")))
                .contains(
                        "<audio controls",
                        " samples</td>",
                        set.items().getFirst().question())
                .contains("data:audio/wav;base64,");
    }

    @Tag("full")
    @Test
    void aScorerThatFailsAtItsFirstSoundStopsTheRunThoughTheRecogniserHeardIt() {
        MosScorer failing = new MosScorer() {
            @Override
            public Mos score(Waveform speech) throws IOException {
                throw new IOException("out of order");
            }
        };

        assertThatThrownBy(() -> run(folder, setup(Lens.HEAD, 4, 8), failing))
                .isInstanceOf(IOException.class)
                .hasMessage("--mos: the first reply could not be scored: out of order");
    }

    @Test
    void aScoreThatFailsLaterIsCountedAndTheNextRunComputesIt() throws IOException {
        LengthScorer lengths = new LengthScorer();
        MosScorer failingOnce = speech -> {
            Mos mos = lengths.score(speech);
            if (lengths.scored == 2) throw new IOException("out of order");
            return mos;
        };

        StudyCounts partial = run(folder, setup(Lens.HEAD, 4, 8), failingOnce).counts();
        StudyCounts whole = run(folder, setup(Lens.HEAD, 4, 8), lengths).counts();

        assertThat(partial.failedScores()).isEqualTo(1);
        assertThat(partial.isComplete()).isFalse();
        assertThat(whole.isComplete()).isTrue();
        assertThat(whole.scores()).isEqualTo(partial.scores() + 1);
    }

    private static int clips(Path study) throws IOException {
        try (Stream<Path> clips = Files.list(study.resolve("clips"))) {
            return (int) clips.count();
        }
    }

    /** Names of files that are not the same in both. */
    private static List<String> different(Map<String, String> files, Map<String, String> others) {
        Set<String> names = new TreeSet<>(files.keySet());
        names.addAll(others.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(files.get(name), others.get(name)))
                .toList();
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        return FolderContent.but("\\..*", folder);
    }
}
