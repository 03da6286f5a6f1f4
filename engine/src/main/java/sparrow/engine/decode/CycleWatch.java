package sparrow.engine.decode;

import java.util.Arrays;

/**
 * Whether a stream of ids ends in copies of one block. For each period p it counts how long every id has been the one p places
 * before; a block that is itself made of copies is found at its shorter period first, which needs no more ids. O(p) an id.
 *
 * <p>The places of the ids in the reply are kept, because other ids may lie between them.
 */
final class CycleWatch {
    /** Ids of the longest block. */
    static final int LONGEST = 64;

    /** Blocks up to this length are silence or a hum. */
    private static final int HUM = 2;

    private final int copies;
    private final int least;
    private final int leastHum;

    /** The ids so far, and where each stands in the reply. */
    private int[] ids = new int[2 * LONGEST];

    private int[] steps = new int[2 * LONGEST];
    private int count;

    /** By period: how many of the last ids are those one period before. */
    private final int[] same = new int[LONGEST + 1];

    /**
     * @param copies least copies of the block
     * @param least ids that all copies have together at least
     * @param leastHum the same for blocks of one or two ids
     */
    CycleWatch(int copies, int least, int leastHum) {
        this.copies = copies;
        this.least = least;
        this.leastHum = leastHum;
    }

    /**
     * Takes the next id.
     *
     * @param step its place in the reply
     * @return length of the block that the ids end in copies of; 0 if they do not
     */
    int accept(int id, int step) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
            steps = Arrays.copyOf(steps, 2 * count);
        }
        ids[count] = id;
        steps[count] = step;
        count++;
        int found = 0;
        for (int period = 1; period <= LONGEST && period < count; period++) {
            same[period] = ids[count - 1 - period] == id ? same[period] + 1 : 0;
            int needed = Math.max(copies * period, period <= HUM ? leastHum : least);
            if (found == 0 && same[period] + period >= needed) found = period;
        }
        return found;
    }

    /** Place in the reply of the first id of a block that was found. */
    int firstCopy(int period) {
        return steps[count - same[period] - period];
    }

    /** Place in the reply of the first id of its second copy. */
    int secondCopy(int period) {
        return steps[count - same[period]];
    }
}
