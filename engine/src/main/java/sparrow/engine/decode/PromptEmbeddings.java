package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sparrow.engine.head.Input;

/**
 * Hidden states that replace token embeddings in a prompt. The states are an audio adaptor's output and replace the
 * adaptor's placeholder tokens.
 *
 * @param at index of the first position in the prompt, counted from 0
 * @param values residual streams before layer 1 for the positions starting at {@code at}, [positions, width]
 */
public record PromptEmbeddings(int at, float[] values) {
    /**
     * Collects the vectors in a list of inputs. Adjacent vectors are joined.
     *
     * @param at index of the first input in the prompt
     * @param width number of channels per position
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

    /** Returns the embeddings that cover a prompt index, or empty if there are none. */
    static Optional<PromptEmbeddings> covering(List<PromptEmbeddings> all, int place, int width) {
        return all.stream()
                .filter(one -> one.at <= place && place < one.end(width))
                .findFirst();
    }

    /** Returns the index in {@link #values} of a covered position's first value. */
    int offset(int place, int width) {
        return (place - at) * width;
    }

    /** Returns the prompt index after the last covered position. */
    int end(int width) {
        return at + values.length / width;
    }

    /** Returns the part of these embeddings that starts at a prompt index. */
    PromptEmbeddings from(int place, int width) {
        if (place <= at) return this;
        int first = Math.min(place, end(width));
        return new PromptEmbeddings(place, Arrays.copyOfRange(values, offset(first, width), values.length));
    }

    /**
     * Checks that these embeddings cover prompt positions.
     *
     * @param from index of the first position that these embeddings may cover
     * @param length number of tokens in the prompt
     * @throws IllegalArgumentException if the values do not form complete positions, or if the positions are out of
     *     range
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
