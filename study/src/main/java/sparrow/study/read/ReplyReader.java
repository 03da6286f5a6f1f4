package sparrow.study.read;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sparrow.engine.decode.Sequence;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * Reads the hidden states that decided the units of a reply. The finished reply is processed again by the unmodified
 * model, after its prompt and without other sequences. Products with few rows and with many rows are summed in
 * different orders, so the last bits of states during decoding depend on the other sequences in the batch. The states
 * read here do not depend on other sequences.
 */
public final class ReplyReader {
    private final SpokenModel model;
    private final SortedSet<Integer> layers;

    /**
     * Creates a reader of a model's hidden states.
     *
     * @param layers layers to read, from 1; the last layer is always read
     */
    public ReplyReader(SpokenModel model, SortedSet<Integer> layers) {
        this.model = model;
        this.layers = new TreeSet<>(layers);
        this.layers.add(model.languageModel().transformer().config().layers());
    }

    /**
     * Returns the residual stream that decided the units of a reply, by layer: one state [width] per unit.
     *
     * @param prompt prompt of the reply, the beginning of a conversation
     * @param reply one or more decided units
     */
    public SortedMap<Integer, List<float[]>> read(Prompt prompt, List<Unit> reply) {
        Sequence sequence = model.begin(prompt);
        SortedMap<Integer, List<float[]>> states = new TreeMap<>();
        for (int layer : layers) states.put(layer, new ArrayList<>());
        // The last position of the prompt decides the first token.
        int first = prompt.tokens().length - 1;
        for (int at = prompt.shared(); at <= first; at++) {
            sequence.append(prompt.tokens(), prompt.embeddings(), at);
            if (sequence.pending() == Transformer.PASS_POSITIONS) forward(sequence, first, states);
        }
        // The last unit is not an input of the model.
        for (Unit unit : reply.subList(0, reply.size() - 1)) {
            sequence.append(model.languageModel().units().input(unit));
            if (sequence.pending() == Transformer.PASS_POSITIONS) forward(sequence, first, states);
        }
        forward(sequence, first, states);
        return states;
    }

    /** Runs the appended positions through all layers, and adds the states of position {@code first} and later ones. */
    private void forward(Sequence sequence, int first, SortedMap<Integer, List<float[]>> states) {
        for (int layer : layers) {
            List<Position> positions = sequence.pendingBelow(layer);
            model.languageModel().transformer().forward(positions, layer);
            for (Position position : positions) {
                if (position.index() >= first)
                    states.get(layer).add(position.state().read().clone());
            }
        }
    }
}
