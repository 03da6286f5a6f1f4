package sparrow.gpu.stack;

import sparrow.engine.transformer.Logits;

/** Logits of one position on a device. */
final class DeviceLogits implements Logits {
    private final ScoreMemory memory;
    private final int position;
    private final int[] tokens;

    /** All scores, or null until they are first read. */
    private Logits all;

    DeviceLogits(ScoreMemory memory, int position, int[] tokens) {
        this.memory = memory;
        this.position = position;
        this.tokens = tokens;
    }

    @Override
    public int[] tokens() {
        return tokens;
    }

    private Logits all() {
        if (all == null) all = Logits.of(memory.values(position), tokens);
        return all;
    }

    @Override
    public float[] values() {
        return all().values();
    }

    @Override
    public float largest() {
        return memory.summary(position).largest();
    }

    /** Returns the best usable token. All scores are read only if an unusable token has the largest score. */
    @Override
    public int best(int usable) {
        int best = memory.summary(position).token();
        return best < usable ? best : all().best(usable);
    }

    @Override
    public double entropy() {
        ScoreMemory.Summary summary = memory.summary(position);
        return Math.log(summary.sum()) - summary.weighted() / (double) summary.sum();
    }
}
