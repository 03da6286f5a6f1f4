package sparrow.train.harvest;

import java.util.ArrayList;
import java.util.List;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;

/**
 * The tensors that hold positions of replies, one row for each of P positions:
 *
 * <ul>
 *   <li>{@code modality} [P]: 0 text, 1 speech, whichever the position was expected to decide
 *   <li>{@code tokens} [P]: the token that followed
 *   <li>{@code choices} [P]: the last layer's greedy choice
 *   <li>{@code scales.L} [P] and {@code states.L} [P, width]: the hidden state after layer L is their product
 *       ({@link HalfRows})
 *   <li>with {@link Targets.Top}: {@code top_ids} [P, k], the likeliest first; {@code top_logp} [P, k], natural logarithms of
 *       their probabilities; {@code other_p} [P], the probability of all other tokens together
 *   <li>where speech is frames: {@code codes} [P, codebooks], those of the frame that followed. A position of text has -1 in each, a
 *       position of a frame has -1 for token and choice
 * </ul>
 *
 * @param layers whose states are kept, ascending; L is the last one where the targets are exact
 * @param width channels of a state
 * @param top tokens of a target; 0 where it is exact
 * @param codebooks codes of a frame; 0 where speech is tokens
 */
record HarvestLayout(List<Integer> layers, int width, int top, int codebooks) {
    static final String MODALITY = "modality";
    static final String TOKENS = "tokens";
    static final String CHOICES = "choices";
    static final String TOP_IDS = "top_ids";
    static final String TOP_LOGS = "top_logp";
    static final String OTHERS = "other_p";
    static final String CODES = "codes";

    HarvestLayout {
        layers = List.copyOf(layers);
    }

    static String scales(int layer) {
        return "scales." + layer;
    }

    static String states(int layer) {
        return "states." + layer;
    }

    /** The tensors of so many positions, in an order that does not depend on these. */
    List<TensorDescription> tensors(int positions) {
        List<TensorDescription> tensors = new ArrayList<>();
        for (String name : List.of(MODALITY, TOKENS, CHOICES)) {
            tensors.add(new TensorDescription(name, DType.I32, List.of(positions)));
        }
        for (int layer : layers) {
            tensors.add(new TensorDescription(scales(layer), DType.F32, List.of(positions)));
            tensors.add(new TensorDescription(states(layer), DType.F16, List.of(positions, width)));
        }
        if (top > 0) {
            tensors.add(new TensorDescription(TOP_IDS, DType.I32, List.of(positions, top)));
            tensors.add(new TensorDescription(TOP_LOGS, DType.F32, List.of(positions, top)));
            tensors.add(new TensorDescription(OTHERS, DType.F32, List.of(positions)));
        }
        if (codebooks > 0) tensors.add(new TensorDescription(CODES, DType.I32, List.of(positions, codebooks)));
        return tensors;
    }

    /**
     * Bytes of so many positions.
     *
     * @throws ArithmeticException if they are beyond the range of a long
     */
    long bytes(int positions) {
        return tensors(positions).stream().mapToLong(TensorDescription::bytes).reduce(0, Math::addExact);
    }
}
