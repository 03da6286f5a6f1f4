package sparrow.gpu.stack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;

/**
 * Computes logits on a device. The memory for each head size is retained and grows to the maximum number of positions
 * so far.
 */
final class DeviceHeadKernel implements HeadKernel {
    private final GpuStack stack;

    /** Memory by number of rows in a head. */
    private final Map<Integer, ScoreMemory> memories = new HashMap<>();

    DeviceHeadKernel(GpuStack stack) {
        this.stack = stack;
    }

    @Override
    public List<Logits> logits(HeadWeights rows, List<HiddenState> states) {
        ScoreMemory memory = stack.score(rows, states, count -> memory(count, rows.rows()));
        List<Logits> all = new ArrayList<>();
        for (int position = 0; position < states.size(); position++) {
            all.add(new DeviceLogits(memory, position, rows.tokens()));
        }
        return all;
    }

    @Override
    public List<float[]> inputs(HeadWeights rows, List<HiddenState> states) {
        return stack.inputs(rows, states, count -> memory(count, rows.rows()));
    }

    /** Returns memory for scores. The stack's lock must be held. */
    private ScoreMemory memory(int positions, int rows) {
        ScoreMemory memory = memories.get(rows);
        if (memory != null && memory.fits(positions, rows)) return memory;
        ScoreMemory larger = stack.newScoreMemory(positions, rows);
        memories.put(rows, larger);
        if (memory != null) memory.close();
        return larger;
    }
}
