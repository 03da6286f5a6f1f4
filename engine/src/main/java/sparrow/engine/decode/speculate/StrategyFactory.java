package sparrow.engine.decode.speculate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.DecodingStrategy;
import sparrow.engine.decode.EarlyExitDecoding;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.ReplyState;
import sparrow.engine.head.DraftHead;
import sparrow.engine.head.Input;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Prediction;
import sparrow.engine.interleave.Modality;

/**
 * Creates the decoding strategy for any plan: early exit, early exit with measured agreement, or speculative decoding.
 * The draft head drafts units before the pass that verifies them. All sequences draft one unit at a time together, so
 * that the head's weights are read once per unit.
 */
public class StrategyFactory implements DecodingStrategy.Factory {
    StrategyFactory() {}

    /**
     * Creates a decoder for any plan.
     *
     * @throws IllegalArgumentException as in {@link Decoder#Decoder(LanguageModel, GenerationConfig)}
     */
    public static Decoder decoder(LanguageModel model, GenerationConfig config) {
        return new Decoder(model, config, new StrategyFactory());
    }

    @Override
    public DecodingStrategy create(ReplyState reply) {
        return switch (reply.plan().verification()) {
            case NONE -> new EarlyExitDecoding(reply);
            case MEASURE -> new AgreementMeter(reply);
            case EXACT -> speculative(reply);
        };
    }

    SpeculativeDecoding speculative(ReplyState reply) {
        return new SpeculativeDecoding(reply);
    }

    @Override
    public void feed(List<DecodingStrategy> replies, OutputHead head) {
        for (DecodingStrategy reply : replies) reply.feed();
        List<SpeculativeDecoding> drafting = new ArrayList<>();
        for (DecodingStrategy reply : replies) {
            if (reply instanceof SpeculativeDecoding speculative) drafting.add(speculative);
        }
        drafting.removeIf(reply -> reply.draftState().isEmpty());
        while (!drafting.isEmpty()) {
            draftOne(drafting, head);
            drafting.removeIf(reply -> reply.draftState().isEmpty());
        }
    }

    private static void draftOne(List<SpeculativeDecoding> drafting, OutputHead head) {
        LanguageModel model = drafting.getFirst().reply().model();
        DraftHead draftHead = model.heads().draft().orElseThrow();
        List<float[]> states = draftHead.next(
                model.transformer().decodingKernels(),
                drafting.stream().map(one -> one.draftState().orElseThrow()).toList(),
                drafting.stream().map(one -> embedding(one.reply())).toList());
        List<OutputHead.Query> queries = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            ReplyState reply = drafting.get(i).reply();
            // A draft at a speech position is always speech, even if full depth may choose text, so that fewer rows are
            // read.
            queries.add(reply.query(
                    model.transformer().state(states.get(i)),
                    reply.modality(),
                    reply.modality() == Modality.SPEECH,
                    reply.sequence().length() - 1));
        }
        List<Prediction> predictions = head.predict(queries, model.layers());
        for (int i = 0; i < states.size(); i++) {
            predictions.get(i).requireNumbers(model.layers());
            drafting.get(i).draftAhead(states.get(i), predictions.get(i));
        }
    }

    /** Returns the newest position's input, [width]. */
    private static float[] embedding(ReplyState reply) {
        return switch (reply.model().units().input(reply.last())) {
            case Input.Token(int token) -> reply.model().transformer().embed(token);
            case Input.Vector(int token, float[] values, int offset) ->
                Arrays.copyOfRange(values, offset, offset + reply.model().width());
        };
    }
}
