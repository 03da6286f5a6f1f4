package sparrow.study.read;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.decode.Sequence;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * Reads the hidden states that decided the units of a reply: the finished reply goes through the unmodified model once
 * more, after its prompt and alone. Products of few rows add up in another order than those of many, so that states from
 * decoding would depend in their last bits on what was decoded beside it; these do not.
 */
public final class ReplyReader {
    private final SpokenModel model;
    private final SortedSet<Integer> layers;

    /**
     * @param layers to read after, from 1; the last layer is read as well
     */
    public ReplyReader(SpokenModel model, SortedSet<Integer> layers) {
        this.model = model;
        this.layers = new TreeSet<>(layers);
        this.layers.add(model.languageModel().transformer().config().layers());
    }

    /**
     * The states of one reply.
     *
     * @param prompt that it answers, the beginning of a conversation
     * @param reply decided units, at least one
     */
    public HiddenStates read(Prompt prompt, List<Unit> reply) {
        return new Pass(prompt).states(reply);
    }

    /** One reply while it goes through the layers. */
    private final class Pass {
        private final Prompt prompt;
        private final Sequence sequence;
        private final HiddenStates states = new HiddenStates(layers);

        Pass(Prompt prompt) {
            this.prompt = prompt;
            this.sequence = model.begin(prompt);
        }

        HiddenStates states(List<Unit> reply) {
            for (int at = prompt.shared(); at < prompt.tokens().length; at++) {
                sequence.append(prompt.tokens(), prompt.embeddings(), at);
                carryIfMany();
            }
            // The last unit was decided and not fed.
            for (Unit unit : reply.subList(0, reply.size() - 1)) {
                sequence.append(model.languageModel().units().input(unit));
                carryIfMany();
            }
            carry();
            return states;
        }

        private void carryIfMany() {
            if (sequence.pending() == Transformer.PASS_POSITIONS) carry();
        }

        /** Carries what was appended through all layers, and keeps the states on the way. */
        private void carry() {
            for (int layer : layers) {
                List<Position> carried = sequence.pendingBelow(layer);
                model.languageModel().transformer().forward(carried, layer);
                for (Position position : carried) {
                    // The last position of the prompt decides the first token.
                    if (position.index() >= prompt.tokens().length - 1)
                        states.add(layer, position.state().read());
                }
            }
        }
    }
}
