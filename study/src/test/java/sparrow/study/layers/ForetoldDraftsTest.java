package sparrow.study.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Effort;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.sample.Sampling;
import sparrow.models.OpenOptions;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.study.data.Datasets;
import sparrow.study.data.Item;
import sparrow.study.run.Decoding;
import sparrow.study.run.Encoded;
import sparrow.study.run.LocalWorkers;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Prompts;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.Replies;
import sparrow.study.run.RunProgress;
import sparrow.study.speak.TextToSpeech;

/**
 * Pencil and the readings of full-depth replies foretell what decoding with drafts counts. The system property {@code
 * sparrow.questions} sets how many of the 120 evaluation questions are asked.
 */
class ForetoldDraftsTest {
    private static final String DATA = "folder:" + System.getProperty("sparrow.testdata") + "/demo-eval";
    private static final int QUESTIONS = Integer.getInteger("sparrow.questions", 6);
    private static final int BATCH = 16;
    private static final Decoding GREEDY = new Decoding(Sampling.GREEDY, Limits.newTokens(180), SpeechLogits.ALL);

    @TempDir
    private static Path folder;

    private static ComputePool pool;
    private static SpokenModel model;
    private static QuestionSet set;
    private static List<ReplyReading> readings;

    @BeforeAll
    static void read() throws IOException {
        pool = ComputePool.ofMachine();
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool));
        set = QuestionSet.read("demo", Datasets.open(DATA), QUESTIONS);
        LayerSetup setup = new LayerSetup(
                model,
                new TreeSet<>(List.of(6, 8, 10, 12, 14)),
                Lens.HEAD,
                List.of(set),
                TextToSpeech.none(),
                GREEDY,
                BATCH);
        readings = LayerStudy.read(folder, setup, new LocalWorkers(setup.model()), RunProgress.NONE).answered().stream()
                .map(LayerReadings.Answered::reading)
                .toList();
    }

    @AfterAll
    static void close() {
        model.close();
        pool.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"draft:8:2", "text=draft:12:2+speech=draft:6:4", "even:8+refresh=redo"})
    void foretoldEffortIsThatOfDecoding(String notation) throws IOException {
        assertForetold(PolicyCase.parse(notation).plan());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "draft:6:8",
                "draft:8:1",
                "draft:8:4",
                "draft:10:3",
                "draft:12:6",
                "draft:14:16",
                "text=draft:10:3",
                "text=draft:10:3+speech=draft:10:3",
                "triple:10+refresh=redo",
                "text=even:12+speech=FEEE:6+refresh=redo",
                "fixed:12+refresh=redo"
            })
    @EnabledIfSystemProperty(named = "sparrow.questions", matches = ".*")
    void foretoldEffortIsThatOfDecodingForManyPlans(String notation) throws IOException {
        assertForetold(PolicyCase.parse(notation).plan());
    }

    private static void assertForetold(ExitPlan plan) throws IOException {
        LanguageModel lm = model.languageModel();
        List<Encoded> questions = new ArrayList<>();
        for (Item item : set.items()) questions.add(Encoded.of(new Prompts(model, TextToSpeech.none()).of(item)));
        List<Effort> foretold = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            // No prompt of this family decides whether a reply speaks.
            InterleaveTracker tracker = new InterleaveTracker(lm.interleave(), lm.tokens(), 0);
            Drafter drafter = new Drafter(plan, questions.get(i).prompt(), readings.get(i));
            foretold.add(ForetoldDrafts.of(
                    plan, lm.tokens(), GREEDY.limits().newTokens(), tracker, readings.get(i), drafter));
        }

        Replies replies = new Replies(model, plan, GREEDY);
        List<Effort> decoded = new ArrayList<>();
        for (int from = 0; from < QUESTIONS; from += BATCH) {
            replies.to(questions.subList(from, Math.min(QUESTIONS, from + BATCH)))
                    .forEach(reply -> decoded.add(reply.effort()));
        }
        assertThat(foretold).isEqualTo(decoded);
    }

    /** What layers draft behind some tokens: what they say where all positions leave after them. */
    private record Drafter(ExitPlan plan, Prompt prompt, ReplyReading reply) implements ForetoldDrafts.Unread {
        private record Place(ExitPlan early, Prompt prompt, List<Integer> before) {}

        private static final Map<Place, Integer> KNOWN = new HashMap<>();

        @Override
        public int token(int decided, List<Integer> drafted, Modality expected) {
            List<Integer> before = new ArrayList<>(reply.reply().tokens().subList(0, decided));
            before.addAll(drafted);
            ExitPlan early = new ExitPlan(always(plan.text()), always(plan.speech()));
            Place place = new Place(early, prompt, before);
            if (!KNOWN.containsKey(place)) draft(place);
            return KNOWN.get(place);
        }

        private static ExitPolicy always(ExitPolicy policy) {
            return policy.exitLayers().isEmpty()
                    ? policy
                    : new ExitPolicy.Fixed(policy.exitLayers().first());
        }

        /** A whole row at once: the next question is as a rule what comes behind. */
        private static void draft(Place place) {
            int[] forced = place.before().stream().mapToInt(Integer::intValue).toArray();
            Limits limits = Limits.newTokens(forced.length + ExitPolicy.MOST_DRAFTS);
            Decoder decoder = new Decoder(
                    model.languageModel(),
                    new GenerationConfig(place.early(), Sampling.GREEDY, limits, SpeechLogits.ALL));
            Request request =
                    place.prompt().request(model.begin(place.prompt())).withForced(forced);
            int[] tokens = decoder.reply(request).tokens();
            for (int at = forced.length; at < tokens.length; at++) {
                List<Integer> all = new ArrayList<>(place.before());
                for (int drafted = forced.length; drafted < at; drafted++) all.add(tokens[drafted]);
                KNOWN.put(new Place(place.early(), place.prompt(), all), tokens[at]);
            }
        }
    }
}
