package sparrow.bench.jmh;

/**
 * The attention heads of a layer.
 *
 * @param heads number of query heads
 * @param kvHeads number of key heads
 * @param headWidth number of channels per head
 */
record AttentionSize(int heads, int kvHeads, int headWidth) {
    static AttentionSize of(String model) {
        return switch (model) {
            case "glm-4-voice" -> new AttentionSize(32, 2, 128);
            case "step-audio-2-mini" -> new AttentionSize(28, 4, 128);
            default ->
                throw new IllegalArgumentException("model: expected glm-4-voice or step-audio-2-mini, got " + model);
        };
    }

    /** Returns the total number of channels of the query heads that share a key head. */
    int groupWidth() {
        return heads / kvHeads * headWidth;
    }

    /**
     * Returns the work of a pass. Each key and value is read once, and multiplied by each query head that attends to
     * it.
     */
    Work work(int positions, int rows) {
        double perHead = (double) positions * headWidth;
        return new Work(2 * 2 * perHead * heads * rows, 2 * perHead * kvHeads * Float.BYTES);
    }
}
