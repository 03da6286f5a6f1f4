package sparrow.gpu.stack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.ScoreRows;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Scores;
import sparrow.engine.transformer.State;

/** Scores on a device. For every size of head it keeps the memory of the most positions so far. */
final class DeviceScorer implements Scorer {
    private final GpuStack stack;

    /** Memory by the number of a head's rows. */
    private final Map<Integer, ScoreMemory> memories = new HashMap<>();

    DeviceScorer(GpuStack stack) {
        this.stack = stack;
    }

    @Override
    public List<Scores> scores(ScoreRows rows, List<State> states) {
        ScoreMemory memory = stack.score(rows, states, count -> memory(count, rows.count()));
        List<Scores> all = new ArrayList<>();
        for (int position = 0; position < states.size(); position++) {
            all.add(new DeviceScores(memory, position, rows.tokens()));
        }
        return all;
    }

    @Override
    public List<float[]> inputs(ScoreRows rows, List<State> states) {
        return stack.inputs(rows, states, count -> memory(count, rows.count()));
    }

    /** Under the stack's lock. */
    private ScoreMemory memory(int positions, int rows) {
        ScoreMemory memory = memories.get(rows);
        if (memory != null && memory.fits(positions, rows)) return memory;
        ScoreMemory larger = stack.newScoreMemory(positions, rows);
        memories.put(rows, larger);
        if (memory != null) memory.close();
        return larger;
    }
}
