package sparrow.engine.transformer;

/**
 * One position of one sequence on its way through layers {@code first} to {@code last}. Prefill is many rows 1..L of
 * one sequence, decoding one row 1..L or 1..l, a pending position a row l+1..L, a batch rows of several sequences.
 *
 * @param cache the sequence's keys and values
 * @param position place in the sequence, from 0
 * @param hidden residual stream [width]: after layer first-1 when the pass begins, after layer last when it has ended
 * @param first first layer to run, from 1
 * @param last last layer to run, at least {@code first}
 */
public record Row(KvCache cache, int position, float[] hidden, int first, int last) {
    public Row {
        if (position < 0) throw new IllegalArgumentException("position: expected 0 or more, got " + position);
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("row: expected layers 1 <= first <= last, got " + first + ".." + last);
        }
    }

    boolean runsIn(int layer) {
        return first <= layer && layer <= last;
    }
}
