package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.DecodingStrategy;
import sparrow.engine.decode.EarlyExitDecoding;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.ReplyState;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.head.Sampling;
import sparrow.engine.head.TokenPrediction;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.engine.transformer.Logits;
import sparrow.models.family.PromptTokens;
import sparrow.models.frame.FramePrediction;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.GoldenUnits;

/** Whole replies of the golden data, greedy and with recorded draws, against the decoder. */
class GenerationGoldenTest {
    static Stream<Arguments> runs() {
        return LfmGolden.names().stream().flatMap(set -> {
            JsonNode runs = LfmGolden.of(set).json("generate");
            Iterable<String> names = runs::fieldNames;
            return StreamSupport.stream(names.spliterator(), false).map(name -> Arguments.of(set, name));
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("runs")
    void replyIsTheOfficialOne(String set, String name) {
        LfmGolden golden = LfmGolden.of(set);
        JsonNode run = golden.json("generate").path(name);
        boolean sequential = run.path("kind").textValue().equals("sequential");
        FrameUnits units = golden.in(sequential ? Lfm2Pattern.Order.SEQUENTIAL : Lfm2Pattern.Order.INTERLEAVED);
        LanguageModel model = golden.languageModel(units);
        PromptTokens prompt = golden.prompt(run.path("chat").path("actions"));

        Draws draws = new Draws(run);
        Decoder decoder = new Decoder(
                model,
                new GenerationConfig(
                        ExitPlan.NONE,
                        Sampling.GREEDY,
                        Limits.newTokens(run.path("max_new_tokens").intValue())),
                draws);
        Reply reply = decoder.reply(Request.of(new Sequence(model), prompt.ids(), prompt.embeddings(), 0));

        List<Unit> events = new ArrayList<>(reply.units());
        assertThat(events).hasSize(run.path("backbone_steps").intValue());
        assertThat(reply.stop())
                .isEqualTo(run.path("end").textValue().equals("im_end") ? StopReason.END_TOKEN : StopReason.NEW_TOKENS);
        // The id that ends a conversation's reply is no event of it.
        if (!sequential && reply.stop() == StopReason.END_TOKEN) events.removeLast();
        assertThat(events).isEqualTo(GoldenUnits.events(run.path("events")));
        assertThat(draws.left).isEmpty();
    }

    /** Commits to units that are chosen by recorded draws, in their order; greedily where the run was greedy. */
    private static final class Draws implements DecodingStrategy.Factory {
        private final Sampling text;
        private final Sampling audio;
        final Deque<Double> left = new ArrayDeque<>();

        Draws(JsonNode run) {
            text = sampling(run.path("params"), "text");
            audio = sampling(run.path("params"), "audio");
            run.path("draws").forEach(draw -> left.add(draw.doubleValue()));
        }

        private static Sampling sampling(JsonNode params, String kind) {
            return new Sampling(
                    params.path(kind + "_temperature").asDouble(0),
                    params.path(kind + "_top_k").asInt(0),
                    1,
                    1,
                    0);
        }

        @Override
        public DecodingStrategy create(ReplyState reply) {
            EarlyExitDecoding earlyExit = new EarlyExitDecoding(reply);
            return new DecodingStrategy() {
                @Override
                public void feed() {
                    earlyExit.feed();
                }

                @Override
                public List<Exit> exits() {
                    return earlyExit.exits();
                }

                @Override
                public List<OutputHead.Query> queries(int layer) {
                    return earlyExit.queries(layer);
                }

                @Override
                public void commit(ReplyState.ExitPoint exit, List<Prediction> predictions) {
                    Prediction prediction = predictions.getLast();
                    reply.commit(choose(prediction), prediction, exit, 0);
                }
            };
        }

        private Unit choose(Prediction prediction) {
            if (prediction instanceof FramePrediction frame) return choose((StepwiseChoice) frame.choice());
            return new Unit.Token(choose(((TokenPrediction) prediction).logits(), text));
        }

        /** The recorded run drew for all codes, whatever the first one was. */
        private Unit choose(StepwiseChoice frame) {
            List<Integer> codes = new ArrayList<>();
            frame.decoder().begin(frame.inputs());
            for (int i = 0; i < frame.codebooks(); i++) {
                codes.add(choose(frame.decoder().next().getFirst(), audio));
                frame.decoder().accept(List.of(codes.getLast()));
            }
            return codes.getFirst() == DepthDecoder.END_CODE
                    ? StepwiseChoice.end(frame.codebooks())
                    : new Unit.Frame(codes);
        }

        private int choose(Logits logits, Sampling sampling) {
            if (sampling.greedy()) return logits.best(logits.values().length);
            double[] probabilities =
                    LfmSampling.probabilities(logits.values(), sampling.temperature(), sampling.topK());
            double draw = left.removeFirst();
            double sum = 0;
            int last = 0;
            for (int row = 0; row < probabilities.length; row++) {
                if (probabilities[row] == 0) continue;
                last = row;
                sum += probabilities[row];
                if (sum > draw) return row;
            }
            return last;
        }
    }
}
