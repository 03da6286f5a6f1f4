package sparrow.engine.decode.speculate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.decode.Commitment;
import sparrow.engine.decode.DecodeState;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Direct;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.DraftHead;
import sparrow.engine.interleave.Modality;
import sparrow.engine.sample.Prediction;
import sparrow.engine.unit.Input;
import sparrow.engine.unit.OutputHead;

/**
 * Decoding of every plan: SPAR-K alone, with measured agreement, or verified. Draft heads draft before the pass that confirms: one unit
 * after the other, and each time for all sequences that want another one, so that their weights are read once for them.
 *
 * @param verdicts on drafts of forced units
 */
public record Speculative(DraftVerdicts verdicts) implements Commitment.Factory {
    /** Leaves drafts as they are. */
    public static final Speculative FACTORY = new Speculative(DraftVerdicts.NONE);

    /**
     * A decoder of every plan.
     *
     * @throws IllegalArgumentException as {@link Decoder} does
     */
    public static Decoder decoder(LanguageModel model, GenerationConfig config) {
        return new Decoder(model, config, FACTORY);
    }

    @Override
    public Commitment begin(DecodeState state) {
        return switch (state.plan().verification()) {
            case NONE -> new Direct(state);
            case MEASURE -> new Measured(state);
            case EXACT -> new Verified(state, verdicts);
        };
    }

    @Override
    public void feed(List<Commitment> replies, OutputHead head) {
        for (Commitment reply : replies) reply.feed();
        List<Verified> drafting = new ArrayList<>();
        for (Commitment reply : replies) if (reply instanceof Verified verified) drafting.add(verified);
        drafting.removeIf(reply -> reply.draftState().isEmpty());
        while (!drafting.isEmpty()) {
            draftOne(drafting, head);
            drafting.removeIf(reply -> reply.draftState().isEmpty());
        }
    }

    private static void draftOne(List<Verified> drafting, OutputHead head) {
        LanguageModel model = drafting.getFirst().state().model();
        DraftHead draftHead = model.heads().draft().orElseThrow();
        List<float[]> states = draftHead.next(
                model.transformer().kernels(),
                drafting.stream().map(reply -> reply.draftState().orElseThrow()).toList(),
                drafting.stream().map(reply -> embedding(reply.state())).toList());
        List<OutputHead.Query> queries = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            DecodeState reply = drafting.get(i).state();
            // A draft of speech is always speech, also where full depth may choose text: so fewer rows are read.
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

    /** The input of the newest position, [width]. */
    private static float[] embedding(DecodeState state) {
        return switch (state.model().units().input(state.last())) {
            case Input.Row(int token) -> state.model().transformer().embed(token);
            case Input.Vector(int token, float[] values, int offset) ->
                Arrays.copyOfRange(values, offset, offset + state.model().width());
        };
    }
}
