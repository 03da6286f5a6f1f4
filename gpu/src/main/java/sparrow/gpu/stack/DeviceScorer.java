package sparrow.gpu.stack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.ScoreRows;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Scores;
import sparrow.engine.transformer.State;

/** Scores on a device. Of every size of head it keeps the memory of the most positions so far. */
final class DeviceScorer implements Scorer {
    private final DeviceStack stack;
    private final Memories memories = new Memories();

    /** By the rows of a head; given back when nobody holds the scorer any more. */
    static final class Memories implements Runnable {
        private final Map<Integer, ScoreMemory> byRows = new HashMap<>();
        private boolean closed;

        synchronized ScoreMemory of(DeviceStack stack, int positions, int rows) {
            ScoreMemory memory = byRows.get(rows);
            if (memory != null && memory.fits(positions, rows)) return memory;
            if (memory != null) memory.close();
            ScoreMemory larger = stack.newScoreMemory(positions, rows);
            byRows.put(rows, larger);
            return larger;
        }

        @Override
        public synchronized void run() {
            if (closed) return;
            closed = true;
            byRows.values().forEach(ScoreMemory::close);
        }
    }

    DeviceScorer(DeviceStack stack) {
        this.stack = stack;
        stack.releaseWith(this, memories);
    }

    @Override
    public List<Scores> scores(ScoreRows rows, List<State> states) {
        ScoreMemory memory = stack.score(rows, states, count -> memories.of(stack, count, rows.count()));
        List<Scores> all = new ArrayList<>();
        for (int position = 0; position < states.size(); position++) {
            all.add(new DeviceScores(memory, position, rows.tokens()));
        }
        return all;
    }

    @Override
    public List<float[]> inputs(ScoreRows rows, List<State> states) {
        return stack.inputs(rows, states, count -> memories.of(stack, count, rows.count()));
    }
}
