package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.LoopRule;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.TurnPosition;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The loop rule and the bundled model's own replies: no alarm where it ends by itself, and an end where its end token is masked.
 * {@code -Dsparrow.loops=all} takes all questions and all training prompts.
 */
@Tag("stack")
@Tag("long")
class BundledLoopsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEMO = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");
    private static final boolean ALL = "all".equals(System.getProperty("sparrow.loops"));

    /** The command line's bound: 30 seconds. */
    private static final int TAIL = 375;

    private static ComputePool pool;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(pool));
    }

    @AfterAll
    static void close() {
        model.close();
        pool.close();
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "none",
                "even:6",
                "fixed:6",
                "even:8",
                "odd:8",
                "triple:8",
                "fixed:8",
                "conf:8:0.1",
                "conf:8:0.5",
                "even:10",
                "triple:10",
                "fixed:10",
                "even:12",
                "triple:12",
                "fixed:12"
            })
    void noAlarmInRepliesToTheQuestions(String policy) throws IOException {
        List<Reply> replies =
                replies(model.languageModel(), prompts("questions.jsonl", 4), policy, SpeechLogits.ALL, 180, stop());

        assertThat(replies).extracting(Reply::stop).containsOnly(StopReason.END_TOKEN);
        assertThat(replies).allSatisfy(reply -> assertThat(reply.runaway()).isEmpty());
        report(policy, replies);
    }

    @Test
    void noAlarmInRepliesToTheTrainingPrompts() throws IOException {
        List<Reply> replies =
                replies(model.languageModel(), prompts("prompts.jsonl", 24), "none", SpeechLogits.ALL, 180, stop());

        assertThat(replies).extracting(Reply::stop).containsOnly(StopReason.END_TOKEN);
        report("training prompts", replies);
    }

    /** A reply that cannot end: what the text says stays, and its tokens are a beginning of what they would have been. */
    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"none", "even:12", "even:8", "fixed:6"})
    void whereTheEndIsMaskedEveryReplyStopsInsideItsBudgetAndSaysTheSame(String policy) throws IOException {
        LanguageModel endless = speaking(true);
        List<int[]> prompts = prompts("questions.jsonl", 4);
        List<Reply> free = replies(speaking(false), prompts, policy, SpeechLogits.SPEECH, 180, Optional.empty());
        List<Reply> unguarded =
                replies(endless, prompts, policy, SpeechLogits.SPEECH, ALL ? 2000 : 150, Optional.empty());
        List<Reply> guarded = replies(endless, prompts, policy, SpeechLogits.SPEECH, ALL ? 2000 : 150, stop());

        int saved = 0;
        int codes = 0;
        int compared = 0;
        for (int i = 0; i < prompts.size(); i++) {
            Reply reply = guarded.get(i);
            int[] tokens = reply.tokens();
            codes += codes(unguarded.get(i).tokens()).length;
            saved += codes(unguarded.get(i).tokens()).length
                    - codes(Arrays.copyOf(tokens, reply.stepsBeforeRunaway())).length;
            assertThat(reply.stop()).as("reply %d", i).isEqualTo(StopReason.RUNAWAY);
            assertThat(Arrays.copyOf(unguarded.get(i).tokens(), tokens.length)).isEqualTo(tokens);
            // One that ended before its text did goes on with text.
            if (!textHadEnded(free.get(i), prompts.get(i))) continue;
            compared++;
            assertThat((double) codes(tokens).length).as("reply %d", i).isLessThanOrEqualTo(budget(tokens) + 1);
            assertThat(text(tokens))
                    .as("reply %d", i)
                    .isEqualTo(text(free.get(i).tokens()));
        }
        assertThat(compared).isPositive();
        log("%s, end masked: %d replies, %d with their text ended, %d found by a cycle, %.0f s of %.0f s of sound saved"
                .formatted(
                        policy,
                        guarded.size(),
                        compared,
                        guarded.stream()
                                .filter(reply -> reply.runaway().orElseThrow().kind() != Runaway.Kind.BUDGET)
                                .count(),
                        saved / model.codesPerSecond(),
                        codes / model.codesPerSecond()));
    }

    private static Optional<LoopRule> stop() {
        return Optional.of(model.loopRule());
    }

    /** The same model, whose heads know speech alone at speech positions, and what ends it or not even that. */
    private static LanguageModel speaking(boolean endless) {
        LanguageModel own = model.languageModel();
        TokenSpace tokens = own.tokens();
        BitSet speech = tokens.allowedInSpeech();
        if (endless) tokens.endTokens().forEach(speech::clear);
        List<ExitHead> heads = own.heads().layers().stream()
                .map(layer -> own.heads().at(layer).restrictedTo(speech))
                .toList();
        return new LanguageModel(
                own.transformer(),
                ExitHeads.of(own.transformer(), heads),
                endless ? new TokenSpace(tokens.textTokens(), tokens.speech(), tokens.usable(), Set.of()) : tokens,
                own.interleave(),
                own.characters());
    }

    private static List<Reply> replies(
            LanguageModel language,
            List<int[]> prompts,
            String policy,
            SpeechLogits rows,
            int newTokens,
            Optional<LoopRule> loops) {
        Limits limits = new Limits(newTokens, TAIL, loops);
        Decoder decoder = StrategyFactory.decoder(
                language, new GenerationConfig(ExitPlan.parse(policy).with(rows), Sampling.GREEDY, limits));
        List<Reply> replies = new ArrayList<>();
        for (int from = 0; from < prompts.size(); from += 24) {
            replies.addAll(decoder.replies(prompts.subList(from, Math.min(from + 24, prompts.size())).stream()
                    .map(prompt -> Request.of(new Sequence(language), prompt))
                    .toList()));
        }
        return replies;
    }

    private static boolean textHadEnded(Reply reply, int[] prompt) {
        LanguageModel own = model.languageModel();
        InterleaveTracker place = own.units().newTracker(prompt[prompt.length - 1]);
        for (Unit unit : reply.units()) if (!own.units().isEnd(unit)) place = place.accept(unit);
        return place.speechTail() > 0;
    }

    private static int[] codes(int[] tokens) {
        return model.languageModel().tokens().codes(tokens);
    }

    private static double budget(int[] tokens) {
        LoopRule rule = model.loopRule();
        return rule.perCharacter() * characters(tokens) + rule.slack();
    }

    private static int characters(int[] tokens) {
        return Arrays.stream(model.languageModel().tokens().text(tokens))
                .map(model.languageModel().characters())
                .sum();
    }

    private static String text(int[] tokens) {
        var stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (int token : model.languageModel().tokens().text(tokens)) text.append(stream.accept(token));
        return text.append(stream.finish()).toString();
    }

    /** How near the replies came to an alarm. */
    private static void report(String what, List<Reply> replies) {
        double[] ratios = replies.stream()
                .mapToDouble(reply -> codes(reply.tokens()).length / (double) characters(reply.tokens()))
                .sorted()
                .toArray();
        double used = replies.stream()
                .mapToDouble(reply -> codes(reply.tokens()).length / budget(reply.tokens()))
                .max()
                .orElseThrow();
        log("%s: %d replies, codes a character: median %.3f, 99.9 %% %.3f, most %.3f; most of a budget %.2f"
                .formatted(
                        what,
                        replies.size(),
                        ratios[ratios.length / 2],
                        ratios[(int) Math.ceil(0.999 * ratios.length) - 1],
                        ratios[ratios.length - 1],
                        used));
    }

    private static void log(String line) {
        System.getLogger("loops").log(System.Logger.Level.INFO, line);
    }

    private static List<int[]> prompts(String file, int most) throws IOException {
        List<int[]> prompts = new ArrayList<>();
        for (String line : Files.readAllLines(DEMO.resolve(file))) {
            if (!ALL && prompts.size() == most) break;
            JsonNode codes = JSON.readTree(line).path("codes");
            if (codes.isMissingNode()) continue; // a typed prompt
            int[] ids = new int[codes.size()];
            for (int i = 0; i < ids.length; i++) ids[i] = codes.get(i).intValue();
            prompts.add(
                    model.prompt(new Question.Codes(ids), TurnPosition.FIRST).tokens());
        }
        return prompts;
    }
}
