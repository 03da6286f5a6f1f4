package sparrow.app.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import sparrow.app.report.JsonText;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.Step;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.tensor.kernel.KvFormat;

/** A conversation with all decoding steps as one JSON object. */
final class AnswerJson {
    private final SpokenModel model;
    private final ExitPlan plan;
    private final Sampling sampling;
    private final String multiplier;
    private final Duration start;
    private final List<Turn> turns = new ArrayList<>();

    /**
     * Creates a conversation without turns.
     *
     * @param multiplier a one-line description of the library for large matrix products
     * @param start the time from the start of the JVM until the model was ready
     */
    AnswerJson(SpokenModel model, ExitPlan plan, Sampling sampling, String multiplier, Duration start) {
        this.model = model;
        this.plan = plan;
        this.sampling = sampling;
        this.multiplier = multiplier;
        this.start = start;
    }

    private record Conversation(
            String model,
            String device,
            String matrix,
            String exit,
            @JsonInclude(JsonInclude.Include.NON_NULL) String kv,
            Sampling sampling,
            double startSeconds,
            List<Turn> turns) {}

    private record Turn(
            int promptTokens,
            double questionSeconds,
            int unspeakableCodes,
            @JsonInclude(JsonInclude.Include.NON_NULL) Window.Truncation evicted,
            String text,
            @JsonInclude(JsonInclude.Include.NON_NULL) Boolean understood,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double confidence,
            String stop,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FoundRunaway> runaways,
            long textTokens,
            long speechTokens,
            double averageTextExit,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double averageSpeechExit,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double depthSaved,
            SortedMap<Integer, Integer> speechExits,
            Costs compute,
            @JsonInclude(JsonInclude.Include.NON_NULL) Checked agreement,
            Seconds seconds,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double realTimeFactor,
            @JsonInclude(JsonInclude.Include.NON_NULL) String out,
            List<Decided> steps) {}

    /** A runaway repetition in a reply. It begins at step {@code from}, counted from 0. */
    private record FoundRunaway(String what, int from, int period) {
        static FoundRunaway of(Runaway runaway) {
            return new FoundRunaway(runaway.kind().name().toLowerCase(Locale.ROOT), runaway.from(), runaway.period());
        }
    }

    /** The average cost per token, for all tokens, for text tokens and for speech tokens. */
    private record Costs(Cost all, Cost text, Cost speech) {
        static Costs of(DepthSummary depth) {
            int text = depth.textPositions();
            int speech = depth.speechPositions();
            ComputeStats compute = depth.compute();
            return new Costs(
                    Cost.of(compute.total(), text + speech),
                    Cost.of(compute.text(), text),
                    Cost.of(compute.speech(), speech));
        }
    }

    /**
     * The average cost per token, including rejected drafts.
     *
     * @param layersRead the number of layers whose weights were read
     * @param positionLayers the number of computed layers, summed over positions
     */
    private record Cost(
            @JsonInclude(JsonInclude.Include.NON_NULL) Double layersRead,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double positionLayers,
            int drafted,
            int accepted) {
        static Cost of(ComputeStats.Share share, int tokens) {
            return new Cost(
                    finite((double) share.layersRead() / tokens),
                    finite((double) share.positionLayers() / tokens),
                    share.drafted(),
                    share.accepted());
        }
    }

    /** The agreement of early tokens that were verified at full depth. */
    private record Checked(long checked, long agreed, double meanNats) {
        static Checked of(EarlyTokenAgreement agreement) {
            return agreement.checked() == 0
                    ? null
                    : new Checked(agreement.checked(), agreement.agreed(), agreement.meanNats());
        }
    }

    private record Seconds(
            double speech,
            double encoded,
            double firstToken,
            double decoded,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double firstAudio,
            double total) {}

    /** The token or the frame codes that a step selected. */
    private record Decided(
            @JsonInclude(JsonInclude.Include.NON_NULL) Integer token,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<Integer> frame,
            String modality,
            int chunkPosition,
            int exitLayer,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int draftLayer,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double entropy,
            @JsonProperty("seconds") double seconds) {}

    void add(Answer answer, Path written) {
        UnitFormat units = model.languageModel().units();
        List<Step> steps = answer.reply().steps();
        DepthSummary depth =
                DepthSummary.of(answer.reply(), model.languageModel().layers());
        boolean spoke = answer.speech().samples().length > 0;
        Answer.Timing timing = answer.timing();
        turns.add(new Turn(
                answer.prompt().tokens().length,
                answer.prompt().questionSeconds(),
                answer.prompt().unspeakableCodes(),
                answer.truncation().positions() == 0 ? null : answer.truncation(),
                answer.text(),
                answer.understood().orElse(null),
                finite(answer.reply().confidence().orElse(Double.NaN)),
                answer.reply().stop().name().toLowerCase(Locale.ROOT),
                answer.reply().runaway().stream().map(FoundRunaway::of).toList(),
                steps.stream().filter(s -> units.text(s.unit()).isPresent()).count(),
                steps.stream().filter(s -> units.isSpeech(s.unit())).count(),
                depth.averageTextExit(),
                finite(depth.averageSpeechExit()),
                finite(depth.depthSaved()),
                depth.speechExits(),
                Costs.of(depth),
                Checked.of(answer.reply().agreement()),
                new Seconds(
                        answer.speech().seconds(),
                        timing.encoded() / 1e9,
                        timing.firstToken() / 1e9,
                        timing.decoded() / 1e9,
                        spoke ? timing.firstAudio() / 1e9 : null,
                        timing.done() / 1e9),
                spoke ? timing.done() / 1e9 / answer.speech().seconds() : null,
                written == null ? null : written.toString(),
                steps.stream().map(AnswerJson::decided).toList()));
    }

    /** Returns whether the conversation has no turns. */
    boolean isEmpty() {
        return turns.isEmpty();
    }

    void print(PrintWriter out) {
        out.println(JsonText.of(new Conversation(
                model.name(),
                model.languageModel().transformer().stack().describe(),
                multiplier,
                plan.toString(),
                kv(),
                sampling,
                start.toMillis() / 1e3,
                turns)));
        out.flush();
    }

    /** Returns the storage format of keys and values, or null for f32, the format of the computation. */
    private String kv() {
        KvFormat format = model.languageModel().transformer().kernels().kvFormat();
        return format == KvFormat.F32 ? null : format.toString();
    }

    private static Decided decided(Step step) {
        return new Decided(
                step.unit() instanceof Unit.Token(int id) ? id : null,
                step.unit() instanceof Unit.Frame(List<Integer> codes) ? codes : null,
                step.modality().name().toLowerCase(Locale.ROOT),
                step.chunkPosition(),
                step.exitLayer(),
                step.draftLayer(),
                finite(step.entropy()),
                step.nanos() / 1e9);
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
