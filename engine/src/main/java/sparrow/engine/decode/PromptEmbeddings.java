package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sparrow.engine.head.Input;

/**
 * Hidden states that replace token embeddings in a prompt: the output of an audio adaptor, at the positions of its
 * placeholder tokens.
 *
 * @param at index in the prompt of the first position, from 0
 * @param values residual streams before layer 1 of the positions from {@code at} on, [positions, width]
 */
public record PromptEmbeddings(int at, float[] values) {
    /**
     * Collects the vectors among some inputs; adjacent vectors are joined.
     *
     * @param at index in the prompt of the first input
     * @param width number of channels of a position
     */
    public static List<PromptEmbeddings> of(List<Input> inputs, int at, int width) {
        List<PromptEmbeddings> all = new ArrayList<>();
        int first = 0;
        while (first < inputs.size()) {
            int end = first;
            while (end < inputs.size() && inputs.get(end) instanceof Input.Vector) end++;
            if (end > first) all.add(joined(inputs.subList(first, end), at + first, width));
            first = end + 1;
        }
        return all;
    }

    private static PromptEmbeddings joined(List<Input> vectors, int at, int width) {
        float[] values = new float[vectors.size() * width];
        for (int i = 0; i < vectors.size(); i++) {
            Input.Vector vector = (Input.Vector) vectors.get(i);
            System.arraycopy(vector.values(), vector.offset(), values, i * width, width);
        }
        return new PromptEmbeddings(at, values);
    }

    /** Finds the embeddings that cover an index of a prompt. */
    static Optional<PromptEmbeddings> covering(List<PromptEmbeddings> all, int place, int width) {
        return all.stream()
                .filter(one -> one.at <= place && place < one.end(width))
                .findFirst();
    }

    /** The index in {@link #values} of the first value of a covered position. */
    int offset(int place, int width) {
        return (place - at) * width;
    }

    /** The index in the prompt after the last covered position. */
    int end(int width) {
        return at + values.length / width;
    }

    /** Returns the part of these embeddings from an index of the prompt on. */
    PromptEmbeddings from(int place, int width) {
        if (place <= at) return this;
        int first = Math.min(place, end(width));
        return new PromptEmbeddings(place, Arrays.copyOfRange(values, offset(first, width), values.length));
    }

    /**
     * Checks that these embeddings cover positions of a prompt.
     *
     * @param from index of the first position that they may cover
     * @param length number of tokens of the prompt
     * @throws IllegalArgumentException if the values are not whole positions, or the positions are out of range
     */
    void check(int from, int length, int width) {
        if (values.length % width != 0) {
            throw new IllegalArgumentException("prompt embeddings at " + at + ": expected positions of " + width
                    + " values, got " + values.length);
        }
        if (at < from || at > length || end(width) > length) {
            throw new IllegalArgumentException("prompt embeddings at " + at + ": expected positions from " + from
                    + " to " + (length - 1) + ", got " + values.length / width + " from " + at);
        }
    }
}
